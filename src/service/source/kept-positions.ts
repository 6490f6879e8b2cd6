/** What a look leaves of the positions: those that are other than an earlier look left them. */
import { toTextOrNull } from '../../decimal/text.ts';
import { sha256 } from '../../journal/digest.ts';
import { instantText } from '../../model/instant.ts';
import type { SheetRow } from '../../reconcile/source/sheet.ts';

/** More of them are told by their number and digest alone. */
const positionsMax = 100;

export type KeptRow = readonly [
  symbol: string,
  quantity: string | null,
  entryPrice: string | null,
  price: string | null,
  priceFrom: string | null,
  priceAt: string | null,
  /** Why it has no value; null where it has one. */
  why: string | null,
];

export interface KeptPositions {
  readonly count: number;
  /** sha256 of the rows. */
  readonly digest: string;
  /** Null: they are too many. */
  readonly kept: {
    /** The entry that holds all rows, of which these differ; null: these are all. */
    readonly as: number | null;
    readonly changed: readonly KeptRow[];
    /** Symbols that are there and no more here. */
    readonly gone: readonly string[];
  } | null;
}

/** An entry that holds all rows. */
export interface HeldRows {
  readonly sequence: number;
  readonly rows: readonly KeptRow[];
}

const keptRow = (row: SheetRow): KeptRow => [
  row.symbol,
  toTextOrNull(row.quantity),
  toTextOrNull(row.entryPrice),
  toTextOrNull(row.price),
  row.priceFrom,
  row.priceAt === null ? null : instantText(row.priceAt),
  row.why,
];

/** `held`: null where no entry holds rows yet. */
export function keptPositions(all: readonly SheetRow[], held: HeldRows | null): KeptPositions {
  const rows = all.map(keptRow);
  const count = rows.length;
  const digest = sha256(JSON.stringify(rows));
  if (count > positionsMax) return { count, digest, kept: null };
  const whole = { count, digest, kept: { as: null, changed: rows, gone: [] } };
  if (held === null) return whole;
  const before = new Map(held.rows.map((row) => [row[0], JSON.stringify(row)]));
  const changed = rows.filter((row) => before.get(row[0]) !== JSON.stringify(row));
  const symbols = new Set(rows.map(([symbol]) => symbol));
  const gone = [...before.keys()].filter((symbol) => !symbols.has(symbol));
  const isSmall = 2 * (changed.length + gone.length) <= count;
  return isSmall ? { count, digest, kept: { as: held.sequence, changed, gone } } : whole;
}

/** All rows of a look, from those that it left. */
export function wholeRows(
  { changed, gone }: NonNullable<KeptPositions['kept']>,
  held: readonly KeptRow[],
): readonly KeptRow[] {
  const told = new Set([...gone, ...changed.map(([symbol]) => symbol)]);
  return [...held.filter(([symbol]) => !told.has(symbol)), ...changed].sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
}
