/**
 * What a venue holds after some facts, by arithmetic of the bench's own: no line of it is shared
 * with the books or with what explains their differences.
 */
import {
  add,
  compare,
  type Decimal,
  divideHalfEven,
  equals,
  isZero,
  multiply,
  negate,
  signOf,
  subtract,
  zero,
} from '../../src/decimal/decimal.ts';
import type { CashFact, Fill, Leg } from '../../src/model/fact.ts';
import type { Instant } from '../../src/model/instant.ts';
import type { Instrument } from '../../src/model/instrument.ts';

export type Listed = Fill | CashFact;

export interface Held {
  readonly instrument: string;
  readonly leg: Leg;
  quantity: Decimal;
  /** Quote units of a linear contract, coins of an inverse one; signed like the quantity. */
  cost: Decimal;
}

export interface Holdings {
  readonly coins: Map<string, Decimal>;
  /** By `instrument leg`; flat ones stay. */
  readonly legs: Map<string, Held>;
  readonly asOf: Instant;
}

export type Instruments = ReadonlyMap<string, Instrument>;

const places = 18;

const isFillFact = (fact: Listed): fact is Fill => fact.kind === 'fill';

/** Facts in any order; those after `asOf` have not happened yet. */
export function holdingsOf(
  facts: readonly Listed[],
  opening: ReadonlyMap<string, Decimal>,
  instruments: Instruments,
  asOf: Instant,
): Holdings {
  const held: Holdings = { coins: new Map(opening), legs: new Map(), asOf };
  const past = facts.filter(({ time }) => time <= asOf);
  past.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  for (const fact of past) {
    if (isFillFact(fact)) applyFill(held, fact, instruments.get(fact.instrument)!);
    else applyCash(held, fact);
  }
  return held;
}

function pay({ coins }: Holdings, currency: string, amount: Decimal): void {
  coins.set(currency, add(coins.get(currency) ?? zero, amount));
}

function applyCash(held: Holdings, fact: CashFact): void {
  if (fact.state === 'pending') return;
  const isCost = ['withdrawal', 'fee', 'tax'].includes(fact.kind);
  pay(held, fact.currency, isCost ? negate(fact.amount) : fact.amount);
  if (fact.fee !== null) pay(held, fact.fee.currency, negate(fact.fee.amount));
}

function applyFill(held: Holdings, fill: Fill, instrument: Instrument): void {
  const moved = fill.side === 'buy' ? fill.quantity : negate(fill.quantity);
  if (instrument.type === 'spot') {
    pay(held, instrument.base, moved);
    pay(held, instrument.quote, negate(multiply(moved, fill.price)));
  } else pay(held, instrument.settle, trade(held, fill, moved, instrument));
  for (const { currency, amount } of fill.fees ?? []) pay(held, currency, negate(amount));
}

/** Moves the leg, and returns what the part that closes has gained, in the settle coin. */
function trade({ legs }: Holdings, fill: Fill, moved: Decimal, instrument: Instrument): Decimal {
  const key = `${fill.instrument} ${fill.leg}`;
  const at = legs.get(key) ?? {
    ...{ instrument: fill.instrument, leg: fill.leg, quantity: zero, cost: zero },
  };
  legs.set(key, at);
  const worth = (quantity: Decimal): Decimal => {
    const units = multiply(quantity, instrument.multiplier);
    return instrument.type === 'inverse'
      ? divideHalfEven(units, fill.price, places)
      : multiply(units, fill.price);
  };
  const after = add(at.quantity, moved);
  if (signOf(at.quantity) !== -signOf(moved)) {
    at.cost = add(at.cost, worth(moved));
    at.quantity = after;
    return zero;
  }
  const flips = signOf(after) === signOf(moved);
  const closed = flips || isZero(after) ? at.quantity : negate(moved);
  const cost =
    compare(closed, at.quantity) === 0
      ? at.cost
      : divideHalfEven(multiply(at.cost, closed), at.quantity, places);
  at.cost = flips ? worth(after) : subtract(at.cost, cost);
  at.quantity = after;
  const gain = subtract(worth(closed), cost);
  return instrument.type === 'inverse' ? negate(gain) : gain;
}

/** Amounts by the name of the line: `coin USDT`, `leg AGI/USDT:USDT net`. Nothing is zero. */
export type Lines = ReadonlyMap<string, Decimal>;

export function linesOf({ coins, legs }: Holdings): Lines {
  const lines = new Map<string, Decimal>();
  for (const [coin, amount] of coins) if (!isZero(amount)) lines.set(`coin ${coin}`, amount);
  for (const [leg, { quantity }] of legs) if (!isZero(quantity)) lines.set(`leg ${leg}`, quantity);
  return lines;
}

/** b - a, where they differ. */
export function deltaOf(a: Lines, b: Lines): Lines {
  const delta = new Map<string, Decimal>();
  for (const name of new Set([...a.keys(), ...b.keys()])) {
    const off = subtract(b.get(name) ?? zero, a.get(name) ?? zero);
    if (!isZero(off)) delta.set(name, off);
  }
  return delta;
}

export const areSame = (a: Lines, b: Lines): boolean =>
  a.size === b.size && [...a].every(([name, amount]) => equals(b.get(name) ?? zero, amount));
