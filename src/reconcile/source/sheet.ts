/**
 * The balance sheet of a source's account: its cash and its positions at a price each, added up
 * exactly and held against the total that is stored.
 */
import { add, type Decimal, multiply, subtract, zero } from '../../decimal/decimal.ts';
import type { Instant } from '../../model/instant.ts';
import { percentOf } from '../../model/percent.ts';
import type { Reason } from '../../model/reason.ts';
import type {
  NumberStorage,
  SourceAccount,
  SourceFault,
  SourcePosition,
  SourceSnapshot,
} from '../../model/source.ts';
import {
  choosePrice,
  faultOfCell,
  faultText,
  isOpenPosition,
  type PriceOrigin,
  type Pricing,
  sourceAsOf,
  staleText,
} from './pricing.ts';
import { matchOf, type TotalMatch } from './storage.ts';

export type { PriceOrigin, TotalMatch };

export interface SheetRow {
  readonly symbol: string;
  readonly quantity: Decimal | null;
  readonly entryPrice: Decimal | null;
  readonly price: Decimal | null;
  /** Null: nothing prices it. */
  readonly priceFrom: PriceOrigin | null;
  /** Null: not known. */
  readonly priceAt: Instant | null;
  readonly value: Decimal | null;
  readonly costBasis: Decimal | null;
  readonly unrealisedPnl: Decimal | null;
  /** Why it has no value; null where it has one. */
  readonly why: string | null;
  /** Which kind of not knowing that is; null where the row itself is unreadable. */
  readonly reason: MissingPrice | null;
}

export type MissingPrice = Extract<Reason, 'MARK_MISSING' | 'MARK_STALE'>;

export interface UnpricedPart {
  /** A symbol, `cash` or `positions`. */
  readonly what: string;
  readonly why: string;
  readonly reason: MissingPrice | null;
}

export interface BalanceSheet {
  readonly accountId: string;
  readonly cash: Decimal | null;
  /** Open positions, sorted by symbol. */
  readonly rows: readonly SheetRow[];
  /** Null while a part is unknown; `known` is the sum of the parts that are known. */
  readonly positionsValue: Decimal | null;
  readonly costBasis: Decimal | null;
  readonly unrealisedPnl: Decimal | null;
  readonly calculated: Decimal | null;
  readonly known: Decimal;
  readonly unpriced: readonly UnpricedPart[];
  readonly stored: Decimal | null;
  /** Why no number is stored where one belongs; null where there is one, or none belongs. */
  readonly storedWhy: string | null;
  /** calculated - stored: what must be added to the stored total. */
  readonly difference: Decimal | null;
  readonly match: TotalMatch;
  /** Of |stored|, at 4 digits or what it takes; null where that says nothing. */
  readonly percent: Decimal | null;
  readonly storedAt: Instant | null;
  readonly recordAt: Instant | null;
}

export interface SheetOptions {
  readonly asOf: Instant;
  readonly pricing: Pricing;
  /** Null: the schema keeps no total. */
  readonly totalStorage: NumberStorage | null;
  /** The printed bound of the triggers that keep the total; null: none, or they are exact. */
  readonly guardBound: Decimal | null;
  readonly faults: readonly SourceFault[];
  readonly keepsPrices: boolean;
  /** Open positions of no account that can be told: any of them may be this account's. */
  readonly unattributed: readonly SourcePosition[];
}

/** The sheets of all accounts of one look, as of one instant. */
export function sheetsOf(
  snapshot: SourceSnapshot,
  pricing: Pricing,
): { readonly asOf: Instant; readonly sheets: readonly BalanceSheet[] } {
  const { totalStorage, guard, faults, keepsPrices, unattributed } = snapshot;
  const asOf = sourceAsOf(snapshot, pricing);
  const guardBound = guard.state === 'installed' ? guard.bound : null;
  const kept = { faults, keepsPrices, unattributed };
  const options = { asOf, pricing, totalStorage, guardBound, ...kept };
  return { asOf, sheets: snapshot.accounts.map((account) => balanceSheet(account, options)) };
}

