/**
 * A table read in pieces that are short transactions each: it may have millions of rows and no
 * index but its key, and whoever writes it must not wait.
 */
import { setImmediate as others } from 'node:timers/promises';
import type { Cell, CellRow, Condition, Database, Query, TableShape } from './database.ts';
import { quoted, select } from './sql.ts';

/** Columns under names of ours; `k` is the key of the piece. */
export type PieceColumns = Readonly<Record<string, string | null>>;

/** Rows of one transaction that hands them out. */
const listedRows = 2_000;

/** What a table can be read in the order of; null: only in one statement. */
export function pieceKeyOf({ pieceKey, columns }: TableShape): string | null {
  if (pieceKey !== undefined) return pieceKey;
  const keys = columns.filter(({ primaryKey }) => primaryKey);
  return keys.length === 1 && keys[0]!.type !== 'uuid' ? keys[0]!.name : null;
}

/** The next rows after a key, up to another one; all rows where there is no key. */
export function piece(
  table: TableShape,
  columns: PieceColumns,
  { after, rows, upTo = null }: { after: Cell; rows: number; upTo?: Cell },
) {
  const key = pieceKeyOf(table);
  const all = select(table, { k: key, ...columns });
  if (key === null) return { sql: all, values: [] };
  const bounds = [
    ...(after === null ? [] : [{ sql: `${quoted(key)} > ?`, value: after }]),
    ...(upTo === null ? [] : [{ sql: `${quoted(key)} <= ?`, value: upTo }]),
  ];
  const where = bounds.length === 0 ? '' : ` WHERE ${bounds.map((one) => one.sql).join(' AND ')}`;
  const sql = `${all}${where} ORDER BY ${quoted(key)} LIMIT ${rows}`;
  return { sql, values: bounds.map(({ value }) => value) };
}

/** Rows of one transaction that only looks at them: about 5 ms. */
export const countedRows = 10_000;

/**
 * The rows that fit, in the order of the table: the database picks them, piece by piece. Where a
 * table has no key that pieces go by, every row is handed out, and who asks looks once more.
 */
export async function* rowsWhere(
  database: Database,
  table: TableShape,
  columns: PieceColumns,
  wanted: Condition,
): AsyncIterable<readonly CellRow[]> {
  const key = pieceKeyOf(table);
  if (key === null) {
    yield* rowsInPieces(database, table, columns);
    return;
  }
  const all = `${select(table, columns)} WHERE (${wanted.sql}) AND ${quoted(key)} <= ?`;
  let after: Cell = null;
  for (;;) {
    const read: PickedPiece = await database.read((query) => picked(query, after));
    if (read.rows.length > 0) yield read.rows;
    if (read.isLast) return;
    after = read.upTo;
    await others(); // whoever shares this process goes on between two pieces
  }

  async function picked(query: Query, since: Cell): Promise<PickedPiece> {
    const { sql, values } = piece(table, {}, { after: since, rows: countedRows });
    const sums = `SELECT count(*) AS n, max(k) AS upto FROM (${sql}) AS p`;
    const [counted] = await query.rows(sums, values);
    const upTo = counted!['upto'] ?? null;
    const isLast = Number(counted!['n']) < countedRows;
    if (upTo === null) return { rows: [], upTo, isLast };
    const bound = since === null ? '' : ` AND ${quoted(key!)} > ?`;
    const asked = [...wanted.values, upTo, ...(since === null ? [] : [since])];
    return { rows: await query.rows(all + bound, asked), upTo, isLast };
  }
}

interface PickedPiece {
  readonly rows: readonly CellRow[];
  readonly upTo: Cell;
  readonly isLast: boolean;
}

/** Every row in the order of the table, up to the one of this key; null: to the end. */
export async function* rowsInPieces(
  database: Database,
  table: TableShape,
  columns: PieceColumns,
  upTo: Cell = null,
): AsyncIterable<readonly CellRow[]> {
  if (pieceKeyOf(table) === null && database.pages !== undefined) {
    const { sql } = piece(table, columns, { after: null, rows: listedRows });
    yield* database.pages(sql, listedRows);
    return;
  }
  let after: Cell = null;
  for (;;) {
    const { sql, values } = piece(table, columns, { after, rows: listedRows, upTo });
    const rows: readonly CellRow[] = await database.read((query) => query.rows(sql, values));
    yield rows;
    if (rows.length < listedRows || pieceKeyOf(table) === null) return;
    after = rows.at(-1)!['k'] ?? null;
    await others(); // whoever shares this process goes on between two pieces
  }
}
