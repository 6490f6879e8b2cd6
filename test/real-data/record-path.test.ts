import { expect, test } from 'vitest';
import { bookOf, bookText, type Ledger, ledgerOf } from './book-of.ts';
import { loadRoundTrip } from './ccxt-excerpts.ts';
import { listCases, loadCgt } from './cgtcalc.ts';
import { hasData } from './data-folder.ts';
import { disordered } from './delivery.ts';
import { throughStore } from './delivery-to-store.ts';
import { loadFreqtrade } from './freqtrade-backtest.ts';
import { flexFiles, loadFlex } from './ibflex.ts';
import { needs } from './needs-data.ts';
import { loadPyfolio } from './positions-pyfolio.ts';
import { listReports, loadRp2 } from './rp2.ts';

needs(hasData(''), 'real data');

const disorder = { seed: 1, duplicated: 0.3, late: 0.2, batchMax: 60 };

/** Delivers the facts badly through journal and store, and compares with the fold of all. */
const expectSameBook = async (ledger: Ledger, window: number) => {
  const { facts } = ledger;
  const batches = disordered(facts, { ...disorder, window });
  const delivered = await throughStore(ledger, batches);
  expect(delivered.booked).toBe(facts.length);
  expect(delivered.duplicates).toBe(batches.flat().length - facts.length);
  expect(delivered.book).toBe(bookText(bookOf(ledger)));
};

test('R1 recorded and stored: the same book', async () => {
  await expectSameBook(ledgerOf(loadPyfolio().facts), 100);
});

test('R2 recorded and stored: the same book', async () => {
  await expectSameBook(ledgerOf(loadFreqtrade().facts), 400);
});

test('R3 recorded and stored, every asset of every report: the same book', async () => {
  for (const report of listReports()) {
    for (const asset of report.assets) {
      await expectSameBook(ledgerOf(loadRp2(report, asset).facts), 20);
    }
  }
});

test('R4 recorded and stored, every case: the same book', async () => {
  for (const name of listCases()) await expectSameBook(ledgerOf(loadCgt(name).facts), 10);
});

test.each(flexFiles)('R5 recorded and stored, file %i: the same book', async (file) => {
  const ledger = ledgerOf(loadFlex(file).facts);
  const [opening, ...others] = ledger.facts;
  const delivered = await throughStore(ledger, [[opening!], others.toReversed(), others]);
  expect(delivered.duplicates).toBe(others.length);
  expect(delivered.book).toBe(bookText(bookOf(ledger)));
});

test('R6 recorded and stored: the same book', async () => {
  await expectSameBook(ledgerOf(loadRoundTrip().facts), 3);
});
