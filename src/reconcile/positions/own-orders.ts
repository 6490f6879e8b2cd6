/** Which executions are the bot's own: by ids that its store knows, or a declared beginning. */
import type { Fill } from '../../model/fact.ts';
import type { CheckPositionsInput } from './port.ts';

export class OwnOrders {
  readonly #ids: ReadonlySet<string>;
  readonly #prefixes: readonly string[];

  constructor({
    snapshot,
    ownOrders = new Set(),
    ownOrderPrefixes,
  }: Pick<CheckPositionsInput, 'snapshot' | 'ownOrders' | 'ownOrderPrefixes'>) {
    const stored = snapshot.orders.flatMap(({ orderId, clientOrderId }) => [
      orderId,
      clientOrderId,
    ]);
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
}
