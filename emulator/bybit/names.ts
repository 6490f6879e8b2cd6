/** What the venue calls things: symbols, categories and ids, changed by what faults do to names. */
import type { Leg } from '../../src/model/fact.ts';
import type { Instrument } from '../../src/model/instrument.ts';
import { beyondDoubles, rawNumber } from '../exchange/figures.ts';

export type Category = 'spot' | 'linear' | 'inverse';

export class Names {
  readonly instruments: readonly Instrument[];
  readonly isWide: boolean;
  readonly #renamed = new Map<string, string>();
  readonly #wide = new Map<string, string>();
  readonly #narrow = new Map<string, string>();

  constructor(instruments: Iterable<Instrument>, isWide: boolean) {
    this.instruments = [...instruments];
    this.isWide = isWide;
  }

  rename(instrument: string, to: string): void {
    this.#renamed.set(instrument, to);
  }

  of(name: string): Instrument | null {
    return this.instruments.find((one) => one.name === name) ?? null;
  }

  symbol(name: string): string {
    const instrument = this.of(name);
    return this.#renamed.get(name) ?? instrument?.symbol ?? plainSymbol(name);
  }

  category(name: string): Category {
    return this.of(name)?.type ?? 'linear';
  }

  find(category: Category, symbol: string): Instrument | null {
    const found = this.instruments.find(
      (one) => one.type === category && this.symbol(one.name) === symbol,
    );
    return found ?? null;
  }

  /** An id as it is told: digits beyond 2^53 where numbers are to be wide. */
  id(id: string): string {
    if (!this.isWide || id === '') return id;
    const known = this.#wide.get(id);
    if (known !== undefined) return known;
    const wide = String(beyondDoubles + BigInt(this.#wide.size) * 2n);
    this.#wide.set(id, wide);
    this.#narrow.set(wide, id);
    return wide;
  }

  /** The id that a told one stands for. */
  ownId(id: string): string {
    return this.#narrow.get(id) ?? id;
  }

  /** A sequence as a number in JSON, of any size. */
  sequence(n: number): unknown {
    return this.isWide ? rawNumber(String(beyondDoubles + BigInt(n) * 2n)) : n;
  }
}

/** BTC/USDT and BTC/USDT:USDT are BTCUSDT, BTC/USDC:USDC is BTCPERP. */
export function plainSymbol(name: string): string {
  const [pair = '', settle] = name.split(':');
  const [base = '', quote = ''] = pair.split('/');
  return settle === 'USDC' ? `${base}PERP` : `${base}${quote}`;
}

const indexes: Readonly<Record<Leg, 0 | 1 | 2>> = { net: 0, long: 1, short: 2 };

export const positionIdx = (leg: Leg): 0 | 1 | 2 => indexes[leg];

export const legOfIndex = (index: number): Leg | null =>
  (['net', 'long', 'short'] as const)[index] ?? null;

export const sideWord = (side: 'buy' | 'sell'): 'Buy' | 'Sell' => (side === 'buy' ? 'Buy' : 'Sell');
