/**
 * Binance trades to fills: REST userTrades and myTrades, and the frames ORDER_TRADE_UPDATE
 * (contracts) and executionReport (spot). Ids are unique per symbol only.
 *
 * What made a fill shows in the client order id alone: autoclose- is a liquidation, adl_autoclose
 * a deleveraging, settlement_autoclose- and delivery_autoclose- an end. REST trades carry none.
 */
import { isZero, multiply, signOf } from '../../../decimal/decimal.ts';
import { decimal } from '../../../decimal/text.ts';
import type { Fee, Fill, FillCause, Leg, OrderReport, OrderStatus } from '../../../model/fact.ts';
import { isJsonObject } from '../../../model/lossless-json.ts';
import type { Found, Market } from '../instrument-index.ts';
import {
  decimalField,
  flag,
  instantField,
  type Mapped,
  mapRows,
  optionalDecimal,
  PayloadFault,
  type Raw,
  requiredText,
  sideField,
  text,
  textOrNull,
} from '../raw.ts';
import { type MappingContext, strangerText } from './bybit-executions.ts';
import { statusOf } from './bybit-orders.ts';

export function binanceInstrument(context: MappingContext, market: Market, symbol: string): Found {
  const found = context.index.find(market, symbol);
  if (found === null) throw new PayloadFault(`${market} ${symbol} is an instrument nobody lists`);
  return found;
}

/** Contracts to units: base units of linear ones, quote units of inverse ones. */
const units = (found: Found, raw: Raw, name: string) =>
  multiply(decimalField(raw, name), decimal(found.contractSize));

export const binanceLeg = (side: string): Leg =>
  side === 'LONG' ? 'long' : side === 'SHORT' ? 'short' : 'net';

/** `causes` by order id: what forceOrders told about them. */
export function mapBinanceTrades(
  context: MappingContext,
  market: Market,
  rows: readonly Raw[],
  causes: ReadonlyMap<string, FillCause> = new Map(),
): Mapped<Fill> & { readonly unread: readonly string[] } {
  const strangers: string[] = [];
  const mapped = mapRows<Fill>(rows, (row) => {
    const found = binanceInstrument(context, market, requiredText(row, 'symbol'));
    if (!found.known) strangers.push(strangerText(found, row));
    const buyer = flag(row, 'isBuyer') || flag(row, 'buyer');
    const orderId = requiredText(row, 'orderId');
    return [
      {
        kind: 'fill',
        account: context.account,
        instrument: found.instrument.name,
        leg: binanceLeg(text(row, 'positionSide')),
        side: row['side'] === undefined ? (buyer ? 'buy' : 'sell') : sideField(row, 'side'),
        quantity: units(found, row, 'qty'),
        price: decimalField(row, 'price'),
        fees: feesOf(row, 'commission', 'commissionAsset'),
        liquidity: flag(row, 'isMaker') || flag(row, 'maker') ? 'maker' : 'taker',
        executionId: requiredText(row, 'id'),
        orderId,
        clientOrderId: null,
        strategy: null,
        cause: causes.get(orderId) ?? 'trade',
        venueSequence: null,
        provisional: false,
        time: instantField(row, 'time'),
      },
    ];
  });
  return { items: mapped.items, faults: [...strangers, ...mapped.faults], unread: mapped.faults };
}

/** Positive is paid, negative a rebate; in whatever coin the venue took it. */
function feesOf(raw: Raw, amountName: string, coinName: string): readonly Fee[] | null {
  const amount = optionalDecimal(raw, amountName);
  if (amount === null) return null;
  if (isZero(amount)) return [];
  return [{ currency: requiredText(raw, coinName), amount }];
}

const prefixes: readonly (readonly [string, FillCause])[] = [
  ['adl_autoclose', 'adl'],
  ['settlement_autoclose', 'settlement'],
  ['delivery_autoclose', 'delivery'],
  ['autoclose', 'liquidation'],
];

const causeOf = (clientOrderId: string): FillCause =>
  prefixes.find(([prefix]) => clientOrderId.startsWith(prefix))?.[1] ?? 'trade';

const statuses: Readonly<Record<string, OrderStatus>> = {
  NEW: 'open',
  PARTIALLY_FILLED: 'open',
  PENDING_NEW: 'open',
  PENDING_CANCEL: 'open',
  FILLED: 'filled',
  NEW_INSURANCE: 'open',
  NEW_ADL: 'open',
  CANCELED: 'cancelled',
  EXPIRED: 'expired',
  EXPIRED_IN_MATCH: 'expired',
  REJECTED: 'rejected',
};

