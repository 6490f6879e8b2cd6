/**
 * Provisional fills, which were inferred from a bot's orders, and the venue's own fills of the same
 * orders: which of these take the place of which of those. By the order's id; and where it has
 * none that the venue could know, by what was traded, at which price and when.
 */
import {
  absolute,
  compare,
  type Decimal,
  equals,
  isZero,
  multiply,
  subtract,
  total,
  zero,
} from '../decimal/decimal.ts';
import { toText } from '../decimal/text.ts';
import type { Fill } from '../model/fact.ts';
import type { Instant } from '../model/instant.ts';

export interface BookedFill {
  readonly sequence: number;
  readonly fact: Fill;
}

export interface InferredFills {
  /** Provisional fills in force. */
  readonly provisional: readonly BookedFill[];
  /** Those that were taken back: what stands in their place takes no other's. */
  readonly gone: readonly Fill[];
  /** The venue's fills in force that may be of their orders. */
  readonly real: readonly BookedFill[];
}

export interface Superseded {
  readonly ours: BookedFill;
  /** Under one order id, or alike but for the id. */
  readonly by: 'order' | 'likeness';
  /** The fills of the order; those that are only listed have the sequence 0. */
  readonly real: readonly BookedFill[];
  /** What the real ones of the order have more than all provisional ones; negative: less. */
  readonly over: Decimal;
}

/** What was inferred has no finer time than this. */
export const likenessMax: Instant = 60_000_000_000n;

interface Order {
  readonly real: readonly BookedFill[];
  taken: boolean;
}

const idsOf = ({ orderId, clientOrderId }: Fill): readonly string[] => [
  ...(orderId === null ? [] : [`order ${orderId}`]),
  ...(clientOrderId === null ? [] : [`client ${clientOrderId}`]),
];

const placeOf = ({ instrument, side, leg }: Fill): string => [instrument, side, leg].join('\n');

const minuteOf = (place: string, time: Instant, offset: bigint): string =>
  `${place}\n${time / likenessMax + offset}`;

export const quantityOf = (fills: readonly BookedFill[]): Decimal =>
  total(fills.map(({ fact }) => fact.quantity));

/** `listed`: fills of the venue that are not booked. `tickOf`: null where nobody told the step. */
export function supersededBy(
  { provisional, gone, real }: InferredFills,
  listed: readonly Fill[],
  tickOf: (instrument: string) => Decimal | null,
): readonly Superseded[] {
  if (provisional.length === 0) return [];
  const pool = [...real, ...listed.map((fact) => ({ sequence: 0, fact }))];
  if (pool.length === 0) return [];
  const orders = new Orders(pool, tickOf);
  // Each order takes the place of one: those that were taken back had theirs before.
  const left = gone.filter((fill) => orders.take(fill) === null);
  const byOrder = Map.groupBy(provisional, ({ fact }) => orders.take(fact));
  for (const fill of left) orders.takeAlike(fill);
  return Array.from(byOrder, ([order, all]): readonly Superseded[] => {
    if (order === null) return all.flatMap((ours) => orders.alike(ours));
    const over = subtract(quantityOf(order.real), quantityOf(all));
    return all.map((ours) => ({ ours, by: 'order', real: order.real, over }));
  })
    .flat()
    .sort((a, b) => a.ours.sequence - b.ours.sequence);
}

class Orders {
  readonly #byId = new Map<string, Order>();
  readonly #byMinute: ReadonlyMap<string, readonly Order[]>;
  readonly #tickOf: (instrument: string) => Decimal | null;

