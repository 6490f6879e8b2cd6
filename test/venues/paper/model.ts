/**
 * What executions and cash flows come to, by a second arithmetic: integers of 10^-18, one pass,
 * nothing of the exchange's code and nothing of the books'.
 */
import type { CashFact, Fill } from '../../../src/model/fact.ts';

const unit = 10n ** 18n;

type Value = { readonly coefficient: number | bigint; readonly scale: number };

const fixed = ({ coefficient, scale }: Value): bigint =>
  BigInt(coefficient) * 10n ** BigInt(18 - scale);

/** a / b, half to even. */
function ratio(a: bigint, b: bigint): bigint {
  const [n, d] = b < 0n ? [-a, -b] : [a, b];
  const floor = n >= 0n || n % d === 0n ? n / d : n / d - 1n;
  const twice = (n - floor * d) * 2n;
  return twice > d || (twice === d && floor % 2n !== 0n) ? floor + 1n : floor;
}

export interface Held {
  quantity: bigint;
  value: bigint;
}

export class Model {
  readonly wallets = new Map<string, bigint>();
  readonly held = new Map<string, Held>();

  apply(fact: Fill | CashFact): void {
    if (fact.kind === 'fill') return this.#fill(fact);
    const sign = fact.kind === 'withdrawal' ? -1n : 1n;
    this.#pay(fact.currency, sign * fixed(fact.amount));
  }

  #pay(coin: string, amount: bigint): void {
    this.wallets.set(coin, (this.wallets.get(coin) ?? 0n) + amount);
  }

  #fill({ instrument, leg, side, quantity, price, fees }: Fill): void {
    const [pair = '', settle] = instrument.split(':');
    const [base = '', quote = ''] = pair.split('/');
    const moved = (side === 'buy' ? 1n : -1n) * fixed(quantity);
    const p = fixed(price);
    for (const fee of fees ?? []) this.#pay(fee.currency, -fixed(fee.amount));
    if (settle === undefined) {
      this.#pay(base, moved);
      this.#pay(quote, -(moved * p) / unit);
      return;
    }
    const isInverse = settle === base;
    const worth = (q: bigint) => (isInverse ? ratio(q * unit, p) : (q * p) / unit);
    const held = this.held.get(`${instrument} ${leg}`) ?? { quantity: 0n, value: 0n };
    this.held.set(`${instrument} ${leg}`, held);
    const against = held.quantity > 0n !== moved > 0n && held.quantity !== 0n;
    const size = (n: bigint) => (n < 0n ? -n : n);
    const closed = !against ? 0n : size(moved) < size(held.quantity) ? -moved : held.quantity;
    const entry = closed === 0n ? 0n : ratio(held.value * closed, held.quantity);
    const exit = closed === -moved ? -worth(moved) : worth(closed);
    if (closed !== 0n) this.#pay(settle, isInverse ? entry - exit : exit - entry);
    held.quantity += moved;
    held.value += -entry + (closed === -moved ? 0n : worth(moved) + (closed === 0n ? 0n : exit));
  }
}

/** As a decimal with 18 digits, for comparison. */
export const sameValue = (value: Value, units: bigint): boolean => {
  const digits = BigInt(Math.max(0, value.scale - 18));
  return (
    BigInt(value.coefficient) * 10n ** BigInt(Math.max(0, 18 - value.scale)) ===
    units * 10n ** digits
  );
};

/** Units of 10^-18 of the average entry price of what is held; null when flat. */
export function averageOf(key: string, { quantity, value }: Held): bigint | null {
  if (quantity === 0n) return null;
  const [, base = '', settle] = /^(\w+)\/\w+:(\w+)/.exec(key) ?? [];
  return base === settle ? ratio(quantity * unit, value) : ratio(value * unit, quantity);
}
