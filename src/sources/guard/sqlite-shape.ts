/** What has to be known of tables in SQLite beside their columns: what makes a row that row. */
import type { Query } from '../database.ts';
import { quoted } from '../sql.ts';
import { literal } from './names.ts';

export interface RowKeys {
  /** Columns, quoted, by which rows are told apart: the number of the row, or the primary key. */
  readonly identity: readonly string[];
  /** Uniqueness that a REPLACE keeps by deleting rows, each column with its collation. */
  readonly unique: readonly (readonly UniqueColumn[])[];
  /** Unique indexes on expressions, which cannot be followed. */
  readonly opaque: readonly string[];
  readonly isStrict: boolean;
}

export interface UniqueColumn {
  readonly name: string;
  readonly collation: string;
}

export async function rowKeysOf(query: Query, name: string): Promise<RowKeys> {
  const [listed] = await query.rows(
    `SELECT wr, strict FROM pragma_table_list WHERE schema = 'main' AND name = ${literal(name)}`,
  );
  const columns = await query.rows(
    `SELECT name, pk FROM pragma_table_xinfo(${literal(name)}) ORDER BY pk`,
  );
  const indexes = await query.rows(
    `SELECT i.name AS name, x.name AS column_name, x.coll AS coll
     FROM pragma_index_list(${literal(name)}) AS i, pragma_index_xinfo(i.name) AS x
     WHERE i."unique" = 1 AND x.key = 1 ORDER BY i.seq, x.seqno`,
  );
  const byIndex = [...Map.groupBy(indexes, (row) => row['name']!)];
  const opaque = byIndex.filter(([, rows]) => rows.some((row) => row['column_name'] === null));
  const taken = columns.map((row) => row['name']!.toLowerCase());
  const rowid = ['rowid', '_rowid_', 'oid'].find((one) => !taken.includes(one));
  const key = columns.filter((row) => row['pk'] !== '0').map((row) => quoted(row['name']!));
  return {
    identity: listed?.['wr'] === '1' || rowid === undefined ? key : [rowid],
    unique: byIndex
      .filter((one) => !opaque.includes(one))
      .map(([, rows]) =>
        rows.map((row) => ({
          name: quoted(row['column_name']!),
          collation: row['coll'] ?? 'BINARY',
        })),
      ),
    opaque: opaque.map(([index]) => index),
    isStrict: listed?.['strict'] === '1',
  };
}

/** How SQLite understands a declared type. */
export function affinityOf(type: string): 'integer' | 'text' | 'blob' | 'real' | 'numeric' {
  if (/int/i.test(type)) return 'integer';
  if (/char|clob|text/i.test(type)) return 'text';
  if (/blob/i.test(type) || type === '') return 'blob';
  return /real|floa|doub/i.test(type) ? 'real' : 'numeric';
}
