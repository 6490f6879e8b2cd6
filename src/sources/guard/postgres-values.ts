/** What the triggers on PostgreSQL compute, as SQL: exact, in numeric. */
import type { ColumnType, PostgresGuard } from './postgres-shape.ts';

/** A finite number as numeric; null for anything else. A double by its shortest text. */
export function numeric(x: string, { base }: ColumnType): string {
  if (base === 'numeric') return `CASE WHEN abs(${x}) < '1e1000' THEN ${x} END`;
  if (base.startsWith('int')) return `${x}::numeric`;
  if (base === 'float8' || base === 'float4') {
    return `CASE WHEN abs(${x}) < 'Infinity' THEN ${x}::text::numeric END`;
  }
  const form = `'^[-+]{0,1}([0-9]+[.]{0,1}[0-9]*|[.][0-9]+)([eE][-+]{0,1}[0-9]{1,3}){0,1}$'`;
  return `CASE WHEN ${x}::text ~ ${form} THEN ${x}::text::numeric END`;
}

/** A position's signed quantity; null where it is not known. */
function signed({ shape, types }: PostgresGuard, row: string): string {
  const { quantity, side } = shape.positions;
  const amount = numeric(`${row}.${quantity}`, types.quantity!);
  if (side === null) return amount;
  const word = `lower(btrim(${row}.${side}::text, E' \\t\\n\\r'))`;
  return (
    `CASE WHEN ${row}.${side} IS NULL OR ${word} IN ('long', 'buy') THEN ${amount} ` +
    `WHEN ${word} IN ('short', 'sell') THEN -abs(${amount}) END`
  );
}

/** What a row is worth; null where that is unknown. */
function product(guard: PostgresGuard, row: string): string {
  const price = numeric(`${row}.${guard.shape.positions.price}`, guard.types.price!);
  return `(${signed(guard, row)}) * (${price})`;
}

export const value = (guard: PostgresGuard, row: string): string =>
  `coalesce(${product(guard, row)}, 0)`;

/** 1 where a position is open, or may be, and its value is unknown; else 0. */
export const unpriced = (guard: PostgresGuard, row: string): string =>
  `CASE WHEN ${numeric(`${row}.${guard.shape.positions.quantity}`, guard.types.quantity!)} = 0 ` +
  `THEN 0 WHEN ${product(guard, row)} IS NULL THEN 1 ELSE 0 END`;

/** The account of a row, in the type of our key. */
export function owner({ shape, keyType }: PostgresGuard, row: string): string {
  const { account } = shape.positions;
  return account === null ? `''::text` : `${row}.${account}::${keyType}`;
}

/** The key under which the sums of an account's own row are kept. */
export const keyOf = ({ shape, keyType }: PostgresGuard, row: string): string =>
  shape.positions.account === null ? `''::text` : `${row}.${shape.account.id}::${keyType}`;

/**
 * The total of the account in `row` with the sums in `sums`, in the type of its column, where the
 * server rounds it once. Null where it is unknown, or does not fit: an error would be the bot's.
 */
export function total(guard: PostgresGuard, row: string, sums: string): string {
  const { shape, types } = guard;
  const { cash, table } = shape.account;
  const sum = `(${numeric(`${row}.${cash}`, types.cash!)}) + ${sums}.value`;
  const one = shape.positions.account === null ? ` AND (SELECT count(*) FROM ${table}) = 1` : '';
  const { declared } = types.total!;
  return (
    `CASE WHEN ${sums}.unpriced = 0 AND abs(${sum}) < ${limitOf(types.total!)}${one} ` +
    `THEN (${sum})::${declared} END`
  );
}

/** A number below this one fits, also after it is rounded. */
function limitOf({ base, precision, scale }: ColumnType): string {
  const most = { int2: '32767', int4: '2147483647', int8: '9223372036854775807' }[base];
  if (most !== undefined) return most;
  if (base === 'float8') return `'1e300'::numeric`;
  if (precision === null || scale === null) return `'1e1000'::numeric`;
  return `('1e${precision - scale}'::numeric - '5e${-scale - 1}'::numeric)`;
}
