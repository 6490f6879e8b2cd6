/** Books in files that benches make, write and throw away. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccountFact, CostMethod, Fact } from '../src/model/fact.ts';
import { LocalBook } from '../src/service/local-book.ts';
import { systemClock } from '../src/service/system-clock.ts';
import { type BookFile, openBookFile } from '../src/store/book-file.ts';
import { isHeld } from '../src/store/lease.ts';

export const foreverMs = 1e12;

/** A folder that is removed when the work is done. */
export async function inFolder<T>(work: (folder: string) => Promise<T> | T): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'trueup-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Opens a book, or makes it, as the process that writes it. */
export function openBook(path: string): LocalBook {
  const file: BookFile = openBookFile(path, { clock: systemClock, create: true });
  const now = systemClock.now();
  const request = { holder: 'bench', socket: null, pid: process.pid, now, ttlMs: foreverMs };
  const lease = file.acquireLease(request);
  if (isHeld(lease)) throw new Error(`${path} is held by ${lease.heldBy.holder}`);
  const release = async () => {
    file.releaseLease(lease.epoch);
    file.close();
  };
  return new LocalBook(file, {
    clock: systemClock,
    markMaxAgeMs: foreverMs,
    epoch: lease.epoch,
    release,
  });
}

export const account = (name: string, costMethod: CostMethod = 'average'): AccountFact => ({
  kind: 'account',
  account: name,
  venue: 'bench',
  currency: 'USDT',
  costMethod,
  feesInCost: false,
  mode: 'live',
  positionMode: 'net',
  time: null,
});

/** Records facts in batches, each of them durable before the next begins. */
export async function recordIn(
  book: LocalBook,
  facts: readonly Fact[],
  batch: number,
): Promise<number> {
  let booked = 0;
  for (let from = 0; from < facts.length; from += batch) {
    const { outcomes } = await book.recordAll(facts.slice(from, from + batch));
    for (const outcome of outcomes) if (outcome.status === 'booked') booked += 1;
  }
  return booked;
}

/** The bytes of a closed book's file. */
export const bytesOf = (path: string): number => statSync(path).size;
