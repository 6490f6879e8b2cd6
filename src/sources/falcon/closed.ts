/**
 * Rows of positions that say that they are not held any more, and keep their quantity: a history
 * in the same table. Nobody can tell whether they count, so they are not counted in silence.
 */
import { type Decimal, isZero } from '../../decimal/decimal.ts';
import type { CellPlace, CellReader } from '../cell-reading.ts';
import type { CellRow } from '../database.ts';
import type { FalconShape, PositionsShape } from './shape.ts';

const noWords = new Set(['0', 'false', 'f', 'no', 'n']);
const closedWords = new Set(['closed', 'close', 'exited', 'sold', 'inactive', 'liquidated']);

/** The column that says that the row is closed, and what is in it; null: none does. */
function closedBy(row: CellRow, { status, isOpen, closed }: PositionsShape) {
  const cells = [
    { column: status, value: row['status'], isClosed: (word: string) => closedWords.has(word) },
    { column: isOpen, value: row['isopen'], isClosed: (word: string) => noWords.has(word) },
    // A flag, or the time when it was closed.
    {
      ...{ column: closed, value: row['closed'] },
      isClosed: (word: string) => word !== '' && !noWords.has(word),
    },
  ];
  for (const { column, value, isClosed } of cells) {
    if (column === null || value === null || value === undefined) continue;
    if (isClosed(value.trim().toLowerCase())) return { column, value };
  }
  return null;
}

/** Null where the row looks closed though it has a quantity. */
export function heldQuantity(
  quantity: Decimal | null,
  row: CellRow,
  place: CellPlace,
  { positions }: FalconShape,
  cells: CellReader,
): Decimal | null {
  const found = quantity === null || isZero(quantity) ? null : closedBy(row, positions);
  if (found === null) return quantity;
  const why = 'looks closed, and the row has a quantity';
  cells.note({ ...place, ...found, why, role: 'quantity' });
  return null;
}

/** The column that the first of them is told by, and how many there are; null: there are none. */
export function closedRows(
  rows: readonly CellRow[],
  { positions }: FalconShape,
  cells: Pick<CellReader, 'faults'>,
): { readonly column: string; readonly count: number } | null {
  const columns = [positions.status, positions.isOpen, positions.closed];
  if (columns.every((column) => column === null) || rows.length === 0) return null;
  const faults = cells.faults.filter(
    ({ role, column }) => role === 'quantity' && columns.includes(column),
  );
  const [first] = faults;
  return first === undefined ? null : { column: first.column, count: faults.length };
}

/** Who names the schema has said how the table is to be read: every row counts. */
export const countingAll = (shape: FalconShape): FalconShape => ({
  ...shape,
  positions: { ...shape.positions, status: null, isOpen: null, closed: null },
});
