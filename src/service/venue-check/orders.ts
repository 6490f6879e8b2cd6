/** What a venue says of orders that it does not list as open, as part of what it says. */
import type { OrderReport } from '../../model/fact.ts';
import type { Statement, StatementOrder } from '../../model/statement.ts';
import type { Venue } from '../../venues/venue.ts';
import type { Patience } from '../listening/asking.ts';
import { askedOrders, endAfter, orderKey } from '../listening/asking-orders.ts';

/** Its word of each; of what it does not know, or does not answer, there is none. */
export async function ordersAskedFor(
  venue: Pick<Venue, 'order'>,
  ghosts: readonly OrderReport[],
  patience: Patience,
): Promise<readonly StatementOrder[]> {
  const told: StatementOrder[] = [];
  for await (const [ours, { report }] of askedOrders(venue, ghosts, patience)) {
    if (report === null || report.status === 'unknown') continue;
    const { kind: _, account: __, ...order } = endAfter(report, ours);
    told.push(order);
  }
  return told;
}

/** With what it said of orders that it does not list; what it lists says more. */
export function withOrders(statement: Statement, told: readonly StatementOrder[]): Statement {
  const { orders } = statement;
  if (orders === null) return statement;
  const listed = new Set(orders.items.map(orderKey));
  const others = told.filter((order) => !listed.has(orderKey(order)));
  return { ...statement, orders: { ...orders, items: [...orders.items, ...others] } };
}
