/** Values in the form that their column has: a quantity is refused rather than rounded. */
import { type Decimal, roundHalfEven } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import type { SourceEngine } from '../../model/source.ts';
import type { ColumnShape, TableShape, Written } from '../database.ts';
import { plainNumber } from '../plain-number.ts';
import { SourceError } from '../source-error.ts';
import { numberFor } from '../stamps.ts';

export const unsupported = (message: string, hint: string): SourceError =>
  new SourceError('source-unsupported', message, hint);

/** What was executed or is held: to the last digit, or not at all. */
export function exactFor(
  table: TableShape,
  column: ColumnShape,
  value: Decimal,
  engine: SourceEngine,
): Written {
  const text = toText(value);
  const digits = storedDigits(column, value, engine);
  if (digits === text) return numberFor(table, column.name, value);
  const keeps =
    column.scale === null
      ? `would keep ${digits}`
      : `keeps ${column.scale} digits behind the point`;
  throw unsupported(
    `${table.name}.${column.name} cannot hold ${text}: it ${keeps}`,
    'nothing was written; widen the column',
  );
}

/** The number that the column would hold: of a file a binary float, but in a column of text. */
export function storedDigits(
  { type, scale }: ColumnShape,
  value: Decimal,
  engine: SourceEngine,
): string {
  if (scale !== null) return toText(roundHalfEven(value, scale));
  const isText = /char|clob|text/.test(type);
  if (isText || (engine === 'postgresql' && type === 'numeric')) return toText(value);
  const nearest = Number(toText(value));
  const isShort = engine === 'postgresql' && type === 'real';
  return plainNumber(isShort ? shortestOf(Math.fround(nearest)) : String(nearest)) ?? '';
}

/** The fewest digits that give the same short float, as servers print it. */
function shortestOf(short: number): string {
  const texts = [6, 7, 8].map((digits) => short.toPrecision(digits));
  return texts.find((text) => Math.fround(Number(text)) === short) ?? short.toPrecision(9);
}

/** A figure that was computed, and money: the nearest that the column holds. */
export function nearestFor(table: TableShape, column: ColumnShape, value: Decimal): Written {
  const { scale } = column;
  return numberFor(table, column.name, scale === null ? value : roundHalfEven(value, scale));
}

/** How many letters fit; null: as many as are written. SQLite counts none. */
export function lettersOf({ type }: ColumnShape, engine: SourceEngine): number | null {
  const [, size] = /char[a-z ]*\((\d+)\)/.exec(type) ?? [];
  return engine === 'sqlite' || size === undefined ? null : Number(size);
}

/** A name that somebody else gave: whole, or not at all. */
export function nameFor(
  table: TableShape,
  column: ColumnShape,
  name: string,
  engine: SourceEngine,
): string {
  const letters = lettersOf(column, engine);
  if (letters === null || name.length <= letters) return name;
  throw unsupported(
    `${table.name}.${column.name} has room for ${letters} letters, and ${name} has ${name.length}`,
    'nothing was written; widen the column',
  );
}

/** Words for people: as many of them as fit. All of them are in the log. */
export function wordsFor(column: ColumnShape, words: string, engine: SourceEngine): string {
  const letters = lettersOf(column, engine);
  return letters === null ? words : words.slice(0, letters);
}

/** In the letters that the table writes its words in. */
export function styledLike(word: string, sample: string | null): string {
  if (sample === null || !/[a-z]/i.test(sample)) return word;
  if (sample === sample.toUpperCase()) return word.toUpperCase();
  const isCapital = sample[0] === sample[0]!.toUpperCase();
  return isCapital ? word[0]!.toUpperCase() + word.slice(1) : word;
}

/** A column that needs a value, and for which there is none; null: the row can be added. */
export function missingValue(
  { name, columns }: TableShape,
  given: ReadonlySet<string>,
): string | null {
  const missing = columns.find(
    (column) => !column.nullable && !column.filled && !given.has(column.name),
  );
  return missing === undefined ? null : `${name}.${missing.name}`;
}

export function refuseView({ kind, name }: TableShape): void {
  if (kind === 'table') return;
  throw unsupported(
    `${name} is a view, which cannot be written`,
    'name the database that holds the table behind it',
  );
}
