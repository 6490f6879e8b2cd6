import { expect, test } from 'vitest';
import { viewOf } from '../../src/books/book-view.ts';
import { toTextOrNull } from '../../src/decimal/text.ts';
import type { BookFact } from '../../src/model/fact.ts';
import {
  bookOf,
  bookText,
  type Ledger,
  ledgerOf,
  ledgersOf,
  type PoolText,
  poolOf,
  type Step,
  stepsOf,
} from './book-of.ts';
import { throughFold } from './delivery.ts';
import { add, equal, round, subtract, sum } from './exact.ts';
import { needs } from './needs-data.ts';
import type { Matched, Rp2Report } from './rp2.ts';
import { available, listReports, loadRp2, loadRp2Holdings, scopeOf } from './rp2.ts';

needs(available(), 'lots-rp2');

interface Case {
  readonly report: Rp2Report;
  readonly asset: string;
  readonly title: string;
}

const all: readonly Case[] = (available() ? listReports() : []).flatMap((report) =>
  report.assets.map((asset) => {
    const { country, input, method } = report;
    return { report, asset, title: `${country} ${input} ${method} ${asset}` };
  }),
);
const inScope = all.filter(({ report, asset }) => scopeOf(report, asset).inScope);

const COST_DECIMALS = 18;
const GAIN_DECIMALS = 18;

/** One part of a disposal, as the lots before and after it tell. */
interface Part {
  readonly lotTime: string;
  readonly quantity: string;
  readonly cost: string;
  /** Nothing of the lot is left. */
  readonly whole: boolean;
}

/** What left each lot, the lots in the order of their time. */
const partsOf = ({ before, after }: Step<PoolText>): readonly Part[] =>
  before.lots.flatMap((lot) => {
    const left = after.lots.find(({ openedAt }) => openedAt === lot.openedAt);
    const quantity = subtract(lot.quantity, left?.quantity ?? '0');
    if (equal(quantity, '0')) return [];
    const cost = subtract(lot.cost ?? '', left?.cost ?? '0');
    return [{ lotTime: lot.openedAt, quantity, cost, whole: left === undefined }];
  });

const withoutWhole = (part: Part | undefined) =>
  part === undefined ? null : { lotTime: part.lotTime, quantity: part.quantity, cost: part.cost };

/** Of a fact that takes coins away; rp2's events carry the same ids. */
const idOf = (fact: BookFact): string =>
  fact.kind === 'fill' ? fact.executionId : 'id' in fact ? fact.id : '';

const stepsOfCase = (ledger: Ledger, asset: string): ReadonlyMap<string, Step<PoolText>> =>
  new Map(stepsOf(ledger, (fold) => poolOf(fold, asset)).map((step) => [idOf(step.fact), step]));

/** rp2's parts by lot, in text as ours. */
const goldenParts = (matched: readonly Matched[], time: string, type: string) =>
  matched
    .filter((part) => part.time === time && part.type === type)
    .map(({ lotTime, quantity, cost }) => ({
      lotTime,
      quantity,
      cost: round(cost, COST_DECIMALS),
    }));

test('R3 39 of 50 assets of the reports are in scope', () => {
  expect([inScope.length, all.length]).toEqual([39, 50]);
});

test('R3 no two lots of a pool are of one time: their time tells them apart', () => {
  const pools = inScope.flatMap(({ report, asset }) => {
    const ledger = ledgerOf(loadRp2(report, asset).facts);
    return stepsOf(ledger, (fold) => poolOf(fold, asset)).map(({ after }) => after.lots);
  });
  expect(Math.max(...pools.map((lots) => lots.length))).toBeGreaterThan(1);
  expect(pools.filter((lots) => new Set(lots.map(timeOf)).size < lots.length)).toEqual([]);
});

const timeOf = ({ openedAt }: { readonly openedAt: string }): string => openedAt;

