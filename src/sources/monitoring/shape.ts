/** Which tables and columns of a database are whose, in the schema `monitoring`. */
import type { ColumnShape, TableShape } from '../database.ts';
import type { FieldOf, WantedName } from './columns.ts';

/** A table with its columns by field; null: this generation has no such column. */
export interface TableOf<K extends WantedName> {
  readonly table: TableShape;
  readonly columns: Readonly<Record<FieldOf<K>, ColumnShape | null>>;
}

/** What a generation keeps of a position that is closed. */
export type Generation =
  /** `pnl` alone: no realised PnL of its own, no fees and no exit price. */
  | 'pnl-only'
  /** Realised PnL and fees; no exit price. */
  | 'realized-pnl'
  /** An exit price besides. */
  | 'exit-price';

export interface MonitoringShape {
  readonly generation: Generation;
  readonly positions: TableOf<'positions'>;
  readonly orders: TableOf<'orders'> | null;
  readonly trades: TableOf<'trades'> | null;
}

/** The names of columns by field, as statements want them. */
export const namesOf = <K extends WantedName>({
  columns,
}: TableOf<K>): Readonly<Record<FieldOf<K>, string | null>> =>
  Object.fromEntries(
    Object.entries<ColumnShape | null>(columns).map(([field, column]) => [
      field,
      column?.name ?? null,
    ]),
  ) as Record<FieldOf<K>, string | null>;
