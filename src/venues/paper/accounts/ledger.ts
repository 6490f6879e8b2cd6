/**
 * The exchange's own books: a wallet per coin and positions in contracts, moved by fills and cash
 * flows in the order in which they happened. Shares no code with anything that is compared to it.
 */
import {
  absolute,
  add,
  compare,
  type Decimal,
  isZero,
  multiply,
  negate,
  zero,
} from '../../../decimal/decimal.ts';
import type { CashFact, Fill, Leg } from '../../../model/fact.ts';
import type { Instrument } from '../../../model/instrument.ts';
import { flat, movePosition, type Position } from './position.ts';

export class Ledger {
  readonly #instruments: ReadonlyMap<string, Instrument>;
  readonly #wallets = new Map<string, Decimal>();
  readonly #positions = new Map<string, Position>();

  /** Counts what was booked. */
  version = 0;

  constructor(instruments: ReadonlyMap<string, Instrument>) {
    this.#instruments = instruments;
  }

  /** The coins whose wallet it moved. */
  fill(fill: Fill): readonly string[] {
    this.version += 1;
    const instrument = this.#instruments.get(fill.instrument)!;
    const moved = fill.side === 'buy' ? fill.quantity : negate(fill.quantity);
    const coins = new Set<string>();
    const pay = (coin: string, amount: Decimal) => {
      if (isZero(amount)) return;
      this.#pay(coin, amount);
      coins.add(coin);
    };
    if (instrument.type === 'spot') {
      pay(instrument.base, moved);
      pay(instrument.quote, negate(multiply(moved, fill.price)));
    } else {
      const before = this.position(instrument, fill.leg);
      const { position, realised } = movePosition(before, moved, fill.price);
      const key = keyOf(instrument.name, fill.leg);
      if (isZero(position.quantity)) this.#positions.delete(key);
      else this.#positions.set(key, position);
      pay(instrument.settle, realised);
    }
    for (const fee of fill.fees ?? []) pay(fee.currency, negate(fee.amount));
    return [...coins];
  }

  /** Whether a leg of a hedged position would close more than it holds. */
  crosses({ instrument: name, leg, side, quantity }: Fill): boolean {
    if (leg === 'net' || (leg === 'long') === (side === 'buy')) return false;
    const held = this.position(this.#instruments.get(name)!, leg).quantity;
    return compare(quantity, absolute(held)) > 0;
  }

  cash(flow: CashFact): void {
    this.version += 1;
    const isCost = flow.kind === 'withdrawal' || flow.kind === 'fee' || flow.kind === 'tax';
    this.#pay(flow.currency, isCost ? negate(flow.amount) : flow.amount);
  }

  #pay(coin: string, amount: Decimal): void {
    this.#wallets.set(coin, add(this.wallet(coin), amount));
  }

  wallet(coin: string): Decimal {
    return this.#wallets.get(coin) ?? zero;
  }

  /** Every coin that ever moved. */
  coins(): readonly string[] {
    return [...this.#wallets.keys()].sort();
  }

  position(instrument: Instrument, leg: Leg): Position {
    return this.#positions.get(keyOf(instrument.name, leg)) ?? flat(instrument, leg);
  }

  /** Not flat, by instrument and leg. */
  positions(): readonly Position[] {
    return [...this.#positions].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  }

  get holdsContracts(): boolean {
    return this.#positions.size > 0;
  }
}

const keyOf = (instrument: string, leg: Leg): string => `${instrument}|${leg}`;
