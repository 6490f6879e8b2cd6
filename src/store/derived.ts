/** What is folded from entries and can be thrown away: amendments, pages and snapshots. */
import type { Driver, Row } from './driver.ts';

/** A checkpoint of one pool's fold, after the facts in `members`. */
export interface Page {
  readonly pool: string;
  readonly page: number;
  /** The order of its last fact. */
  readonly lastOrder: string;
  readonly members: string;
  readonly state: string;
}

/** The fold of a whole stream up to a sequence; to be used only if all it names matches. */
export interface Snapshot {
  readonly sequence: number;
  readonly hash: string;
  readonly foldVersion: number;
  readonly digest: string;
  readonly state: string;
}

const snapshotsKept = 2;

export function derivedReads(driver: Driver) {
  const pages = driver.prepare(
    `SELECT pool, page, last_order, members, state FROM book_pages
     WHERE account = ? AND pool = ? AND page >= ? ORDER BY page`,
  );
  const page = driver.prepare(
    `SELECT pool, page, last_order, members, state FROM book_pages
     WHERE account = ? AND pool = ? AND page = ?`,
  );
  const pools = driver.prepare(
    'SELECT DISTINCT pool FROM book_pages WHERE account = ? ORDER BY pool',
  );
  const orders = driver.prepare(
    'SELECT page, last_order FROM book_pages WHERE account = ? AND pool = ? ORDER BY page',
  );
  const snapshots = driver.prepare(
    `SELECT sequence, hash, fold_version, digest, state FROM book_snapshots
     WHERE account = ? ORDER BY sequence DESC`,
  );
  const targets = driver.prepare(
    'SELECT DISTINCT target FROM book_amendments WHERE account = ? ORDER BY target',
  );
  return {
    pools: (account: number): string[] => pools.all(account).map((row) => row[0] as string),
    page(account: number, pool: string, index: number): Page | null {
      const row = page.get(account, pool, index);
      return row === undefined ? null : pageOf(row);
    },
    /** The pages of a pool from `fromPage` on. */
    pages: (account: number, pool: string, fromPage = 0): Page[] =>
      pages.all(account, pool, fromPage).map(pageOf),
    /** Where each page of a pool ends, without what is in it. */
    pageEnds: (account: number, pool: string): { page: number; lastOrder: string }[] =>
      orders.all(account, pool).map((row) => ({
        page: Number(row[0]),
        lastOrder: row[1] as string,
      })),
    /** The newest first. */
    snapshots: (account: number): Snapshot[] => snapshots.all(account).map(snapshotOf),
    /** The sequences of all entries that others change. */
    amendedTargets: (account: number): Set<number> =>
      new Set(targets.all(account).map((row) => Number(row[0]))),
  };
}

export function derivedWrites(driver: Driver) {
  const putPage = driver.prepare('INSERT OR REPLACE INTO book_pages VALUES (?, ?, ?, ?, ?, ?)');
  const deletePages = driver.prepare(
    'DELETE FROM book_pages WHERE account = ? AND pool = ? AND page >= ?',
  );
  const putSnapshot = driver.prepare(
    'INSERT OR REPLACE INTO book_snapshots VALUES (?, ?, ?, ?, ?, ?)',
  );
  const dropSnapshots = driver.prepare(
    `DELETE FROM book_snapshots WHERE account = ?1 AND sequence NOT IN
       (SELECT sequence FROM book_snapshots WHERE account = ?1 ORDER BY sequence DESC LIMIT ?2)`,
  );
  const addAmendment = driver.prepare('INSERT OR IGNORE INTO book_amendments VALUES (?, ?, ?)');
  return {
    putPage(account: number, page: Page): void {
      putPage.run(account, page.pool, page.page, page.lastOrder, page.members, page.state);
    },
    deletePagesFrom(account: number, pool: string, page: number): void {
      deletePages.run(account, pool, page);
    },
    putSnapshot(account: number, snapshot: Snapshot): void {
      const { sequence, hash, foldVersion, digest, state } = snapshot;
      putSnapshot.run(account, sequence, hash, foldVersion, digest, state);
      dropSnapshots.run(account, snapshotsKept);
    },
    /** Entry `sequence` changes entry `target`. */
    addAmendment(account: number, target: number, sequence: number): void {
      addAmendment.run(account, target, sequence);
    },
  };
}

const pageOf = (row: Row): Page => ({
  pool: row[0] as string,
  page: Number(row[1]),
  lastOrder: row[2] as string,
  members: row[3] as string,
  state: row[4] as string,
});

const snapshotOf = (row: Row): Snapshot => ({
  sequence: Number(row[0]),
  hash: row[1] as string,
  foldVersion: Number(row[2]),
  digest: row[3] as string,
  state: row[4] as string,
});
