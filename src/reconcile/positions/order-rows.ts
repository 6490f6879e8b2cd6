/** Every row of an order that is at hand, whosever it is, by its key and by its order's ids. */
import type { Line } from '../../model/break.ts';
import type { StoredOrder } from '../../model/position-source.ts';
import { isNamedAs } from './order-facts.ts';
import type { CheckPositionsInput } from './port.ts';

type Ids = Pick<StoredOrder, 'orderId' | 'clientOrderId'>;

export class OrderRows {
  readonly all: readonly StoredOrder[];
  readonly #byKey: ReadonlyMap<string, StoredOrder>;
  readonly #byName = new Map<string, StoredOrder[]>();

  constructor({ snapshot, olderOrders = [] }: CheckPositionsInput) {
    this.#byKey = new Map([...olderOrders, ...snapshot.orders].map((one) => [one.id, one]));
    this.all = [...this.#byKey.values()];
    for (const one of this.all) {
      for (const name of namesOf(one)) {
        const known = this.#byName.get(name);
        if (known === undefined) this.#byName.set(name, [one]);
        else known.push(one);
      }
    }
  }

  withKey(key: string): StoredOrder | undefined {
    return this.#byKey.get(key);
  }

  about(order: Ids): readonly StoredOrder[] {
    const found = namesOf(order).flatMap((name) => this.#byName.get(name) ?? []);
    return [...new Set(found)].filter((one) => isNamedAs(one, order));
  }

  /** Other rows of the same order: a bot may write one for each of its states. */
  besides(row: StoredOrder): readonly StoredOrder[] {
    return this.about(row).filter(({ id }) => id !== row.id);
  }
}

const namesOf = ({ orderId, clientOrderId }: Ids): readonly string[] =>
  [orderId, clientOrderId].flatMap((id) => (id === null || id === '' ? [] : [id]));

/** Of the line of an order without one. */
export const noRow = 'no row';

const ofRow = 'row ';

export const detailOf = ({ id }: Pick<StoredOrder, 'id'>): string => `${ofRow}${id}`;

/** Null: of an order that no row is about. */
export const rowKeyOf = ({ detail }: Pick<Line, 'detail'>): string | null =>
  detail?.startsWith(ofRow) === true ? detail.slice(ofRow.length) : null;
