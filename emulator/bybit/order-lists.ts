/** Orders: those that are open, and those that were. */
import type { OrderState } from '../exchange/history.ts';
import type { RequestFaults } from '../faults/request-faults.ts';
import type { Desk } from './desk.ts';
import type { Category } from './names.ts';
import { pageOfAll } from './paging.ts';
import { type RequestParameters, weekWindow } from './parameters.ts';
import { isClosed, orderWord } from './payload-order.ts';

const recentMax = 500;

/** Open orders; by id, or where closed ones are asked for, the newest of these too. */
export function openOrders(desk: Desk, parameters: RequestParameters, faults: RequestFaults) {
  const category = parameters.category();
  const isById = parameters.text('orderId') !== null || parameters.text('orderLinkId') !== null;
  const withClosed = isById || parameters.text('openOnly') === '1';
  const rowsOf = (ageMs: number) => {
    const view = desk.floor.view(ageMs);
    if (!withClosed) return ordersOf(desk, category, parameters, view.resting);
    const all = ordersOf(desk, category, parameters, view.orders);
    const closed = all.filter(isClosed).slice(-recentMax);
    const open = all.filter((state) => !isClosed(state));
    return [...(isById ? open : []), ...closed];
  };
  const rows = faults.rows(rowsOf, ({ report }) => report.orderId);
  const paging = { parameters, faults, usual: 20, most: 50, category };
  return pageOfAll(rows, paging, (state) => desk.order(state));
}

export function orderHistory(desk: Desk, parameters: RequestParameters, faults: RequestFaults) {
  const category = parameters.category();
  const [from, to] = parameters.window(desk.floor.clock.now(), weekWindow);
  const status = parameters.text('orderStatus');
  const rowsOf = (ageMs: number) =>
    ordersOf(desk, category, parameters, desk.floor.view(ageMs).orders).filter(
      (state) =>
        isClosed(state) &&
        state.createdAt >= from &&
        state.createdAt <= to &&
        (status === null || orderWord(state, category === 'spot') === status),
    );
  const rows = faults.rows(rowsOf, ({ report }) => report.orderId);
  const paging = { parameters, faults, usual: 20, most: 50, category };
  return pageOfAll(rows, paging, (state) => desk.order(state));
}

function ordersOf(
  desk: Desk,
  category: Category,
  parameters: RequestParameters,
  orders: readonly OrderState[],
): OrderState[] {
  const { names } = desk.terms;
  const symbol = parameters.text('symbol');
  const settle = parameters.text('settleCoin');
  const orderId = parameters.text('orderId');
  const clientId = parameters.text('orderLinkId');
  return orders.filter(({ report }) => {
    if (names.category(report.instrument) !== category) return false;
    if (symbol !== null && names.symbol(report.instrument) !== symbol) return false;
    if (settle !== null && names.of(report.instrument)?.settle !== settle) return false;
    if (orderId !== null && names.id(report.orderId) !== orderId) return false;
    return clientId === null || report.clientOrderId === clientId;
  });
}
