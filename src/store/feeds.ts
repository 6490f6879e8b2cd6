/**
 * How far the book follows a venue: per section of what it lists the place to go on from, and
 * every span in which something could have been missed. Outside the chain; losing them costs a
 * longer listing, never a fact.
 */
import type { Instant } from '../model/instant.ts';
import type { Driver, Row, Value } from './driver.ts';

export interface Feed {
  readonly venue: string;
  readonly account: string;
  /** `executions` or `cash-flows`. */
  readonly section: string;
  /** Where to go on; null: nothing was listed yet. */
  readonly cursor: string | null;
  /** From here on everything was listed; null: as far back as the venue goes. */
  readonly since: Instant | null;
  /** Up to here everything was listed; null: nothing was. */
  readonly through: Instant | null;
  /** A listing was broken off, and goes on at the cursor. */
  readonly unfinished: boolean;
}

export interface NewGap {
  readonly venue: string;
  readonly account: string;
  readonly stream: string;
  /** The last moment at which nothing was missing; null: since ever. */
  readonly from: Instant | null;
  readonly to: Instant;
  readonly why: string;
}

export interface Gap extends NewGap {
  readonly gap: number;
  /** When it was filled; null: something may still be missing. */
  readonly closedAt: Instant | null;
  /** How many facts were missing in it. */
  readonly found: number;
}

export const feedTables = `
CREATE TABLE book_feeds (
  venue TEXT NOT NULL,
  account TEXT NOT NULL,
  section TEXT NOT NULL,
  cursor TEXT,
  since INTEGER,
  through INTEGER,
  unfinished INTEGER NOT NULL,
  PRIMARY KEY (venue, account, section)
) STRICT, WITHOUT ROWID;
CREATE TABLE book_gaps (
  gap INTEGER PRIMARY KEY,
  venue TEXT NOT NULL,
  account TEXT NOT NULL,
  stream TEXT NOT NULL,
  from_time INTEGER,
  to_time INTEGER NOT NULL,
  why TEXT NOT NULL,
  closed_at INTEGER,
  found INTEGER NOT NULL
) STRICT;
CREATE INDEX book_gaps_open ON book_gaps (venue, account) WHERE closed_at IS NULL;
`;

const feedColumns = 'venue, account, section, cursor, since, through, unfinished';
const gapColumns = 'gap, venue, account, stream, from_time, to_time, why, closed_at, found';

export function feedReads(driver: Driver) {
  const feed = driver.prepare(
    `SELECT ${feedColumns} FROM book_feeds WHERE venue = ? AND account = ? AND section = ?`,
    { bigints: true },
  );
  const select = (rest: string) =>
    driver.prepare(`SELECT ${gapColumns} FROM book_gaps WHERE venue = ? AND account = ? ${rest}`, {
      bigints: true,
    });
  const open = select('AND closed_at IS NULL ORDER BY gap');
  const since = select('AND to_time >= ? ORDER BY gap');
  return {
    /** Null: that section was never listed. */
    feed(venue: string, account: string, section: string): Feed | null {
      const row = feed.get(venue, account, section);
      return row === undefined ? null : feedOf(row);
    },
    openGaps: (venue: string, account: string): Gap[] => open.all(venue, account).map(gapOf),
    /** Open or closed, those that ended at or after an instant. */
    gapsSince: (venue: string, account: string, at: Instant): Gap[] =>
      since.all(venue, account, at).map(gapOf),
  };
}

export function feedWrites(driver: Driver) {
  const put = driver.prepare(
    `INSERT OR REPLACE INTO book_feeds (${feedColumns}) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const open = driver.prepare(
    `INSERT INTO book_gaps (venue, account, stream, from_time, to_time, why, found)
     VALUES (?, ?, ?, ?, ?, ?, 0) RETURNING gap`,
  );
  const extend = driver.prepare(
    'UPDATE book_gaps SET to_time = ? WHERE gap = ? AND closed_at IS NULL',
  );
  const close = driver.prepare(
    'UPDATE book_gaps SET closed_at = ?, found = ? WHERE gap = ? AND closed_at IS NULL',
  );
  return {
    putFeed({ venue, account, section, cursor, since, through, unfinished }: Feed): void {
      put.run(venue, account, section, cursor, since, through, unfinished ? 1 : 0);
    },
    /** Its number. */
    openGap: ({ venue, account, stream, from, to, why }: NewGap): number =>
      Number(open.get(venue, account, stream, from, to, why)![0]),
    /** It lasts on. */
    extendGap: (gap: number, to: Instant): void => void extend.run(to, gap),
    closeGap: (gap: number, at: Instant, found: number): void => void close.run(at, found, gap),
  };
}

const instantOf = (value: Value | undefined): Instant | null => (value ?? null) as Instant | null;

const feedOf = (row: Row): Feed => ({
  venue: row[0] as string,
  account: row[1] as string,
  section: row[2] as string,
  cursor: row[3] as string | null,
  since: instantOf(row[4]),
  through: instantOf(row[5]),
  unfinished: Number(row[6]) === 1,
});

const gapOf = (row: Row): Gap => ({
  gap: Number(row[0]),
  venue: row[1] as string,
  account: row[2] as string,
  stream: row[3] as string,
  from: instantOf(row[4]),
  to: row[5] as Instant,
  why: row[6] as string,
  closedAt: instantOf(row[7]),
  found: Number(row[8]),
});
