/** A bot's database: a row for each position that it believes in, and its orders. */
import {
  absolute,
  add,
  type Decimal,
  divideHalfEven,
  isZero,
  multiply,
  negate,
  signOf,
  stripped,
  zero,
} from '../../../src/decimal/decimal.ts';
import type { Fill, Leg } from '../../../src/model/fact.ts';
import { addMilliseconds, type Instant } from '../../../src/model/instant.ts';
import { botPrefix, legOf, signed } from './account.ts';

export interface Row {
  readonly id: string;
  readonly instrument: string;
  leg: Leg;
  direction: 'long' | 'short';
  /** Signed; of a closed row what it was last. */
  quantity: Decimal;
  cost: Decimal;
  readonly openedAt: Instant;
  updatedAt: Instant;
  closedAt: Instant | null;
  exit: Exit | null;
}

export interface Exit {
  readonly price: Decimal | null;
  readonly pnl: Decimal | null;
  readonly fees: Decimal | null;
}

export interface Order {
  readonly id: string;
  readonly rowId: string;
  readonly fill: Fill;
  filled: Decimal;
  total: Decimal;
}

export interface Store {
  readonly rows: Row[];
  readonly orders: Order[];
}

/** How long after an execution the bot writes. */
const lagMs = 400;

const isOwn = ({ clientOrderId }: Fill): boolean => clientOrderId?.startsWith(botPrefix) === true;

/** `missed`: executions that the bot was never told of. */
export function storeAfter(fills: readonly Fill[], missed: ReadonlySet<Fill>): Store {
  const store: Store = { rows: [], orders: [] };
  for (const fill of fills) {
    if (!isOwn(fill)) continue;
    const at = addMilliseconds(fill.time, lagMs);
    const open = store.rows.findLast((row) => row.closedAt === null && legOf(row) === legOf(fill));
    const row = open ?? null;
    if (missed.has(fill)) {
      if (row !== null) noteOrder(store, row, fill, false);
      continue;
    }
    const after = row ?? opened(store, fill, at);
    if (row !== null) follow(row, fill, at);
    noteOrder(store, after, fill, true);
    if (isZero(after.quantity)) close(after, fill, exitOf(after, ownFills(fills, after, fill)), at);
  }
  return store;
}

function opened({ rows }: Store, fill: Fill, at: Instant): Row {
  const row: Row = {
    ...{ id: String(270 + rows.length), instrument: fill.instrument, leg: fill.leg },
    ...{ direction: fill.side === 'buy' ? 'long' : 'short', quantity: signed(fill) },
    ...{ cost: multiply(signed(fill), fill.price), openedAt: at, updatedAt: at },
    ...{ closedAt: null, exit: null },
  };
  rows.push(row);
  return row;
}

function follow(row: Row, fill: Fill, at: Instant): void {
  const moved = signed(fill);
  const worth =
    signOf(moved) === signOf(row.quantity)
      ? multiply(moved, fill.price)
      : divideHalfEven(multiply(row.cost, moved), row.quantity, 18);
  row.cost = add(row.cost, worth);
  row.quantity = add(row.quantity, moved);
  row.updatedAt = at;
}

function close(row: Row, fill: Fill, exit: Exit, at: Instant): void {
  row.quantity = row.direction === 'long' ? fill.quantity : negate(fill.quantity);
  row.closedAt = at;
  row.exit = exit;
}

function noteOrder({ orders }: Store, row: Row, fill: Fill, isKnown: boolean): void {
  const id = fill.orderId!;
  let order = orders.find((one) => one.id === id);
  if (order === undefined) {
    order = { id, rowId: row.id, fill, filled: zero, total: zero };
    orders.push(order);
  }
  order.total = add(order.total, fill.quantity);
  if (isKnown) order.filled = add(order.filled, fill.quantity);
}

const ownFills = (fills: readonly Fill[], row: Row, last: Fill): readonly Fill[] =>
  fills.filter(
    (fill) =>
      legOf(fill) === legOf(row) &&
      fill.time <= last.time &&
      addMilliseconds(fill.time, lagMs) >= row.openedAt,
  );

/** What a position came to: `closing` is what ended it, `whole` everything since it was opened. */
export function exitOf(
  { direction }: Pick<Row, 'direction'>,
  whole: readonly Fill[],
  closing: readonly Fill[] = whole,
): Exit {
  const way = direction === 'long' ? 'sell' : 'buy';
  const ended = closing.filter(({ side }) => side === way);
  const quantity = ended.reduce((sum, one) => add(sum, one.quantity), zero);
  const value = ended.reduce((sum, one) => add(sum, multiply(one.quantity, one.price)), zero);
  const pnl = whole.reduce((sum, one) => add(sum, negate(multiply(signed(one), one.price))), zero);
  const fees = whole.flatMap((one) => one.fees ?? []);
  return {
    price: stripped(divideHalfEven(value, quantity, 18)),
    pnl: stripped(pnl),
    fees: stripped(fees.reduce((sum, { amount }) => add(sum, amount), zero)),
  };
}

export const sizeOf = ({ quantity }: Row): Decimal => absolute(quantity);