  constructor(pool: readonly BookedFill[], tickOf: (instrument: string) => Decimal | null) {
    this.#tickOf = tickOf;
    const named = Map.groupBy(pool, ({ fact }) => {
      const [id] = idsOf(fact);
      return `${placeOf(fact)}\n${id ?? `fill ${fact.executionId}`}`;
    });
    const orders = Array.from(named.values(), (all): Order => ({ real: all, taken: false }));
    for (const order of orders) {
      for (const { fact } of order.real) {
        for (const id of idsOf(fact)) this.#byId.set(`${placeOf(fact)}\n${id}`, order);
      }
    }
    this.#byMinute = Map.groupBy(orders, ({ real }) => {
      const { fact } = real[0]!;
      return minuteOf(placeOf(fact), fact.time, 0n);
    });
  }

  /** The order that has an id of the fill. */
  take(fill: Fill): Order | null {
    for (const id of idsOf(fill)) {
      const order = this.#byId.get(`${placeOf(fill)}\n${id}`);
      if (order === undefined) continue;
      order.taken = true;
      return order;
    }
    return null;
  }

  alike(ours: BookedFill): readonly Superseded[] {
    const order = this.takeAlike(ours.fact);
    return order === null ? [] : [{ ours, by: 'likeness', real: order.real, over: zero }];
  }

  /** The nearest in time that nothing else stands for. */
  takeAlike(fill: Fill): Order | null {
    const place = placeOf(fill);
    const away = ({ real }: Order): bigint => apart(real[0]!.fact.time, fill.time);
    const [order] = [0n, -1n, 1n]
      .flatMap((offset) => this.#byMinute.get(minuteOf(place, fill.time, offset)) ?? [])
      .filter((one) => !one.taken && this.#isAlike(fill, one.real))
      .sort((a, b) => Number(away(a) - away(b)));
    if (order === undefined) return null;
    order.taken = true;
    return order;
  }

  #isAlike(fill: Fill, real: readonly BookedFill[]): boolean {
    if (!equals(quantityOf(real), fill.quantity)) return false;
    const facts = real.map(({ fact }) => fact);
    if (facts.some((fact) => apart(fact.time, fill.time) > likenessMax)) return false;
    if (!mayBeOneOrder(fill.orderId, facts[0]!.orderId)) return false;
    const paid = total(facts.map(({ price, quantity }) => multiply(price, quantity)));
    const off = absolute(subtract(paid, multiply(fill.price, fill.quantity)));
    const tick = this.#tickOf(fill.instrument);
    return tick === null ? isZero(off) : compare(off, multiply(tick, fill.quantity)) <= 0;
  }
}

const apart = (a: Instant, b: Instant): bigint => (a < b ? b - a : a - b);

/** Two ids of one form are two orders; a bot's own number says nothing about the venue's. */
function mayBeOneOrder(ours: string | null, theirs: string | null): boolean {
  if (ours === null || theirs === null) return true;
  const isNumber = /^\d+$/.test(ours);
  if (isNumber !== /^\d+$/.test(theirs)) return true;
  const longer = Math.abs(ours.length - theirs.length);
  return isNumber ? longer > 1 : longer > 0;
}

const namedMax = 3;

/** `buy 60 HNT/USDT @ 2.35 (order:17) is 2 fills of order 9 (e1, e2)`. */
export function supersededText({ ours, by, real, over }: Superseded): string {
  const { side, quantity, instrument, price, executionId } = ours.fact;
  const named = real.slice(0, namedMax).map(({ fact }) => fact.executionId);
  const more = real.length > namedMax ? `, and ${real.length - namedMax} more` : '';
  const count = real.length === 1 ? 'one fill' : `${real.length} fills`;
  const { orderId, clientOrderId } = real[0]!.fact;
  const order = orderId ?? clientOrderId;
  const of = order === null ? '' : ` of order ${order}`;
  const alike = by === 'order' ? '' : ', which are alike and have no id in common';
  const size = toText(absolute(over));
  const rest = isZero(over) ? '' : `, ${size} ${compare(over, zero) > 0 ? 'more' : 'less'} in all`;
  return (
    `${side} ${toText(quantity)} ${instrument} @ ${toText(price)} (${executionId}) is ${count}` +
    `${of} (${named.join(', ')}${more})${alike}${rest}`
  );
}
