/** What a position has earned and cost, since it was last flat and over its lifetime. */
import { add, type Decimal, isZero, zero } from '../decimal/decimal.ts';
import type { Fee } from '../model/fact.ts';

/**
 * realised: gross, in the reporting currency (spot) or the settlement currency (derivatives).
 * fees: what was charged, by currency; positive is a cost. funding: signed, + received.
 */
export interface Statistics {
  realised: Decimal;
  /** Some realised part has no known cost, so `realised` is not the whole. */
  realisedUnknown: boolean;
  fees: Fee[];
  /** Fills whose fee nobody has told yet. */
  feesUnknown: number;
  funding: Decimal;
}

export const emptyStatistics = (): Statistics => ({
  realised: zero,
  realisedUnknown: false,
  fees: [],
  feesUnknown: 0,
  funding: zero,
});

/** Since last flat beside the lifetime: both are written together, one is reset when flat. */
export interface Track {
  since: Statistics;
  readonly lifetime: Statistics;
}

export const emptyTrack = (): Track => ({ since: emptyStatistics(), lifetime: emptyStatistics() });

export function trackRealised(track: Track, amount: Decimal | null): void {
  addRealised(track.since, amount);
  addRealised(track.lifetime, amount);
}

function addRealised(statistics: Statistics, amount: Decimal | null): void {
  if (amount === null) statistics.realisedUnknown = true;
  else statistics.realised = add(statistics.realised, amount);
}

export function trackFunding(track: Track, amount: Decimal): void {
  track.since.funding = add(track.since.funding, amount);
  track.lifetime.funding = add(track.lifetime.funding, amount);
}

/** `since` is the part that the position now open has paid. */
export function trackFee(track: Track, fee: Fee, since: Decimal): void {
  if (isZero(fee.amount)) return;
  addFee(track.since.fees, fee.currency, since);
  addFee(track.lifetime.fees, fee.currency, fee.amount);
}

export function trackUnknownFee(track: Track): void {
  track.since.feesUnknown += 1;
  track.lifetime.feesUnknown += 1;
}

export function resetSinceFlat(track: Track): void {
  track.since = emptyStatistics();
}

function addFee(fees: Fee[], currency: string, amount: Decimal): void {
  for (let i = 0; i < fees.length; i++) {
    const known = fees[i]!;
    if (known.currency !== currency) continue;
    fees[i] = { currency, amount: add(known.amount, amount) };
    return;
  }
  fees.push({ currency, amount });
}
