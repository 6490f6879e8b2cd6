/**
 * Marks: the last price of each minute and instrument. They lie outside the chain, so each row
 * has a check of its own.
 */
import { crc32 } from 'node:zlib';
import { decimal, toText } from '../decimal/text.ts';
import type { Mark } from '../model/fact.ts';
import type { Instant } from '../model/instant.ts';
import type { Driver, Row } from './driver.ts';
import { StoreError } from './store-error.ts';

const nanosPerMinute = 60_000_000_000n;

/** Rounded down, also before 1970. */
const minuteOf = (time: Instant): number => {
  const minute = time / nanosPerMinute;
  return Number(time < 0n && minute * nanosPerMinute !== time ? minute - 1n : minute);
};

const columns = 'instrument, time, price, source, crc';

const check = (instrument: string, time: Instant, price: string, source: string | null): number =>
  crc32(JSON.stringify([instrument, String(time), price, source]));

export function markReads(driver: Driver) {
  const select = (rest: string) =>
    driver.prepare(`SELECT ${columns} FROM book_marks ${rest}`, { bigints: true });
  const newest = select(
    `WHERE instrument = ? AND minute <= ? AND time <= ? ORDER BY minute DESC LIMIT 1`,
  );
  const range = select(
    'WHERE instrument = ? AND minute >= ? AND time >= ? AND time < ? ORDER BY minute',
  );
  const all = select('ORDER BY instrument, minute');
  return {
    /** The newest mark that was known at an instant; null when there is none. */
    newestMark(instrument: string, atOrBefore: Instant): Mark | null {
      const row = newest.get(instrument, minuteOf(atOrBefore), atOrBefore);
      return row === undefined ? null : markOf(row);
    },
    /** from <= time < to, in order. */
    marks: (instrument: string, from: Instant, to: Instant): Mark[] =>
      range.all(instrument, minuteOf(from), from, to).map(markOf),
    /** The instrument and time of every mark that is not what was written. */
    *damagedMarks(): Generator<{ readonly instrument: string; readonly time: Instant }> {
      for (const row of all.iterate()) {
        if (!isSound(row)) yield { instrument: String(row[0]), time: row[1] as Instant };
      }
    },
  };
}

export function markWrites(driver: Driver) {
  const put = driver.prepare(
    `INSERT INTO book_marks (instrument, minute, time, price, source, crc)
     VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (instrument, minute) DO UPDATE SET
       time = excluded.time, price = excluded.price, source = excluded.source, crc = excluded.crc
     WHERE excluded.time >= time`,
  );
  const prune = driver.prepare('DELETE FROM book_marks WHERE minute < ?');
  return {
    /** False when a later mark of the same minute is known. */
    putMark({ instrument, time, price, source }: Mark): boolean {
      const text = toText(price);
      const crc = check(instrument, time, text, source);
      return put.run(instrument, minuteOf(time), time, text, source, crc) === 1;
    },
    /** Removes marks of the minutes before the one of `before`; the number removed. */
    pruneMarks: (before: Instant): number => prune.run(minuteOf(before)),
  };
}

function isSound(row: Row): boolean {
  const [instrument, time, price, source, crc] = row;
  return (
    check(instrument as string, time as Instant, price as string, source as string | null) ===
    Number(crc)
  );
}

function markOf(row: Row): Mark {
  const instrument = row[0] as string;
  if (!isSound(row)) {
    throw new StoreError(
      'book-damaged',
      `the mark of ${instrument} at ${row[1]} ns is not what was written`,
      'run verify; marks can be fetched again with update',
    );
  }
  const price = decimal(row[2] as string);
  return {
    kind: 'mark',
    instrument,
    price,
    source: row[3] as string | null,
    time: row[1] as Instant,
  };
}
