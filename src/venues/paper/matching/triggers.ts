/** Orders that wait for a price: kept so that a price that touches none of them costs nothing. */
import { compare, type Decimal } from '../../../decimal/decimal.ts';
import type { PaperOrder } from './order.ts';

export class Triggers {
  #orders: PaperOrder[] = [];

  get size(): number {
    return this.#orders.length;
  }

  add(order: PaperOrder): void {
    this.#orders.push(order);
  }

  remove(order: PaperOrder): void {
    this.#orders = this.#orders.filter((one) => one !== order);
  }

  /** Those that a price range touches, in the order in which they came; they are taken out. */
  touchedBy(of: 'last' | 'mark', low: Decimal, high: Decimal): readonly PaperOrder[] {
    const touched = this.#orders.filter(({ request }) => {
      const trigger = request.trigger!;
      if (trigger.of !== of) return false;
      return trigger.when === 'rises-to'
        ? compare(high, trigger.price) >= 0
        : compare(low, trigger.price) <= 0;
    });
    for (const order of touched) this.remove(order);
    return touched;
  }
}
