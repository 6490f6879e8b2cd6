/** Orders on Binance contracts. Conditional orders stand elsewhere there, and are not placed. */
import { divideHalfEven, equals, multiply, truncated } from '../../decimal/decimal.ts';
import { decimal, toText } from '../../decimal/text.ts';
import type { OrderReport } from '../../model/fact.ts';
import type { OrderChange, OrderReference, OrderRequest } from '../venue.ts';
import { type BinanceMarket, binanceCall } from './binance-history.ts';
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

/** Units of ours to the venue's contracts; a part of one is refused, for it cannot be sent. */
function contracts({ contractSize }: Listed, quantity: OrderRequest['quantity']): string {
  if (contractSize === '1') return toText(quantity);
  const count = truncated(divideHalfEven(quantity, decimal(contractSize), 18));
  if (equals(multiply(count, decimal(contractSize)), quantity)) return toText(count);
  const why = `${toText(quantity)} is no number of contracts of ${contractSize}`;
  throw new ExchangeFailure(refusal('quantity-not-whole', why));
}

const sides = { net: 'BOTH', long: 'LONG', short: 'SHORT' } as const;
const validity = { gtc: 'GTC', ioc: 'IOC', fok: 'FOK', 'post-only': 'GTX' } as const;

/** Spot knows post-only as a type of its own. */
function typeOf({ type, timeInForce }: OrderRequest, isSpot: boolean): Record<string, string> {
  if (type === 'market') return { type: 'MARKET' };
  if (isSpot && timeInForce === 'post-only') return { type: 'LIMIT_MAKER' };
  return { type: 'LIMIT', timeInForce: validity[timeInForce] };
}

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
  const isSpot = at.market === 'spot';
  const answer = await binanceCall(at, 'PrivatePostOrder', {
    symbol: listed.instrument.symbol ?? '',
    side: request.side.toUpperCase(),
    ...typeOf(request, isSpot),
    quantity: contracts(listed, request.quantity),
    ...(request.price === null ? {} : { price: toText(request.price) }),
    ...(isSpot ? {} : { positionSide: sides[request.leg] }),
    // In hedge mode the leg says it, and the parameter is refused; spot has nothing to reduce.
    ...(!isSpot && request.leg === 'net' && request.reduceOnly ? { reduceOnly: 'true' } : {}),
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
  const answer = await binanceCall(at, 'PrivatePutOrder', {
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
  const answer = await binanceCall(at, 'PrivateDeleteOrder', queryOf(context, order));
  return requiredText(object(answer, 'the receipt'), 'orderId');
}

export async function orderOnBinance(
  at: BinanceMarket,
  context: MappingContext,
  order: OrderReference,
): Promise<OrderReport | null> {
  try {
    const row = await binanceCall(at, 'PrivateGetOrder', queryOf(context, order));
    const { items, faults } = mapBinanceOrders(context, at.market, [object(row, 'the order')]);
    if (items[0] === undefined) throw new PayloadFault(faults[0] ?? 'the order cannot be read');
    return items[0];
  } catch (error) {
    if (error instanceof ExchangeFailure && error.orderNotFound) return null;
    throw error;
  }
}
