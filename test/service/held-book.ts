/** A book held by a test: through LocalBook, with a clock of its own, and able to die. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Instant, instant } from '../../src/model/instant.ts';
import { LocalBook } from '../../src/service/local-book.ts';
import type { WaitingClock } from '../../src/service/system-clock.ts';
import { type BookFile, type BookFileOptions, openBookFile } from '../../src/store/book-file.ts';
import { isHeld } from '../../src/store/lease.ts';

export const markMaxAgeMs = 3_600_000;
const leaseMs = 600_000;

/** Stands still until it is moved; waiting ends at once. */
export class FakeClock implements WaitingClock {
  #now = instant('2026-01-12T10:00:00Z');

  now(): Instant {
    return this.#now;
  }

  advance(ms: number): void {
    this.#now += BigInt(ms) * 1_000_000n;
  }

  after(_ms: number, work: () => void): () => void {
    const handle = setImmediate(work);
    return () => clearImmediate(handle);
  }
}

export const bookPath = (): string => join(mkdtempSync(join(tmpdir(), 'trueup-book-')), 'book.db');

export interface HeldBook {
  readonly book: LocalBook;
  readonly file: BookFile;
  readonly epoch: number;
  readonly clock: FakeClock;
  readonly path: string;
  /** As when the process dies: nothing is flushed and the lease stays. */
  die(): void;
}

/** Takes the lease, if need be from a holder that died. */
export function holdBook(
  path = bookPath(),
  clock = new FakeClock(),
  options: Partial<BookFileOptions> = {},
): HeldBook {
  const file = openBookFile(path, { clock, create: true, ...options });
  const request = { holder: 'test', socket: null, pid: 1, now: clock.now(), ttlMs: leaseMs };
  const first = file.acquireLease(request);
  const answer = isHeld(first) ? file.takeOver(request, first.heldBy) : first;
  if (isHeld(answer)) throw new Error(`held by ${answer.heldBy.holder}`);
  const { epoch } = answer;
  const release = async () => {
    file.releaseLease(epoch);
    file.close();
  };
  const book = new LocalBook(file, { clock, markMaxAgeMs, epoch, release });
  return { book, file, epoch, clock, path, die: () => file.close() };
}
