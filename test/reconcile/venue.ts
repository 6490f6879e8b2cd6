/**
 * The other side: what a venue would say of an account, from its own facts, by arithmetic of its
 * own. Written without src/books, or comparing the two would prove nothing.
 */
import {
  add,
  compare,
  type Decimal,
  divideHalfEven,
  isZero,
  multiply,
  negate,
  signOf,
  subtract,
  zero,
} from '../../src/decimal/decimal.ts';
import type { Fill } from '../../src/model/fact.ts';
import { type Instrument, instrumentFromName } from '../../src/model/instrument.ts';
import type { StatementBalance, StatementPosition } from '../../src/model/statement.ts';
import type { ListedFact } from '../../src/reconcile/book-side.ts';
import { identityOf, isFill } from '../../src/reconcile/gap.ts';

interface Held {
  readonly instrument: string;
  readonly leg: Fill['leg'];
  quantity: Decimal;
  /** Quote units, signed like the quantity. */
  cost: Decimal;
}

export interface Holdings {
  readonly balances: readonly StatementBalance[];
  readonly positions: readonly StatementPosition[];
}

/** Spot and linear contracts; time order, then identity. */
export function holdingsOf(facts: readonly ListedFact[]): Holdings {
  const coins = new Map<string, Decimal>();
  const held = new Map<string, Held>();
  const pay = (currency: string, amount: Decimal): void => {
    coins.set(currency, add(coins.get(currency) ?? zero, amount));
  };
  const sorted = [...facts].sort(
    (a, b) => Number(a.time - b.time) || (identityOf(a) < identityOf(b) ? -1 : 1),
  );
  for (const fact of sorted) {
    if (!isFill(fact)) {
      if (fact.state === 'pending') continue;
      const cost = ['withdrawal', 'fee', 'tax'].includes(fact.kind);
      pay(fact.currency, cost ? negate(fact.amount) : fact.amount);
      if (fact.fee !== null) pay(fact.fee.currency, negate(fact.fee.amount));
      continue;
    }
    const instrument = instrumentFromName('venue', fact.instrument)!;
    const moved = fact.side === 'buy' ? fact.quantity : negate(fact.quantity);
    if (instrument.type === 'spot') {
      pay(instrument.base, moved);
      pay(instrument.quote, negate(multiply(moved, fact.price)));
    } else pay(instrument.settle, trade(held, fact, moved, instrument));
    for (const { currency, amount } of fact.fees ?? []) pay(currency, negate(amount));
  }
  return {
    balances: Array.from(coins, ([currency, total]) => balance(currency, total)),
    positions: [...held.values()].filter((one) => !isZero(one.quantity)).map(position),
  };
}

/** Moves the position and returns what the part that closes has gained. */
function trade(held: Map<string, Held>, fill: Fill, moved: Decimal, { name }: Instrument): Decimal {
  const key = `${name} ${fill.leg}`;
  const at = held.get(key) ?? { instrument: name, leg: fill.leg, quantity: zero, cost: zero };
  held.set(key, at);
  const after = add(at.quantity, moved);
  const opens = signOf(at.quantity) !== -signOf(moved);
  if (opens) {
    at.cost = add(at.cost, multiply(moved, fill.price));
    at.quantity = after;
    return zero;
  }
  const flips = signOf(after) === signOf(moved) && !isZero(after);
  const closed = flips || isZero(after) ? at.quantity : negate(moved);
  const cost =
    compare(closed, at.quantity) === 0
      ? at.cost
      : divideHalfEven(multiply(at.cost, closed), at.quantity, 18);
  at.cost = flips ? multiply(after, fill.price) : subtract(at.cost, cost);
  at.quantity = after;
  return subtract(multiply(closed, fill.price), cost);
}

export const balance = (currency: string, total: Decimal): StatementBalance => ({
  currency,
  total,
  available: null,
  equity: null,
  borrowed: null,
});

const position = ({ instrument, leg, quantity, cost }: Held): StatementPosition => ({
  instrument,
  leg,
  quantity,
  averagePrice: divideHalfEven(cost, quantity, 8),
  markPrice: null,
  unrealisedPnl: null,
});
