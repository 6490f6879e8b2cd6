/**
 * Drift: what a stored total is off by, split into what moved it. Every part names the rows that
 * carry it; parts and residual are the whole, to the last digit.
 */
import { add, type Decimal, equals, isZero, subtract, zero } from '../../decimal/decimal.ts';
import type { Instant } from '../../model/instant.ts';
import type { SourceAccount, SourceAuditRow, SourcePerformance } from '../../model/source.ts';
import type { OrderTotals } from './orders.ts';
import type { BalanceSheet } from './sheet.ts';
import { writtenTotal } from './written.ts';

/**
 *   price             unrealised PnL of one position since its entry
 *   realised          what closed trades gained, by the orders' own PnL where they note it
 *   cash              what cash moved by and no order accounts for
 *   positions         what all positions moved by, where only the whole is known
 *   moved             what cash and positions moved by, where not even that is told apart
 */
export type DriftKind = 'price' | 'realised' | 'cash' | 'positions' | 'moved';

export interface DriftPart {
  readonly what: DriftKind;
  /** A symbol; null: it is no single position's. */
  readonly key: string | null;
  readonly amount: Decimal;
  /** Which rows say so, in a few words. */
  readonly how: string;
}

/**
 *   opening   stored is what the account began with
 *   record    stored is the total of a performance record
 *   write     stored is what our newest write made it, which was the truth then
 *   none      no row says what the stored total was made of
 */
export interface DriftBasis {
  readonly kind: 'opening' | 'record' | 'write' | 'none';
  readonly at: Instant | null;
  readonly total: Decimal;
}

export interface Drift {
  readonly basis: DriftBasis;
  readonly parts: readonly DriftPart[];
  /** What no part carries. */
  readonly residual: Decimal;
}

/** Of a sheet whose stored total differs. */
export function driftOf(
  sheet: BalanceSheet,
  account: SourceAccount,
  orders: OrderTotals | null,
  totalWrites: readonly SourceAuditRow[],
): Drift | null {
  const { difference, stored, positionsValue, cash, match } = sheet;
  if (match !== 'different' || difference === null || stored === null) return null;
  if (cash === null || positionsValue === null) return null;
  const written = writtenTotal(totalWrites, account.id);
  const isOurs = written !== null && equals(written.after, stored);
  const write = isOurs ? written.row.at : null;
  const basis = basisOf(sheet, account, { orders, write, total: stored });
  const parts = partsOf(basis, { sheet, orders, cash, positionsValue, difference });
  const { kind, at, total } = basis;
  const carried = parts.reduce((sum, { amount }) => add(sum, amount), zero);
  return { basis: { kind, at, total }, parts, residual: subtract(difference, carried) };
}

interface Moved {
  readonly sheet: BalanceSheet;
  readonly orders: OrderTotals | null;
  readonly cash: Decimal;
  readonly positionsValue: Decimal;
  readonly difference: Decimal;
}

function partsOf(basis: FoundBasis, moved: Moved): readonly DriftPart[] {
  const { sheet, orders, cash, positionsValue, difference } = moved;
  switch (basis.kind) {
    case 'record':
      return sinceRecord(basis.record, cash, positionsValue);
    case 'opening':
      return sinceOpening(sheet, basis.total, orders);
    case 'write':
      return [sinceWrite(difference)];
    case 'none':
      return [];
  }
}

type FoundBasis =
  | (DriftBasis & { readonly kind: Exclude<DriftBasis['kind'], 'record'> })
  | (DriftBasis & { readonly kind: 'record'; readonly record: WholeRecord });

interface WholeRecord {
  readonly cash: Decimal;
  readonly positionsValue: Decimal;
}

interface Known {
  readonly orders: OrderTotals | null;
  /** When a write of ours made the total what it is; null: none did. */
  readonly write: Instant | null;
  readonly total: Decimal;
}

function basisOf(
  sheet: BalanceSheet,
  { performanceFirst: first, performance }: SourceAccount,
  { orders, write, total }: Known,
): FoundBasis {
  const isStored = ({ total: stated }: SourcePerformance): boolean =>
    stated !== null && equals(stated, total);
  if (write === null && first !== null && isStored(first) && isAllCash(first)) {
    return { kind: 'opening', at: first.time, total };
  }
  const same = performance.findLast(isStored);
  if (same !== undefined && same.cash !== null && same.positionsValue !== null) {
    const { cash, positionsValue, time } = same;
    return { kind: 'record', at: time, total, record: { cash, positionsValue } };
  }
  if (write !== null) return { kind: 'write', at: write, total };
  const opening = openingByOrders(sheet, orders);
  const isOpening = opening !== null && equals(opening, total);
  return { kind: isOpening ? 'opening' : 'none', at: orders?.firstAt ?? null, total };
}

