/**
 * An account that a bot trades in, and others beside it: what was executed, and what is held after
 * it by arithmetic of the bench's own.
 */
import {
  absolute,
  add,
  type Decimal,
  decimalOf,
  divideHalfEven,
  isZero,
  multiply,
  negate,
  roundHalfEven,
  signOf,
  subtract,
  zero,
} from '../../../src/decimal/decimal.ts';
import { decimal } from '../../../src/decimal/text.ts';
import type { Fill, Leg, Side } from '../../../src/model/fact.ts';
import { addMilliseconds, type Instant, instant } from '../../../src/model/instant.ts';
import { type Instrument, instrumentFromName } from '../../../src/model/instrument.ts';
import type { Random } from '../../../test/decimal/random.ts';

export const venue = 'bybit';
export const botPrefix = 'bot-';
export const begin = instant('2025-10-01T00:00:00Z');

interface Traded {
  readonly base: string;
  /** Digits behind the point of the lot, and of the price. */
  readonly lot: number;
  readonly tick: number;
  /** In ticks. */
  readonly price: number;
}

const traded: readonly Traded[] = [
  { base: 'HNT', lot: 2, tick: 3, price: 2_100 },
  { base: 'AGI', lot: 0, tick: 5, price: 4_800 },
  { base: 'SCA', lot: 1, tick: 5, price: 9_400 },
  { base: 'XRP', lot: 1, tick: 4, price: 24_000 },
  { base: 'DOGE', lot: 0, tick: 5, price: 20_000 },
  { base: 'TON', lot: 2, tick: 3, price: 2_700 },
  { base: 'ENA', lot: 0, tick: 4, price: 5_600 },
];

export const instruments: ReadonlyMap<string, Instrument> = new Map(
  traded.map(({ base, lot }) => {
    const name = `${base}/USDT:USDT`;
    const plain = instrumentFromName(venue, name)!;
    return [name, { ...plain, symbol: `${base}USDT`, lotSize: decimalOf(1, lot) }];
  }),
);

const termsOf = (name: string): Traded => traded.find(({ base }) => name.startsWith(`${base}/`))!;

export interface Account {
  readonly random: Random;
  readonly hedge: boolean;
  /** What the bot trades; others trade in the rest. */
  readonly own: readonly string[];
  readonly others: readonly string[];
  /** Oldest first. */
  fills: Fill[];
  now: Instant;
}

export interface Position {
  readonly instrument: string;
  readonly leg: Leg;
  /** Signed. */
  readonly quantity: Decimal;
  readonly averagePrice: Decimal;
}

/** Sizes come again: a difference of one size fits several executions. */
const sizesOf = (random: Random, { lot }: Traded): readonly Decimal[] =>
  Array.from({ length: 4 }, () => decimalOf(random.between(2, 9_000), lot));

export function accountOf(random: Random): Account {
  const names = [...instruments.keys()];
  const count = random.between(2, 5);
  const account: Account = {
    ...{ random, hedge: random.chance(0.3), own: names.slice(0, count) },
    ...{ others: names.slice(count), fills: [], now: begin },
  };
  for (const name of account.own) tradeIn(account, name);
  // What others hold is none of the bot's, and an answer that lists it is not empty.
  for (const name of account.others.slice(0, 1 + random.below(2))) {
    holdByHand(account, name, decimalOf(random.between(2, 9_000), termsOf(name).lot));
  }
  sortFills(account);
  return account;
}

/** One to three positions after each other, of which the last may still be open. */
function tradeIn(account: Account, name: string): void {
  const { random } = account;
  const sizes = sizesOf(random, termsOf(name));
  const positions = random.between(1, 3);
  let time = addMilliseconds(begin, random.between(60_000, 3_600_000));
  for (let index = 0; index < positions; index++) {
    const side = random.pick(['buy', 'sell'] as const);
    const leg: Leg = account.hedge ? (side === 'buy' ? 'long' : 'short') : 'net';
    const staysOpen = index === positions - 1 && random.chance(0.85);
    let held = zero;
    const put = (way: Side, quantity: Decimal): void => {
      time = addMilliseconds(time, random.between(130_000, 3_600_000));
      account.fills.push(...ordersFills(account, { name, leg, side: way, quantity, time }));
      held = (way === side ? add : subtract)(held, quantity);
    };
    put(side, add(random.pick(sizes), random.pick(sizes)));
    for (let more = random.below(4); more > 0; more--) {
      const size = random.pick(sizes);
      const isLess = signOf(subtract(held, size)) > 0 && random.chance(0.7);
      put(isLess ? opposite(side) : side, size);
    }
    if (!staysOpen) put(opposite(side), held);
  }
}

