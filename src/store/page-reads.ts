/**
 * Reads of a few rows at a time, newest first, for whoever shows a long stream in pages. None
 * looks at more than so many rows, however seldom there is what it looks for.
 */
import type { EntryKind, EntryRow } from '../model/entry.ts';
import type { Instant } from '../model/instant.ts';
import type { Driver, Row } from './driver.ts';
import { entryColumns, entryOf } from './entries.ts';
import { type OrderRow, orderColumns, orderOf } from './query-tables.ts';

/** Rows that one page looks at, at most. */
export const lookedMax = 20_000;

export interface PageOf<T> {
  readonly items: readonly T[];
  /** Where the next page goes on: before this sequence; null: there is no more. */
  readonly before: number | null;
}

export interface PageChoice {
  /** Entries before this sequence. */
  readonly before: number;
  readonly limit: number;
  /** Null: of every kind. */
  readonly kinds: readonly EntryKind[] | null;
  readonly instrument?: string | null;
  /** Rows that are looked at, at most; absent: `lookedMax`. */
  readonly looks?: number;
}

export interface SealedBy {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly recordedAt: Instant;
  readonly hash: string;
}

export interface KeptMessage {
  readonly stream: string;
  readonly receivedAt: Instant;
  readonly text: string;
}

export type PageReads = ReturnType<typeof pageReads>;

export const pageReads = (driver: Driver) => ({
  ...entryPages(driver),
  ...orderPages(driver),
  ...batchReads(driver),
  ...messageReads(driver),
});

const selectEntries = (driver: Driver, rest: string) =>
  driver.prepare(`SELECT ${entryColumns} FROM book_entries ${rest}`, { bigints: true });

function entryPages(driver: Driver) {
  const entries = selectEntries(
    driver,
    `WHERE account = ?1 AND sequence < ?2 AND sequence >= ?3
       AND (?4 IS NULL OR kind IN (SELECT value FROM json_each(?4)))
       AND (?5 IS NULL OR instrument = ?5)
     ORDER BY sequence DESC LIMIT ?6`,
  );
  const after = selectEntries(
    driver,
    `INDEXED BY book_entry_kinds
     WHERE account = ? AND kind = ? AND kind <> 'fill' AND sequence > ?
     ORDER BY sequence LIMIT ?`,
  );
  const newest = driver.prepare('SELECT max(sequence) FROM book_entries WHERE account = ?');
  return {
    /** Newest first. A page may be short, and yet not the last. */
    entriesBefore(account: number, choice: PageChoice): PageOf<EntryRow> {
      const { limit, kinds, instrument = null, looks = lookedMax } = choice;
      // A place beyond the end would be gone back from in empty pages.
      const before = Math.min(choice.before, Number(newest.get(account)?.[0] ?? 0) + 1);
      const from = Math.max(1, before - looks);
      const list = kinds === null ? null : JSON.stringify(kinds);
      const items = entries.all(account, before, from, list, instrument, limit).map(entryOf);
      const next = items.length === limit ? items.at(-1)!.sequence : from;
      return { items, before: next > 1 ? next : null };
    },
    /** Of one kind that is no fill, oldest first, after a sequence. */
    entriesAfter: (account: number, kind: EntryKind, sequence: number, limit: number): EntryRow[] =>
      after.all(account, kind, sequence, limit).map(entryOf),
  };
}

function orderPages(driver: Driver) {
  const select = (where: string) =>
    driver.prepare(`SELECT ${orderColumns} FROM book_orders WHERE ${where}`, { bigints: true });
  const told = driver.prepare(
    `SELECT sequence, order_id FROM book_entries INDEXED BY book_entry_kinds
     WHERE account = ? AND kind = 'order' AND kind <> 'fill' AND sequence < ?
     ORDER BY sequence DESC LIMIT ?`,
  );
  const order = select('account = ? AND order_id = ? AND sequence = ?');
  const resting = `account = ? AND status IN ('new', 'open', 'unknown')`;
  const open = select(`${resting} ORDER BY time DESC LIMIT ${openMax}`);
  return {
    /** As they stand, each where it was told of last: the newest first. */
    ordersBefore(account: number, before: number, limit: number): PageOf<OrderRow> {
      const rows = told.all(account, before, limit);
      const items = rows.flatMap(([sequence, id]) =>
        order.all(account, id!, sequence!).map(orderOf),
      );
      return { items, before: rows.length === limit ? Number(rows.at(-1)![0]) : null };
    },
    /** Those that rest, or of which nobody knows: the newest first, as many as anybody has. */
    openOrders: (account: number): OrderRow[] => open.all(account).map(orderOf),
  };
}

