/** Entries of several accounts in one line of time, the newest first. */
import type { EntryKind, EntryRow } from '../../../model/entry.ts';
import type { Instant } from '../../../model/instant.ts';
import type { Account } from '../../../store/accounts.ts';
import { lookedMax } from '../../../store/page-reads.ts';
import type { CursorPlace } from '../cursors.ts';
import type { ServingParts } from '../parts.ts';
import { pagesOf } from './chronicle.ts';

export interface Recorded {
  readonly account: Account;
  readonly row: EntryRow;
  readonly recordedAt: Instant;
}

export interface TrailChoice {
  /** Null: from the end on. */
  readonly place: CursorPlace<'audit'> | null;
  /** Entries that were recorded later are left out; null: none are. */
  readonly upTo: Instant | null;
  readonly kinds: readonly EntryKind[] | null;
  readonly limit: number;
}

/** A page may be short, even empty, and yet not the last: none looks at more than so many rows. */
export function recordedBackwards(
  parts: Pick<ServingParts, 'reader'>,
  accounts: readonly Account[],
  { place, upTo, kinds, limit }: TrailChoice,
): { readonly items: readonly Recorded[]; readonly next: CursorPlace<'audit'> | null } {
  // Each account is looked at a little, so that every page gets on.
  const looks = Math.max(pageLength, Math.ceil(lookedMax / Math.max(1, accounts.length)));
  const allowance = { left: lookedMax };
  const trails = accounts.map(
    (account) => new Trail(parts, account, { kinds, place, upTo, looks, allowance }),
  );
  const items: Recorded[] = [];
  for (;;) {
    const newest = trails.reduce<Trail | null>(
      (best, one) => (one.head !== null && (best === null || isNewer(one, best)) ? one : best),
      null,
    );
    if (newest === null) return { items, next: null };
    const { row, recordedAt } = newest.head!;
    if (row === null) return { items, next: placeOf(newest.head!) };
    items.push({ account: newest.head!.account, row, recordedAt });
    const taken = newest.head!;
    newest.advance();
    const isLast = trails.every(({ head }) => head === null);
    if (items.length === limit) return { items, next: isLast ? null : placeOf(taken) };
  }
}

const placeOf = ({ account, sequence, recordedAt }: Head): CursorPlace<'audit'> => [
  String(recordedAt),
  account.account,
  sequence,
];

/** Of one instant, the account that was made last comes first. */
const isNewer = (a: Trail, b: Trail): boolean => {
  const [x, y] = [a.head!, b.head!];
  if (x.recordedAt !== y.recordedAt) return x.recordedAt > y.recordedAt;
  return x.account.account > y.account.account;
};

const pageLength = 50;

/** How far a trail was looked at; `row` null: what is before it was not. */
interface Head {
  readonly account: Account;
  readonly sequence: number;
  readonly recordedAt: Instant;
  readonly row: EntryRow | null;
}

interface Looking extends Pick<TrailChoice, 'place' | 'upTo' | 'kinds'> {
  /** Rows of one look. */
  readonly looks: number;
  /** Rows of all trails together; each may look once. */
  readonly allowance: { left: number };
}

class Trail {
  readonly #parts: Pick<ServingParts, 'reader'>;
  readonly #account: Account;
  readonly #looking: Looking;
  #before: number | null;
  /** Newest last. */
  #rows: EntryRow[] = [];
  head: Head | null = null;

  constructor(parts: Pick<ServingParts, 'reader'>, account: Account, looking: Looking) {
    this.#parts = parts;
    this.#account = account;
    this.#looking = looking;
    this.#before = this.#begin(looking);
    this.#look();
    this.advance();
  }

  advance(): void {
    const { allowance } = this.#looking;
    while (this.#rows.length === 0 && this.#before !== null && allowance.left > 0) this.#look();
    const row = this.#rows.pop() ?? null;
    const sequence = row?.sequence ?? this.#before;
    if (sequence === null) {
      this.head = null;
      return;
    }
    const seal = pagesOf(this.#parts.reader).batchOf(this.#account.account, sequence);
    const recordedAt = seal?.recordedAt ?? row?.effectiveAt ?? 0n;
    this.head = { account: this.#account, sequence, recordedAt, row };
  }

  /** After that place: of the same instant, accounts that were made earlier are still to come. */
  #begin({ place, upTo }: Looking): number {
    const { reader } = this.#parts;
    const { account } = this.#account;
    const { sequence } = reader.file.head(account);
    const before = (time: Instant) => pagesOf(reader).lastBefore(account, time, sequence) + 1;
    const end = upTo === null ? sequence + 1 : before(upTo + 1n);
    if (place === null) return end;
    const [at, of, last] = place;
    if (of === account) return Math.min(last, end);
    const time = BigInt(at);
    return Math.min(before(of > account ? time + 1n : time), end);
  }

  #look(): void {
    const before = this.#before!;
    const { kinds, looks, allowance } = this.#looking;
    const page = pagesOf(this.#parts.reader).entriesBefore(this.#account.account, {
      ...{ before, limit: pageLength, kinds, looks },
    });
    allowance.left -= before - (page.before ?? 0);
    this.#rows = [...page.items].reverse();
    this.#before = page.before;
  }
}
