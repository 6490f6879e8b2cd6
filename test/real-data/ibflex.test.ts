import { expect, test } from 'vitest';
import { balanceDifferences } from './balance-differences.ts';
import { bookOf, ledgerOf, poolOf } from './book-of.ts';
import { sum } from './exact.ts';
import { available, type FlexFile, flexFiles, loadFlex, proceedsTie } from './ibflex.ts';
import { needs } from './needs-data.ts';

needs(available(), 'statements-ibflex');

const linesOf = (file: FlexFile) => {
  const { facts, expected } = loadFlex(file);
  return balanceDifferences(bookOf(ledgerOf(facts)), expected.statement);
};

test('R5 file 14 ties to the last digit in both currencies', () => {
  expect(linesOf(14)).toEqual([
    { currency: 'CHF', ours: '5.875184563', theirs: '5.875184563', difference: '0' },
    { currency: 'USD', ours: '88.829543578', theirs: '88.829543578', difference: '0' },
  ]);
});

test.each(flexFiles)('R5 file %i differs by what the statement itself leaves open', (file) => {
  const { currencies } = loadFlex(file).expected;
  const expected = currencies
    .map(({ currency, ours, theirs, difference }) => ({ currency, ours, theirs, difference }))
    .toSorted((a, b) => (a.currency < b.currency ? -1 : 1));
  expect(linesOf(file)).toEqual(expected);
});

test.each([20, 21] as const)('R5 file %i does not tie, and that is found', (file) => {
  const different = linesOf(file).filter(({ difference }) => difference !== '0');
  expect(different).not.toEqual([]);
});

test.each(flexFiles)('R5 the gaps of file %i add up to its difference', (file) => {
  for (const { difference, gaps, residual } of loadFlex(file).expected.currencies) {
    expect(sum([residual, ...gaps.map(({ amount }) => amount)])).toBe(difference);
  }
});

test.each(flexFiles)(
  'R5 units of shares in file %i are what was bought less what was sold',
  (file) => {
    const { facts, expected } = loadFlex(file);
    const fold = bookOf(ledgerOf(facts));
    const ours = expected.units.map(({ asset }) => {
      const { quantity } = poolOf(fold, asset);
      return { asset, quantity };
    });
    expect(ours).toEqual(expected.units);
  },
);

test.each(flexFiles)('R5 the fills of file %i move the proceeds that the broker states', (file) => {
  expect(proceedsTie(file)).toBe(true);
});

test.each(flexFiles)('R5 nothing of file %i is contained in its opening', (file) => {
  expect(ledgerOf(loadFlex(file).facts).beforeOpening).toEqual([]);
});
