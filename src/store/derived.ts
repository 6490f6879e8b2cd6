/** What is derived from entries and can be thrown away: amendments and pages. */
import { crc32 } from 'node:zlib';
import type { Driver, Row } from './driver.ts';
import { StoreError } from './store-error.ts';

/** A checkpoint of one pool's fold, after the facts in `members`. */
export interface Page {
  readonly pool: string;
  readonly page: number;
  /** The order of its last fact. */
  readonly lastOrder: string;
  readonly members: string;
  readonly state: string;
}

export function derivedReads(driver: Driver) {
  const pages = driver.prepare(
    `SELECT pool, page, last_order, members, state, crc FROM book_pages
     WHERE account = ? AND pool = ? AND page >= ? ORDER BY page`,
  );
  const page = driver.prepare(
    `SELECT pool, page, last_order, members, state, crc FROM book_pages
     WHERE account = ? AND pool = ? AND page = ?`,
  );
  const targets = driver.prepare(
    'SELECT DISTINCT target FROM book_amendments WHERE account = ? ORDER BY target',
  );
  return {
    page(account: number, pool: string, index: number): Page | null {
      const row = page.get(account, pool, index);
      return row === undefined ? null : soundPage(row);
    },
    /** As they are stored, sound or not: the pages of a pool from `fromPage` on. */
    pages: (account: number, pool: string, fromPage = 0): Page[] =>
      pages.all(account, pool, fromPage).map(pageOf),
    /** The sequences of all entries that others change. */
    amendedTargets: (account: number): Set<number> =>
      new Set(targets.all(account).map((row) => Number(row[0]))),
  };
}

export function derivedWrites(driver: Driver) {
  const putPage = driver.prepare('INSERT OR REPLACE INTO book_pages VALUES (?, ?, ?, ?, ?, ?, ?)');
  const deletePages = driver.prepare(
    'DELETE FROM book_pages WHERE account = ? AND pool = ? AND page >= ?',
  );
  const addAmendment = driver.prepare('INSERT OR IGNORE INTO book_amendments VALUES (?, ?, ?)');
  return {
    putPage(account: number, page: Page): void {
      const { pool, page: index, lastOrder, members, state } = page;
      putPage.run(account, pool, index, lastOrder, members, state, checkOf(page));
    },
    deletePagesFrom(account: number, pool: string, page: number): void {
      deletePages.run(account, pool, page);
    },
    /** Entry `sequence` changes entry `target`. */
    addAmendment(account: number, target: number, sequence: number): void {
      addAmendment.run(account, target, sequence);
    },
  };
}

/** A late fact is folded onto a page, so a damaged one must not pass for sound. */
const checkOf = ({ pool, page, lastOrder, members, state }: Page): number =>
  crc32(JSON.stringify([pool, page, lastOrder, members, state]));

const pageOf = (row: Row): Page => ({
  pool: row[0] as string,
  page: Number(row[1]),
  lastOrder: row[2] as string,
  members: row[3] as string,
  state: row[4] as string,
});

function soundPage(row: Row): Page {
  const page = pageOf(row);
  if (checkOf(page) === row[5]) return page;
  throw new StoreError(
    'book-damaged',
    `page ${page.page} of ${page.pool} is not what was written`,
    'run rebuild --verify; rebuild --write makes the page anew from the entries',
  );
}
