/** Orders: create, amend, cancel. The answer is an acknowledgement and says nothing of fills. */
import {
  type Decimal,
  decimalOf,
  divideHalfEven,
  multiply,
  subtract,
  truncated,
  zero,
} from '../../src/decimal/decimal.ts';
import { decimal } from '../../src/decimal/text.ts';
import type { Instrument } from '../../src/model/instrument.ts';
import type { OrderRequest, Submitted, TimeInForce } from '../exchange/commands.ts';
import type { OrderState } from '../exchange/history.ts';
import { priceOf } from '../exchange/market.ts';
import type { RequestFaults } from '../faults/request-faults.ts';
import { tradeThrough } from '../faults/trading-faults.ts';
import type { Desk } from './desk.ts';
import { type Category, legOfIndex } from './names.ts';
import type { RequestParameters } from './parameters.ts';
import { ownPrefix, shownClientId } from './payload-execution.ts';
import { isClosed } from './payload-order.ts';
import { BybitRefusal, badParameter, refusalOf } from './refusal.ts';

const forces: Readonly<Record<string, TimeInForce>> = {
  GTC: 'gtc',
  IOC: 'ioc',
  FOK: 'fok',
  PostOnly: 'post-only',
};

export function createOrder(desk: Desk, parameters: RequestParameters) {
  const category = parameters.category();
  const instrument = instrumentOf(desk, category, parameters);
  const request = orderRequest(desk, instrument, parameters);
  return acknowledged(desk, category, desk.floor.submit(request));
}

function orderRequest(
  desk: Desk,
  instrument: Instrument,
  parameters: RequestParameters,
): OrderRequest {
  const side = { Buy: 'buy', Sell: 'sell' }[parameters.needed('side')] as
    | 'buy'
    | 'sell'
    | undefined;
  if (side === undefined) throw badParameter('side is neither Buy nor Sell');
  const type = { Limit: 'limit', Market: 'market' }[parameters.needed('orderType')] as
    | 'limit'
    | 'market'
    | undefined;
  if (type === undefined) throw badParameter('orderType is neither Limit nor Market');
  const force = parameters.text('timeInForce') ?? (type === 'market' ? 'IOC' : 'GTC');
  const leg = legOfIndex(parameters.whole('positionIdx') ?? 0);
  if (leg === null) throw badParameter('positionIdx is none of 0, 1, 2');
  const given = parameters.decimal('qty');
  if (given === null) throw badParameter('qty is missing');
  const inQuote =
    instrument.type === 'spot' &&
    type === 'market' &&
    side === 'buy' &&
    (parameters.text('marketUnit') ?? 'quoteCoin') === 'quoteCoin';
  return {
    clientOrderId: parameters.text('orderLinkId') ?? unnamed(desk),
    instrument: instrument.name,
    leg,
    side,
    type,
    quantity: inQuote ? unitsFor(desk, instrument, given) : given,
    price: type === 'market' ? null : parameters.decimal('price'),
    timeInForce: type === 'market' ? 'ioc' : (forces[force] ?? 'gtc'),
    reduceOnly: parameters.isTrue('reduceOnly'),
    trigger: triggerOf(desk, instrument, parameters),
  };
}

const unnamed = (desk: Desk): string => `${ownPrefix}${desk.floor.exchange.orders().length + 1}`;

/** A market buy on spot may say how much quote it spends: whole lots of it. */
function unitsFor(desk: Desk, instrument: Instrument, spend: Decimal): Decimal {
  const quote = desk.floor.market.quote(instrument.name);
  const price = quote?.ask?.[0] ?? priceOf(quote);
  const lot = instrument.lotSize ?? decimalOf(1, 8);
  if (price === zero) throw badParameter('there is no price to convert at');
  return multiply(truncated(divideHalfEven(spend, multiply(price, lot), 8)), lot);
}

function triggerOf(
  desk: Desk,
  instrument: Instrument,
  parameters: RequestParameters,
): OrderRequest['trigger'] {
  const price = parameters.decimal('triggerPrice');
  if (price === null || price.coefficient === 0) return null;
  const told = parameters.whole('triggerDirection');
  const now = priceOf(desk.floor.market.quote(instrument.name));
  const rises = told === null ? subtract(price, now).coefficient > 0 : told === 1;
  return {
    price,
    when: rises ? 'rises-to' : 'falls-to',
    of: parameters.text('triggerBy') === 'MarkPrice' ? 'mark' : 'last',
  };
}

export function amendOrder(desk: Desk, parameters: RequestParameters) {
  const category = parameters.category();
  const state = orderOf(desk, category, parameters);
  const quantity = parameters.decimal('qty');
  const price = parameters.decimal('price');
  const done = desk.floor.amend(referenceOf(state), {
    ...(quantity === null ? {} : { quantity }),
    ...(price === null ? {} : { price }),
  });
  return acknowledged(desk, category, done);
}

export function cancelOrder(desk: Desk, parameters: RequestParameters, faults: RequestFaults) {
  const category = parameters.category();
  const state = orderOf(desk, category, parameters);
  const between = faults.find('fill-before-cancel');
  if (between !== null) tradeThrough(desk.floor, state, decimal(between.share));
  return acknowledged(desk, category, desk.floor.cancel(referenceOf(state)));
}

export function cancelAll(desk: Desk, parameters: RequestParameters) {
  const category = parameters.category();
  const { names } = desk.terms;
  const symbol = parameters.text('symbol');
  const settle = parameters.text('settleCoin');
  const open = desk.floor.view().orders.filter((state) => {
    const { instrument } = state.report;
    if (isClosed(state) || names.category(instrument) !== category) return false;
    if (symbol !== null && names.symbol(instrument) !== symbol) return false;
    return settle === null || names.of(instrument)?.settle === settle;
  });
  const list = open.map((state) => {
    desk.floor.cancel(referenceOf(state));
    const { orderId, clientOrderId } = state.report;
    return { orderId: names.id(orderId), orderLinkId: shownClientId(clientOrderId) };
  });
  return { list, success: '1' };
}

export function instrumentOf(
  desk: Desk,
  category: Category,
  parameters: RequestParameters,
): Instrument {
  const symbol = parameters.needed('symbol');
  const instrument = desk.terms.names.find(category, symbol);
  if (instrument === null) throw badParameter(`symbol invalid ${symbol}`);
  return instrument;
}

function orderOf(desk: Desk, category: Category, parameters: RequestParameters): OrderState {
  const { name } = instrumentOf(desk, category, parameters);
  const orderId = parameters.text('orderId');
  const clientId = parameters.text('orderLinkId');
  const { history, clock } = desk.floor;
  const found =
    orderId === null
      ? history.orders(clock.now()).find(({ report }) => report.clientOrderId === clientId)
      : history.order(desk.terms.names.ownId(orderId));
  if (!found || found.report.instrument !== name) throw refusalOf('order-unknown', '', category);
  return found;
}

const referenceOf = ({ report }: OrderState) => ({
  instrument: report.instrument,
  orderId: report.orderId,
  clientOrderId: report.clientOrderId,
});

function acknowledged(desk: Desk, category: Category, submitted: Submitted) {
  if (submitted.status === 'refused') throw refusalOf(submitted.code, submitted.why, category);
  if (submitted.status === 'unknown') throw new BybitRefusal(10016, submitted.why);
  return {
    orderId: desk.terms.names.id(submitted.orderId),
    orderLinkId: shownClientId(submitted.clientOrderId),
  };
}
