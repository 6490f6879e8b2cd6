/** What holdings are worth at a price, and whether that price may still be used. */
import { type Decimal, isZero, multiply, subtract, zero } from '../decimal/decimal.ts';
import type { Mark } from '../model/fact.ts';
import { type Instant, millisecondsBetween } from '../model/instant.ts';
import type { Instrument } from '../model/instrument.ts';
import { contractValue } from './apply-contract-fill.ts';
import type { Holding } from './holding.ts';

/** The newest price of an instrument at or before the time of valuation; null when none is. */
export type MarkSource = (instrument: string) => Mark | null;

export interface MarkView {
  readonly instrument: string;
  readonly price: Decimal;
  readonly time: Instant;
  /** Who told it; null: nobody said. */
  readonly source: string | null;
  readonly stale: boolean;
}

export interface ValuationOptions {
  readonly asOf: Instant;
  readonly marks: MarkSource;
  /** Milliseconds after which a mark is stale. */
  readonly markMaxAgeMs: number;
}

export function markOf(instrument: string, options: ValuationOptions): MarkView | null {
  const mark = options.marks(instrument);
  if (mark === null) return null;
  const stale = millisecondsBetween(mark.time, options.asOf) > options.markMaxAgeMs;
  return { instrument, price: mark.price, time: mark.time, source: mark.source, stale };
}

/** Value minus cost, in the reporting currency; null when part of the cost is not known. */
export function unrealisedOfCoin(holding: Holding, price: Decimal): Decimal | null {
  if (!isZero(holding.unknown)) return null;
  return subtract(multiply(holding.quantity, price), holding.cost);
}

/**
 * Of a coin whose cost is partly unknown: the value above the known cost, which no profit
 * explains. Zero for others. The equity bridge shows its change as revaluation.
 */
export function unexplainedValue(holding: Holding, price: Decimal): Decimal {
  if (isZero(holding.unknown)) return zero;
  return subtract(multiply(holding.quantity, price), holding.cost);
}

/** In the settlement currency; null when the entry price is not known. */
export function unrealisedOfContract(
  holding: Holding,
  instrument: Instrument,
  price: Decimal,
): Decimal | null {
  if (!isZero(holding.unknown)) return null;
  if (isZero(holding.quantity)) return zero;
  const value = contractValue(instrument, holding.quantity, price);
  return instrument.type === 'inverse'
    ? subtract(holding.cost, value)
    : subtract(value, holding.cost);
}
