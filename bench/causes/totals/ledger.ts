/** A paper account that keeps a total: its days, by arithmetic of the bench's own. */
import {
  add,
  type Decimal,
  decimalOf,
  fromInteger,
  isPositive,
  isZero,
  multiply,
  subtract,
  zero,
} from '../../../src/decimal/decimal.ts';
import { addMilliseconds, type Instant, instant } from '../../../src/model/instant.ts';
import type { SourceOrder, SourcePerformance, SourcePosition } from '../../../src/model/source.ts';
import type { Random } from '../../../test/decimal/random.ts';

export const dayMs = 86_400_000;
const begin = instant('2025-11-03T21:00:00Z');

export interface Ledger {
  readonly random: Random;
  readonly opening: Decimal;
  cash: Decimal;
  readonly positions: SourcePosition[];
  readonly orders: SourceOrder[];
  /** One a day, oldest first. */
  records: SourcePerformance[];
  /** When the prices are of, and the look. */
  readonly pricedAt: Instant;
  readonly lookedAt: Instant;
}

interface Held {
  readonly symbol: string;
  readonly entry: Decimal;
  readonly entryAt: Instant;
  quantity: Decimal;
  price: Decimal;
}

const cents = (random: Random, from: number, to: number): Decimal =>
  decimalOf(random.between(from, to), 2);

/** Each symbol is bought once, and sold in whole or in part. */
export function ledgerOf(random: Random): Ledger {
  const opening = fromInteger(random.between(50, 500) * 1_000);
  let cash = opening;
  const orders: SourceOrder[] = [];
  const records: SourcePerformance[] = [];
  const all: Held[] = [];
  const trade = (of: Held, side: 'buy' | 'sell', quantity: Decimal, at: Instant): void => {
    const isBuy = side === 'buy';
    cash = (isBuy ? subtract : add)(cash, multiply(quantity, of.price));
    of.quantity = (isBuy ? add : subtract)(of.quantity, quantity);
    const pnl = isBuy ? null : multiply(quantity, subtract(of.price, of.entry));
    const id = String(orders.length + 1);
    const { symbol, price } = of;
    orders.push({ id, accountId: null, symbol, side, quantity, price, at, pnl });
  };
  const record = (time: Instant): void => {
    const positionsValue = worthOf(all);
    records.push({ time, total: add(cash, positionsValue), cash, positionsValue });
  };
  record(begin);
  const days = random.between(4, 12);
  for (let day = 1; day <= days; day++) {
    const time = addMilliseconds(begin, day * dayMs);
    for (const one of all) one.price = moved(random, one.price);
    for (const one of all) {
      if (!isPositive(one.quantity) || !random.chance(0.15)) continue;
      const all = one.quantity.coefficient as number;
      const quantity = fromInteger(random.between(1, all));
      trade(one, 'sell', quantity, addMilliseconds(time, -3_600_000));
    }
    if (day === 1 || random.chance(0.6)) {
      const price = cents(random, 900, 60_000);
      const entryAt = addMilliseconds(time, -7_200_000);
      const one: Held = { symbol: `S${all.length}`, entry: price, entryAt, quantity: zero, price };
      all.push(one);
      trade(one, 'buy', fromInteger(random.between(1, 60)), entryAt);
    }
    record(time);
  }
  const last = addMilliseconds(begin, days * dayMs);
  const pricedAt = addMilliseconds(last, random.between(3_600_000, 20 * 3_600_000));
  for (const one of all) one.price = moved(random, one.price);
  const positions = all
    .filter(({ quantity }) => !isZero(quantity))
    .map((one) => positionOf(one, pricedAt));
  const lookedAt = addMilliseconds(pricedAt, 300_000);
  return { random, opening, cash, positions, orders, records, pricedAt, lookedAt };
}

const moved = (random: Random, price: Decimal): Decimal => {
  const off = cents(random, -300, 300);
  const after = add(price, off);
  return isPositive(after) ? after : price;
};

const worthOf = (all: readonly Held[]): Decimal =>
  all.reduce((sum, { quantity, price }) => add(sum, multiply(quantity, price)), zero);

function positionOf(
  { symbol, quantity, price, entry, entryAt }: Held,
  at: Instant,
): SourcePosition {
  return { symbol, quantity, price, entryPrice: entry, updatedAt: at, entryAt, traded: null };
}

export const totalOf = ({ cash, positions }: Pick<Ledger, 'cash' | 'positions'>): Decimal =>
  positions.reduce((sum, { quantity, price }) => add(sum, multiply(quantity!, price!)), cash);
