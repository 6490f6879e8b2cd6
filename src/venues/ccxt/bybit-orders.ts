/** Orders on Bybit: what is sent, and where one is found again. */
import { toText } from '../../decimal/text.ts';
import type { OrderReport } from '../../model/fact.ts';
import type { OrderChange, OrderReference, OrderRequest } from '../venue.ts';
import { bybitPage } from './bybit-paging.ts';
import { type ExchangeClient, envelope } from './exchange-client.ts';
import { ExchangeFailure, refusal } from './failure.ts';
import type { Listed } from './instrument-index.ts';
import type { MappingContext } from './mapping/bybit-executions.ts';
import { mapBybitOrders } from './mapping/bybit-orders.ts';
import { PayloadFault, text } from './raw.ts';

type Parameters = Readonly<Record<string, string | number | boolean>>;

export function bybitListed(context: MappingContext, name: string): Listed {
  const listed = context.index.byName(name);
  if (listed !== null) return listed;
  throw new ExchangeFailure(refusal('instrument-unknown', `${name} is not listed here`));
}

const placeOf = ({ market, instrument }: Listed) => ({
  category: market,
  symbol: instrument.symbol ?? '',
});

const referenceOf = (order: OrderReference): Parameters =>
  order.orderId !== null
    ? { orderId: order.orderId }
    : order.clientOrderId !== null
      ? { orderLinkId: order.clientOrderId }
      : {};

const validity = { gtc: 'GTC', ioc: 'IOC', fok: 'FOK', 'post-only': 'PostOnly' } as const;

export async function placeOnBybit(
  client: ExchangeClient,
  context: MappingContext,
  request: OrderRequest,
): Promise<string> {
  const listed = bybitListed(context, request.instrument);
  const market = request.type === 'market';
  const parameters: Parameters = {
    ...placeOf(listed),
    side: request.side === 'buy' ? 'Buy' : 'Sell',
    orderType: market ? 'Market' : 'Limit',
    qty: toText(request.quantity),
    ...(request.price === null ? {} : { price: toText(request.price) }),
    timeInForce: market ? 'IOC' : validity[request.timeInForce],
    orderLinkId: request.clientOrderId,
    ...(listed.market === 'spot'
      ? // A spot market buy is sized in quote coins unless told otherwise.
        { marketUnit: 'baseCoin' }
      : {
          reduceOnly: request.reduceOnly,
          positionIdx: request.leg === 'net' ? 0 : request.leg === 'long' ? 1 : 2,
        }),
    ...triggerOf(request, listed),
  };
  return orderIdOf(await client.call('privatePostV5OrderCreate', parameters));
}

function triggerOf({ trigger }: OrderRequest, listed: Listed): Parameters {
  if (trigger === null) return {};
  if (listed.market === 'spot') {
    return { triggerPrice: toText(trigger.price), orderFilter: 'StopOrder' };
  }
  return {
    triggerPrice: toText(trigger.price),
    triggerDirection: trigger.when === 'rises-to' ? 1 : 2,
    triggerBy: trigger.of === 'mark' ? 'MarkPrice' : 'LastPrice',
  };
}

/** The answer is a receipt: it says nothing about what became of the order. */
function orderIdOf(answer: unknown): string {
  const id = text(envelope(answer).result, 'orderId');
  if (id === '') throw new PayloadFault('the receipt names no order');
  return id;
}

export async function amendOnBybit(
  client: ExchangeClient,
  context: MappingContext,
  order: OrderReference,
  change: OrderChange,
): Promise<string> {
  const parameters = {
    ...placeOf(bybitListed(context, order.instrument)),
    ...referenceOf(order),
    ...(change.quantity === undefined ? {} : { qty: toText(change.quantity) }),
    ...(change.price === undefined ? {} : { price: toText(change.price) }),
  };
  return orderIdOf(await client.call('privatePostV5OrderAmend', parameters));
}

export async function cancelOnBybit(
  client: ExchangeClient,
  context: MappingContext,
  order: OrderReference,
): Promise<string> {
  const listed = placeOf(bybitListed(context, order.instrument));
  return orderIdOf(
    await client.call('privatePostV5OrderCancel', { ...listed, ...referenceOf(order) }),
  );
}

/** Realtime holds the open and the newest 500 that ended; all others are in the history only. */
export async function orderOnBybit(
  client: ExchangeClient,
  context: MappingContext,
  order: OrderReference,
): Promise<OrderReport | null> {
  const listed = bybitListed(context, order.instrument);
  const query = { ...placeOf(listed), ...referenceOf(order) } as Record<string, string>;
  for (const method of ['privateGetV5OrderRealtime', 'privateGetV5OrderHistory']) {
    const { rows } = await bybitPage(client, method, query);
    const { items, faults } = mapBybitOrders(context, rows, listed.market);
    if (faults[0] !== undefined) throw new PayloadFault(faults[0]);
    const found = items.find(
      (one) =>
        (order.orderId === null || one.orderId === order.orderId) &&
        (order.clientOrderId === null || one.clientOrderId === order.clientOrderId),
    );
    if (found !== undefined) return found;
  }
  return null;
}
