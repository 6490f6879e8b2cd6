/**
 * Bybit orders. What filled decides, never the status: a cancelled or rejected order may have
 * filled in part, and one that filled wholly is filled whatever it is called.
 */
import { compare, isPositive, signOf } from '../../../decimal/decimal.ts';
import type { OrderReport, OrderStatus } from '../../../model/fact.ts';
import type { StatementOrder } from '../../../model/statement.ts';
import type { Market } from '../instrument-index.ts';
import {
  decimalField,
  flag,
  instantField,
  type Mapped,
  mapRows,
  optionalDecimal,
  type Raw,
  requiredText,
  sideField,
  text,
  textOrNull,
} from '../raw.ts';
import { instrumentOf, type MappingContext } from './bybit-executions.ts';

const statuses: Readonly<Record<string, OrderStatus>> = {
  Created: 'open',
  New: 'open',
  PartiallyFilled: 'open',
  Untriggered: 'open',
  Triggered: 'open',
  Active: 'open',
  Filled: 'filled',
  Cancelled: 'cancelled',
  PartiallyFilledCanceled: 'cancelled',
  Deactivated: 'cancelled',
  Rejected: 'rejected',
  Expired: 'expired',
};

export const mapBybitOrders = (
  context: MappingContext,
  rows: readonly Raw[],
  market?: Market,
): Mapped<OrderReport> => mapRows(rows, (row) => [order(context, row, market)]);

function order(context: MappingContext, row: Raw, market?: Market): OrderReport {
  const found = instrumentOf(context, row, market);
  const index = text(row, 'positionIdx');
  const filled = optionalDecimal(row, 'cumExecQty');
  const average = optionalDecimal(row, 'avgPrice');
  const price = optionalDecimal(row, 'price');
  // A spot market buy is sized in the quote coin; in base units it is what it bought.
  const inQuote = text(row, 'marketUnit') === 'quoteCoin';
  const quantity = inQuote && filled !== null ? filled : decimalField(row, 'qty');
  return {
    kind: 'order',
    account: context.account,
    instrument: found.instrument.name,
    leg: index === '1' ? 'long' : index === '2' ? 'short' : 'net',
    orderId: requiredText(row, 'orderId'),
    clientOrderId: textOrNull(row, 'orderLinkId'),
    side: sideField(row, 'side'),
    type: requiredText(row, 'orderType').toLowerCase(),
    quantity,
    price:
      price !== null && isPositive(price) && text(row, 'orderType') !== 'Market' ? price : null,
    filled,
    averagePrice: average !== null && isPositive(average) ? average : null,
    status: statusOf(statuses[text(row, 'orderStatus')] ?? 'unknown', quantity, filled),
    reduceOnly: flag(row, 'reduceOnly'),
    time: instantField(row, 'updatedTime'),
  };
}

/** Judged by what filled: whole is filled, part of an order that ended is never rejected. */
export function statusOf(
  told: OrderStatus,
  quantity: OrderReport['quantity'],
  filled: OrderReport['filled'],
): OrderStatus {
  if (filled === null || signOf(filled) <= 0) return told === 'filled' ? 'unknown' : told;
  if (compare(filled, quantity) >= 0) return 'filled';
  if (told === 'filled') return 'unknown';
  return told === 'rejected' || told === 'expired' ? 'cancelled' : told;
}

export const statementOrder = (report: OrderReport): StatementOrder => ({
  orderId: report.orderId,
  clientOrderId: report.clientOrderId,
  instrument: report.instrument,
  leg: report.leg,
  side: report.side,
  type: report.type,
  quantity: report.quantity,
  filled: report.filled,
  averagePrice: report.averagePrice,
  price: report.price,
  status: report.status,
  reduceOnly: report.reduceOnly,
  time: report.time,
});