test.each(inScope)('R3 $title: lots leave in the order and at the cost of rp2', (one) => {
  for (const gifts of ['sale', 'withdrawal'] as const) {
    const { facts, expected } = loadRp2(one.report, one.asset, gifts);
    const steps = stepsOfCase(ledgerOf(facts), one.asset);
    for (const { factId, time, type, quantity } of expected.events) {
      const step = steps.get(factId)!;
      const parts = partsOf(step);
      const golden = goldenParts(expected.matched, time, type);
      const ordered = golden.map(({ lotTime }) => parts.find((part) => part.lotTime === lotTime));
      expect(ordered.map(withoutWhole), factId).toEqual(golden);
      expect(parts.length, factId).toBe(golden.length);
      expect(sum(parts.map((part) => part.quantity)), factId).toBe(quantity);
      // The order: every lot is used up before the next is touched.
      expect(
        ordered.slice(0, -1).every((part) => part?.whole),
        factId,
      ).toBe(true);
    }
  }
});

test.each(inScope)('R3 $title: what is left', ({ report, asset }) => {
  const { facts, expected } = loadRp2(report, asset);
  const fold = bookOf(ledgerOf(facts));
  const pool = poolOf(fold, asset);
  const rounded = pool.lots.map((lot) => ({ ...lot, cost: round(lot.cost ?? '', COST_DECIMALS) }));
  const golden = expected.lotsLeft.map((lot) => ({
    ...lot,
    cost: round(lot.cost, COST_DECIMALS),
  }));
  expect(rounded).toEqual(golden);
  expect(pool.quantity).toBe(expected.quantityLeft);
  expect(round(pool.cost, COST_DECIMALS)).toBe(round(expected.costLeft, COST_DECIMALS));
  if (!expected.averageIsOfBook) return;
  const options = { asOf: 0n, marks: () => null, markMaxAgeMs: 0 };
  const row = viewOf(fold, options).positions.find((position) => position.asset === asset);
  const average = toTextOrNull(row?.averagePrice ?? null) ?? '';
  const places = expected.averageDecimals;
  expect(round(average, places)).toBe(round(expected.averagePaid, places));
});

test.each(inScope)('R3 $title: gains on all that was sold or given', ({ report, asset }) => {
  const { facts, expected } = loadRp2(report, asset);
  const steps = stepsOfCase(ledgerOf(facts), asset);
  for (const { factId, type, gain } of expected.events) {
    if (type === 'MOVE') continue; // that a network fee is sold is a rule of tax
    const { before, after } = steps.get(factId)!;
    const realised = subtract(after.realised, before.realised);
    const ours = add(realised, subtract(after.feePosting, before.feePosting));
    expect([factId, round(ours, GAIN_DECIMALS)]).toEqual([factId, round(gain, GAIN_DECIMALS)]);
  }
});

test.each(inScope)('R3 $title: the same book when told backwards, twice', async (one) => {
  const ledger = ledgerOf(loadRp2(one.report, one.asset).facts);
  const backwards = ledger.facts.toReversed().map((fact) => [fact]);
  const { book, duplicates } = await throughFold(ledger, [...backwards, ...backwards]);
  expect(duplicates).toBe(ledger.facts.length);
  expect(book).toBe(bookText(bookOf(ledger)));
});

test.each(all)('R3 $title: every holding ends with the coins that rp2 says', (one) => {
  const { facts, expected } = loadRp2Holdings(one.report, one.asset);
  const ledgers = ledgersOf(facts);
  const ours = expected.map(({ holding }) => ({
    holding,
    final: poolOf(bookOf(ledgers.get(holding)!), one.asset).quantity,
  }));
  expect(ours).toEqual(expected.map(({ holding, final }) => ({ holding, final })));
});

test.each(all)('R3 $title: transfers between holdings cancel out', ({ report, asset }) => {
  const { facts } = loadRp2Holdings(report, asset);
  const transfers = facts.filter(({ kind }) => kind === 'transfer');
  expect(sum(transfers.map(({ amount }) => String(amount)))).toBe('0');
});
