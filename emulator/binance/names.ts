/** What Binance calls things: symbols, and ids that are numbers. */
import type { Leg } from '../../src/model/fact.ts';
import type { Instrument } from '../../src/model/instrument.ts';
import { beyondDoubles, rawNumber } from '../exchange/figures.ts';
import type { Execution } from '../exchange/history.ts';

const firstOrder = 1_000_000n;
/** Orders that nobody sent have numbers of their own. */
const firstForced = 500_000_000n;

export class BinanceNames {
  readonly instruments: readonly Instrument[];
  readonly #isWide: boolean;
  readonly #renamed = new Map<string, string>();

  constructor(instruments: Iterable<Instrument>, isWide: boolean) {
    this.instruments = [...instruments].filter(({ type }) => type === 'linear');
    this.#isWide = isWide;
  }

  rename(instrument: string, to: string): void {
    this.#renamed.set(instrument, to);
  }

  symbol(name: string): string {
    const found = this.instruments.find((one) => one.name === name);
    return this.#renamed.get(name) ?? `${found?.base ?? ''}${found?.quote ?? ''}`;
  }

  find(symbol: string): Instrument | null {
    return this.instruments.find((one) => this.symbol(one.name) === symbol) ?? null;
  }

  /** A number in JSON; above 2^53 where numbers are to be wide. */
  number(n: number): unknown {
    return rawNumber(String(this.#told(BigInt(n))));
  }

  orderId(sequence: number): unknown {
    return rawNumber(String(this.#told(firstOrder + BigInt(sequence))));
  }

  forcedId({ sequence }: Execution): unknown {
    return rawNumber(String(this.#told(firstForced + BigInt(sequence))));
  }

  /** The sequence of the order with that id. */
  orderSequence(id: string): number {
    if (!/^\d{1,20}$/.test(id)) return -1;
    const told = BigInt(id);
    return Number((this.#isWide ? (told - beyondDoubles) / 2n : told) - firstOrder);
  }

  #told(n: bigint): bigint {
    return this.#isWide ? beyondDoubles + n * 2n : n;
  }
}

const sides: Readonly<Record<Leg, 'BOTH' | 'LONG' | 'SHORT'>> = {
  net: 'BOTH',
  long: 'LONG',
  short: 'SHORT',
};

export const positionSide = (leg: Leg): 'BOTH' | 'LONG' | 'SHORT' => sides[leg];

export const legOfSide = (side: string): Leg | null =>
  (Object.keys(sides) as Leg[]).find((leg) => sides[leg] === side) ?? null;
