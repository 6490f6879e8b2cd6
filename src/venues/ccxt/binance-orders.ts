/** Orders on Binance contracts. Conditional orders stand elsewhere there, and are not placed. */
import { divideHalfEven, equals, multiply } from '../../decimal/decimal.ts';
import { decimal, toText } from '../../decimal/text.ts';
import type { OrderReport } from '../../model/fact.ts';
import type { OrderChange, OrderReference, OrderRequest } from '../venue.ts';
import type { BinanceMarket } from './binance-history.ts';
import { ExchangeFailure, refusal } from './failure.ts';
import type { Listed } from './instrument-index.ts';
import { mapBinanceOrders } from './mapping/binance-executions.ts';
import type { MappingContext } from './mapping/bybit-executions.ts';
import { object, PayloadFault, requiredText } from './raw.ts';

export function binanceListed(context: MappingContext, name: string): Listed {
  const listed = context.index.byName(name);
  if (listed !== null) return listed;
  throw new ExchangeFailure(refusal('instrument-unknown', `${name} is not listed here`));
}

/** Units of ours to the venue's contracts; an amount between two contracts is refused. */
function contracts({ contractSize }: Listed, quantity: OrderRequest['quantity']): string {
  const size = decimal(contractSize);
  const count = divideHalfEven(quantity, size, 18);
  if (equals(multiply(count, size), quantity)) return toText(count);
  const why = `${toText(quantity)} is no number of contracts of ${contractSize}`;
  throw new ExchangeFailure(refusal('quantity-not-whole', why));
}

const sides = { net: 'BOTH', long: 'LONG', short: 'SHORT' } as const;
const validity = { gtc: 'GTC', ioc: 'IOC', fok: 'FOK', 'post-only': 'GTX' } as const;

export async function placeOnBinance(
  at: BinanceMarket,
  context: MappingContext,
  request: OrderRequest,
): Promise<string> {
  if (request.trigger !== null) {
    throw new ExchangeFailure(
      refusal('trigger-not-supported', 'no triggers here: see capabilities'),
    );
  }
  const listed = binanceListed(context, request.instrument);
  const market = request.type === 'market';
  const answer = await at.client.call(`${at.prefix}PrivatePostOrder`, {
    symbol: listed.instrument.symbol ?? '',
    side: request.side.toUpperCase(),
    positionSide: sides[request.leg],
    type: market ? 'MARKET' : 'LIMIT',
    quantity: contracts(listed, request.quantity),
    ...(request.price === null ? {} : { price: toText(request.price) }),
    ...(market ? {} : { timeInForce: validity[request.timeInForce] }),
    // In hedge mode the leg says it, and the parameter is refused.
    ...(request.leg === 'net' && request.reduceOnly ? { reduceOnly: 'true' } : {}),
    newClientOrderId: request.clientOrderId,
  });
  return requiredText(object(answer, 'the receipt'), 'orderId');
}

const referenceOf = ({ orderId, clientOrderId }: OrderReference) => {
  if (orderId !== null) return { orderId };
  return clientOrderId === null ? {} : { origClientOrderId: clientOrderId };
};

const queryOf = (context: MappingContext, order: OrderReference) => ({
  symbol: binanceListed(context, order.instrument).instrument.symbol ?? '',
  ...referenceOf(order),
});

/** Quantity and price have to be sent both: what does not change is read first. */
export async function amendOnBinance(
  at: BinanceMarket,
  context: MappingContext,
  order: OrderReference,
  change: OrderChange,
): Promise<string> {
  const before = await orderOnBinance(at, context, order);
  const price = change.price ?? before?.price ?? null;
  if (before === null || price === null) {
    throw new ExchangeFailure(refusal('order-not-found', 'no such order with a limit'));
  }
  const quantity = change.quantity ?? before.quantity;
  const answer = await at.client.call(`${at.prefix}PrivatePutOrder`, {
    ...queryOf(context, order),
    side: before.side.toUpperCase(),
    quantity: contracts(binanceListed(context, order.instrument), quantity),
    price: toText(price),
  });
  return requiredText(object(answer, 'the receipt'), 'orderId');
}

export async function cancelOnBinance(
  at: BinanceMarket,
  context: MappingContext,
  order: OrderReference,
): Promise<string> {
  const answer = await at.client.call(`${at.prefix}PrivateDeleteOrder`, queryOf(context, order));
  return requiredText(object(answer, 'the receipt'), 'orderId');
}

export async function orderOnBinance(
  at: BinanceMarket,
  context: MappingContext,
  order: OrderReference,
): Promise<OrderReport | null> {
  try {
    const row = await at.client.call(`${at.prefix}PrivateGetOrder`, queryOf(context, order));
    const { items, faults } = mapBinanceOrders(context, at.market, [object(row, 'the order')]);
    if (items[0] === undefined) throw new PayloadFault(faults[0] ?? 'the order cannot be read');
    return items[0];
  } catch (error) {
    if (error instanceof ExchangeFailure && error.orderNotFound) return null;
    throw error;
  }
}
