/** What a bot's symbols are in our book: instruments that its one pool of cash pays for. */
import { one } from '../decimal/decimal.ts';
import type { Instrument } from '../model/instrument.ts';

export interface AdoptedSymbol {
  readonly instrument: Instrument;
  /** The currency that the symbol itself is quoted in, where that is not the account's. */
  readonly quotedIn: string | null;
}

/** BTC/USDT, BTC/USDT:USDT, BTC-USD, BTC_USDT; BRK-B is none: B is no currency. */
const pair = /^([^\s/:]+)\/([^\s/:]+)(?::\S*)?$|^([^\s/:_-]+)[_-](USD[TC]?|EUR|GBP|BTC|ETH)$/;
const glued = /^([A-Z0-9]{2,})(USDT|USDC)$/;

/**
 * Null: the symbol is the account's own currency, which nobody buys with itself. The source has
 * one number for its cash, so whatever a symbol is quoted in is paid in the account's currency.
 */
export function adoptedSymbol(
  symbol: string,
  currency: string,
  venue: string,
): AdoptedSymbol | null {
  const parts = pair.exec(symbol) ?? glued.exec(symbol);
  const base = parts?.[1] ?? parts?.[3] ?? symbol.replaceAll(/[\s/:]+/g, '.');
  const quote = parts?.[2] ?? parts?.[4] ?? null;
  if (base === currency || base === '') return null;
  const instrument: Instrument = {
    venue,
    name: `${base}/${currency}`,
    symbol,
    type: 'spot',
    class: quote === null ? 'equity' : 'crypto',
    base,
    quote: currency,
    settle: currency,
    multiplier: one,
    tickSize: null,
    lotSize: null,
    validFrom: null,
  };
  return { instrument, quotedIn: quote === currency ? null : quote };
}
