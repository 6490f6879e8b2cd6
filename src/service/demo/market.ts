/**
 * Prices as recorded ones move: small steps, now and then a trend, drawn from a seed. Every figure
 * is a whole number of ticks, so that no price is ever rounded.
 */
import { type Decimal, fromInteger, multiply } from '../../decimal/decimal.ts';
import { decimal } from '../../decimal/text.ts';
import type { Instant } from '../../model/instant.ts';
import { type Instrument, instrumentFromName } from '../../model/instrument.ts';
import type { MarketEvent } from '../../venues/paper/paper-exchange.ts';
import { Draws } from '../../venues/paper/random.ts';

export interface DemoInstrument {
  readonly instrument: Instrument;
  /** What it begins at, in ticks. */
  readonly ticks: number;
  /** The largest step of one move, in ticks. */
  readonly step: number;
  /** What the bot trades at once. */
  readonly size: Decimal;
  /** Bought once, and never looked at again: it grows old until an exit leaves it. */
  readonly forgotten?: true;
}

const instrument = (name: string, tick: string, lot: string): Instrument => ({
  ...instrumentFromName('bybit', name)!,
  tickSize: decimal(tick),
  lotSize: decimal(lot),
});

export const demoInstruments: readonly DemoInstrument[] = [
  {
    instrument: instrument('BTC/USDT:USDT', '0.1', '0.001'),
    ...{ ticks: 612_500, step: 120, size: decimal('0.02') },
  },
  {
    instrument: instrument('ETH/USDT:USDT', '0.01', '0.01'),
    ...{ ticks: 340_000, step: 80, size: decimal('0.4') },
  },
  {
    instrument: instrument('SOL/USDT:USDT', '0.01', '0.1'),
    ...{ ticks: 15_000, step: 5, size: decimal('10'), forgotten: true },
  },
];

/** A trend lasts for so many moves on average. */
const trendMoves = 60;
const touchSize = decimal('50');

export class DemoMarket {
  readonly #draws: Draws;
  readonly #prices: Map<string, { ticks: number; drift: number }>;

  constructor(seed: number) {
    this.#draws = new Draws(seed);
    this.#prices = new Map(
      demoInstruments.map((one) => [one.instrument.name, { ticks: one.ticks, drift: 0 }]),
    );
  }

  /** One move of each instrument: who would take it at which price, what was dealt, the mark. */
  move(at: Instant): readonly MarketEvent[] {
    return demoInstruments.flatMap((one) => this.#moved(one, at));
  }

  priceOf({ instrument: { name, tickSize } }: DemoInstrument): Decimal {
    return multiply(fromInteger(this.#prices.get(name)!.ticks), tickSize!);
  }

  #moved(one: DemoInstrument, at: Instant): readonly MarketEvent[] {
    const { name, tickSize } = one.instrument;
    const price = this.#prices.get(name)!;
    if (this.#draws.next() < 1 / trendMoves) price.drift = this.#draws.next() - 0.5;
    const move = Math.round((this.#draws.next() * 2 - 1 + price.drift) * one.step);
    // It never leaves the half of where it began: a demo has no crash that ends it.
    const floor = Math.round(one.ticks / 2);
    price.ticks = Math.min(Math.max(price.ticks + move, floor), one.ticks + floor);
    const priceAt = (ticks: number) => multiply(fromInteger(ticks), tickSize!);
    const mark = priceAt(price.ticks);
    const [bid, ask] = [priceAt(price.ticks - 1), priceAt(price.ticks + 1)];
    const side = move < 0 ? 'sell' : 'buy';
    return [
      { kind: 'touch', instrument: name, at, bid, bidSize: touchSize, ask, askSize: touchSize },
      { kind: 'trade', instrument: name, at, price: mark, quantity: decimal('0.5'), side },
      { kind: 'mark', instrument: name, at, price: mark },
    ];
  }
}
