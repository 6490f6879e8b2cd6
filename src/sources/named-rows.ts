/** Rows of a source by the key they have in the log, and what the log keeps of them. */
import type { SourceChange } from '../model/source.ts';
import type { Cell, TableShape, Written } from './database.ts';
import { plainNumber } from './plain-number.ts';
import { quoted } from './sql.ts';

export type Image = Readonly<Record<string, string | null>>;

/** A row that a write names: where it is, and how it stood when it was looked at. */
export interface NamedRow {
  readonly table: TableShape;
  readonly key: string;
  readonly role: NonNullable<SourceChange['role']>;
  /** Null: no account's in particular. */
  readonly accountId: string | null;
  /** The column of its number; a record has several, of which this is the total. */
  readonly column: string | null;
  /** Which columns hold what, where the log has to say so; absent: its column alone. */
  readonly columns?: Readonly<Record<string, string>>;
  /** Column and value; null is asked for as such. */
  readonly where: readonly (readonly [column: string, value: Cell])[];
  readonly image: Image;
}

/** Built cell by cell: a write of ten thousand prices makes them under its lock. */
export function imageOf(cells: readonly (readonly [string | null, Cell | undefined])[]): Image {
  const image: Record<string, string | null> = {};
  for (const [column, cell] of cells) if (column !== null) image[column] = cell ?? null;
  return image;
}

export const whereSql = (where: NamedRow['where']): string =>
  `WHERE ${where
    .map(([column, value]) => `${quoted(column)} ${value === null ? 'IS NULL' : '= ?'}`)
    .join(' AND ')}`;

export const valuesOf = (where: NamedRow['where']): Cell[] =>
  where.flatMap(([, value]) => (value === null ? [] : [value]));

/** The same as stored: 10 and 10.00 are. */
export function isSame(a: Cell | undefined, b: Cell | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'string' || typeof b !== 'string') return (a ?? null) === (b ?? null);
  const x = plainNumber(a);
  return x !== null && x === plainNumber(b);
}

/** By key; of rows that share one none is meant. */
export function byKey(rows: readonly NamedRow[]): ReadonlyMap<string, NamedRow> {
  const found = new Map<string, NamedRow>();
  const twice = new Set<string>();
  for (const row of rows) {
    if (found.has(row.key)) twice.add(row.key);
    found.set(row.key, row);
  }
  for (const key of twice) found.delete(key);
  return found;
}

/** What was changed of rows as they were before. */
export const changesOf = (
  before: ReadonlyMap<string, NamedRow>,
  after: readonly NamedRow[],
): readonly SourceChange[] =>
  after.flatMap((row) => {
    const was = before.get(row.key);
    const change = was === undefined ? null : changeOf(was, row);
    return change === null ? [] : [change];
  });

/** Null where nothing changed. */
export function changeOf(before: NamedRow, after: NamedRow): SourceChange | null {
  const columns = Object.keys(after.image);
  if (columns.every((column) => isSame(before.image[column], after.image[column]))) return null;
  return { ...namedIn(after), before: before.image, after: after.image };
}

/** What the log says of a row beside its images. */
export const namedIn = ({ table, key, role, accountId, column, columns }: NamedRow) => ({
  ...{ table: table.name, key, role, accountId },
  ...(column === null ? {} : { column }),
  ...(columns && { columns }),
});

export type Cells = readonly (readonly [column: string, value: Written])[];

export function setCells(row: NamedRow, cells: Cells) {
  const set = cells.map(([column]) => `${quoted(column)} = ?`).join(', ');
  const sql = `UPDATE ${row.table.sql} SET ${set} ${whereSql(row.where)}`;
  return { sql, values: [...cells.map(([, value]) => value), ...valuesOf(row.where)] };
}
