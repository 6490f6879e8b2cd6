/** The prices that a source is valued at: those given, then its own, then those of our book. */
import { instantText } from '../../model/instant.ts';
import type { SourceSnapshot } from '../../model/source.ts';
import { isOutdated, type PricePoint, type Pricing } from '../../reconcile/source/pricing.ts';
import type { BookReader } from '../reading.ts';
import { matchPrices, symbolsOf } from './price-match.ts';
import type { GivenPrice, PriceSource } from './prices.ts';

export interface PricingOptions {
  readonly currency: string;
  readonly markMaxAgeMs: number;
  /** Whether a person said how old a price may be: then it counts from the look. */
  readonly markMaxAgeGiven: boolean;
  /** Counts from the look also where nobody said it; a price whose time is not kept passes then. */
  readonly agesFromNow?: boolean;
}

/** What was asked for once, to be matched with every look at the source. */
export interface GivenPrices {
  readonly from: string;
  readonly prices: readonly GivenPrice[];
}

export async function givenPrices(
  source: PriceSource | null,
  snapshot: SourceSnapshot,
): Promise<GivenPrices | null> {
  if (source === null) return null;
  return { from: source.name, prices: await source.prices(symbolsOf(snapshot)) };
}

export interface Priced {
  readonly pricing: Pricing;
  readonly notes: readonly string[];
}

/** `book`: null where there is none. */
export function pricingOf(
  snapshot: SourceSnapshot,
  given: GivenPrices | null,
  book: BookReader | null,
  { currency, markMaxAgeMs, markMaxAgeGiven, agesFromNow = false }: PricingOptions,
): Priced {
  const symbols = symbolsOf(snapshot);
  const matched =
    given === null
      ? { bySymbol: new Map<string, GivenPrice>(), notes: [] }
      : matchPrices(symbols, given.prices, currency, given.from);
  const marks = new Map(
    symbols.flatMap((symbol) => {
      const mark = book === null ? null : newestMark(book, symbol, currency, snapshot);
      return mark === null ? [] : [[symbol, mark] as const];
    }),
  );
  const freshAt = markMaxAgeGiven || agesFromNow ? snapshot.takenAt : null;
  const undated = markMaxAgeGiven ? 'stale' : 'accepted';
  return {
    pricing: { given: matched.bySymbol, book: marks, markMaxAgeMs, freshAt, undated },
    notes: [...matched.notes, ...outdatedNotes(snapshot, matched.bySymbol)],
  };
}

/** What is given is newer than what is stored, or it is not used: the newer price is the truth. */
function outdatedNotes(
  { accounts }: SourceSnapshot,
  given: ReadonlyMap<string, GivenPrice>,
): readonly string[] {
  const several = accounts.length > 1;
  return accounts.flatMap(({ id, positions }) =>
    positions.flatMap((position) => {
      const told = given.get(position.symbol);
      if (told === undefined || !isOutdated(told, position)) return [];
      const whose = several ? ` of account ${id}` : '';
      const times = [told.at!, position.updatedAt!].map(instantText);
      const why = `${times[0]} is older than the stored one of ${times[1]}`;
      return [`the price given for ${position.symbol}${whose} is not used: ${why}`];
    }),
  );
}

function newestMark(
  { file }: BookReader,
  symbol: string,
  currency: string,
  { takenAt }: SourceSnapshot,
): PricePoint | null {
  const marks = [symbol, `${symbol}/${currency}`].flatMap((name) => {
    const mark = file.newestMark(name, takenAt);
    return mark === null ? [] : [{ price: mark.price, at: mark.time }];
  });
  return marks.reduce<PricePoint | null>(
    (newest, one) => (newest === null || (newest.at ?? 0n) < one.at ? one : newest),
    null,
  );
}
