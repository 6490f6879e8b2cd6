/**
 * The balance sheet of a source's account: its cash and its positions at a price each, added up
 * exactly and held against the total that is stored.
 */
import type { Decimal } from '../../decimal/decimal.ts';
import type { Instant } from '../../model/instant.ts';

/** Where a price comes from, in the order of preference. */
export type PriceOrigin = 'given' | 'stored' | 'book' | 'traded';

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
}

/**
 *   exact       stored is the sum
 *   nearest     stored is the number nearest to the sum that its column can hold
 *   guarded     within the printed bound of the triggers that keep it
 *   different   anything else that is known
 *   unknown     a part is unknown
 *   not-stored  the schema keeps no total
 */
export type TotalMatch = 'exact' | 'nearest' | 'guarded' | 'different' | 'unknown' | 'not-stored';

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
  readonly unpriced: readonly { readonly what: string; readonly why: string }[];
  readonly stored: Decimal | null;
  /** calculated - stored: what must be added to the stored total. */
  readonly difference: Decimal | null;
  readonly match: TotalMatch;
  /** Of |stored|, 4 digits half-even; null where that says nothing. */
  readonly percent: Decimal | null;
  readonly storedAt: Instant | null;
  readonly recordAt: Instant | null;
}
