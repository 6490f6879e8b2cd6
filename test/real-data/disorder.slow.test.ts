import { expect, test } from 'vitest';
import { bookOf, bookText, ledgerOf } from './book-of.ts';
import { disordered, throughFold } from './delivery.ts';
import { throughStore } from './delivery-to-store.ts';
import { needs } from './needs-data.ts';
import { available, loadPyfolio } from './positions-pyfolio.ts';

needs(available(), 'positions-pyfolio');

const windows = [1, 100, 2_000, 5_000];
const seeds = [2, 3, 4];
const batchMaxima = [1, 20, 1_000];

const disorders = windows.flatMap((window) =>
  seeds.map((seed, index) => ({ window, seed, batchMax: batchMaxima[index % 3]! })),
);

test.each(disorders)(
  'R1 windows of $window, seed $seed, batches of up to $batchMax: the same book',
  async (disorder) => {
    const ledger = ledgerOf(loadPyfolio().facts);
    const batches = disordered(ledger.facts, { ...disorder, duplicated: 0.3, late: 0.2 });
    const delivered = await throughFold(ledger, batches);
    expect(delivered.booked).toBe(ledger.facts.length);
    expect(delivered.book).toBe(bookText(bookOf(ledger)));
  },
);

test.each(disorders.filter(({ batchMax }) => batchMax > 1))(
  'R1 stored, windows of $window, seed $seed, batches of up to $batchMax: the same book',
  async (disorder) => {
    const ledger = ledgerOf(loadPyfolio().facts);
    const batches = disordered(ledger.facts, { ...disorder, duplicated: 0.3, late: 0.2 });
    const delivered = await throughStore(ledger, batches);
    expect(delivered.booked).toBe(ledger.facts.length);
    expect(delivered.book).toBe(bookText(bookOf(ledger)));
  },
);
