/** Which executions are the bot's own: by ids that its store knows, or a declared beginning. */
import { add, compare, type Decimal, zero } from '../../decimal/decimal.ts';
import type { Fill } from '../../model/fact.ts';
import type { StoredOrder } from '../../model/position-source.ts';
import type { LegStep } from './leg-history.ts';
import type { CheckPositionsInput } from './port.ts';

export class OwnOrders {
  readonly #ids: ReadonlySet<string>;
  readonly #prefixes: readonly string[];
  readonly #stored: readonly StoredOrder[];

  constructor({
    snapshot,
    ownOrders = new Set(),
    addedOrders = new Set(),
    ownOrderPrefixes,
  }: Pick<CheckPositionsInput, 'snapshot' | 'ownOrders' | 'addedOrders' | 'ownOrderPrefixes'>) {
    this.#stored = snapshot.orders.filter(({ id }) => !addedOrders.has(id));
    const stored = this.#stored.flatMap(({ orderId, clientOrderId }) => [orderId, clientOrderId]);
    this.#ids = new Set([
      ...ownOrders,
      ...stored.filter((id) => id !== null && id !== ''),
    ] as string[]);
    this.#prefixes = ownOrderPrefixes;
  }

  has({ orderId, clientOrderId }: Pick<Fill, 'orderId' | 'clientOrderId'>): boolean {
    if (orderId !== null && this.#ids.has(orderId)) return true;
    if (clientOrderId === null) return false;
    return (
      this.#ids.has(clientOrderId) ||
      this.#prefixes.some((prefix) => clientOrderId.startsWith(prefix))
    );
  }

  /** The store itself has the order of the execution with all that was executed of it. */
  hasFilled({ orderId }: Pick<Fill, 'orderId'>, steps: readonly LegStep[]): boolean {
    const filled = this.#stored.find((one) => orderId !== null && one.orderId === orderId)?.filled;
    if (filled == null) return false;
    const executed = steps.reduce<Decimal>(
      (sum, { fill }) => (fill.orderId === orderId ? add(sum, fill.quantity) : sum),
      zero,
    );
    return compare(filled, executed) >= 0;
  }
}
