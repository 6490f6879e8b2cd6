/**
 * The numbers of the stream. Streams of the book have a sequence each and no common order; an
 * event gets a number when it is first seen here, and keeps it: which entries have which numbers
 * is kept in the service's file.
 */
import { randomBytes } from 'node:crypto';
import type { Head } from '../../../store/batches.ts';
import type { BookFile } from '../../../store/book-file.ts';
import type { ServiceFile } from '../../../store/service-file.ts';

/** Entries of one account, in a row; the last has the number `last`. */
export interface NumberedRange {
  readonly last: number;
  readonly account: number;
  readonly firstSequence: number;
  readonly lastSequence: number;
}

const columns = 'last, account, first_sequence, last_sequence';

export class StreamLog {
  readonly #file: ServiceFile;
  readonly #positions = new Map<number, number>();
  readonly #insert;
  readonly #after;
  #epoch: string;
  #last: number;

  /** Begins a new epoch where the book is not the one that the numbers were given for. */
  constructor(file: ServiceFile, book: BookFile) {
    const { driver } = file;
    this.#file = file;
    this.#insert = driver.prepare('INSERT INTO service_stream VALUES (?, ?, ?, ?, ?)');
    this.#after = driver.prepare(
      `SELECT ${columns} FROM service_stream WHERE last > ? ORDER BY last LIMIT ?`,
    );
    const epoch = driver.value("SELECT value FROM service_meta WHERE key = 'epoch'");
    this.#epoch = epoch === null || !this.#isOf(book) ? this.#begin() : String(epoch);
    this.#last = Number(driver.value('SELECT max(last) FROM service_stream') ?? 0);
    for (const [account, sequence] of this.#newest()) this.#positions.set(account, sequence);
  }

  get epoch(): string {
    return this.#epoch;
  }

  get last(): number {
    return this.#last;
  }

  /** The last sequence of an account that has a number. */
  positionOf(account: number): number {
    return this.#positions.get(account) ?? 0;
  }

  /** Numbers what follows in each account; kept when it returns. */
  add(heads: ReadonlyMap<number, Head>): readonly NumberedRange[] {
    const ranges: NumberedRange[] = [];
    let last = this.#last;
    for (const [account, { sequence }] of heads) {
      const firstSequence = this.positionOf(account) + 1;
      if (sequence < firstSequence) continue;
      last += sequence - firstSequence + 1;
      ranges.push({ last, account, firstSequence, lastSequence: sequence });
    }
    if (ranges.length === 0) return ranges;
    this.#file.write(() => {
      for (const { last: number, account, firstSequence, lastSequence } of ranges) {
        const { hash } = heads.get(account)!;
        this.#insert.run(number, account, firstSequence, lastSequence, hash);
      }
    });
    for (const { account, lastSequence } of ranges) this.#positions.set(account, lastSequence);
    this.#last = last;
    return ranges;
  }

  /** At most so many ranges after a number; the first may begin before it. */
  after(number: number, limit: number): readonly NumberedRange[] {
    return this.#after.all(number, limit).map(([last, account, first, lastSequence]) => ({
      last: Number(last),
      account: Number(account),
      firstSequence: Number(first),
      lastSequence: Number(lastSequence),
    }));
  }

  #newest(): readonly (readonly [account: number, sequence: number, hash: string])[] {
    const rows = this.#file.driver
      .prepare(
        `SELECT account, last_sequence, hash FROM service_stream
         WHERE last IN (SELECT max(last) FROM service_stream GROUP BY account)`,
      )
      .all();
    return rows.map(([account, sequence, hash]) => [
      Number(account),
      Number(sequence),
      String(hash),
    ]);
  }

  /** A book that was put back from a backup, or another one, has other batches there. */
  #isOf(book: BookFile): boolean {
    return this.#newest().every(([account, sequence, hash]) => {
      for (const batch of book.batches(account, sequence - 1)) {
        return batch.lastSequence === sequence && batch.hash === hash;
      }
      return false;
    });
  }

  #begin(): string {
    const epoch = randomBytes(4).toString('hex');
    this.#file.write(() => {
      const { driver } = this.#file;
      driver.exec('DELETE FROM service_stream');
      driver.prepare("INSERT OR REPLACE INTO service_meta VALUES ('epoch', ?)").run(epoch);
    });
    return epoch;
  }
}
