/** Instruments: tradable contracts at a venue with their rules. */
import { type Decimal, one } from '../decimal/decimal.ts';
import type { Instant } from './instant.ts';

export type InstrumentType = 'spot' | 'linear' | 'inverse';

/**
 * One version of an instrument. `multiplier` is units of base (linear) or quote (inverse) per
 * contract; `tickSize` and `lotSize` bind orders only, never facts.
 */
export interface Instrument {
  readonly venue: string;
  /** The ccxt unified symbol: BTC/USDT, BTC/USDT:USDT, BTC/USD:BTC. */
  readonly name: string;
  /** The venue's own name for it, or null. */
  readonly symbol: string | null;
  readonly type: InstrumentType;
  readonly class: 'crypto' | 'equity' | 'fx';
  readonly base: string;
  readonly quote: string;
  readonly settle: string;
  readonly multiplier: Decimal;
  readonly tickSize: Decimal | null;
  readonly lotSize: Decimal | null;
  readonly validFrom: Instant | null;
}

const unified = /^([^/:\s]+)\/([^/:\s]+)(?::([^/:\s-]+)(?:-\S+)?)?$/;

/**
 * The instrument that a unified symbol describes by itself, with multiplier 1 and no steps;
 * null when the text is no unified symbol. Settled in base is inverse, in quote linear.
 */
export function instrumentFromName(venue: string, name: string): Instrument | null {
  const parts = unified.exec(name);
  if (parts === null) return null;
  const [, base, quote, settle] = parts;
  const type: InstrumentType =
    settle === undefined ? 'spot' : settle === base ? 'inverse' : 'linear';
  return {
    venue,
    name,
    symbol: null,
    type,
    class: 'crypto',
    base: base!,
    quote: quote!,
    settle: settle ?? quote!,
    multiplier: one,
    tickSize: null,
    lotSize: null,
    validFrom: null,
  };
}
