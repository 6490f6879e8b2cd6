/** Statements as the document that parseStatementText reads: the way out. */
import { type Decimal, stripped } from '../decimal/decimal.ts';
import { toText, toTextOrNull } from '../decimal/text.ts';
import { instantText, instantTextOrNull } from './instant.ts';
import {
  type Statement,
  type StatementBalance,
  type StatementOrder,
  type StatementPosition,
  type StatementSection,
  statementSchema,
} from './statement.ts';
import { writeFact } from './write-fact.ts';

export type StatementDocument = Readonly<Record<string, unknown>>;

export const statementText = (statement: Statement): string =>
  JSON.stringify(writeStatement(statement));

export function writeStatement(statement: Statement): StatementDocument {
  const { account, venue, asOf, takenAt } = statement;
  return {
    ...{ schema: statementSchema, account, venue },
    ...{ asOf: instantText(asOf), takenAt: instantTextOrNull(takenAt) },
    positions: section(statement.positions, positionItem),
    balances: section(statement.balances, balanceItem),
    orders: section(statement.orders, orderItem),
    executions: section(statement.executions, writeFact),
    cashFlows: section(statement.cashFlows, writeFact),
  };
}

function section<Item>(
  of: StatementSection<Item> | null,
  write: (item: Item) => object,
): object | null {
  if (of === null) return null;
  const { complete, scope, error, from, to, items } = of;
  return {
    complete,
    ...(scope === null ? {} : { scope }),
    error,
    ...(from === null ? {} : { from: instantText(from) }),
    ...(to === null ? {} : { to: instantText(to) }),
    items: items.map(write),
  };
}

/** A document has at most 18 digits behind the point: what needs more is left unsaid, not cut. */
const optional = (value: Decimal | null): string | null =>
  value === null || stripped(value).scale > 18 ? null : toText(value);

const positionItem = (item: StatementPosition): object => ({
  ...{ instrument: item.instrument, leg: item.leg, quantity: toText(item.quantity) },
  averagePrice: optional(item.averagePrice),
  markPrice: optional(item.markPrice),
  unrealisedPnl: optional(item.unrealisedPnl),
});

const balanceItem = (item: StatementBalance): object => ({
  ...{ currency: item.currency, total: toText(item.total) },
  ...{ available: optional(item.available), equity: optional(item.equity) },
  borrowed: optional(item.borrowed),
});

const orderItem = (item: StatementOrder): object => ({
  orderId: item.orderId,
  ...(item.clientOrderId === null ? {} : { clientOrderId: item.clientOrderId }),
  ...{ instrument: item.instrument, leg: item.leg, side: item.side, type: item.type },
  quantity: toText(item.quantity),
  filled: toTextOrNull(item.filled),
  averagePrice: optional(item.averagePrice),
  price: toTextOrNull(item.price),
  ...{ status: item.status, reduceOnly: item.reduceOnly },
  ...(item.time === null ? {} : { time: instantText(item.time) }),
});