export const opposite = (side: Side): Side => (side === 'buy' ? 'sell' : 'buy');

interface Executed {
  readonly name: string;
  readonly leg: Leg;
  readonly side: Side;
  readonly quantity: Decimal;
  readonly time: Instant;
}

/** The executions of one order of the bot: one, or two some seconds apart. */
function ordersFills(account: Account, executed: Executed): readonly Fill[] {
  const { random } = account;
  const half = roundHalfEven(
    multiply(executed.quantity, decimal('0.5')),
    termsOf(executed.name).lot,
  );
  const isSplit = random.chance(0.3) && !isZero(half) && half !== executed.quantity;
  const order = `o${account.fills.length}-${random.digits(6)}`;
  const first = isSplit ? half : executed.quantity;
  const rest = subtract(executed.quantity, first);
  const own = { orderId: order, clientOrderId: `${botPrefix}${order}` };
  const later = addMilliseconds(executed.time, 3_000);
  return [
    fillOf(account, { ...executed, quantity: first }, own),
    ...(isZero(rest) ? [] : [fillOf(account, { ...executed, quantity: rest, time: later }, own)]),
  ];
}

export function fillOf(
  { random }: Account,
  { name, leg, side, quantity, time }: Executed,
  parts: Partial<Fill>,
): Fill {
  const { tick, price } = termsOf(name);
  const spread = Math.floor(price / 50);
  const at = decimalOf(price + random.between(-spread, spread), tick);
  const amount = roundHalfEven(multiply(multiply(quantity, at), decimal('0.00055')), 8);
  const fees = random.chance(0.1) || isZero(amount) ? [] : [{ currency: 'USDT', amount }];
  return {
    ...{ kind: 'fill', account: 'main', instrument: name, leg, side, quantity, price: at, fees },
    ...{ executionId: `e-${random.digits(9)}`, orderId: null, clientOrderId: null, time },
    ...{ liquidity: null, strategy: null, cause: 'trade', venueSequence: null, provisional: false },
    ...parts,
  };
}

/** Of another hand: the bot's store knows nothing of it. */
export function holdByHand(account: Account, name: string, quantity: Decimal): void {
  const { random, hedge } = account;
  const side = random.pick(['buy', 'sell'] as const);
  const leg: Leg = hedge ? (side === 'buy' ? 'long' : 'short') : 'net';
  const time = addMilliseconds(begin, random.between(60_000, 9_000_000));
  const orderId = `by-hand-${random.digits(6)}`;
  account.fills.push(fillOf(account, { name, leg, side, quantity, time }, { orderId }));
}

export function sortFills(account: Account): void {
  account.fills.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
  const last = account.fills.at(-1)!.time;
  const soonest = addMilliseconds(last, 600_000);
  if (account.now < soonest) account.now = soonest;
}

export const signed = ({ side, quantity }: Fill): Decimal =>
  side === 'buy' ? quantity : negate(quantity);

export const legOf = ({ instrument, leg }: Pick<Fill, 'instrument' | 'leg'>): string =>
  `${instrument} ${leg}`;

/** No execution takes a leg through zero. */
export function positionsAfter(fills: readonly Fill[]): readonly Position[] {
  const held = new Map<string, { quantity: Decimal; cost: Decimal; of: Fill }>();
  for (const fill of fills) {
    const key = legOf(fill);
    const at = held.get(key) ?? { quantity: zero, cost: zero, of: fill };
    held.set(key, at);
    const moved = signed(fill);
    const opens = signOf(at.quantity) !== -signOf(moved);
    const worth = opens
      ? multiply(moved, fill.price)
      : divideHalfEven(multiply(at.cost, moved), at.quantity, 18);
    at.quantity = add(at.quantity, moved);
    at.cost = isZero(at.quantity) ? zero : add(at.cost, worth);
  }
  return [...held.values()].map(({ quantity, cost, of: { instrument, leg } }) => {
    const averagePrice = isZero(quantity) ? zero : absolute(divideHalfEven(cost, quantity, 8));
    return { instrument, leg, quantity, averagePrice };
  });
}

/** The executions of what a leg holds now, the oldest first; none: it is flat. */
export function openFills(fills: readonly Fill[], leg: string): readonly Fill[] {
  let held = zero;
  let since: Fill[] = [];
  for (const fill of fills) {
    if (legOf(fill) !== leg) continue;
    if (isZero(held)) since = [];
    since.push(fill);
    held = add(held, signed(fill));
  }
  return isZero(held) ? [] : since;
}
