import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type BookHold, holdOf } from '../../../src/service/duties/book-hold.ts';
import { openForWriting } from '../../../src/service/open-for-writing.ts';
import { systemClock } from '../../../src/service/system-clock.ts';
import { openBookFile } from '../../../src/store/book-file.ts';
import { bookPath } from '../held-book.ts';
import { rememberedLog } from './duty-kit.ts';

const options = { clock: systemClock, holder: 'trueup schedule of s', markMaxAgeMs: 1_000 };
const open: { close(): Promise<void> }[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function bench(path = bookPath()) {
  folders.push(dirname(path));
  const log = rememberedLog();
  const hold: BookHold = holdOf(path, options, log);
  open.push(hold);
  return { path, log, hold };
}

test('O15 a book is made and held, and given back', async () => {
  const { path, log, hold } = bench();
  await hold.ensure();
  await hold.ensure();
  expect(log.take()).toEqual([`book.held: Made and holding ${path}`]);
  expect(hold.other()).toBeNull();
  await hold.close();
  const next = bench(path);
  await next.hold.ensure();
  expect(next.log.take()).toEqual([`book.held: Holding ${path}`]);
});

test('O15 a book that another holds is shared, and taken when that one ends', async () => {
  const { path, log, hold } = bench();
  const other = await openForWriting(path, { ...options, holder: 'trueup import', create: true });
  open.push(other);
  await hold.ensure();
  await hold.ensure();
  expect(log.take()).toEqual([
    `book.shared: ${path} is held by another process; what is noted goes through it`,
  ]);
  expect(hold.other()).toBe('trueup import');
  await other.close();
  await hold.ensure();
  expect(log.take()).toEqual([`book.held: Holding ${path}`]);
  expect(hold.other()).toBeNull();
});

test('O15 a book that was taken over is noticed, and taken again once it is free', async () => {
  const { path, log, hold } = bench();
  await hold.ensure();
  log.take();
  const file = openBookFile(path, { clock: systemClock });
  const now = systemClock.now();
  const request = { holder: 'thief', socket: null, pid: 1, now, ttlMs: 60_000 };
  const taken = file.takeOver(request, file.leaseHolder()!) as { epoch: number };
  await hold.ensure();
  expect(log.take()).toEqual([
    `book.unavailable: ${path} cannot be held: ${path} is held by thief (process 1), ` +
      'which does not answer',
  ]);
  file.releaseLease(taken.epoch);
  file.close();
  await hold.ensure();
  expect(log.take()).toEqual([`book.held: Holding ${path}`]);
});
