/** What a venue lists anew at each check, and the book tells already. */
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { addMilliseconds, instant, instantText } from '../../../src/model/instant.ts';
import type { Statement } from '../../../src/model/statement.ts';
import { factLine } from '../../../src/model/write-fact.ts';
import { checkAll } from '../../../src/service/reconciling.ts';
import { recordedStatement } from '../../../src/service/statement-file.ts';
import { at, balances, cash, closeDesks, fill, held, type Json, list } from '../reconcile/desk.ts';
import { openStand, type Stand, said } from './scripted-venue.ts';

afterEach(closeDesks);

const deposit = cash('deposit', 'd1', '1000000');
const begin = instant('2026-11-20T10:00:00Z');
const times = Array.from({ length: 400 }, (_, index) => ({
  time: instantText(addMilliseconds(begin, index * 1_000)),
}));
const fills = times.map((time, index) => fill(`e${index}`, time));

/** One more is held than the book has, and nothing that is listed says why. */
const lists = (executions: readonly Json[], second: number) =>
  said(second, {
    positions: held([{ instrument: 'BTC/USDT:USDT', leg: 'net', quantity: '401' }]),
    balances: balances({ USDT: '999960' }),
    orders: held([]),
    ...{ executions: list(executions), cashFlows: list([deposit]) },
  });

const noted = (stand: Stand): Statement =>
  recordedStatement(stand.desk.reader.file, stand.desk.account())!.statement;

const bytes = (stand: Stand): readonly number[] =>
  stand.desk.reader.file
    .entriesOfKind(stand.desk.account().account, 'statement')
    .map(({ body }) => body!.length);

const linesOf = ({ executions }: Statement): readonly string[] =>
  executions!.items.map(factLine).toSorted();

test('VC33 400 booked fills that a check lists are named, in a fraction of the room', async () => {
  const stand = await openStand(deposit, ...fills);
  const told = [...fills, fill('late', { time: '2026-11-20T11:59:59Z', quantity: '2' })];
  for (const second of [0, 60, 120])
    await stand.check(lists(told, second), lists(told, second + 5));
  const lengths = bytes(stand);
  expect(lengths.length).toBeGreaterThan(0);
  expect(Math.max(...lengths)).toBeLessThan(2_000);
  expect(noted(stand).executions!.items).toHaveLength(401);
});

test('VC33 what is read back is what was listed, whatever the book has of it', async () => {
  const subset = fc.subarray(fills.slice(0, 12));
  await fc.assert(
    fc.asyncProperty(subset, subset, subset, async (booked, listed, changed) => {
      const stand = await openStand(deposit, ...booked);
      const told = listed.map((one) => (changed.includes(one) ? { ...one, price: '101' } : one));
      await stand.check(lists(told, 0), lists(told, 5));
      const back = noted(stand);
      const wanted = linesOf(
        (await stand.compared(lists(told, 10), lists(told, 15))).source!.statement,
      );
      expect(linesOf(back)).toEqual(wanted);
      expect(back.cashFlows!.items.map(factLine)).toHaveLength(1);
    }),
    { numRuns: 25 },
  );
});

test('VC33 Y13 checked again from the record it is the same statement, not another', async () => {
  const stand = await openStand(deposit, ...fills.toReversed());
  const told = [...fills, fill('e400'), fill('d400')];
  await stand.check(lists(told, 0), lists(told, 5));
  const { desk } = stand;
  const statements = bytes(stand).length;
  const account = desk.account();
  const source = recordedStatement(desk.reader.file, account);
  await checkAll(desk.reader, desk.writer, [{ account, source }], desk.options());
  expect(bytes(stand)).toHaveLength(statements);
});

const late = fill('late', { fee: '0', time: at('11:30') });
const back = fill('back', { fee: '0', side: 'sell', time: at('11:31') });

/** Settling takes a minute: 60 s that a fact may be told late, and twice as long as it settles. */
test.each([
  { name: 'true 10 s ago', says: '400', seconds: [0, 10], told: [], wanted: '11:57' },
  { name: 'true an hour ago', says: '400', seconds: [0, 3_600], told: [], wanted: '11:57' },
  {
    name: 'true, and told of before',
    says: '400',
    seconds: [0, 10],
    told: [late, back],
    wanted: '11:27',
  },
  { name: 'a break since ever', says: '401', seconds: [0, 60], told: [], wanted: null },
])('VC34 what was $name: lists are wanted from $wanted on', async (row) => {
  const stand = await openStand(deposit, ...fills);
  stand.isBrief = true;
  for (const [index, second] of row.seconds.entries()) {
    if (index > 0) await stand.desk.tell(...row.told);
    const positions = held([{ instrument: 'BTC/USDT:USDT', leg: 'net', quantity: row.says }]);
    const holds = { positions, balances: balances({ USDT: '999960' }), orders: held([]) };
    const lists = { executions: list([...fills, late, back]), cashFlows: list([deposit]) };
    await stand.check(said(second, { ...holds, ...(index > 0 ? lists : {}) }));
  }
  expect(stand.venue.wanted).toBe(row.wanted === null ? null : instant(at(row.wanted)));
});
