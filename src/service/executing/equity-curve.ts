/** Equity bar by bar: how far it ever fell from its highest. */
import { compare, type Decimal, multiply, subtract, zero } from '../../decimal/decimal.ts';
import type { Instant } from '../../model/instant.ts';

export interface Drawdown {
  readonly amount: Decimal;
  /** The highest equity before it, and when. */
  readonly peak: Decimal;
  readonly from: Instant;
  readonly to: Instant;
}

export class EquityCurve {
  #peak: { readonly equity: Decimal; readonly at: Instant } | null = null;
  #worst: Drawdown | null = null;
  #points = 0;
  #unknown = 0;

  /** Null: a part had no price, and the point is counted as unknown. */
  add(at: Instant, equity: Decimal | null): void {
    this.#points += 1;
    if (equity === null) {
      this.#unknown += 1;
      return;
    }
    if (this.#peak === null || compare(equity, this.#peak.equity) > 0) {
      this.#peak = { equity, at };
      return;
    }
    const drawdown = {
      amount: subtract(this.#peak.equity, equity),
      peak: this.#peak.equity,
      from: this.#peak.at,
      to: at,
    };
    if (this.#worst === null || isDeeper(drawdown, this.#worst)) this.#worst = drawdown;
  }

  /** The largest share that was lost; null while equity never fell. */
  get worst(): Drawdown | null {
    return this.#worst === null || compare(this.#worst.amount, zero) === 0 ? null : this.#worst;
  }

  get points(): number {
    return this.#points;
  }

  get unknown(): number {
    return this.#unknown;
  }
}

/** amount / peak, compared without dividing. */
const isDeeper = (a: Drawdown, b: Drawdown): boolean =>
  compare(multiply(a.amount, b.peak), multiply(b.amount, a.peak)) > 0;
