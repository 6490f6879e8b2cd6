/**
 * The equity bridge: opening equity, each cause, closing equity. Every row comes from its own
 * postings, printed with the sign it enters with; `unexplained` alone is what is left over, and
 * is always shown.
 */
import { add, type Decimal, subtract, total } from '../decimal/decimal.ts';
import type { BookView } from './book-view.ts';
import { type CauseName, causeNames } from './postings.ts';

export type BridgeRow = CauseName | 'unrealised';

export interface Bridge {
  readonly opening: Decimal | null;
  readonly closing: Decimal | null;
  /** In the order of printing. A row whose cause moved coins of unknown cost is in `incomplete`. */
  readonly rows: Readonly<Record<BridgeRow, Decimal>>;
  readonly incomplete: readonly CauseName[];
  /** closing - opening - rows; null while either end is unpriced. */
  readonly unexplained: Decimal | null;
}

export const bridgeRows: readonly BridgeRow[] = [
  'deposits',
  'withdrawals',
  'transfers',
  'realised',
  'unrealised',
  'fees',
  'funding',
  'interest',
  'dividends',
  'tax',
  'revaluation',
  'adjustments',
];

/** The bridge between two views of one account's books, the earlier one first. */
export function bridge(from: BookView, to: BookView): Bridge {
  const rows = {} as Record<BridgeRow, Decimal>;
  for (const name of causeNames) rows[name] = subtract(to.postings[name], from.postings[name]);
  rows.unrealised = subtract(to.equity.unrealised, from.equity.unrealised);
  rows.revaluation = add(
    rows.revaluation,
    subtract(to.equity.unexplainedValue, from.equity.unexplainedValue),
  );
  const opening = from.equity.total;
  const closing = to.equity.total;
  return {
    opening,
    closing,
    rows,
    incomplete: causeNames.filter((name) => to.unvalued.has(name)),
    unexplained:
      opening === null || closing === null
        ? null
        : subtract(subtract(closing, opening), total(Object.values(rows))),
  };
}
