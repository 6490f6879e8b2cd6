/** Tickers, books and candles in Bybit's words. */
import { type Decimal, multiply, zero } from '../../src/decimal/decimal.ts';
import { toText } from '../../src/decimal/text.ts';
import type { Instant } from '../../src/model/instant.ts';
import type { Instrument } from '../../src/model/instrument.ts';
import { type Candle, type Level, priceOf, type Quote } from '../exchange/market.ts';
import type { Terms } from './terms.ts';

const ms = (at: Instant) => at / 1_000_000n;

export function tickerPayload(
  instrument: Instrument,
  quote: Quote | null,
  fundingHours: number,
  now: Instant,
  { names, figures }: Terms,
) {
  const { number } = figures;
  const last = number(quote?.last ?? priceOf(quote));
  const both = {
    symbol: names.symbol(instrument.name),
    lastPrice: last,
    bid1Price: textOr(quote?.bid?.[0]),
    bid1Size: textOr(quote?.bid?.[1]),
    ask1Price: textOr(quote?.ask?.[0]),
    ask1Size: textOr(quote?.ask?.[1]),
    prevPrice24h: last,
    price24hPcnt: '0',
    highPrice24h: last,
    lowPrice24h: last,
    volume24h: '0',
    turnover24h: '0',
  };
  if (instrument.type === 'spot') return { ...both, usdIndexPrice: last };
  const hours = BigInt(fundingHours) * 3_600_000n;
  return {
    ...both,
    markPrice: number(priceOf(quote)),
    indexPrice: number(priceOf(quote)),
    openInterest: '0',
    // The key by which clients tell a contract from a spot pair of the same name.
    openInterestValue: '0',
    fundingRate: number(quote?.fundingRate ?? zero),
    nextFundingTime: String((ms(now) / hours + 1n) * hours),
  };
}

const textOr = (value: Decimal | undefined): string => (value === undefined ? '' : toText(value));

const level = ([price, size]: Level) => [toText(price), toText(size)];

export function bookPayload(
  symbol: string,
  book: { readonly bids: readonly Level[]; readonly asks: readonly Level[] },
  now: Instant,
) {
  const at = Number(ms(now));
  const { bids, asks } = book;
  return { s: symbol, b: bids.map(level), a: asks.map(level), ts: at, u: at, seq: at, cts: at };
}

/** Newest first, as the venue lists them. */
export const candlePayload = ({ from, open, high, low, close, volume }: Candle) => [
  String(ms(from)),
  ...[open, high, low, close, volume, multiply(volume, close)].map(toText),
];
