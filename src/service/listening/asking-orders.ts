/** Orders asked for by their ids, one by one. What fails ends the asking, and proves nothing. */
import type { OrderReport } from '../../model/fact.ts';
import type { Venue } from '../../venues/venue.ts';
import { asked, type Patience } from './asking.ts';

export type OrderName = Pick<OrderReport, 'instrument' | 'orderId'>;

export const orderKey = ({ instrument, orderId }: OrderName): string => `${instrument}|${orderId}`;

/** The venue's word of an order, or why there is none. */
export type OrderSaid =
  | { readonly report: OrderReport }
  /** `unheard`: the venue answered that it knows no such order. */
  | { readonly report: null; readonly why: string; readonly unheard: boolean };

export const unheardWhy = 'the venue does not list it as open, and knows no such order';

/** So many are asked for at most; the others the next time. */
const askedMax = 200;

/** One answer for each order, in their order. */
export async function* askedOrders<Name extends OrderName>(
  venue: Pick<Venue, 'order'>,
  names: Iterable<Name>,
  patience: Patience,
): AsyncGenerator<readonly [Name, OrderSaid]> {
  let [count, failure]: [number, string | null] = [0, null];
  for (const name of names) {
    const { instrument, orderId } = name;
    const reference = { instrument, orderId, clientOrderId: null };
    if (failure !== null) yield [name, without(`it was not asked for: ${failure}`)];
    else if (count === askedMax || patience.signal.aborted) {
      yield [name, without('it was not asked for yet')];
    } else {
      count += 1;
      const answer = await asked(() => venue.order(reference), patience);
      if (!answer.ok) failure = answer.why;
      yield [name, answer.ok ? saidOf(name, answer.value) : without(answer.why)];
    }
  }
}

function saidOf(name: OrderName, report: OrderReport | null): OrderSaid {
  if (report === null) return { report, why: unheardWhy, unheard: true };
  if (orderKey(report) === orderKey(name)) return { report };
  return without(`the venue answers with the order ${report.orderId}`);
}

const without = (why: string): OrderSaid => ({ report: null, why, unheard: false });

/** An end is told now: a stamp that runs behind that of an older report makes it no older. */
export const endAfter = (told: OrderReport, known: Pick<OrderReport, 'time'>): OrderReport =>
  told.time > known.time ? told : { ...told, time: known.time + 1n };
