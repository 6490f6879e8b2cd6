/** What happened: executions, the transaction log, profit of what was closed. */
import { add, type Decimal, divideHalfEven, multiply, zero } from '../../src/decimal/decimal.ts';
import { addMilliseconds } from '../../src/model/instant.ts';
import type { Execution } from '../exchange/history.ts';
import { newestTransactions, type Transaction } from '../exchange/transactions.ts';
import type { RequestFaults } from '../faults/request-faults.ts';
import { type Desk, whatMoved } from './desk.ts';
import { sideWord } from './names.ts';
import { beforeOf, pageOf, pageOfAll } from './paging.ts';
import { dayWindow, type RequestParameters, type Window, weekWindow } from './parameters.ts';
import { transactionPayload, transactionType } from './payload-transaction.ts';

/** As of when the list is told, its span, and where its page begins. */
function spanOf(desk: Desk, parameters: RequestParameters, faults: RequestFaults, window: Window) {
  const now = desk.floor.clock.now();
  const [from, to] = parameters.window(now, window);
  const at = addMilliseconds(now, -(faults.find('stale')?.ageMs ?? 0));
  return { at, from, to, before: beforeOf(parameters) };
}

export function executions(desk: Desk, parameters: RequestParameters, faults: RequestFaults) {
  const category = parameters.category();
  const { at, ...span } = spanOf(desk, parameters, faults, weekWindow);
  const { names } = desk.terms;
  const wanted = (['symbol', 'orderId', 'orderLinkId', 'execType'] as const).flatMap((name) => {
    const value = parameters.text(name);
    return value === null ? [] : [{ name, value }];
  });
  function* rows() {
    for (const event of desk.floor.history.newest(at, span)) {
      if (names.category(whatMoved(event).instrument) !== category) continue;
      const row = desk.execution(event);
      if (wanted.every(({ name, value }) => row[name] === value))
        yield { row, sequence: event.sequence };
    }
  }
  const paging = { parameters, faults, usual: 50, most: 100, category };
  return pageOf(rows(), paging, ({ row }) => row);
}

export function transactions(desk: Desk, parameters: RequestParameters, faults: RequestFaults) {
  const { at, ...span } = spanOf(desk, parameters, faults, dayWindow);
  const { names } = desk.terms;
  const category = parameters.text('category');
  const currency = parameters.text('currency');
  const type = parameters.text('type');
  const isWanted = (row: Transaction): boolean => {
    const instrument = row.fill?.instrument ?? row.flow?.instrument ?? null;
    if (row.at > at) return false;
    if (currency !== null && row.currency !== currency) return false;
    if (type !== null && transactionType(row) !== type) return false;
    if (category === null || instrument === null) return category === null;
    return names.category(instrument) === category;
  };
  function* rows() {
    for (const row of newestTransactions(desk.floor.history.transactions.list, span))
      if (isWanted(row)) yield row;
  }
  const paging = { parameters, faults, usual: 20, most: 50, category: null };
  return pageOf(rows(), paging, (row) => transactionPayload(row, desk.terms));
}

/** One row per order that closed a part of a position. */
export function closedPnl(desk: Desk, parameters: RequestParameters, faults: RequestFaults) {
  const category = parameters.category();
  const { at, ...span } = spanOf(desk, parameters, faults, weekWindow);
  const symbol = parameters.text('symbol');
  const { names } = desk.terms;
  const byOrder = new Map<string, Execution[]>();
  for (const event of desk.floor.history.newest(at, { ...span, before: Infinity })) {
    if (event.kind !== 'execution' || event.closed.coefficient === 0) continue;
    const { instrument, orderId, executionId } = event.fill;
    if (names.category(instrument) !== category) continue;
    if (symbol !== null && names.symbol(instrument) !== symbol) continue;
    const fills = byOrder.get(orderId ?? executionId) ?? [];
    fills.push(event);
    byOrder.set(orderId ?? executionId, fills);
  }
  const rows = [...byOrder.values()].map((fills) => ({
    row: closedRow(desk, fills.reverse()),
    sequence: fills.at(-1)!.sequence,
  }));
  const paging = { parameters, faults, usual: 50, most: 100, category };
  return pageOfAll(rows, paging, ({ row }) => row);
}

function closedRow(desk: Desk, fills: readonly Execution[]) {
  const { number, time } = desk.terms.figures;
  const last = fills.at(-1)!;
  const told = desk.execution(last);
  let closed: Decimal = zero;
  let pnl: Decimal = zero;
  let exit: Decimal = zero;
  for (const one of fills) {
    closed = add(closed, one.closed);
    pnl = add(pnl, one.realised);
    exit = add(exit, multiply(one.closed, one.fill.price));
  }
  return {
    ...{ symbol: told.symbol, orderId: told.orderId, side: sideWord(last.fill.side) },
    ...{ qty: told.orderQty, orderPrice: told.orderPrice, orderType: told.orderType },
    execType: told.execType,
    closedSize: number(closed),
    cumEntryValue: '',
    avgEntryPrice: '',
    cumExitValue: number(exit),
    avgExitPrice: number(divideHalfEven(exit, closed, 12)),
    closedPnl: number(pnl),
    fillCount: String(fills.length),
    leverage: number(desk.leverage(last.fill.instrument)),
    createdTime: time(fills[0]!.fill.time),
    updatedTime: time(last.fill.time),
  };
}
