/** What the public sees of the market: prices, the book, candles of one minute. */
import { add, compare, type Decimal, isZero, minimum, zero } from '../../src/decimal/decimal.ts';
import { toText } from '../../src/decimal/text.ts';
import type { Instant } from '../../src/model/instant.ts';
import type { MarketEvent } from '../../src/venues/paper/paper-exchange.ts';

export type Level = readonly [price: Decimal, size: Decimal];

export interface Candle {
  readonly from: Instant;
  readonly open: Decimal;
  readonly high: Decimal;
  readonly low: Decimal;
  readonly close: Decimal;
  readonly volume: Decimal;
}

export interface Quote {
  readonly at: Instant;
  readonly last: Decimal | null;
  readonly mark: Decimal | null;
  readonly bid: Level | null;
  readonly ask: Level | null;
  readonly fundingRate: Decimal | null;
}

const minute = 60_000_000_000n;
const candlesMax = 10_000;

interface Seen {
  quote: Quote;
  readonly bids: Map<string, Level>;
  readonly asks: Map<string, Level>;
  readonly candles: Candle[];
}

export class Market {
  readonly #seen = new Map<string, Seen>();

  note(event: MarketEvent): void {
    const seen = this.#of(event.instrument, event.at);
    const quote = { ...seen.quote, at: event.at };
    if (event.kind === 'trade') {
      seen.quote = { ...quote, last: event.price };
      const { price, quantity } = event;
      trade(seen.candles, event.at - (event.at % minute), [price, price, price, price, quantity]);
    } else if (event.kind === 'touch') {
      seen.quote = { ...quote, bid: [event.bid, event.bidSize], ask: [event.ask, event.askSize] };
    } else if (event.kind === 'depth') {
      if (event.snapshot) seen.bids.clear();
      if (event.snapshot) seen.asks.clear();
      change(seen.bids, event.bids);
      change(seen.asks, event.asks);
    } else if (event.kind === 'bar') {
      seen.quote = { ...quote, last: event.close };
      const { open, high, low, close, volume } = event;
      const last = event.at - 1n;
      trade(seen.candles, last - (last % minute), [open, high, low, close, volume]);
    } else {
      seen.quote =
        event.kind === 'mark'
          ? { ...quote, mark: event.price }
          : { ...quote, fundingRate: event.rate };
    }
  }

  quote(instrument: string): Quote | null {
    return this.#seen.get(instrument)?.quote ?? null;
  }

  /** Best first; the touch where no depth is told. */
  book(instrument: string, depth: number): { bids: Level[]; asks: Level[] } {
    const seen = this.#seen.get(instrument);
    if (seen === undefined) return { bids: [], asks: [] };
    const { bid, ask } = seen.quote;
    if (seen.bids.size + seen.asks.size === 0)
      return { bids: bid === null ? [] : [bid], asks: ask === null ? [] : [ask] };
    const bids = [...seen.bids.values()].sort((a, b) => compare(b[0], a[0]));
    const asks = [...seen.asks.values()].sort((a, b) => compare(a[0], b[0]));
    return { bids: bids.slice(0, depth), asks: asks.slice(0, depth) };
  }

  candles(instrument: string): readonly Candle[] {
    return this.#seen.get(instrument)?.candles ?? [];
  }

  #of(instrument: string, at: Instant): Seen {
    const known = this.#seen.get(instrument);
    if (known !== undefined) return known;
    const quote = { at, last: null, mark: null, bid: null, ask: null, fundingRate: null };
    const seen = { quote, bids: new Map(), asks: new Map(), candles: [] };
    this.#seen.set(instrument, seen);
    return seen;
  }
}

function change(side: Map<string, Level>, levels: readonly Level[]): void {
  for (const level of levels)
    if (isZero(level[1])) side.delete(toText(level[0]));
    else side.set(toText(level[0]), level);
}

type Prices = readonly [open: Decimal, high: Decimal, low: Decimal, close: Decimal, size: Decimal];

function trade(candles: Candle[], from: Instant, [open, high, low, close, size]: Prices): void {
  const last = candles.at(-1);
  if (last === undefined || last.from < from) {
    candles.push({ from, open, high, low, close, volume: size });
    if (candles.length > candlesMax) candles.shift();
    return;
  }
  candles[candles.length - 1] = {
    ...last,
    high: maximum(last.high, high),
    low: minimum(last.low, low),
    close,
    volume: add(last.volume, size),
  };
}

const maximum = (a: Decimal, b: Decimal): Decimal => (compare(a, b) >= 0 ? a : b);

/** The best price known of an instrument; zero where there is none. */
export const priceOf = (quote: Quote | null): Decimal =>
  quote?.mark ?? quote?.last ?? quote?.bid?.[0] ?? zero;
