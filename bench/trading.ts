/** Fills as a bot makes them: half adds, the rest partial closes, whole closes and flips. */
import { decimalOf } from '../src/decimal/decimal.ts';
import { decimal } from '../src/decimal/text.ts';
import type { Fill } from '../src/model/fact.ts';
import { instant } from '../src/model/instant.ts';
import { Random } from '../test/decimal/random.ts';

const start = instant('2026-01-05T00:00:00Z');
const betweenFills = 1_000_003n;
const usdt = 'USDT';
const lotDigits = 3;
const tickDigits = 2;

export const contractName = (number: number): string => `C${number}/${usdt}:${usdt}`;

export interface TradingOptions {
  readonly account?: string;
  readonly instruments: number;
  readonly seed?: number;
  /** As venues deliver them: maker or taker, and the bot's own order id. */
  readonly wordy?: boolean;
}

/** An endless row of fills: each call goes on where the last one ended. */
export class Trading {
  readonly #options: TradingOptions;
  readonly #random: Random;
  readonly #held: Int32Array;
  readonly #names: readonly string[];
  #count = 0;

  constructor(options: TradingOptions) {
    this.#options = options;
    this.#random = new Random(options.seed ?? 1);
    this.#held = new Int32Array(options.instruments);
    this.#names = Array.from({ length: options.instruments }, (_, number) => contractName(number));
  }

  fills(count: number): Fill[] {
    return Array.from({ length: count }, () =>
      this.#fill(this.#random.below(this.#names.length), null),
    );
  }

  /** Goes on behind the ids and times of another's fills. */
  skip(count: number): void {
    this.#count = Math.max(this.#count, count);
  }

  /** One fill for each instrument, so that all of them are open. */
  openAll(): Fill[] {
    return this.#names.map((_, number) => this.#fill(number, this.#random.between(1, 20_000)));
  }

  /** `lots`: signed; null: as the mix of moves wants it. */
  #fill(number: number, lots: number | null): Fill {
    const moved = lots ?? this.#move(number);
    this.#held[number]! += moved;
    this.#count += 1;
    const words = this.#options.wordy === true;
    return {
      kind: 'fill',
      account: this.#options.account ?? 'main',
      instrument: this.#names[number]!,
      leg: 'net',
      side: moved > 0 ? 'buy' : 'sell',
      quantity: decimalOf(Math.abs(moved), lotDigits),
      price: decimalOf(this.#random.between(90_000, 110_000), tickDigits),
      fees: [{ currency: usdt, amount: decimal('0.05') }],
      liquidity: words ? 'taker' : null,
      executionId: String(100_000_000 + this.#count),
      orderId: `o${this.#count >> 2}`,
      clientOrderId: words ? `bot-${this.#count >> 2}` : null,
      strategy: null,
      cause: 'trade',
      venueSequence: null,
      provisional: false,
      time: start + BigInt(this.#count) * betweenFills,
    };
  }

  /** 50 % adds, 36 % partial closes, 9 % whole closes, 5 % flips. */
  #move(number: number): number {
    const held = this.#held[number]!;
    const lots = this.#random.between(1, 20_000);
    if (held === 0) return this.#random.chance(0.5) ? lots : -lots;
    const sign = Math.sign(held);
    const draw = this.#random.below(100);
    if (draw < 50 || (draw < 86 && Math.abs(held) === 1)) return sign * lots;
    if (draw < 86) return -sign * this.#random.between(1, Math.abs(held) - 1);
    return draw < 95 ? -held : -held - sign * lots;
  }
}
