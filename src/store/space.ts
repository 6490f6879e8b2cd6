/** Refuses writes while the disk is nearly full, before the database itself would fail. */
import { statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Clock, millisecondsBetween } from '../model/instant.ts';
import { StoreError } from './store-error.ts';

export interface SpaceOptions {
  /** Bytes left for the book; null where nobody can say. */
  readonly freeBytes: () => number | null;
  readonly reserveBytes: number;
  readonly clock: Clock;
}

const checkEveryMs = 200;
const checkEveryWrites = 1000;

/** Called before every write; throws `low-space`. Writes resume by themselves. */
export function spaceGuard({ freeBytes, reserveBytes, clock }: SpaceOptions): () => void {
  let checkedAt: bigint | null = null;
  let writes = 0;
  let free: number | null = null;

  const isDue = (): boolean => {
    if (checkedAt === null || writes >= checkEveryWrites || isLow()) return true;
    const age = millisecondsBetween(checkedAt, clock.now());
    return age < 0 || age >= checkEveryMs;
  };
  const isLow = () => free !== null && free < reserveBytes;

  return () => {
    writes += 1;
    if (isDue()) {
      free = freeBytes();
      checkedAt = clock.now();
      writes = 0;
    }
    if (!isLow()) return;
    throw new StoreError(
      'low-space',
      `${free} bytes are free and ${reserveBytes} are kept in reserve: nothing was written`,
      'free disk space; writing resumes by itself',
    );
  };
}

/** What the file system of a file has left for this user; null where it cannot say. */
export function freeBytesAt(path: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(dirname(resolve(path)));
    return bavail * bsize;
  } catch {
    return null; // some network file systems have no such figure; SQLite still reports a full disk
  }
}
