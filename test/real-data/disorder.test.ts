import { expect, test } from 'vitest';
import { bookOf, bookText, ledgerOf } from './book-of.ts';
import type { Fact } from './data-folder.ts';
import { disordered, throughFold } from './delivery.ts';
import { needs } from './needs-data.ts';
import { available, loadPyfolio } from './positions-pyfolio.ts';

needs(available(), 'positions-pyfolio');

const withMethod = (costMethod: string): readonly Fact[] =>
  loadPyfolio().facts.map((fact) => (fact['kind'] === 'account' ? { ...fact, costMethod } : fact));

test.each([
  ['average', 1],
  ['average', 100],
  ['average', 2_000],
  ['fifo', 500],
  ['lifo', 500],
  ['hifo', 500],
])(
  'R1 at %s, shuffled in windows of %i, 30 % twice, 20 % late: the same book',
  async (method, window) => {
    const ledger = ledgerOf(withMethod(method));
    const disorder = { seed: 1, window, duplicated: 0.3, late: 0.2, batchMax: 50 };
    const batches = disordered(ledger.facts, disorder);
    const delivered = await throughFold(ledger, batches);
    expect(delivered.booked).toBe(ledger.facts.length);
    expect(delivered.duplicates).toBe(batches.flat().length - ledger.facts.length);
    expect(delivered.duplicates).toBeGreaterThan(0.25 * ledger.facts.length);
    expect(delivered.book).toBe(bookText(bookOf(ledger)));
  },
);

test('R1 the disorder is real: most facts come after one that happened later', () => {
  const { facts } = ledgerOf(loadPyfolio().facts);
  const disorder = { seed: 1, window: 100, duplicated: 0.3, late: 0.2, batchMax: 50 };
  const delivered = disordered(facts, disorder).flat();
  let youngest = 0n;
  let late = 0;
  for (const { time } of delivered) {
    if (time < youngest) late += 1;
    else youngest = time;
  }
  expect(late).toBeGreaterThan(0.5 * delivered.length);
  expect(new Set(delivered).size).toBe(facts.length);
});
