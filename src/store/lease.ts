/**
 * The lease of a book: who writes. Its epoch is the fence: it rises with every new holder, every
 * write names the one it was given, and a write with an older one fails.
 */
import { addMilliseconds, type Instant } from '../model/instant.ts';
import type { Driver, Row } from './driver.ts';
import { StoreError } from './store-error.ts';

export interface LeaseRequest {
  /** Who asks, in words for people. */
  readonly holder: string;
  /** Where the holder listens; null when it does not. */
  readonly socket: string | null;
  readonly pid: number;
  readonly now: Instant;
  readonly ttlMs: number;
}

export interface LeaseHolder {
  readonly epoch: number;
  readonly holder: string;
  readonly socket: string | null;
  readonly pid: number;
  readonly takenAt: Instant;
  readonly expiresAt: Instant;
}

export type LeaseAnswer = { readonly epoch: number } | { readonly heldBy: LeaseHolder };

export const isHeld = (answer: LeaseAnswer): answer is { readonly heldBy: LeaseHolder } =>
  'heldBy' in answer;

/** One immediate transaction around the work. */
export type Locked = <T>(work: () => T) => T;

export function leaseOf(driver: Driver, locked: Locked) {
  const select = driver.prepare(
    'SELECT epoch, holder, socket, pid, taken_at, expires_at FROM book_lease',
    { bigints: true },
  );
  const take = driver.prepare(
    `UPDATE book_lease SET epoch = epoch + 1, holder = ?, socket = ?, pid = ?, taken_at = ?,
       expires_at = ? RETURNING epoch`,
  );
  const renew = driver.prepare('UPDATE book_lease SET expires_at = ? WHERE epoch = ?');
  const release = driver.prepare(
    `UPDATE book_lease SET holder = NULL, socket = NULL, pid = NULL, taken_at = NULL,
       expires_at = NULL WHERE epoch = ?`,
  );

  const holder = (): LeaseHolder | null => holderOf(select.get()!);

  function taken({ holder: name, socket, pid, now, ttlMs }: LeaseRequest): LeaseAnswer {
    const row = take.get(name, socket, pid, now, addMilliseconds(now, ttlMs));
    return { epoch: Number(row![0]) };
  }

  return {
    /** Who holds the lease, expired or not; null when it was released. */
    leaseHolder: holder,
    /** Granted when nobody holds it or the holder let it expire. */
    acquireLease: (request: LeaseRequest): LeaseAnswer =>
      locked(() => {
        const held = holder();
        return held !== null && held.expiresAt > request.now ? { heldBy: held } : taken(request);
      }),
    /**
     * Takes the lease of a holder that is known to be gone, although it has not expired. Of
     * several that try this with the same `seen`, one gets it.
     */
    takeOver: (request: LeaseRequest, seen: LeaseHolder): LeaseAnswer =>
      locked(() => {
        const held = holder();
        return held !== null && held.epoch !== seen.epoch ? { heldBy: held } : taken(request);
      }),
    /** False when another holds it by now. */
    renewLease: (epoch: number, now: Instant, ttlMs: number): boolean =>
      locked(() => renew.run(addMilliseconds(now, ttlMs), epoch) === 1),
    /** A lease that another holds by now is left alone. */
    releaseLease: (epoch: number): boolean => locked(() => release.run(epoch) === 1),
  };
}

/** Compares the writer's epoch inside its transaction. */
export function fenceOf(driver: Driver): (epoch: number) => void {
  const select = driver.prepare('SELECT epoch, holder, pid FROM book_lease');
  return (epoch) => {
    const [current, holder, pid] = select.get()!;
    if (current === epoch) return;
    const who = holder === null ? 'another writer' : `${holder} (process ${pid})`;
    throw new StoreError(
      'fenced',
      `${who} has taken over the book: epoch ${epoch} is over, ${current} holds`,
      'nothing was written; ask the present holder, or acquire the lease anew',
    );
  };
}

function holderOf(row: Row): LeaseHolder | null {
  const [epoch, holder, socket, pid, takenAt, expiresAt] = row;
  if (holder === null) return null;
  return {
    epoch: Number(epoch),
    holder: holder as string,
    socket: socket as string | null,
    pid: Number(pid),
    takenAt: takenAt as Instant,
    expiresAt: expiresAt as Instant,
  };
}
