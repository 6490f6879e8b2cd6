/** Orders on Binance: place, amend, cancel, look up. */
import { type Decimal, subtract } from '../../src/decimal/decimal.ts';
import { decimal, parseDecimal } from '../../src/decimal/text.ts';
import type { Instrument } from '../../src/model/instrument.ts';
import type { OrderRequest, Submitted, TimeInForce } from '../exchange/commands.ts';
import type { OrderState } from '../exchange/history.ts';
import { priceOf } from '../exchange/market.ts';
import type { RequestFaults } from '../faults/request-faults.ts';
import { tradeThrough } from '../faults/trading-faults.ts';
import type { BinanceDesk } from './desk.ts';
import { legOfSide } from './names.ts';
import { orderPayload, statusWord } from './payload-order.ts';
import { BinanceRefusal, mandatory, refusalOf } from './refusal.ts';

export type Query = URLSearchParams;

const forces: Readonly<Record<string, TimeInForce>> = {
  GTC: 'gtc',
  IOC: 'ioc',
  FOK: 'fok',
  GTX: 'post-only',
};

export function instrumentOf(desk: BinanceDesk, query: Query): Instrument {
  const instrument = desk.terms.names.find(query.get('symbol') ?? '');
  if (instrument === null) throw new BinanceRefusal(-1121, 'Invalid symbol.');
  return instrument;
}

function decimalIn(query: Query, name: string): Decimal | null {
  const text = query.get(name);
  if (text === null || text === '') return null;
  const read = parseDecimal(text);
  if (!read.ok) throw mandatory(name);
  return read.value;
}

export function placeOrder(desk: BinanceDesk, query: Query) {
  return told(desk, desk.floor.submit(requestOf(desk, query)));
}

function requestOf(desk: BinanceDesk, query: Query): OrderRequest {
  const { name } = instrumentOf(desk, query);
  const side = { BUY: 'buy', SELL: 'sell' }[query.get('side') ?? ''] as 'buy' | 'sell' | undefined;
  const leg = legOfSide(query.get('positionSide') ?? 'BOTH');
  const quantity = decimalIn(query, 'quantity');
  if (side === undefined) throw mandatory('side');
  if (leg === null) throw mandatory('positionSide');
  if (quantity === null) throw mandatory('quantity');
  const word = query.get('type') ?? '';
  const isMarket = word.endsWith('MARKET');
  const price = decimalIn(query, 'stopPrice');
  const now = priceOf(desk.floor.market.quote(name));
  return {
    clientOrderId: query.get('newClientOrderId') ?? unnamed(desk),
    ...{ instrument: name, leg, side, quantity },
    type: isMarket ? 'market' : 'limit',
    price: isMarket ? null : decimalIn(query, 'price'),
    timeInForce: isMarket ? 'ioc' : (forces[query.get('timeInForce') ?? 'GTC'] ?? 'gtc'),
    reduceOnly: query.get('reduceOnly') === 'true',
    trigger:
      price === null
        ? null
        : {
            price,
            when: subtract(price, now).coefficient > 0 ? 'rises-to' : 'falls-to',
            of: query.get('workingType') === 'MARK_PRICE' ? 'mark' : 'last',
          },
  };
}

const unnamed = (desk: BinanceDesk) => `web_${desk.floor.exchange.orders().length + 1}`;

export function amendOrder(desk: BinanceDesk, query: Query) {
  const state = orderOf(desk, query);
  const quantity = decimalIn(query, 'quantity');
  const price = decimalIn(query, 'price');
  const change = {
    ...(quantity === null ? {} : { quantity }),
    ...(price === null ? {} : { price }),
  };
  return told(desk, desk.floor.amend(referenceOf(state), change));
}

export function cancelOrder(desk: BinanceDesk, query: Query, faults: RequestFaults) {
  const state = orderOf(desk, query, -2011);
  const between = faults.find('fill-before-cancel');
  if (between !== null) tradeThrough(desk.floor, state, decimal(between.share));
  return told(desk, desk.floor.cancel(referenceOf(state)));
}

export function cancelAll(desk: BinanceDesk, query: Query) {
  const { name } = instrumentOf(desk, query);
  for (const state of desk.orders(desk.floor.view()))
    if (state.report.instrument === name && isOpen(state)) desk.floor.cancel(referenceOf(state));
  return { code: 200, msg: 'The operation of cancel all open order is done.' };
}

export const isOpen = (state: OrderState): boolean =>
  ['NEW', 'PARTIALLY_FILLED'].includes(statusWord(state));

export const oneOrder = (desk: BinanceDesk, query: Query) =>
  orderPayload(orderOf(desk, query), desk.terms);

function orderOf(desk: BinanceDesk, query: Query, missing = -2013): OrderState {
  const { name } = instrumentOf(desk, query);
  const id = query.get('orderId');
  const clientId = query.get('origClientOrderId');
  if (id === null && clientId === null) throw mandatory('orderId');
  const found = desk
    .orders(desk.floor.view())
    .find(({ report, sequence }) =>
      id === null
        ? report.clientOrderId === clientId
        : sequence === desk.terms.names.orderSequence(id),
    );
  if (found?.report.instrument === name) return found;
  throw new BinanceRefusal(
    missing,
    missing === -2011 ? 'Unknown order sent.' : 'Order does not exist.',
  );
}

const referenceOf = ({ report }: OrderState) => ({
  instrument: report.instrument,
  orderId: report.orderId,
  clientOrderId: report.clientOrderId,
});

function told(desk: BinanceDesk, submitted: Submitted) {
  if (submitted.status === 'refused') throw refusalOf(submitted.code, submitted.why);
  if (submitted.status === 'unknown') throw new BinanceRefusal(-1007, submitted.why, 408);
  const state = desk.floor.history.order(submitted.orderId);
  if (state === null) throw new Error(`no order ${submitted.orderId}, which was accepted`);
  return orderPayload(state, desk.terms);
}
