/** Values in the form that their column has already: numbers, and times as the bot writes them. */
import type { Decimal } from '../decimal/decimal.ts';
import { toText } from '../decimal/text.ts';
import type { Instant } from '../model/instant.ts';
import type { Cell, TableShape, Written } from './database.ts';
import { plainForm, type TimeForm, textOfInstant, timeFormOf } from './time-text.ts';

const typeOf = ({ columns }: TableShape, column: string): string =>
  columns.find(({ name }) => name === column)?.type ?? '';

const isText = (type: string): boolean => /char|clob|text/.test(type);

export function numberFor(table: TableShape, column: string, value: Decimal | null): Written {
  if (value === null) return null;
  return isText(typeOf(table, column)) ? toText(value) : { number: toText(value) };
}

/** Text as it was stored: a number where its column keeps numbers. */
export function storedFor(table: TableShape, column: string, cell: Cell): Written {
  const isNumber = cell !== null && /^-?\d+(\.\d+)?$/.test(cell);
  return isNumber && !isText(typeOf(table, column)) ? { number: cell } : cell;
}

/** The form of the cell that is there, or else of the source's other times. */
export function formFor(
  table: TableShape,
  column: string,
  present: Cell | undefined,
  others: Iterable<Cell | undefined>,
): TimeForm {
  const own = typeof present === 'string' ? timeFormOf(present) : null;
  if (own !== null) return own;
  const type = typeOf(table, column);
  if (/int|real|double|float/.test(type))
    return { kind: 'unix', unit: 1_000_000_000n, fraction: 0 };
  if (/timestamp with time zone|timestamptz/.test(type)) {
    return { kind: 'offset', separator: ' ', fraction: 0, offset: 'Z' };
  }
  // A server would drop the offset in silence, and keep another moment.
  const takesOffset = !/without time zone/.test(type);
  for (const cell of others) {
    const form = typeof cell === 'string' ? timeFormOf(cell) : null;
    if (form?.kind === 'naive' || (form?.kind === 'offset' && takesOffset)) return form;
  }
  return plainForm;
}

export const timeFor = (
  table: TableShape,
  column: string,
  at: Instant,
  form: TimeForm,
  zone: string,
): Written => storedFor(table, column, textOfInstant(at, form, zone));
