/** Which lines a fact moves: what ties the lines of one case together. */
import { isPositive } from '../decimal/decimal.ts';
import { type Line, lineId } from '../model/break.ts';
import type { CashFact, Fill } from '../model/fact.ts';
import type { Instant } from '../model/instant.ts';
import type { BookSide, ListedFact } from './book-side.ts';
import { type Gap, isFill, type OrderGap } from './gap.ts';
import type { ComparedLine } from './judge.ts';
import { instrumentOf } from './scope.ts';

/** A position, an average price or a balance. */
export type HeldName = Pick<Line, 'what' | 'key' | 'leg'>;

export const heldId = ({ what, key, leg }: HeldName): string =>
  lineId({ what, key, leg, instrument: null, detail: null });

/** What the facts of a gap move; a name may come twice. */
export function touchedBy(gap: Gap, book: BookSide, asOf: Instant): readonly HeldName[] {
  if (gap.kind === 'order') return touchedByOrder(gap, book);
  return factsOf(gap).flatMap((fact) => touchedByFact(fact, book, asOf));
}

/** Of a fill only what and where it is, and when. */
export type TouchingFact = CashFact | Pick<Fill, 'kind' | 'instrument' | 'leg' | 'fees' | 'time'>;

export function touchedByFact(
  fact: TouchingFact,
  book: BookSide,
  asOf: Instant,
): readonly HeldName[] {
  // What is pending moves nothing yet, what came after the instant none of its lines.
  if (fact.time > asOf || (fact.kind !== 'fill' && fact.state === 'pending')) return [];
  const names: HeldName[] = [];
  if (fact.kind === 'fill' && instrumentOf(book, fact.instrument)?.type !== 'spot') {
    names.push({ what: 'position', key: fact.instrument, leg: fact.leg });
    names.push({ what: 'average-price', key: fact.instrument, leg: fact.leg });
  }
  for (const currency of currenciesOf(fact, book)) {
    names.push({ what: 'balance', key: currency, leg: null });
  }
  return names;
}

/** The line of how much is filled, where that differs. */
export const filledLineOf = ({ lines }: OrderGap): ComparedLine | undefined =>
  lines.find(({ detail }) => detail === 'filled');

/** An order that is filled by more than is booked has moved what it trades. */
function touchedByOrder(gap: OrderGap, book: BookSide): readonly HeldName[] {
  const { theirs } = gap;
  const difference = filledLineOf(gap)?.difference ?? null;
  if (theirs === null || difference === null || !isPositive(difference)) return [];
  const instrument = instrumentOf(book, theirs.instrument);
  if (instrument?.type === 'spot') return [{ what: 'balance', key: instrument.base, leg: null }];
  const { instrument: key, leg } = theirs;
  return [
    { what: 'position', key, leg },
    { what: 'average-price', key, leg },
  ];
}

/** A pair of an extra fact and the missing one it stands for is touched as a whole. */
function factsOf(gap: Gap): readonly ListedFact[] {
  switch (gap.kind) {
    case 'order':
      return [];
    case 'missing':
      return [gap.theirs];
    case 'superseded':
      return [gap.ours.fact];
    case 'extra':
      return gap.counterpart === null ? [gap.ours.fact] : [gap.ours.fact, gap.counterpart.theirs];
    default:
      return [gap.ours.fact, gap.theirs];
  }
}

function currenciesOf(fact: TouchingFact, book: BookSide): readonly string[] {
  if (fact.kind !== 'fill') {
    return fact.fee === null ? [fact.currency] : [fact.currency, fact.fee.currency];
  }
  const fees = (fact.fees ?? []).map((fee) => fee.currency);
  const instrument = instrumentOf(book, fact.instrument);
  if (instrument === null) return fees;
  return instrument.type === 'spot'
    ? [instrument.base, instrument.quote, ...fees]
    : [instrument.settle, ...fees];
}

/** The order that a gap's fills belong to, if they say. */
export function orderIdsOf(gap: Gap): readonly { instrument: string; orderId: string }[] {
  return factsOf(gap).flatMap((fact) =>
    isFill(fact) && fact.orderId !== null
      ? [{ instrument: fact.instrument, orderId: fact.orderId }]
      : [],
  );
}