function batchReads(driver: Driver) {
  const batch = driver.prepare(
    `SELECT first_sequence, last_sequence, recorded_at, hash FROM book_batches
     WHERE account = ? AND last_sequence >= ? ORDER BY last_sequence LIMIT 1`,
    { bigints: true },
  );
  return {
    /** The batch that seals an entry; null: none does. */
    batchOf(account: number, sequence: number): SealedBy | null {
      const row = batch.get(account, sequence);
      if (row === undefined) return null;
      const [first, last, recordedAt, hash] = row;
      return {
        ...{ firstSequence: Number(first), lastSequence: Number(last) },
        ...{ recordedAt: recordedAt as Instant, hash: hash as string },
      };
    },
    /** The last entry that was recorded before an instant; 0: none was. Batches are in time. */
    lastBefore(account: number, time: Instant, head: number): number {
      let [low, high] = [0, head];
      while (low < high) {
        const middle = Math.floor((low + high) / 2) + 1;
        const row = batch.get(account, middle);
        if (row !== undefined && (row[2] as Instant) < time) low = Number(row[1]);
        else high = row === undefined ? middle - 1 : Number(row[0]) - 1;
      }
      return low;
    },
  };
}

function messageReads(driver: Driver) {
  const last = driver.prepare('SELECT max(sequence) FROM book_raw_events');
  const time = driver.prepare(
    `SELECT sequence, received_at FROM book_raw_events
     WHERE sequence >= ? ORDER BY sequence LIMIT 1`,
    { bigints: true },
  );
  const naming = driver.prepare(
    `SELECT stream, received_at, text FROM book_raw_events
     WHERE sequence > ? AND sequence <= ? AND venue = ? AND account = ? AND instr(text, ?) > 0
     ORDER BY sequence DESC LIMIT 1`,
    { bigints: true },
  );
  const newest = driver.prepare(
    `SELECT stream, max(received_at) FROM (
       SELECT stream, received_at, venue, account FROM book_raw_events
       ORDER BY sequence DESC LIMIT ?)
     WHERE venue = ? AND account = ? GROUP BY stream`,
    { bigints: true },
  );

  /** Messages are kept in the order in which they came: halves until the first one is found. */
  function firstFrom(at: Instant): number {
    let [low, high] = [0, Number(last.get()?.[0] ?? 0) + 1];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const row = time.get(middle);
      if (row !== undefined && (row[1] as Instant) < at) low = Number(row[0]) + 1;
      else high = middle;
    }
    return low;
  }

  return {
    /** Of the messages that were kept before a time, the last that names something. */
    messageNaming(of: MessagePlace, name: string): KeptMessage | null {
      const upTo = firstFrom(of.upTo + 1n) - 1;
      const from = Math.max(firstFrom(of.upTo - of.within), upTo - of.atMost + 1);
      const row = naming.get(from - 1, upTo, of.venue, of.account, name);
      return row === undefined ? null : messageOf(row);
    },
    /** When each stream of an account was heard last, of the last messages of the book. */
    lastHeard: (venue: string, account: string): ReadonlyMap<string, Instant> =>
      new Map(
        newest
          .all(messagesMax, venue, account)
          .map(([stream, at]) => [stream as string, at as Instant]),
      ),
  };
}

const messagesMax = 2_000;
const openMax = 1_000;

export interface MessagePlace {
  readonly venue: string;
  readonly account: string;
  readonly upTo: Instant;
  /** Nanoseconds before it. */
  readonly within: Instant;
  /** Messages that are looked at. */
  readonly atMost: number;
}

const messageOf = ([stream, receivedAt, text]: Row): KeptMessage => ({
  ...{ stream: stream as string, receivedAt: receivedAt as Instant, text: text as string },
});
