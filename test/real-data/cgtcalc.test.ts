import { expect, test } from 'vitest';
import { viewOf } from '../../src/books/book-view.ts';
import { isZero } from '../../src/decimal/decimal.ts';
import { toText, toTextOrNull } from '../../src/decimal/text.ts';
import { bookOf, ledgerOf, poolOf, stepsOf } from './book-of.ts';
import { available, listCases, loadCgt, scopeOf } from './cgtcalc.ts';
import { divide, round, sign, subtract, sum } from './exact.ts';
import { needs } from './needs-data.ts';

needs(available(), 'lots-cgtcalc');

const all = available() ? listCases() : [];
const inScope = all.filter((name) => scopeOf(name).inScope);

/** Every asset of which something is left. */
const heldIn = (name: string) => {
  const fold = bookOf(ledgerOf(loadCgt(name).facts));
  const { positions } = viewOf(fold, { asOf: 0n, marks: () => null, markMaxAgeMs: 0 });
  return positions
    .filter(({ quantity }) => !isZero(quantity))
    .map(({ asset, quantity, averagePrice }) => ({
      asset,
      quantity: toText(quantity),
      average: toTextOrNull(averagePrice) ?? '',
    }));
};

/** The next whole pound below. */
const floor = (amount: string): string => {
  const whole = divide(amount, '1', 0);
  return sign(subtract(amount, whole)) < 0 ? subtract(whole, '1') : whole;
};

test('R4 average cost alone decides 7 of 23 cases', () => {
  expect([inScope.length, all.length]).toEqual([7, 23]);
});

test.each(inScope)('R4 %s: holdings have the average cost of the report', (name) => {
  const { holdings, averageDecimals } = loadCgt(name).expected;
  const ours = heldIn(name).map(({ asset, quantity, average }) => ({
    asset,
    quantity,
    averageCost: round(average, averageDecimals),
  }));
  expect(ours).toEqual(holdings);
});

test.each(all)('R4 %s: as many units are left as the report says, whatever the tax', (name) => {
  const units = loadCgt(name).expected.holdings.map(({ asset, quantity }) => ({ asset, quantity }));
  expect(heldIn(name).map(({ asset, quantity }) => ({ asset, quantity }))).toEqual(units);
});

test.each(inScope)('R4 %s: gains are those of the report, in whole pounds', (name) => {
  const { facts, expected } = loadCgt(name);
  const ledger = ledgerOf(facts);
  const assets = [...new Set(expected.disposals.map(({ asset }) => asset))];
  const gains = new Map<string, string>();
  for (const asset of assets) {
    for (const { fact, before, after } of stepsOf(ledger, (fold) => poolOf(fold, asset))) {
      if (fact.kind !== 'fill' || fact.instrument !== `${asset}/GBP`) continue;
      gains.set(fact.executionId, subtract(after.realised, before.realised));
    }
  }
  const ours = expected.disposals.map(({ executionIds }) =>
    floor(sum(executionIds.map((id) => gains.get(id) ?? ''))),
  );
  expect(ours).toEqual(expected.disposals.map(({ gain }) => gain));
});

test.each(inScope)('R4 %s: fees are in the cost, and nowhere else', (name) => {
  const fold = bookOf(ledgerOf(loadCgt(name).facts));
  expect(toText(fold.postings.fees)).toBe('0');
});
