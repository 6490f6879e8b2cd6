/**
 * Bars of a market that never was: a price in cents that trends for a while and then swings, from
 * a seed, in whole numbers throughout. examples/ABC_USDT-1h.csv is made by it.
 */
export interface MadeBars {
  readonly count: number;
  readonly seed: number;
  /** The first bar begins here, in milliseconds since 1970. */
  readonly startMs: number;
  readonly barMs: number;
}

export const exampleBars: MadeBars = {
  count: 720,
  seed: 7,
  startMs: Date.UTC(2026, 0, 1),
  barMs: 3_600_000,
};

/** CSV with the columns date, open, high, low, close, volume. */
export function madeBars({ count, seed, startMs, barMs }: MadeBars): string {
  const draws = new Lehmer(seed);
  const lines = ['date,open,high,low,close,volume'];
  let price = 10_000;
  let drift = 0;
  for (let bar = 0; bar < count; bar += 1) {
    if (bar % 48 === 0) drift = draws.below(25) - 12;
    const open = price;
    // Far from 100.00 it is drawn back, so that a year of it stays a price.
    const back = Math.trunc((10_000 - price) / 200);
    price = Math.max(1_000, price + drift + back + draws.below(161) - 80);
    const high = Math.max(open, price) + draws.below(40);
    const low = Math.min(open, price) - draws.below(40);
    const volume = 500 + draws.below(1_500);
    const cells = [open, high, low, price].map(centsText);
    lines.push([startMs + bar * barMs, ...cells, volume].join(','));
  }
  return `${lines.join('\n')}\n`;
}

const centsText = (cents: number): string =>
  `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;

/** Park and Miller's generator: exact in doubles. */
class Lehmer {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed % 2_147_483_646) + 1;
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    this.#state = (this.#state * 48_271) % 2_147_483_647;
    return this.#state % limit;
  }
}
