import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { BookWriter } from '../../src/service/book.ts';
import { LocalBook } from '../../src/service/local-book.ts';
import { openForWriting } from '../../src/service/open-for-writing.ts';
import { RemoteBook } from '../../src/service/remote-book.ts';
import { systemClock, type WaitingClock } from '../../src/service/system-clock.ts';
import { openBookFile } from '../../src/store/book-file.ts';
import type { StoreErrorCode } from '../../src/store/store-error.ts';
import { Random } from '../decimal/random.ts';
import { faultsOf } from './book-checks.ts';
import { bookPath, markMaxAgeMs } from './held-book.ts';
import { fact } from './random-facts.ts';

const failing = (code: StoreErrorCode) => expect.objectContaining({ name: 'StoreError', code });

const fill = (id: number, price = '100') =>
  fact({
    kind: 'fill',
    account: 'main',
    instrument: 'BTC/USDT',
    side: 'buy',
    quantity: '1',
    price,
    fee: '0',
    executionId: String(id),
    time: '2024-01-01T00:00:00Z',
  });

const open = (path: string, holder: string, clock: WaitingClock = systemClock) =>
  openForWriting(path, { clock, holder, create: true, markMaxAgeMs });

const countOf = (path: string, kind: string): number => {
  const file = openBookFile(path, { clock: systemClock, readOnly: true });
  const { account } = file.accountNamed('main')!;
  const count = [...file.entries(account)].filter((row) => row.kind === kind).length;
  file.close();
  return count;
};

/** The holder and eight that reach it. */
async function nine(path: string): Promise<readonly BookWriter[]> {
  const names = Array.from({ length: 9 }, (_, index) => `reporter ${index}`);
  return Promise.all(names.map((name) => open(path, name)));
}

const closeAll = async (books: readonly BookWriter[]) => {
  for (const book of books.filter((one) => one instanceof RemoteBook)) await book.close();
  for (const book of books.filter((one) => one instanceof LocalBook)) await book.close();
};

/** The lease in the hands of somebody who listens at `socket`, or does not. */
function leaseTo(path: string, socket: string | null): void {
  const file = openBookFile(path, { clock: systemClock, create: true });
  const now = systemClock.now();
  file.acquireLease({ holder: 'somebody', socket, pid: 1, now, ttlMs: 60_000 });
  file.close();
}

test('L1 of those who open a book at once one holds it, the others reach it', async () => {
  for (let round = 0; round < 5; round++) {
    const books = await nine(bookPath());
    expect(books.filter((one) => one instanceof LocalBook)).toHaveLength(1);
    expect(books.filter((one) => one instanceof RemoteBook)).toHaveLength(8);
    await closeAll(books);
  }
});

test('L2 eight reporters of one stream through sockets count each fact once', async () => {
  const path = bookPath();
  const books = await nine(path);
  const random = new Random(1);
  const reports = books.map((book) => {
    const ids = Array.from({ length: 300 }, (_, index) => index);
    const shuffled = ids.map((id) => [random.bits(), id] as const).sort(([a], [b]) => a - b);
    return Promise.all(shuffled.map(([, id]) => book.record(fill(id))));
  });
  const outcomes = (await Promise.all(reports)).flat().map(({ status }) => status);
  expect(outcomes.filter((status) => status === 'booked')).toHaveLength(300);
  expect(outcomes.filter((status) => status === 'duplicate')).toHaveLength(8 * 300);
  expect(countOf(path, 'fill')).toBe(300);
  expect(faultsOf(path)).toEqual([]);
  await closeAll(books);
});

test('L3 what reporters say differently under one identity becomes one conflict each', async () => {
  const path = bookPath();
  const books = await nine(path);
  const told = books.flatMap((book, index) => [
    book.record(fill(1, String(100 + index))),
    book.record(fill(1, String(100 + index))),
  ]);
  const outcomes = (await Promise.all(told)).map(({ status }) => status);
  expect(outcomes.filter((status) => status === 'booked')).toHaveLength(1);
  expect(outcomes.filter((status) => status === 'duplicate')).toHaveLength(1);
  expect(outcomes.filter((status) => status === 'conflict')).toHaveLength(16);
  expect(countOf(path, 'fill')).toBe(1);
  expect(countOf(path, 'conflict')).toBe(8);
  await closeAll(books);
});

