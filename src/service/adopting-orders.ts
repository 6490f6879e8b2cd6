/**
 * A source's orders as they are read once, one after the other: what they move in all, and which
 * of them cannot be booked. Nothing here keeps an order.
 */
import {
  absolute,
  add,
  type Decimal,
  isPositive,
  multiply,
  subtract,
  zero,
} from '../decimal/decimal.ts';
import { decimal } from '../decimal/text.ts';
import type { Fill } from '../model/fact.ts';
import type { Instant } from '../model/instant.ts';
import type { SourceOrder } from '../model/source.ts';

/** An order that says everything a fill needs. */
export interface CompleteOrder extends SourceOrder {
  readonly side: 'buy' | 'sell';
  readonly quantity: Decimal;
  readonly price: Decimal;
  readonly at: Instant;
}

/** Facts have at most so many digits behind the point. */
const digitsMax = 18;

/** Why an order cannot be a fill; null: it can. */
export function lackOf({ symbol, side, quantity, price, at }: SourceOrder): string | null {
  if (symbol === '') return 'no symbol';
  if (side === null) return 'no side';
  if (quantity === null) return 'no quantity';
  if (!isPositive(quantity)) return 'a quantity that is not positive';
  if (price === null) return 'no price';
  if (!isPositive(price)) return 'a price that is not positive';
  if (at === null) return 'no time';
  const digits = Math.max(quantity.scale, price.scale);
  return digits > digitsMax ? `more than ${digitsMax} digits behind the point` : null;
}

export const isComplete = (order: SourceOrder): order is CompleteOrder => lackOf(order) === null;

/** Ids that are listed of a fault; the rest are counted. */
const listedMax = 5;

export interface Lack {
  readonly why: string;
  count: number;
  /** The first of them. */
  readonly ids: string[];
}

interface Sums {
  /** What the orders moved in all. */
  moved: Decimal;
  /** Of everything that a sum in binary fractions passed through: what it can have lost. */
  passed: Decimal;
}

/** A sum of so much in binary fractions is off by at most this part of it: 2^-52. */
const lostPart = decimal('0.0000000000000002220446049250313080847263336181640625');

export class OrderTally {
  /** Orders that were read, and those that can be booked. */
  read = 0;
  complete = 0;
  /** Orders at or before the opening: contained in it. */
  contained = 0;
  firstAt: Instant | null = null;
  newestAt: Instant | null = null;
  /** Realised PnL as the source noted it; null: an order that closes has none, or none has. */
  pnl: Decimal | null = null;
  readonly lacks = new Map<string, Lack>();
  readonly #opened: Decimal;
  readonly #cash: Sums;
  readonly #units = new Map<string, Sums>();
  readonly #ids = new Set<string>();
  readonly #openingAt: Instant | null;

  /** Orders at or before an opening are contained in it. */
  constructor(opening: { readonly amount: Decimal | null; readonly at: Instant | null }) {
    this.#opened = opening.amount ?? zero;
    this.#cash = { moved: zero, passed: zero };
    this.#openingAt = opening.at;
  }

  /** False: this order cannot be booked, or is contained in the opening. */
  take(order: SourceOrder): order is CompleteOrder {
    this.read += 1;
    const lack = lackOf(order) ?? this.#repeated(order);
    if (lack !== null) this.#lack(lack, order.id);
    if (lack !== null || !isComplete(order)) return false;
    if (this.#openingAt !== null && order.at <= this.#openingAt) {
      this.contained += 1;
      return false;
    }
    this.complete += 1;
    this.#move(order);
    if (this.firstAt === null || order.at < this.firstAt) this.firstAt = order.at;
    if (this.newestAt === null || order.at > this.newestAt) this.newestAt = order.at;
    if (order.pnl !== null) this.pnl = add(this.pnl ?? zero, order.pnl);
    return true;
  }

  /** No more orders come: their ids need not be remembered. */
  end(): void {
    this.#ids.clear();
  }

  /** An order that is left out for a reason that is not in its row. */
  leave(why: string, id: string): void {
    this.read += 1;
    this.#lack(why, id);
  }

  #lack(why: string, id: string): void {
    const known = this.lacks.get(why) ?? { why, count: 0, ids: [] };
    known.count += 1;
    if (known.ids.length < listedMax) known.ids.push(id);
    this.lacks.set(why, known);
  }

  /** What all of them together moved in cash: sales less purchases. */
  get cash(): Decimal {
    return this.#cash.moved;
  }

  /** How far a running sum in binary fractions can be from the exact one. */
  get cashSlack(): Decimal {
    return multiply(this.#cash.passed, lostPart);
  }

  get symbols(): readonly string[] {
    return [...this.#units.keys()].sort();
  }

  quantity(symbol: string): Decimal {
    return this.#units.get(symbol)?.moved ?? zero;
  }

  quantitySlack(symbol: string): Decimal {
    return multiply(this.#units.get(symbol)?.passed ?? zero, lostPart);
  }

  #repeated({ id }: SourceOrder): string | null {
    if (this.#ids.has(id)) return 'an id that another order has';
    this.#ids.add(id);
    return null;
  }

  #move({ symbol, side, quantity, price }: CompleteOrder): void {
    const paid = multiply(quantity, price);
    const units = this.#units.get(symbol) ?? { moved: zero, passed: zero };
    this.#units.set(symbol, units);
    const buy = side === 'buy';
    units.moved = buy ? add(units.moved, quantity) : subtract(units.moved, quantity);
    units.passed = add(units.passed, add(absolute(units.moved), quantity));
    this.#cash.moved = buy ? subtract(this.#cash.moved, paid) : add(this.#cash.moved, paid);
    // The product was rounded too, and each of its factors.
    const passed = add(absolute(add(this.#opened, this.#cash.moved)), add(paid, paid));
    this.#cash.passed = add(this.#cash.passed, passed);
  }
}

/** Identity in our book: the order's own id, which nothing else there looks like. */
export const executionIdOf = ({ id }: SourceOrder): string => `order:${id}`;

/** One fill for the whole order, as the source says it went; to be replaced by the real ones. */
export const fillOfOrder = (
  order: CompleteOrder,
  account: string,
  instrument: string,
  feesKnown: boolean,
): Fill => ({
  kind: 'fill',
  account,
  instrument,
  leg: 'net',
  side: order.side,
  quantity: order.quantity,
  price: order.price,
  fees: feesKnown ? [] : null,
  liquidity: null,
  executionId: executionIdOf(order),
  orderId: order.id,
  clientOrderId: null,
  strategy: null,
  cause: 'trade',
  venueSequence: /^\d+$/.test(order.id) ? order.id : null,
  provisional: true,
  time: order.at,
});
