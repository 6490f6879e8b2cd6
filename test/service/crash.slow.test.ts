import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import type { BookWriter } from '../../src/service/book.ts';
import { LocalBook } from '../../src/service/local-book.ts';
import { openForWriting } from '../../src/service/open-for-writing.ts';
import { systemClock } from '../../src/service/system-clock.ts';
import { openBookFile } from '../../src/store/book-file.ts';
import { isStoreError } from '../../src/store/store-error.ts';
import { faultsOf } from './book-checks.ts';
import { crashes, lines, pause, spawnWriter } from './crashes.ts';
import { bookPath, markMaxAgeMs } from './held-book.ts';
import { fact } from './random-facts.ts';

const deposit = (id: string) =>
  fact({
    kind: 'deposit',
    account: 'main',
    currency: 'USDT',
    amount: '1',
    id,
    time: '2024-01-01T00:00:00Z',
  });

const options = { clock: systemClock, holder: 'next', create: true, markMaxAgeMs };
const leaseMs = 1_000;

test('Z10 twenty kills lose nothing that was acknowledged and double nothing', async () => {
  const { faults, acknowledged, fills, recoveries } = await crashes({ kills: 20, seed: 7 });
  expect(faults).toEqual([]);
  expect(acknowledged).toBeGreaterThan(1_000);
  expect(fills).toBeGreaterThanOrEqual(acknowledged);
  expect(Math.max(...recoveries)).toBeLessThan(2_000);
});

test('L9 a holder that stood still for longer than its lease is fenced', async () => {
  const path = bookPath();
  const child = spawnWriter(path, '1', ['--lease', String(leaseMs), '--pace', '100']);
  const output = lines(child);
  await output.ready;
  await pause(300);
  const book = await whileStopped(child.pid!, path);
  expect(book).toBeInstanceOf(LocalBook);
  for (let id = 0; id < 10; id++) await book.record(deposit(String(id)));
  child.kill('SIGCONT');
  const said = await output.all;
  expect(said.at(-1)).toBe('refused fenced');
  for (let id = 10; id < 20; id++) await book.record(deposit(String(id)));
  await book.close();
  expect(faultsOf(path)).toEqual([]);
  const file = openBookFile(path, { clock: systemClock, readOnly: true });
  const { account } = file.accountNamed('main')!;
  const entries = new Map([...file.entries(account)].map((row) => [row.sequence, row]));
  for (const line of said.filter((one) => one.startsWith('1-'))) {
    const [id, sequence] = line.split(' ');
    expect(entries.get(Number(sequence))?.id).toBe(id);
  }
  expect([...entries.values()].filter(({ kind }) => kind === 'deposit')).toHaveLength(20);
  file.close();
  rmSync(dirname(path), { recursive: true });
});

/** Stops the holder until its lease is over, and takes the book. */
async function whileStopped(pid: number, path: string): Promise<BookWriter> {
  for (;;) {
    process.kill(pid, 'SIGSTOP');
    await pause(leaseMs + 100);
    try {
      return await openForWriting(path, options);
    } catch (error) {
      // It was stopped while it wrote, and keeps the file locked until it goes on.
      if (!isStoreError(error, 'busy')) throw error;
      process.kill(pid, 'SIGCONT');
      await pause(5);
    }
  }
}

test('L10 a lease that cannot be renewed for a while ends nothing', async () => {
  const path = bookPath();
  const leaseTimes = { leaseMs: 60_000, renewEveryMs: 50 };
  const book = await openForWriting(path, { ...options, leaseTimes });
  const other = openBookFile(path, { clock: systemClock });
  other.driver.exec('BEGIN IMMEDIATE');
  // The renewal waits for the lock in vain, and says nothing.
  await pause(100);
  other.driver.exec('ROLLBACK');
  expect((await book.record(deposit('1'))).status).toBe('booked');
  await book.close();
  other.close();
});
