/** What no exchange is sent, because it would take it for something else. */
import type { OrderRequest } from '../venue.ts';
import { ExchangeFailure, refusal } from './failure.ts';
import type { MappingContext } from './mapping/bybit-executions.ts';

/** Throws an ExchangeFailure that refuses it. */
export function refuseUnfit({ index }: MappingContext, request: OrderRequest): void {
  const { clientOrderId, instrument, reduceOnly } = request;
  if (clientOrderId === '') {
    // Without a name it could not be looked for, and would be sent twice.
    throw unfit('client-order-id-missing', 'every order has a client order id of its own');
  }
  if (reduceOnly && index.byName(instrument)?.market === 'spot') {
    throw unfit('reduce-only-on-spot', 'spot has no positions to reduce');
  }
}

const unfit = (code: string, why: string) => new ExchangeFailure(refusal(code, why));
