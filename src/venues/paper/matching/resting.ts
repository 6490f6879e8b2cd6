/** Our orders that rest on one side of a market: best price first, then as they came. */
import type { PaperOrder } from './order.ts';

export class Resting {
  /** -1: buys (better is higher), 1: sells (better is lower). */
  readonly sign: 1 | -1;
  readonly #orders: PaperOrder[] = [];
  readonly #byPrice = new Map<number, PaperOrder[]>();

  constructor(sign: 1 | -1) {
    this.sign = sign;
  }

  get orders(): readonly PaperOrder[] {
    return this.#orders;
  }

  get size(): number {
    return this.#orders.length;
  }

  /** NaN when there is none. */
  best(): number {
    return this.#orders[0]?.price ?? Number.NaN;
  }

  at(price: number): readonly PaperOrder[] | undefined {
    return this.#byPrice.get(price);
  }

  add(order: PaperOrder): void {
    const price = order.price!;
    let index = this.#orders.length;
    while (index > 0 && (this.#orders[index - 1]!.price! - price) * this.sign > 0) index -= 1;
    this.#orders.splice(index, 0, order);
    const level = this.#byPrice.get(price);
    if (level === undefined) this.#byPrice.set(price, [order]);
    else level.push(order);
  }

  remove(order: PaperOrder): void {
    const index = this.#orders.indexOf(order);
    if (index < 0) return;
    this.#orders.splice(index, 1);
    const level = this.#byPrice.get(order.price!)!;
    if (level.length === 1) this.#byPrice.delete(order.price!);
    else level.splice(level.indexOf(order), 1);
  }

  /** Those at the price or better, best first, as they are now. */
  reaching(price: number): readonly PaperOrder[] {
    const first = this.#orders[0];
    if (first === undefined || (first.price! - price) * this.sign > 0) return none;
    const end = this.#orders.findIndex((order) => (order.price! - price) * this.sign > 0);
    return this.#orders.slice(0, end < 0 ? this.#orders.length : end);
  }
}

const none: readonly PaperOrder[] = [];