test('L4 a holder at whose socket nobody listens is dead, the next takes over', async () => {
  const path = bookPath();
  leaseTo(path, join(dirname(path), 'nobody.sock'));
  const book = await open(path, 'next');
  expect(book).toBeInstanceOf(LocalBook);
  expect((await book.record(fill(1))).status).toBe('booked');
  await book.close();
});

test('L5 a holder that is silent, or cannot be asked, keeps the book for its lease', async () => {
  const path = bookPath();
  const socket = join(dirname(path), 'silent.sock');
  const silent = await listening(socket);
  leaseTo(path, socket);
  const start = performance.now();
  await expect(open(path, 'next')).rejects.toEqual(failing('held'));
  expect(performance.now() - start).toBeLessThan(2_000);
  silent.close();
  for (const unasked of [null, `/tmp/${'x'.repeat(300)}`]) {
    const other = bookPath();
    leaseTo(other, unasked);
    await expect(open(other, 'next')).rejects.toEqual(failing('held'));
  }
});

test('L6 a reporter whose holder ended is told so, by every report from then on', async () => {
  const path = bookPath();
  const [holder, reporter] = [await open(path, 'holder'), await open(path, 'reporter')];
  await reporter.record(fill(1));
  const owed = Array.from({ length: 50 }, (_, id) => reporter.record(fill(id)));
  await new Promise((resolve) => setImmediate(resolve));
  const closed = holder.close();
  const settled = await Promise.allSettled(owed);
  await closed;
  for (const one of settled) {
    if (one.status === 'rejected') expect(one.reason).toEqual(failing('holder-lost'));
  }
  await expect(reporter.record(fill(60))).rejects.toEqual(failing('holder-lost'));
  await expect(reporter.record(fill(61))).rejects.toEqual(failing('holder-lost'));
  const acknowledged = settled.filter(({ status }) => status === 'fulfilled').length;
  expect(countOf(path, 'fill')).toBeGreaterThanOrEqual(acknowledged);
  const next = await open(path, 'next');
  expect(next).toBeInstanceOf(LocalBook);
  await next.close();
});

test('L7 reaching a holder leaves nothing behind that keeps a process alive', async () => {
  const path = bookPath();
  const holder = await open(path, 'holder');
  const waiting = new Set<number>();
  let count = 0;
  const clock: WaitingClock = {
    now: systemClock.now,
    after(ms, work, how) {
      const id = ++count;
      if (how !== 'background') waiting.add(id);
      const cancel = systemClock.after(ms, work, how);
      return () => {
        waiting.delete(id);
        cancel();
      };
    },
  };
  const reporter = await open(path, 'reporter', clock);
  expect(reporter).toBeInstanceOf(RemoteBook);
  expect(count).toBeGreaterThan(0);
  expect([...waiting]).toEqual([]);
  await reporter.close();
  await holder.close();
});

test('L8 a wrong fact from a reporter fails alone; a plan is judged by the holder', async () => {
  const path = bookPath();
  const [holder, reporter] = [await open(path, 'holder'), await open(path, 'reporter')];
  const wrong = { ...fill(2), instrument: 'what' } as ReturnType<typeof fill>;
  const { outcomes } = await reporter.recordAll([fill(1), wrong, fill(3)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['booked', 'refused', 'booked']);
  const plan = { account: 'main', expectedSequence: 3, entries: [] };
  expect(await reporter.apply(plan)).toEqual({ status: 'moved', sequence: 4 });
  await reporter.close();
  await holder.close();
});

test('Z9 two processes that write at once double nothing and lose nothing', async () => {
  const path = bookPath();
  const script = join(import.meta.dirname, 'crash-writer.ts');
  const writers = [1, 2].map((seed) =>
    spawn(process.execPath, [script, path, String(seed), '--count', '400', '--reopen'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  );
  const codes = await Promise.all(writers.map(async (one) => (await once(one, 'exit'))[0]));
  expect(codes).toEqual([0, 0]);
  expect(countOf(path, 'fill')).toBe(800);
  expect(faultsOf(path)).toEqual([]);
});

/** Accepts connections and never says a word. */
async function listening(socket: string): Promise<Server> {
  const server = createServer();
  server.unref();
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return server;
}
