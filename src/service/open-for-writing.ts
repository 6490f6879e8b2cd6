/**
 * Holding a book: one process has the lease, listens on a local socket for the others, and
 * renews while it lives. Whoever wants to write either gets the lease or reaches its holder.
 */
import { rmSync } from 'node:fs';
import { type BookFile, openBookFile } from '../store/book-file.ts';
import { isHeld, type LeaseAnswer, type LeaseHolder } from '../store/lease.ts';
import { isStoreError, StoreError } from '../store/store-error.ts';
import type { BookWriter } from './book.ts';
import { Door } from './door.ts';
import { LocalBook } from './local-book.ts';
import { reach } from './remote-book.ts';
import type { WaitingClock } from './system-clock.ts';

export interface LeaseTimes {
  readonly leaseMs: number;
  readonly renewEveryMs: number;
}

/** Erring long keeps a book closed after a crash that left its socket open; erring short fences
 * a holder that was only slow. */
const usualTimes: LeaseTimes = { leaseMs: 10_000, renewEveryMs: 3_000 };
/** Holders may die one after the other while we ask them. */
const attempts = 5;

export interface OpenOptions {
  readonly clock: WaitingClock;
  /** Who writes, in words for people. */
  readonly holder: string;
  readonly create?: boolean;
  readonly programVersion?: string;
  readonly markMaxAgeMs: number;
  readonly freeBytes?: () => number | null;
  readonly reserveBytes?: number;
  readonly cacheBytes?: number;
  readonly leaseTimes?: LeaseTimes;
  /** After each commit of this process; those of another holder are not told of. */
  readonly onCommitted?: () => void;
}

/** Throws a StoreError; `held` when another process holds the book and does not answer. */
export async function openForWriting(path: string, options: OpenOptions): Promise<BookWriter> {
  const { clock } = options;
  const file = openBookFile(path, {
    clock,
    create: options.create ?? false,
    ...(options.programVersion === undefined ? {} : { programVersion: options.programVersion }),
    ...(options.freeBytes === undefined ? {} : { freeBytes: options.freeBytes }),
    ...(options.reserveBytes === undefined ? {} : { reserveBytes: options.reserveBytes }),
    ...(options.cacheBytes === undefined ? {} : { cacheBytes: options.cacheBytes }),
  });
  let door: Door | null = null;
  try {
    // Before the lease names it: a holder that cannot be reached would be taken for dead.
    door = await Door.open(path, clock);
    return await holdOrReach(file, door, options);
  } catch (error) {
    await door?.close();
    file.close();
    throw error;
  }
}

async function holdOrReach(file: BookFile, door: Door, options: OpenOptions): Promise<BookWriter> {
  const { clock, holder, leaseTimes = usualTimes } = options;
  let gone: LeaseHolder | null = null;
  for (let attempt = 1; ; attempt++) {
    const now = clock.now();
    const ttlMs = leaseTimes.leaseMs;
    const request = { holder, socket: door.socket, pid: process.pid, now, ttlMs };
    const answer: LeaseAnswer =
      gone === null ? file.acquireLease(request) : file.takeOver(request, gone);
    if (!isHeld(answer)) {
      if (typeof gone?.socket === 'string') rmSync(gone.socket, { force: true });
      return hold(file, answer.epoch, door, options);
    }
    const other = await reachHolder(file.path, answer.heldBy, clock);
    if (other !== null) {
      await door.close();
      file.close();
      return other;
    }
    if (attempt === attempts) throw heldBy(file.path, answer.heldBy);
    gone = answer.heldBy;
  }
}

/** The holder as a book to write to; null when it is gone. */
async function reachHolder(
  path: string,
  holder: LeaseHolder,
  clock: WaitingClock,
): Promise<BookWriter | null> {
  if (holder.socket === null) throw heldBy(path, holder);
  const answer = await reach(path, holder.socket, clock);
  if (answer.reached !== null) return answer.reached;
  if (answer.why === 'gone') return null;
  throw heldBy(path, holder);
}

const heldBy = (path: string, { holder, pid }: LeaseHolder) =>
  new StoreError(
    'held',
    `${path} is held by ${holder} (process ${pid}), which does not answer`,
    'try again in a few seconds: a holder that stays silent loses the book by itself',
  );

function hold(file: BookFile, epoch: number, door: Door, options: OpenOptions): BookWriter {
  const { clock, leaseTimes = usualTimes } = options;
  let cancelRenewal: (() => void) | null = null;
  const book = new LocalBook(file, {
    clock,
    epoch,
    markMaxAgeMs: options.markMaxAgeMs,
    ...(options.onCommitted === undefined ? {} : { onCommitted: options.onCommitted }),
    async release() {
      cancelRenewal?.();
      await door.close();
      try {
        file.releaseLease(epoch);
      } finally {
        file.close();
      }
    },
  });
  door.answerFor(book);
  const renew = () => {
    cancelRenewal = clock.after(leaseTimes.renewEveryMs, again, 'background');
  };
  const again = () => {
    if (renewed(file, epoch, clock, leaseTimes.leaseMs)) renew();
  };
  renew();
  return book;
}

/** False when another holds the book. A full or busy disk is no reason to stop trying. */
function renewed(file: BookFile, epoch: number, clock: WaitingClock, leaseMs: number): boolean {
  try {
    return file.renewLease(epoch, clock.now(), leaseMs);
  } catch (error) {
    if (isStoreError(error)) return true;
    throw error;
  }
}
