/** What SQLite returns and takes, as the text that stands for it everywhere else. */
import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { Cell, CellRow, Written } from '../database.ts';
import { plainNumber } from '../plain-number.ts';

/** Integers have to be read as bigints: a double would lose the last digits of large ones. */
export function cellOf(value: SQLOutputValue): Cell {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'bigint') return String(value);
  // JavaScript writes the shortest text that gives the same double: what somebody once typed.
  if (typeof value === 'number') return numberText(String(value));
  return `x'${Buffer.from(value).toString('hex')}'`;
}

const numberText = (text: string): string =>
  text.includes('e') ? (plainNumber(text) ?? text) : text;

/** Cell by cell: a look may have ten thousand rows under one lock. */
export function cellRowOf(names: readonly string[], values: readonly SQLOutputValue[]): CellRow {
  const row: Record<string, Cell> = {};
  for (let at = 0; at < names.length; at++) row[names[at]!] = cellOf(values[at]!);
  return row;
}

/** The double nearest to a number's text; the column's type decides what becomes of it. */
export const boundOf = (value: Written): SQLInputValue =>
  value === null || typeof value === 'string' ? value : Number(value.number);