export function balanceSheet(account: SourceAccount, options: SheetOptions): BalanceSheet {
  const { cash, total: stored } = account;
  const rows = account.positions
    .filter(isOpenPosition)
    .map((position) => sheetRow(account.id, position, options))
    .sort((a, b) => (a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : 0));
  const unpriced = unpricedOf(account, rows, options);
  const known = sumOf(rows.map(({ value }) => value ?? zero));
  const positionsValue = unpriced.some(({ what }) => what !== 'cash') ? null : known;
  const costBasis = sumOrNull(rows.map((row) => row.costBasis));
  const calculated = cash === null || positionsValue === null ? null : add(cash, positionsValue);
  const difference = stored === null || calculated === null ? null : subtract(calculated, stored);
  const { totalStorage: storage, guardBound } = options;
  return {
    accountId: account.id,
    ...{ cash, rows, positionsValue, costBasis },
    unrealisedPnl:
      positionsValue === null || costBasis === null ? null : subtract(positionsValue, costBasis),
    ...{ calculated, known: add(cash ?? zero, known), unpriced, stored, difference },
    storedWhy: storage === null ? null : storedWhy(account, options),
    match: matchOf(stored, calculated, { storage, guardBound }),
    percent: percentOf(difference, stored),
    storedAt: account.updatedAt,
    recordAt: account.performance.at(-1)?.time ?? null,
  };
}

function storedWhy({ id, total }: SourceAccount, { faults }: SheetOptions): string | null {
  if (total !== null) return null;
  const fault = faultOfCell(faults, { role: 'total', key: id, accountId: id });
  return fault === undefined
    ? 'the stored total is empty, and empty is not zero'
    : faultText(fault);
}

function sheetRow(accountId: string, position: SourcePosition, options: SheetOptions): SheetRow {
  const { symbol, quantity, entryPrice } = position;
  const { asOf, pricing, faults, keepsPrices } = options;
  const choice = choosePrice(position, pricing, { faults, keepsPrices, accountId });
  const stale = choice.price === null ? null : staleText(choice.price, asOf, pricing);
  const costBasis = product(quantity, entryPrice);
  const fault = faultOfCell(faults, { role: 'quantity', key: symbol, accountId });
  const [why, reason] = missingOf(position, choice, stale, fault);
  const value = why === null ? product(quantity, choice.price?.price ?? null) : null;
  return {
    ...{ symbol, quantity, entryPrice },
    price: choice.price?.price ?? null,
    priceFrom: choice.price?.from ?? null,
    priceAt: choice.price?.at ?? null,
    ...{ value, costBasis },
    unrealisedPnl: value === null || costBasis === null ? null : subtract(value, costBasis),
    ...{ why, reason },
  };
}

function missingOf(
  { quantity }: SourcePosition,
  choice: ReturnType<typeof choosePrice>,
  stale: string | null,
  fault: SourceFault | undefined,
): readonly [string | null, MissingPrice | null] {
  if (quantity === null) {
    return [fault === undefined ? 'its quantity is not known' : faultText(fault), null];
  }
  if (choice.price === null) return [choice.why, 'MARK_MISSING'];
  return stale === null ? [null, null] : [stale, 'MARK_STALE'];
}

function unpricedOf(
  { id, cash }: SourceAccount,
  rows: readonly SheetRow[],
  { faults, unattributed }: SheetOptions,
): readonly UnpricedPart[] {
  const parts: UnpricedPart[] = [];
  if (cash === null) {
    const fault = faultOfCell(faults, { role: 'cash', key: id, accountId: id });
    const why = fault === undefined ? 'it is empty' : faultText(fault);
    parts.push({ what: 'cash', why, reason: null });
  }
  for (const { symbol: what, why, reason } of rows) {
    if (why !== null) parts.push({ what, why, reason });
  }
  const open = unattributed.filter(isOpenPosition).length;
  if (open > 0) {
    const why = `${open} of the source belong to no account that can be told`;
    parts.push({ what: 'positions', why, reason: null });
  }
  return parts;
}

const product = (a: Decimal | null, b: Decimal | null): Decimal | null =>
  a === null || b === null ? null : multiply(a, b);

const sumOf = (parts: readonly Decimal[]): Decimal => parts.reduce(add, zero);

const sumOrNull = (parts: readonly (Decimal | null)[]): Decimal | null =>
  parts.some((part) => part === null) ? null : sumOf(parts as readonly Decimal[]);
