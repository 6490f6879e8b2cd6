/** Of many closed rows of a position the one that was opened last: there may be thousands of it. */
import type { CellReader } from '../cell-reading.ts';
import type { CellRow } from '../database.ts';
import type { PieceColumns } from '../pieces.ts';
import { namesOf, type TableOf } from './shape.ts';
import { directionOf, statusOf } from './words.ts';

interface Newest {
  readonly id: string;
  readonly at: bigint;
}

export class NewestClosed {
  /** All that decides, and nothing more: whole rows are read of the newest alone. */
  readonly columns: PieceColumns;
  readonly #table: TableOf<'positions'>;
  readonly #cells: CellReader;
  readonly #symbols: ReadonlySet<string>;
  readonly #newest = new Map<string, Newest>();

  constructor(table: TableOf<'positions'>, cells: CellReader, symbols: ReadonlySet<string>) {
    const { id, symbol, exchange, side, status, openedAt, createdAt } = namesOf(table);
    this.columns = { id, symbol, exchange, side, status, openedAt, createdAt };
    this.#table = table;
    this.#cells = cells;
    this.#symbols = symbols;
  }

  see(rows: readonly CellRow[]): void {
    for (const row of rows) {
      const { id, symbol, exchange } = row;
      if (!this.#symbols.has(symbol ?? '') || statusOf(row['status']) !== 'closed') continue;
      const name = JSON.stringify([symbol, directionOf(row['side']), exchange ?? null]);
      const at = this.#openedAt(row);
      const known = this.#newest.get(name);
      if (known === undefined || known.at <= at) this.#newest.set(name, { id: id!, at });
    }
  }

  ids(): readonly string[] {
    return Array.from(this.#newest.values(), ({ id }) => id);
  }

  /** The beginning of time where nobody can read it. */
  #openedAt(row: CellRow): bigint {
    const { table, columns } = this.#table;
    const place = { table: table.name, key: row['id'] ?? '' };
    const { openedAt, createdAt } = columns;
    const opened = this.#cells.time(row['openedAt'], place, openedAt?.name ?? null);
    return opened ?? this.#cells.time(row['createdAt'], place, createdAt?.name ?? null) ?? 0n;
  }
}
