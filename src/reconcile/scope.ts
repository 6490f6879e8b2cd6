/** What a section of a statement speaks for. Without a scope: everything the account can hold. */
import type { Instant } from '../model/instant.ts';
import { type Instrument, instrumentFromName } from '../model/instrument.ts';
import type { StatementSection } from '../model/statement.ts';
import type { BookSide } from './book-side.ts';

/** Whether the section, complete or not, speaks for an instrument or a currency. */
export interface Scope {
  coversInstrument(name: string): boolean;
  coversCurrency(currency: string): boolean;
}

const everything: Scope = { coversInstrument: () => true, coversCurrency: () => true };

export function scopeOf(scope: readonly string[] | null, book: BookSide): Scope {
  if (scope === null) return everything;
  const parts = new Set(scope);
  let currencies: ReadonlySet<string> | null = null;
  return {
    coversInstrument: (name) => parts.has(name) || coversKind(parts, instrumentOf(book, name)),
    coversCurrency(currency) {
      currencies ??= currenciesOf(scope, book);
      return currencies.has(currency);
    },
  };
}

/** By its admitted terms, else by its name; null when neither says what it is. */
export const instrumentOf = (book: BookSide, name: string): Instrument | null =>
  book.instruments.get(name) ?? instrumentFromName(book.venue, name);

/** Without a book: by the instrument's own terms. */
export const speaksFor = (scope: readonly string[] | null, instrument: Instrument): boolean =>
  scope === null || scope.includes(instrument.name) || coversKind(new Set(scope), instrument);

function coversKind(parts: ReadonlySet<string>, instrument: Instrument | null): boolean {
  if (instrument === null) return false;
  return parts.has(instrument.type) || parts.has(`${instrument.type}:${instrument.settle}`);
}

/** A scope of contracts speaks for the coin they settle in, one of spot for the coins traded. */
function currenciesOf(scope: readonly string[], book: BookSide): ReadonlySet<string> {
  const currencies = new Set<string>();
  for (const part of scope) {
    const [kind, currency] = part.split(':');
    if (part.includes('/')) {
      for (const one of coinsOf(instrumentOf(book, part))) currencies.add(one);
    } else if (currency !== undefined) currencies.add(currency);
    else if (kind === 'spot') {
      for (const instrument of book.instruments.values()) {
        for (const one of coinsOf(instrument)) currencies.add(one);
      }
    } else currencies.add(part);
  }
  return currencies;
}

const coinsOf = (instrument: Instrument | null): readonly string[] =>
  instrument === null
    ? []
    : instrument.type === 'spot'
      ? [instrument.base, instrument.quote]
      : [instrument.settle];

/** Whether what the section does not list is proven not to be there, inside its scope. */
export const isComplete = (section: StatementSection<unknown> | null): boolean =>
  section?.complete === true && section.error === null;

/** Whether a list names everything up to an instant, as far back as it goes. */
export const isCompleteThrough = <Item>(
  section: StatementSection<Item> | null,
  at: Instant,
): section is StatementSection<Item> =>
  section !== null && isComplete(section) && section.to !== null && section.to >= at;

/** Why a section proves nothing about what it does not list. */
export function whyNotProven(section: StatementSection<unknown> | null): string {
  if (section === null) return 'not stated';
  return section.error ?? (section.complete ? 'outside its scope' : 'incomplete');
}
