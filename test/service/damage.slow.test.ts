import { expect, test } from 'vitest';
import { verifyDerived } from '../../src/service/rebuilding.ts';
import { damages } from './damage.ts';
import { holdBook } from './held-book.ts';
import { fact } from './random-facts.ts';

test('Z11 Z12 a damaged file or log is right, an earlier state, refused or named', async () => {
  const { failures, flips, log } = await damages({ seed: 1, flips: 1000, every: 512 });
  expect(failures).toEqual([]);
  const told = Object.entries(flips).filter(([verdict]) => verdict !== 'right');
  expect(told.length).toBeGreaterThan(1);
  expect(log['earlier']).toBeGreaterThan(100);
});

const fill = (id: number, second: number) =>
  fact({
    kind: 'fill',
    account: 'main',
    instrument: 'BTC/USDT',
    side: id % 4 === 0 ? 'sell' : 'buy',
    quantity: '1',
    price: String(100 + (id % 7)),
    fee: '0',
    executionId: String(id),
    time: new Date(Date.UTC(2024, 0, 1) + second * 1_000).toISOString(),
  });

/** A page of history in the middle of a book, changed by hand. */
async function withPageChanged(from: string, to: string) {
  const held = holdBook();
  await held.book.recordAll(Array.from({ length: 200 }, (_, id) => fill(id, id)));
  const { driver } = held.file;
  driver.prepare('UPDATE book_pages SET state = replace(state, ?, ?)').run(from, to);
  return held;
}

test('Z13 a damaged page is refused by name when a late fact needs it', async () => {
  const { book, file } = await withPageChanged('"c":[["', '"c":[["1');
  const damaged = expect.objectContaining({
    code: 'book-damaged',
    message: expect.stringMatching(/^page \d of coin:BTC is not what was written/),
  });
  await expect(book.record(fill(1000, 150))).rejects.toEqual(damaged);
  await expect(book.record(fill(1001, 300))).resolves.toMatchObject({ status: 'booked' });
  const [rebuilt] = verifyDerived(file, file.accounts());
  expect(new Set(rebuilt?.differences.map(({ table }) => table))).toEqual(new Set(['pages']));
});
