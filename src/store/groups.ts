/**
 * The fold as of the last batch: one row per group, written in the transaction that changed it.
 * Together they are the snapshot that a reopened book starts from. It is used only when its
 * sequence is the head's, its digest is that of the rows, and its fold version is the program's.
 */
import { crc32 } from 'node:zlib';
import type { Driver, Row } from './driver.ts';

export interface GroupRow {
  readonly pool: string;
  readonly state: string;
  /** Effective order of the last fact folded, as text; null before the first. */
  readonly last: string | null;
  /** Sequences since the newest page, as JSON. */
  readonly tail: string;
  readonly pageCount: number;
}

/** What holds for all groups of one stream together. */
export interface StreamRow {
  readonly sequence: number;
  readonly foldVersion: number;
  /** All groups' checks, folded into one number. */
  readonly digest: number;
  /** What the stream must remember beside its groups, as JSON. */
  readonly memory: string;
}

/** The check of a group's row; the digest of a stream is all of them, combined by XOR. */
export const checkOf = (row: GroupRow): number =>
  crc32(JSON.stringify([row.pool, row.state, row.last, row.tail, row.pageCount]));

export function groupReads(driver: Driver) {
  const groups = driver.prepare(
    'SELECT pool, state, last_order, tail, page_count FROM book_groups WHERE account = ?',
  );
  const stream = driver.prepare(
    'SELECT sequence, fold_version, digest, memory FROM book_streams WHERE account = ?',
  );
  return {
    groups: (account: number): GroupRow[] => groups.all(account).map(groupOf),
    stream(account: number): StreamRow | null {
      const row = stream.get(account);
      if (row === undefined) return null;
      return {
        sequence: Number(row[0]),
        foldVersion: Number(row[1]),
        digest: Number(row[2]),
        memory: row[3] as string,
      };
    },
  };
}

export function groupWrites(driver: Driver) {
  const putGroup = driver.prepare(
    `INSERT INTO book_groups VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (account, pool) DO UPDATE SET
       state = excluded.state, last_order = excluded.last_order, tail = excluded.tail,
       page_count = excluded.page_count`,
  );
  const removeGroup = driver.prepare('DELETE FROM book_groups WHERE account = ? AND pool = ?');
  const putStream = driver.prepare('INSERT OR REPLACE INTO book_streams VALUES (?, ?, ?, ?, ?)');
  const derived = ['book_groups', 'book_streams', 'book_pages', 'book_positions', 'book_balances'];
  const clears = derived.map((table) => driver.prepare(`DELETE FROM ${table} WHERE account = ?`));
  return {
    putGroup(account: number, row: GroupRow): void {
      putGroup.run(account, row.pool, row.state, row.last, row.tail, row.pageCount);
    },
    removeGroup(account: number, pool: string): void {
      removeGroup.run(account, pool);
    },
    putStream(account: number, row: StreamRow): void {
      putStream.run(account, row.sequence, row.foldVersion, row.digest, row.memory);
    },
    /** Throws away what was folded of an account, to be written anew. */
    clearFold(account: number): void {
      for (const clear of clears) clear.run(account);
    },
  };
}

const groupOf = (row: Row): GroupRow => ({
  pool: row[0] as string,
  state: row[1] as string,
  last: row[2] as string | null,
  tail: row[3] as string,
  pageCount: Number(row[4]),
});
