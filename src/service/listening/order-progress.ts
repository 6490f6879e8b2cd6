/** What is left of orders: what was ordered, less what filled, whatever a status says. */
import { type Decimal, subtract, total } from '../../decimal/decimal.ts';
import type { Fill, OrderReport } from '../../model/fact.ts';

export interface Progress {
  readonly ordered: Decimal | null;
  /** The sum of its fills in force. */
  readonly filled: Decimal;
  /** Null: what was ordered is not known. */
  readonly remaining: Decimal | null;
}

interface Known {
  ordered: Decimal | null;
  readonly fills: Map<string, Decimal>;
}

/** Orders that nothing was heard of for the longest time are forgotten. */
const ordersMax = 20_000;
/** So many at once: to find the oldest, a map steps over all that were deleted before it. */
const forgottenAtOnce = 2_000;

export class OrderProgress {
  readonly #orders = new Map<string, Known>();

  order(report: OrderReport): void {
    this.#known(report.instrument, report.orderId).ordered = report.quantity;
  }

  fill({ instrument, orderId, executionId, side, leg, quantity }: Fill): void {
    if (orderId === null) return;
    this.#known(instrument, orderId).fills.set(`${executionId}|${side}|${leg}`, quantity);
  }

  /** The fill is not in force any more. */
  bust({ instrument, orderId, executionId, side, leg }: Fill): void {
    if (orderId === null) return;
    this.#known(instrument, orderId).fills.delete(`${executionId}|${side}|${leg}`);
  }

  /** Null: no such order is known. */
  of(instrument: string, orderId: string): Progress | null {
    const known = this.#orders.get(keyOf(instrument, orderId));
    if (known === undefined) return null;
    const filled = total([...known.fills.values()]);
    const { ordered } = known;
    return { ordered, filled, remaining: ordered === null ? null : subtract(ordered, filled) };
  }

  #forget(): void {
    for (const oldest of this.#orders.keys().take(forgottenAtOnce)) this.#orders.delete(oldest);
  }

  #known(instrument: string, orderId: string): Known {
    const key = keyOf(instrument, orderId);
    const known = this.#orders.get(key) ?? { ordered: null, fills: new Map() };
    this.#orders.delete(key);
    this.#orders.set(key, known);
    if (this.#orders.size > ordersMax) this.#forget();
    return known;
  }
}

const keyOf = (instrument: string, orderId: string): string => `${instrument}|${orderId}`;
