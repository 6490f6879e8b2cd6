/**
 * Why a figure is what it is, or what it was: the facts that made it, newest first, with the figure
 * after each.
 */
import {
  compareOrder,
  type OrderKey,
  orderFromText,
  orderOf,
  orderText,
} from '../../../books/effective-order.ts';
import { coinOf } from '../../../books/group.ts';
import { type Decimal, subtract, total as sumOf } from '../../../decimal/decimal.ts';
import { decimal, toText } from '../../../decimal/text.ts';
import type { EntryRow } from '../../../model/entry.ts';
import { type Instant, instantText, instantTextOrNull } from '../../../model/instant.ts';
import type { Account } from '../../../store/accounts.ts';
import { lookedMax } from '../../../store/page-reads.ts';
import { wordsOf } from '../../auditing.ts';
import { movesBooks } from '../../in-force.ts';
import type { BookReader, Books } from '../../reading.ts';
import type { CursorPlace } from '../cursors.ts';
import type { WhyAnswer } from '../documents/account.ts';
import { pagesOf } from './chronicle.ts';
import { heardOf } from './entries.ts';
import { type Figure, type FigureAsked, figureOf } from './figures.ts';
import { GroupPages } from './group-pages.ts';
import { type Change, endOf, type GroupsSeen, groupsAt, groupsNow, History } from './history.ts';

export interface WhyAsked {
  readonly account: Account;
  readonly markMaxAgeMs: number;
  readonly figure: FigureAsked;
  /** Facts that took effect later are left out; null: none are. */
  readonly asOf: Instant | null;
  readonly limit: number;
  /** Where the last page ended; null: there was none. */
  readonly place: CursorPlace<'why'> | null;
}

/** `never`: there is no such figure; `moved`: what came before the place is another history. */
export type Why =
  | { readonly said: 'never' }
  | { readonly said: 'moved' }
  | {
      readonly said: 'why';
      readonly answer: Omit<WhyAnswer, 'next'>;
      readonly next: CursorPlace<'why'> | null;
    };

export const why = (reader: BookReader, asked: WhyAsked): Why =>
  reader.file.read(() => whyIn(reader, asked));

function whyIn(reader: BookReader, asked: WhyAsked): Why {
  const { account, asOf, place, limit } = asked;
  const books = reader.booksNow(account, asked.markMaxAgeMs);
  const end = asOf === null ? null : endOf(asOf);
  const seen = end === null ? groupsNow(books) : groupsAt(reader, books, end);
  const figure = figureOf(seen, asked.figure);
  if (figure === null) return { said: 'never' };
  const total = sumOf(seen.groups.flatMap(({ state, key }) => figure.of(state, key) ?? []));
  const from = place === null ? { upTo: end, figure: total } : startAt(place);
  if (place !== null && hasMoved(reader, books, place, from.upTo!)) return { said: 'moved' };
  const pages = (key: string) => new GroupPages(reader, books, key);
  const history = new History(pages, seen, figure.of, from.upTo);
  const changes = changesFrom(history, limit);
  const { rows, before } = entriesOf(reader, account, changes, from.figure);
  const next = history.place;
  return {
    said: 'why',
    answer: { ...headOf(asked, seen, figure, total), entries: rows },
    next: next && [orderText(next), toText(before), books.head.sequence],
  };
}

function headOf(
  { account, figure: asked, asOf }: WhyAsked,
  seen: GroupsSeen,
  { formula, unit, isPartial }: Figure,
  total: Decimal,
) {
  const isPart = seen.groups.some(({ state, key }) => isPartial(state, key));
  const { what, key } = asked;
  return {
    schema: 'trueup.why/1',
    ...{ account: account.name, asOf: instantTextOrNull(asOf) },
    ...{ what, key, leg: legOf(seen, asked), unit },
    total: isPart ? null : toText(total),
    formula: isPart ? `${formula}; a part of it is not known` : formula,
  } as const;
}

/** A coin has no leg, and neither has what is of the whole account. */
const legOf = ({ groups }: GroupsSeen, { what, key, leg }: FigureAsked): string | null => {
  const isCoin = groups.some((group) => coinOf(group.key) === key);
  return what === 'balance' || key === '*' || isCoin ? null : leg;
};

interface Start {
  readonly upTo: OrderKey | null;
  readonly figure: Decimal;
}

const startAt = ([order, figure]: CursorPlace<'why'>): Start => ({
  upTo: orderFromText(order),
  figure: decimal(figure),
});

/** What came since the last page must not lie before the place where it ended. */
function hasMoved(
  reader: BookReader,
  { account, head }: Books,
  [, , known]: CursorPlace<'why'>,
  place: OrderKey,
): boolean {
  // More than anybody looks through while others wait; a place that somebody made up is such a one.
  if (head.sequence - known > lookedMax) return true;
  for (const late of reader.file.entries(account.account, known, head.sequence)) {
    if (isBefore(reader, account, late, place)) return true;
  }
  return false;
}

/** A fact of an earlier time, or a word about one: what was shown before it has other figures. */
function isBefore(reader: BookReader, account: Account, row: EntryRow, place: OrderKey): boolean {
  if (amending.has(row.kind)) return true;
  const booked = movesBooks(row) ? reader.inForce(account, row) : null;
  return booked !== null && compareOrder(orderOf(booked), place) <= 0;
}

const amending: ReadonlySet<string> = new Set([
  ...['fill-completed', 'reversal', 'bust', 'correction', 'rename'],
]);

/** Where few facts move the figure, a page is short, and yet not the last. */
function changesFrom(history: History, limit: number): readonly Change[] {
  const changes: Change[] = [];
  while (changes.length < limit) {
    const change = history.next();
    if (change === null) break;
    changes.push(change);
  }
  return changes;
}

/** Messages that are looked through for each entry: one alone is looked for farther. */
const messagesEach = 100;

function entriesOf(
  reader: BookReader,
  account: Account,
  changes: readonly Change[],
  figure: Decimal,
): { readonly rows: WhyAnswer['entries']; readonly before: Decimal } {
  const pages = pagesOf(reader);
  let after = figure;
  const rows = changes.map(({ row, change }) => {
    const seal = pages.batchOf(account.account, row.sequence);
    const shown = {
      ...{ sequence: row.sequence, time: instantText(row.effectiveAt), kind: row.kind },
      words: wordsOf(reader.file, row, account.name),
      ...{ change: toText(change), after: toText(after), hash: seal?.hash ?? '' },
      raw: seal && (heardOf({ reader }, account, row, seal.recordedAt, messagesEach)?.text ?? null),
    };
    after = subtract(after, change);
    return shown;
  });
  return { rows, before: after };
}
