/** Bars of so many moves each, as a strategy is shown them. */
import { compare, type Decimal } from '../../decimal/decimal.ts';
import { decimal } from '../../decimal/text.ts';
import type { Instant } from '../../model/instant.ts';
import type { Bar } from '../../strategies/strategy.ts';

/** Bars that are kept: as many as a strategy may look back. */
const keptMax = 200;

export class Bars {
  readonly #moves: number;
  readonly #closed: Bar[] = [];
  #open: { prices: Decimal[] } = { prices: [] };

  constructor(moves: number) {
    this.#moves = moves;
  }

  get closed(): readonly Bar[] {
    return this.#closed;
  }

  /** True where a bar closed by it. */
  add(price: Decimal, at: Instant): boolean {
    const { prices } = this.#open;
    prices.push(price);
    if (prices.length < this.#moves) return false;
    const sorted = prices.toSorted(compare);
    this.#closed.push({
      ...{ at, open: prices[0]!, close: price, volume: decimal(String(prices.length)) },
      ...{ low: sorted[0]!, high: sorted.at(-1)! },
    });
    if (this.#closed.length > keptMax) this.#closed.shift();
    this.#open = { prices: [] };
    return true;
  }
}
