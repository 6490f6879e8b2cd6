/**
 * What venues sent, word for word: kept before anything is made of it. The messages lie outside
 * the chain, so each row has a check of its own; those that were read are thrown away by age.
 */
import { crc32 } from 'node:zlib';
import type { Instant } from '../model/instant.ts';
import type { Driver, Row } from './driver.ts';

export interface RawMessage {
  readonly venue: string;
  readonly account: string;
  readonly stream: string;
  readonly receivedAt: Instant;
  readonly text: string;
}

/**
 *   waiting   kept, and not yet interpreted
 *   read      all that it says is in the book
 *   unread    interpreted, and something of it could not be booked yet: `why`
 */
export type RawState = 'waiting' | 'read' | 'unread';

export interface RawEvent extends RawMessage {
  /** Rises with every message of the book. */
  readonly sequence: number;
  readonly state: RawState;
  readonly why: string | null;
}

export const rawEventTables = `
CREATE TABLE book_raw_events (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  venue TEXT NOT NULL,
  account TEXT NOT NULL,
  stream TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  text TEXT NOT NULL,
  crc INTEGER NOT NULL,
  state TEXT NOT NULL,
  why TEXT
) STRICT;
CREATE INDEX book_raw_events_open ON book_raw_events (venue, account, sequence)
  WHERE state <> 'read';
CREATE INDEX book_raw_events_read ON book_raw_events (received_at) WHERE state = 'read';
`;

const columns = 'sequence, venue, account, stream, received_at, text, state, why, crc';

const checkOf = ({ venue, account, stream, receivedAt, text }: RawMessage): number =>
  crc32(JSON.stringify([venue, account, stream, String(receivedAt), text]));

export function rawEventReads(driver: Driver) {
  const select = (rest: string) =>
    driver.prepare(`SELECT ${columns} FROM book_raw_events ${rest}`, { bigints: true });
  const open = select(
    `WHERE venue = ? AND account = ? AND sequence > ? AND state <> 'read'
     ORDER BY sequence LIMIT ?`,
  );
  const all = select('ORDER BY sequence');
  const since = select('WHERE sequence > ? ORDER BY sequence LIMIT ?');
  return {
    /** Messages that are not in the book yet, after a sequence, in order. */
    openMessages: (venue: string, account: string, after: number, limit: number): RawEvent[] =>
      open.all(venue, account, after, limit).map(eventOf),
    /** Messages after a sequence, in order. */
    messages: (after: number, limit: number): RawEvent[] => since.all(after, limit).map(eventOf),
    /** The sequence of every message that is not what was written. */
    *damagedMessages(): Generator<number> {
      for (const row of all.iterate()) {
        const event = eventOf(row);
        if (checkOf(event) !== Number(row[8])) yield event.sequence;
      }
    },
  };
}

export function rawEventWrites(driver: Driver) {
  const insert = driver.prepare(
    `INSERT INTO book_raw_events (venue, account, stream, received_at, text, crc, state)
     VALUES (?, ?, ?, ?, ?, ?, 'waiting')`,
  );
  const same = driver.prepare(
    `SELECT 1 FROM book_raw_events
     WHERE venue = ? AND account = ? AND state <> 'read' AND stream = ? AND text = ?`,
  );
  const tell = driver.prepare(
    "UPDATE book_raw_events SET state = 'unread', why = ? WHERE sequence = ?",
  );
  const tellRead = driver.prepare(
    "UPDATE book_raw_events SET state = 'read', why = NULL WHERE sequence BETWEEN ? AND ?",
  );
  const prune = driver.prepare(
    `DELETE FROM book_raw_events WHERE sequence IN (
       SELECT sequence FROM book_raw_events INDEXED BY book_raw_events_read
       WHERE state = 'read' AND received_at < ? ORDER BY received_at LIMIT ?)`,
  );
  return {
    /** The message's sequence. */
    keepMessage(message: RawMessage): number {
      const { venue, account, stream, receivedAt, text } = message;
      const crc = checkOf(message);
      return insert.insert(venue, account, stream, receivedAt, text, crc);
    },
    /** Whether the same text is kept and not read yet. */
    isOpenMessage: ({ venue, account, stream, text }: RawMessage): boolean =>
      same.get(venue, account, stream, text) !== undefined,
    /** All from one sequence to another are in the book. */
    tellRead: (first: number, last: number): void => void tellRead.run(first, last),
    /** Something of a message could not be booked. */
    tellUnread: (sequence: number, why: string): void => void tell.run(why, sequence),
    /** Throws away at most `limit` of the messages that were read and are older; how many. */
    pruneMessages: (before: Instant, limit: number): number => prune.run(before, limit),
  };
}

const eventOf = (row: Row): RawEvent => ({
  sequence: Number(row[0]),
  venue: row[1] as string,
  account: row[2] as string,
  stream: row[3] as string,
  receivedAt: row[4] as Instant,
  text: row[5] as string,
  state: row[6] as RawState,
  why: row[7] as string | null,
});
