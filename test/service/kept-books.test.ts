/** What a reader keeps, and what it folds again, beside the same read anew. */
import { afterEach, expect, test } from 'vitest';
import { toText, toTextOrNull } from '../../src/decimal/text.ts';
import type { Fill } from '../../src/model/fact.ts';
import type { Statement } from '../../src/model/statement.ts';
import { type BookSide, noChange } from '../../src/reconcile/book-side.ts';
import { sidesOf } from '../../src/service/book-side.ts';
import { BookReader } from '../../src/service/reading.ts';
import { Random } from '../decimal/random.ts';
import { foldText } from './book-checks.ts';
import { markMaxAgeMs } from './held-book.ts';
import { fact } from './random-facts.ts';
import {
  balances,
  cash,
  closeDesks,
  type Desk,
  fill,
  type Json,
  openDesk,
  says,
} from './reconcile/desk.ts';

afterEach(closeDesks);

const bust = (executionId: string): Json => ({
  ...{
    kind: 'bust',
    account: 'main',
    bustId: `b-${executionId}`,
    executionId,
    time: '2026-11-20T11:00:00Z',
  },
});
const time = (minute: number): string =>
  new Date(Date.UTC(2026, 10, 20, 8, 0) + minute * 60_000).toISOString();

/** The next thing that happens, and whether the books are read again for it. */
const events: readonly (readonly [string, boolean, (desk: Desk) => Promise<unknown>])[] = [
  ['nothing', false, async () => undefined],
  ['a note of a check', false, (desk) => desk.check(says({ balances: balances({ USDT: '7' }) }))],
  ['a fill', true, (desk) => desk.tell(fill('e2', { time: time(120) }))],
  ['a late fill', true, (desk) => desk.tell(fill('e3', { time: time(30), price: '90' }))],
  ['the same fill again', false, (desk) => desk.tell(fill('e3', { time: time(30), price: '90' }))],
  ['another word for it', false, (desk) => desk.tell(fill('e3', { time: time(30), price: '9' }))],
  ['a bust', true, (desk) => desk.tell(bust('e2'))],
  ['a bust that waits', true, (desk) => desk.tell(bust('e9'))],
  ['a new coin', true, (desk) => desk.tell(fill('e4', { instrument: 'ETH/USDT' }))],
];

test('F13 a reader that was kept has a new one’s books, read again only for facts', async () => {
  const desk = await openDesk(cash('deposit', 'd1', '1000'), fill('e1'));
  const read = (reader: BookReader) =>
    reader.file.read(() => reader.booksNow(desk.account(), markMaxAgeMs));
  let before = read(desk.reader);
  for (const [name, isRead, happens] of events) {
    await happens(desk);
    const kept = read(desk.reader);
    const fresh = new BookReader(desk.reader.file.path, desk.clock);
    const anew = read(fresh);
    fresh.close();
    expect([name, foldText(kept.fold)]).toEqual([name, foldText(anew.fold)]);
    expect([name, kept.head, kept.waiting]).toEqual([name, anew.head, anew.waiting]);
    expect([name, kept.fold !== before.fold]).toEqual([name, isRead]);
    before = kept;
  }
});

const heldIn = ({ balances, positions }: Pick<BookSide, 'balances' | 'positions'>) => [
  ...balances.map(({ currency, total, youngest }) => `${currency} ${toText(total)} ${youngest}`),
  ...positions.map(({ instrument, quantity, averagePrice, youngest }) =>
    [instrument, toText(quantity), toTextOrNull(averagePrice), youngest].join(' '),
  ),
];

test('F12 what a late fact or a bust would do to a long history is what it does', async () => {
  const random = new Random(7);
  const fillAt = (minute: number, name = `e${minute}`): Json =>
    fill(name, {
      ...{ side: random.pick(['buy', 'sell']), price: String(random.between(90, 110)) },
      ...{ quantity: String(random.between(1, 50)), time: time(minute / 10) },
    });
  // Three pages of 64 facts and a part of one.
  const desk = await openDesk(...Array.from({ length: 230 }, (_, index) => fillAt(index * 10)));
  const statement: Statement = {
    ...{ account: 'main', venue: 'bybit', asOf: desk.clock.now(), takenAt: null },
    ...{ positions: null, balances: null, orders: null, executions: null, cashFlows: null },
  };
  const sides = () =>
    desk.reader.file.read(() => {
      const books = desk.reader.booksNow(desk.account(), markMaxAgeMs);
      const { side, refold } = sidesOf(desk.reader, books, statement, markMaxAgeMs);
      return { side, of: (change: Partial<typeof noChange>) => refold({ ...noChange, ...change }) };
    });
  const expected: (readonly string[])[] = [];
  const found: (readonly string[])[] = [];
  for (const minute of [1505, 635, 2295, 5]) {
    const late = fillAt(minute);
    expected.push(desk.reader.file.read(() => heldIn(sides().of({ add: [fact(late) as Fill] }))));
    const [told] = await desk.tell(late);
    found.push(heldIn(sides().side));
    const remove = [told?.status === 'booked' ? told.sequence : 0];
    expected.push(desk.reader.file.read(() => heldIn(sides().of({ remove }))));
    await desk.tell(bust(`e${minute}`));
    found.push(heldIn(sides().side));
  }
  expect(found).toEqual(expected);
  expect(new Set(found.map(String)).size).toBeGreaterThan(4);
});
