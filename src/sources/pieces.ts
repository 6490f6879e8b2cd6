/**
 * A table read in pieces that are short transactions each: it may have millions of rows and no
 * index but its key, and whoever writes it must not wait.
 */
import { setImmediate as others } from 'node:timers/promises';
import type { Cell, CellRow, Database, TableShape } from './database.ts';
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
