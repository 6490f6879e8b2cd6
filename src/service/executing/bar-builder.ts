/** Bars from trades: a bar is whole once time has passed its end; without a trade there is none. */
import { add, compare, type Decimal } from '../../decimal/decimal.ts';
import type { Instant } from '../../model/instant.ts';
import type { Bar } from '../../strategies/strategy.ts';

export class BarBuilder {
  readonly #lengthNs: bigint;
  #bar: Bar | null = null;

  constructor(barMs: number) {
    this.#lengthNs = BigInt(barMs) * 1_000_000n;
  }

  /** The bar that has ended by an instant, once. */
  endedBy(at: Instant): Bar | null {
    const bar = this.#bar;
    if (bar === null || bar.at > at) return null;
    this.#bar = null;
    return bar;
  }

  /** A trade, after the bars before it were taken. */
  trade(at: Instant, price: Decimal, quantity: Decimal): void {
    const bar = this.#bar;
    if (bar === null) {
      const end = (at / this.#lengthNs + 1n) * this.#lengthNs;
      const [open, high, low, close] = [price, price, price, price];
      this.#bar = { at: end, open, high, low, close, volume: quantity };
      return;
    }
    this.#bar = {
      ...bar,
      high: compare(price, bar.high) > 0 ? price : bar.high,
      low: compare(price, bar.low) < 0 ? price : bar.low,
      close: price,
      volume: add(bar.volume, quantity),
    };
  }
}