const isAllCash = ({ total, cash, positionsValue }: SourcePerformance): boolean =>
  total !== null &&
  cash !== null &&
  equals(total, cash) &&
  (positionsValue === null || isZero(positionsValue));

/** What the account held before its first order, where orders make exactly its positions. */
export function openingByOrders(sheet: BalanceSheet, orders: OrderTotals | null): Decimal | null {
  if (orders === null || orders.count === 0 || sheet.cash === null) return null;
  if (orders.bought === null || orders.sold === null || !makesPositions(sheet, orders)) return null;
  return subtract(add(sheet.cash, orders.bought), orders.sold);
}

function makesPositions({ rows }: BalanceSheet, { quantities }: OrderTotals): boolean {
  const held = new Map(rows.map(({ symbol, quantity }) => [symbol, quantity]));
  const symbols = new Set([...held.keys(), ...quantities.keys()]);
  return symbols.values().every((symbol) => {
    const quantity = held.has(symbol) ? held.get(symbol)! : zero;
    return quantity !== null && equals(quantity, quantities.get(symbol) ?? zero);
  });
}

const sinceRecord = (
  record: WholeRecord,
  cash: Decimal,
  positionsValue: Decimal,
): readonly DriftPart[] => [
  {
    ...{ what: 'positions', key: null, amount: subtract(positionsValue, record.positionsValue) },
    how: 'what positions are worth, less what they were worth in that record',
  },
  {
    ...{ what: 'cash', key: null, amount: subtract(cash, record.cash) },
    how: 'cash, less the cash of that record',
  },
];

const sinceWrite = (amount: Decimal): DriftPart => ({
  ...{ what: 'moved', key: null, amount },
  how: 'what is held now, less the total that we wrote, which was what was held then',
});

/** Cash and cost basis less the opening is what closed trades gained, and what no order tells. */
function sinceOpening(
  { cash, rows, costBasis, positionsValue }: BalanceSheet,
  opening: Decimal,
  orders: OrderTotals | null,
): readonly DriftPart[] {
  if (costBasis === null) {
    return sinceRecord({ cash: opening, positionsValue: zero }, cash!, positionsValue!);
  }
  const prices = rows.map(({ symbol, unrealisedPnl }): DriftPart => {
    const how = 'its value at its price, less its cost basis';
    return { what: 'price', key: symbol, amount: unrealisedPnl!, how };
  });
  const gained = subtract(add(cash!, costBasis), opening);
  return [...prices, ...realisedParts(gained, orders)];
}

function realisedParts(gained: Decimal, orders: OrderTotals | null): readonly DriftPart[] {
  const part = { what: 'realised', key: null } as const;
  const noted = notedPnl(orders);
  if (noted === null) {
    return [{ ...part, amount: gained, how: 'cash and cost basis, less the opening' }];
  }
  const how = 'the sum of the PnL that the orders note';
  const rest = subtract(gained, noted);
  const told: DriftPart = { ...part, amount: noted, how };
  const untold = 'cash and cost basis, less the opening and what the orders note';
  return [told, { what: 'cash', key: null, amount: rest, how: untold }];
}

/** Null: orders were not read, or a sale notes none. Where nothing was sold, none was made. */
function notedPnl(orders: OrderTotals | null): Decimal | null {
  if (orders === null || orders.count === 0 || orders.salesWithoutPnl > 0) return null;
  return orders.pnl ?? zero;
}

/**
 * Every unit is carried by rows of the source: parts leave nothing over, each sale notes its PnL,
 * their sum is what cash and cost basis gained, and cash is what the orders make of the opening.
 */
export function isCarriedByRows(
  { basis, parts, residual }: Drift,
  sheet: BalanceSheet,
  orders: OrderTotals | null,
): boolean {
  if (basis.kind !== 'opening' || notedPnl(orders) === null) return false;
  if (!isZero(residual) || sheet.costBasis === null) return false;
  const untold = parts.find(({ what }) => what === 'cash');
  const opening = openingByOrders(sheet, orders);
  return (
    untold !== undefined &&
    isZero(untold.amount) &&
    opening !== null &&
    equals(opening, basis.total) &&
    sheet.rows.every(({ priceFrom }) => priceFrom !== 'traded')
  );
}