export const binanceStatus = (told: string): OrderStatus => statuses[told] ?? 'unknown';

/** What a frame tells: as it is, inside the stream that carries it, or inside a subscription. */
export const binanceEvent = (frame: Raw): Raw =>
  [frame['data'], frame['event']].find(isJsonObject) ?? frame;

/** The order part of ORDER_TRADE_UPDATE, or a whole executionReport. */
export function mapBinanceOrderEvent(
  context: MappingContext,
  market: Market,
  raw: Raw,
): readonly (Fill | OrderReport)[] {
  const found = binanceInstrument(context, market, requiredText(raw, 's'));
  const order = orderOf(context, found, raw);
  const traded = optionalDecimal(raw, 'l');
  const id = text(raw, 't');
  // A frame that only tells a status has the trade id 0 or -1.
  if (traded === null || isZero(traded) || id === '' || id === '0' || id === '-1') return [order];
  return [fillOf(context, found, raw, order), order];
}

const fillOf = (context: MappingContext, found: Found, raw: Raw, order: OrderReport): Fill => ({
  kind: 'fill',
  account: context.account,
  instrument: order.instrument,
  leg: order.leg,
  side: order.side,
  quantity: units(found, raw, 'l'),
  price: decimalField(raw, 'L'),
  // A frame without N and n charged nothing: Binance leaves both out.
  fees: text(raw, 'n') === '' ? [] : feesOf(raw, 'n', 'N'),
  liquidity: flag(raw, 'm') ? 'maker' : 'taker',
  executionId: requiredText(raw, 't'),
  orderId: order.orderId,
  clientOrderId: order.clientOrderId,
  strategy: null,
  cause: causeOf(text(raw, 'c')),
  venueSequence: null,
  provisional: false,
  time: instantField(raw, 'T'),
});

function orderOf(context: MappingContext, found: Found, raw: Raw): OrderReport {
  const quantity = units(found, raw, 'q');
  const filled = units(found, raw, 'z');
  const price = optionalDecimal(raw, 'p');
  const average = optionalDecimal(raw, 'ap');
  // A spot cancel has the order's own client id in C and the cancel's in c.
  const original = text(raw, 'C');
  return {
    kind: 'order',
    account: context.account,
    instrument: found.instrument.name,
    leg: binanceLeg(text(raw, 'ps')),
    orderId: requiredText(raw, 'i'),
    clientOrderId: original !== '' ? original : textOrNull(raw, 'c'),
    side: sideField(raw, 'S'),
    type: requiredText(raw, 'o').toLowerCase(),
    quantity,
    price: price !== null && signOf(price) > 0 ? price : null,
    filled,
    averagePrice: average !== null && signOf(average) > 0 ? average : null,
    status: statusOf(binanceStatus(requiredText(raw, 'X')), quantity, filled),
    reduceOnly: flag(raw, 'R'),
    time: instantField(raw, 'T'),
  };
}

/** REST orders of contracts and of spot. */
export const mapBinanceOrders = (
  context: MappingContext,
  market: Market,
  rows: readonly Raw[],
): Mapped<OrderReport> =>
  mapRows(rows, (row) => {
    const found = binanceInstrument(context, market, requiredText(row, 'symbol'));
    const quantity = units(found, row, 'origQty');
    const filled = units(found, row, 'executedQty');
    const price = optionalDecimal(row, 'price');
    const average = optionalDecimal(row, 'avgPrice');
    return [
      {
        kind: 'order',
        account: context.account,
        instrument: found.instrument.name,
        leg: binanceLeg(text(row, 'positionSide')),
        orderId: requiredText(row, 'orderId'),
        clientOrderId: textOrNull(row, 'clientOrderId'),
        side: sideField(row, 'side'),
        type: requiredText(row, 'type').toLowerCase(),
        quantity,
        price: price !== null && signOf(price) > 0 ? price : null,
        filled,
        averagePrice: average !== null && signOf(average) > 0 ? average : null,
        status: statusOf(binanceStatus(requiredText(row, 'status')), quantity, filled),
        reduceOnly: flag(row, 'reduceOnly'),
        time: instantField(row, row['updateTime'] === undefined ? 'time' : 'updateTime'),
      },
    ];
  });
