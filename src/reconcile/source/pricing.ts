/** Which price values a position, and as of when a source is looked at. */
import { type Decimal, isZero } from '../../decimal/decimal.ts';
import { ageText } from '../../model/age.ts';
import { type Instant, millisecondsBetween } from '../../model/instant.ts';
import type { SourceFault, SourcePosition, SourceSnapshot } from '../../model/source.ts';
import { momentText } from './words.ts';

/** Where a price comes from, in the order of preference. */
export type PriceOrigin = 'given' | 'stored' | 'book' | 'traded';

export interface PricePoint {
  readonly price: Decimal;
  /** Null: not known. */
  readonly at: Instant | null;
}

export interface Pricing {
  /** What `--prices` gave, by symbol: it is preferred to everything but a newer stored price. */
  readonly given: ReadonlyMap<string, PricePoint>;
  /** The newest marks of our own book, by symbol. */
  readonly book: ReadonlyMap<string, PricePoint>;
  /** Null: ages are not judged. */
  readonly markMaxAgeMs: number | null;
  /** Judges ages against this instant; null: against the youngest price of the source. */
  readonly freshAt: Instant | null;
  /** Of a price whose time is not kept. By default it is stale only where `freshAt` is given. */
  readonly undated?: 'accepted' | 'stale';
}

export const noPricing: Pricing = {
  ...{ given: new Map(), book: new Map() },
  ...{ markMaxAgeMs: null, freshAt: null },
};

export interface ChosenPrice extends PricePoint {
  readonly from: PriceOrigin;
}

/** Whether the source itself has a newer price for this position, of this account. */
export const isOutdated = ({ at }: PricePoint, { price, updatedAt }: SourcePosition): boolean =>
  at !== null && price !== null && updatedAt !== null && at < updatedAt;

/** What was given for a position; null: nothing, or what is stored is newer. */
export function givenFor(
  position: SourcePosition,
  { given }: Pick<Pricing, 'given'>,
): PricePoint | null {
  const told = given.get(position.symbol);
  return told === undefined || isOutdated(told, position) ? null : told;
}

/**
 * Unreadable is not absent: what a source holds there is not known, whoever else has a price. Nor
 * is a stored price that is empty: the source's own sum leaves the position out, so that no price
 * but one that is to be written there would make the two agree.
 */
export type Choice =
  | { readonly price: ChosenPrice }
  | { readonly price: null; readonly why: string };

export const isOpenPosition = ({ quantity }: SourcePosition): boolean =>
  quantity === null || !isZero(quantity);

interface PriceKeeper extends Pick<SourceSnapshot, 'faults' | 'keepsPrices'> {
  /** Whose position it is; null: no account's that can be told. */
  readonly accountId: string | null;
}

export function choosePrice(
  position: SourcePosition,
  pricing: Pick<Pricing, 'given' | 'book'>,
  { faults, keepsPrices, accountId }: PriceKeeper,
): Choice {
  const { symbol: key, price, updatedAt, traded } = position;
  const told = givenFor(position, pricing);
  if (told !== null) return { price: { ...told, from: 'given' } };
  const fault = faultOfCell(faults, { role: 'price', key, accountId });
  if (fault !== undefined) return { price: null, why: faultText(fault) };
  if (price !== null) return { price: { price, at: updatedAt, from: 'stored' } };
  if (keepsPrices) return { price: null, why: 'its stored price is empty' };
  const mark = pricing.book.get(key);
  if (mark !== undefined) return { price: { ...mark, from: 'book' } };
  if (traded !== null) return { price: { ...traded, from: 'traded' } };
  const trade = faultOfCell(faults, { role: 'traded', key, accountId });
  return { price: null, why: trade === undefined ? 'nothing prices it' : faultText(trade) };
}

/** By the row's key, its account and what the cell keeps: the same symbol may be held twice. */
export const faultOfCell = (
  faults: readonly SourceFault[],
  { role, key, accountId }: Required<Pick<SourceFault, 'role' | 'key' | 'accountId'>>,
): SourceFault | undefined =>
  faults.find(
    (one) =>
      one.role === role &&
      one.key === key &&
      (one.accountId === undefined || one.accountId === accountId),
  );

/** `current_price holds "n/a", which is no number`. */
export const faultText = ({ column, value, why }: SourceFault): string =>
  `${column} holds "${value}", which ${why}`;

/** Null: fresh enough, or not judged. */
export function staleText(
  { at, from }: ChosenPrice,
  asOf: Instant,
  { markMaxAgeMs, freshAt, undated }: Pricing,
): string | null {
  if (markMaxAgeMs === null) return null;
  // The last trade is no quote that stopped: it is old by nature, and its row says so.
  if (from === 'traded' && freshAt === null) return null;
  if (at === null) {
    const isStale = (undated ?? (freshAt === null ? 'accepted' : 'stale')) === 'stale';
    return isStale ? 'the time of its price is not kept, so its age is not known' : null;
  }
  const age = millisecondsBetween(at, freshAt ?? asOf);
  if (age <= markMaxAgeMs) return null;
  return `its price of ${momentText(at)} is ${ageText(age)} old`;
}

const later = (a: Instant | null, b: Instant | null): Instant | null =>
  a === null || (b !== null && b > a) ? b : a;

/** Of the youngest price that counts; null: nothing open is priced, or no time is kept. */
function youngestPriceAt(
  snapshot: SourceSnapshot,
  pricing: Pick<Pricing, 'given' | 'book'>,
): Instant | null {
  const { accounts, unattributed, faults, keepsPrices } = snapshot;
  let youngest: Instant | null = null;
  for (const { id, positions } of [...accounts, { id: null, positions: unattributed }]) {
    for (const position of positions) {
      if (!isOpenPosition(position)) continue;
      const { price } = choosePrice(position, pricing, { faults, keepsPrices, accountId: id });
      if (price !== null && price.from !== 'traded') youngest = later(youngest, price.at);
    }
  }
  return youngest;
}

/** Nothing in a source is younger than the look at it. */
const earlier = (a: Instant, b: Instant): Instant => (a < b ? a : b);

/**
 * The youngest time of a price that counts; else of an order or a performance record; else when it
 * was looked at.
 */
export function sourceAsOf(
  snapshot: SourceSnapshot,
  pricing: Pick<Pricing, 'given' | 'book'>,
): Instant {
  const { accounts, orders, takenAt } = snapshot;
  const records = accounts.map((one) => one.performance.at(-1)?.time ?? null);
  const ofHistory = records.reduce(later, orders.newestAt);
  return earlier(youngestPriceAt(snapshot, pricing) ?? ofHistory ?? takenAt, takenAt);
}

/**
 * What the age of a record counts to: the youngest price, else the look. Records cannot say
 * themselves that they stopped, and cash alone is as young as the look.
 */
export const historyAsOf = (
  snapshot: SourceSnapshot,
  pricing: Pick<Pricing, 'given' | 'book'>,
): Instant => earlier(youngestPriceAt(snapshot, pricing) ?? snapshot.takenAt, snapshot.takenAt);
