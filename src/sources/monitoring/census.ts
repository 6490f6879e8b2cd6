/**
 * Which rows of a large table a look has to see: found in pieces, so that nobody who writes it has
 * to wait. A row that was over when it was counted stays so; rows that came later are looked at
 * with the others, in one transaction.
 */
import { setImmediate as others } from 'node:timers/promises';
import type { Cell, CellRow, Condition, Database, Query, TableShape } from '../database.ts';
import { countedRows, type PieceColumns, piece, pieceKeyOf } from '../pieces.ts';
import { quoted, select } from '../sql.ts';

export interface Census {
  readonly count: number;
  /** Keys of the rows that were wanted. */
  readonly keys: readonly string[];
  /** The key up to which it was read; null: nothing was. */
  readonly upTo: Cell;
}

export const noCensus: Census = { count: 0, keys: [], upTo: null };

/** Keys that one statement asks for. */
const askedKeys = 500;

/** Goes on from what is known. */
export async function takeCensus(
  database: Database,
  table: TableShape,
  wanted: Condition,
  known: Census = noCensus,
): Promise<Census> {
  const key = pieceKeyOf(table);
  if (key === null) return noCensus;
  const keys = [...known.keys];
  let { count, upTo } = known;
  for (;;) {
    const from = piece(table, {}, { after: upTo, rows: countedRows });
    const read = await database.read(async (query) => {
      const sums = `SELECT count(*) AS n, max(k) AS upto FROM (${from.sql}) AS p`;
      const [counted] = await query.rows(sums, from.values);
      const last = counted!['upto'] ?? null;
      return { counted: counted!, found: await keysUpTo(query, table, wanted, upTo, last) };
    });
    for (const found of read.found) keys.push(found);
    count += Number(read.counted['n']);
    upTo = read.counted['upto'] ?? upTo;
    if (Number(read.counted['n']) < countedRows) return { count, keys, upTo };
    await others(); // whoever shares this process goes on between two pieces
  }
}

async function keysUpTo(
  query: Query,
  table: TableShape,
  wanted: Condition,
  after: Cell,
  last: Cell,
): Promise<readonly string[]> {
  if (last === null) return [];
  const key = quoted(pieceKeyOf(table)!);
  const bounds = after === null ? '' : ` AND ${key} > ?`;
  const sql = `SELECT ${key} AS k FROM ${table.sql} WHERE (${wanted.sql}) AND ${key} <= ?${bounds}`;
  const values = [...wanted.values, last, ...(after === null ? [] : [after])];
  return (await query.rows(sql, values)).flatMap(({ k }) => k ?? []);
}

/**
 * The rows that are wanted, of one moment, and how many there are in all; of too many the newest.
 * Nothing is known beforehand where the engine lets nobody wait for a look.
 */
export async function rowsOfCensus(
  query: Query,
  table: TableShape,
  columns: PieceColumns,
  wanted: Condition,
  { census, newest }: { readonly census: Census | null; readonly newest: number | null },
): Promise<{ rows: CellRow[]; count: number }> {
  const key = pieceKeyOf(table);
  const all = `${select(table, columns)} WHERE (${wanted.sql})`;
  const counted = `SELECT count(*) AS n FROM ${table.sql}`;
  if (census === null || key === null || census.upTo === null) {
    const order = key === null ? '' : ` ORDER BY ${quoted(key)} DESC`;
    const limit = newest === null ? '' : `${order} LIMIT ${newest}`;
    const rows = [...(await query.rows(all + limit, wanted.values))];
    return { rows, count: countOf(await query.rows(counted)) };
  }
  const rows: CellRow[] = [];
  const keys = newest === null ? census.keys : census.keys.slice(-newest);
  for (let from = 0; from < keys.length; from += askedKeys) {
    const asked = keys.slice(from, from + askedKeys);
    const sql = `${all} AND ${quoted(key)} IN (${asked.map(() => '?').join(', ')})`;
    for (const row of await query.rows(sql, [...wanted.values, ...asked])) rows.push(row);
  }
  const later = `${quoted(key)} > ?`;
  const since = [...wanted.values, census.upTo];
  for (const row of await query.rows(`${all} AND ${later}`, since)) rows.push(row);
  const added = countOf(await query.rows(`${counted} WHERE ${later}`, [census.upTo]));
  return { rows, count: census.count + added };
}

const countOf = ([row]: readonly CellRow[]): number => Number(row!['n']);
