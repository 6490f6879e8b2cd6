/**
 * Drift: what a stored total is off by, split into what moved it. Every part names the rows that
 * carry it; parts and residual are the whole, to the last digit.
 */
import { add, type Decimal, equals, isZero, subtract, zero } from '../../decimal/decimal.ts';
import { moneyText } from '../../model/amount.ts';
import type { Instant } from '../../model/instant.ts';
import type { SourceAccount, SourceAuditRow, SourcePerformance } from '../../model/source.ts';
import type { OrderTotals } from './orders.ts';
import type { BalanceSheet } from './sheet.ts';
import { writtenTotal } from './written.ts';

/**
 *   price             unrealised PnL of one position since its entry
 *   realised          what closed trades gained, by what the orders bought and sold
 *   cash              what cash moved by and no order accounts for
 *   gained            realised and cash in one, where the orders do not tell the two apart
 *   positions         what all positions moved by, where only the whole is known
 *   moved             what cash and positions moved by, where not even that is told apart
 */
export type DriftKind = 'price' | 'realised' | 'cash' | 'gained' | 'positions' | 'moved';

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
function openingByOrders(sheet: BalanceSheet, orders: OrderTotals | null): Decimal | null {
  if (orders === null || sheet.cash === null) return null;
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
  sheet: BalanceSheet,
  opening: Decimal,
  orders: OrderTotals | null,
): readonly DriftPart[] {
  const { cash, rows, costBasis, positionsValue } = sheet;
  if (costBasis === null) {
    return sinceRecord({ cash: opening, positionsValue: zero }, cash!, positionsValue!);
  }
  const prices = rows.map(({ symbol, unrealisedPnl }): DriftPart => {
    const how = 'its value at its price, less its cost basis';
    return { what: 'price', key: symbol, amount: unrealisedPnl!, how };
  });
  const gained = subtract(add(cash!, costBasis), opening);
  return [...prices, ...gainedParts(sheet, { gained, opening, orders })];
}

interface Gained {
  /** Cash and cost basis less the opening. */
  readonly gained: Decimal;
  readonly opening: Decimal;
  readonly orders: OrderTotals | null;
}

/**
 * What the orders paid and took says what cash should be; what it is beside that came or went by
 * something else. A PnL that the orders note takes no part in it: it may be net of fees, or wrong.
 */
function gainedParts(sheet: BalanceSheet, { gained, opening, orders }: Gained): DriftPart[] {
  const before = openingByOrders(sheet, orders);
  if (orders === null || before === null) {
    const how = 'cash and cost basis, less the opening: the orders do not split it';
    return [{ what: 'gained', key: null, amount: gained, how }];
  }
  const untold = subtract(before, opening);
  const cash: DriftPart = {
    ...{ what: 'cash', key: null, amount: untold },
    how: 'cash, less what the orders make of the opening',
  };
  if (orders.count === 0) return [cash];
  const realised = subtract(gained, untold);
  const how = realisedHow(realised, orders);
  return [{ what: 'realised', key: null, amount: realised, how }, cash];
}

function realisedHow(realised: Decimal, orders: OrderTotals): string {
  const noted = notedPnl(orders);
  if (noted !== null && equals(noted, realised)) return 'the sum of the PnL that the orders note';
  const flows = 'what the orders sold and hold at cost, less what they bought';
  return noted === null ? flows : `${flows}; the PnL that they note is ${moneyText(noted)}`;
}

/** Null: orders were not read, or a sale notes none. Where nothing was sold, none was made. */
function notedPnl(orders: OrderTotals | null): Decimal | null {
  if (orders === null || orders.count === 0 || orders.salesWithoutPnl > 0) return null;
  return orders.pnl ?? zero;
}

/**
 * Every unit is carried by rows of the source: parts leave nothing over, cash is what the orders
 * make of the opening, and each sale notes its PnL, which together is what the trades gained.
 */
export function isCarriedByRows(
  { basis, parts, residual }: Drift,
  { rows }: BalanceSheet,
  orders: OrderTotals | null,
): boolean {
  const noted = notedPnl(orders);
  if (basis.kind !== 'opening' || noted === null || !isZero(residual)) return false;
  const realised = parts.find(({ what }) => what === 'realised');
  return (
    isCashTold(parts) &&
    realised !== undefined &&
    equals(realised.amount, noted) &&
    rows.every(({ priceFrom }) => priceFrom !== 'traded')
  );
}

/** The orders make exactly the cash and the positions of the opening. */
export const isCashTold = (parts: readonly DriftPart[]): boolean => {
  const untold = parts.find(({ what }) => what === 'cash');
  return untold !== undefined && isZero(untold.amount);
};
