/** The floor: what SQLite alone takes for one typed row with a unique key per fill. */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { toText } from '../src/decimal/text.ts';
import type { Fill } from '../src/model/fact.ts';

type Bound = null | number | bigint | string;

/** The same columns as an entry's, ready to be bound. */
export const rowOf = (fill: Fill, sequence: number): readonly Bound[] => [
  1,
  sequence,
  1,
  fill.time,
  'fill',
  fill.executionId,
  fill.instrument,
  fill.side,
  fill.leg,
  toText(fill.quantity),
  toText(fill.price),
  toText(fill.fees![0]!.amount),
  fill.fees![0]!.currency,
  fill.orderId,
  null,
  null,
];

const columns = `account, sequence, v, effective_at, kind, id, instrument, side, leg, quantity,
  price, amount, currency, order_id, body, caused_by`;

export class BareTable {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  #sequence = 0;

  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    this.#database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
      PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 10000;
      CREATE TABLE fills (account INTEGER NOT NULL, sequence INTEGER PRIMARY KEY,
        v INTEGER NOT NULL, effective_at INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
        instrument TEXT NOT NULL, side TEXT NOT NULL, leg TEXT NOT NULL, quantity TEXT, price TEXT,
        amount TEXT, currency TEXT, order_id TEXT, body TEXT, caused_by INTEGER) STRICT;
      CREATE UNIQUE INDEX keys ON fills (id, account, kind, instrument, side, leg)`);
    const places = Array(16).fill('?').join(', ');
    this.#insert = this.#database.prepare(
      `INSERT INTO fills (${columns}) VALUES (${places}) ON CONFLICT DO NOTHING`,
    );
  }

  /** The rows that the next fills become. */
  rows(fills: readonly Fill[]): (readonly Bound[])[] {
    return fills.map((fill) => {
      this.#sequence += 1;
      return rowOf(fill, this.#sequence);
    });
  }

  /** In transactions of `batch` rows, each durable before the next begins. */
  insert(rows: readonly (readonly Bound[])[], batch: number): number {
    let changes = 0;
    for (let from = 0; from < rows.length; from += batch) {
      this.#database.exec('BEGIN IMMEDIATE');
      const end = Math.min(from + batch, rows.length);
      for (let i = from; i < end; i++) changes += Number(this.#insert.run(...rows[i]!).changes);
      this.#database.exec('COMMIT');
    }
    return changes;
  }

  close(): void {
    this.#database.close();
  }
}

/** Reads the entries of a book row by row, touching what a fold would need. */
export function readEntries(path: string, account: number): number {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    database.exec('PRAGMA cache_size = -65536');
    const page = database.prepare(
      `SELECT sequence, v, effective_at, kind, id, instrument, side, leg, quantity, price, amount,
         currency, order_id, body, caused_by FROM book_entries
       WHERE account = ? AND sequence > ? ORDER BY sequence LIMIT 1000`,
    );
    page.setReturnArrays(true);
    page.setReadBigInts(true);
    let characters = 0;
    let from = 0;
    for (;;) {
      const rows = page.all(account, from) as unknown as Bound[][];
      for (const row of rows) {
        characters += (row[4] as string).length + ((row[8] as string | null)?.length ?? 0);
      }
      if (rows.length < 1000) return characters;
      from = Number(rows.at(-1)![0]);
    }
  } finally {
    database.close();
  }
}
