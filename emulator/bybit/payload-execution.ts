/** Executions in Bybit's words; payments of funding are among them. */

import { absolute, divideHalfEven, isZero, negate, zero } from '../../src/decimal/decimal.ts';
import type { Fill } from '../../src/model/fact.ts';
import { type Execution, fillValue, type OrderState, type Payment } from '../exchange/history.ts';
import { priceOf, type Quote } from '../exchange/market.ts';
import { sideWord } from './names.ts';
import type { Terms } from './terms.ts';

const types: Readonly<Record<Fill['cause'], string>> = {
  trade: 'Trade',
  liquidation: 'BustTrade',
  adl: 'AdlTrade',
  settlement: 'Settle',
  delivery: 'Delivery',
  conversion: 'Trade',
};

const createTypes: Readonly<Record<string, string>> = {
  BustTrade: 'CreateByLiq',
  AdlTrade: 'CreateByAdl_PassThrough',
};

/** The order that a forced execution filled: nobody sent it. */
export const orderIdOf = ({ orderId, executionId }: Fill): string =>
  orderId ?? `${executionId}-order`;

export function executionPayload(
  { fill, sequence, leaves, closed, realised }: Execution,
  order: OrderState | null,
  quote: Quote | null,
  { names, figures, instruments }: Terms,
) {
  const { number, time } = figures;
  const execType = types[fill.cause];
  const [fee, ...extra] = fill.fees ?? [];
  const value = fillValue(fill, instruments);
  const amount = fee?.amount ?? zero;
  const coin = fee?.currency ?? instruments.get(fill.instrument)?.settle ?? '';
  return {
    category: names.category(fill.instrument),
    symbol: names.symbol(fill.instrument),
    orderId: names.id(orderIdOf(fill)),
    orderLinkId: shownClientId(fill.clientOrderId),
    side: sideWord(fill.side),
    orderType: order?.request?.type === 'limit' ? 'Limit' : 'Market',
    stopOrderType: order?.request?.trigger ? 'Stop' : 'UNKNOWN',
    orderPrice: number(order?.report.price ?? null),
    orderQty: number(order?.report.quantity ?? fill.quantity),
    leavesQty: number(leaves),
    createType: createTypes[execType] ?? 'CreateByUser',
    execId: names.id(fill.executionId),
    execPrice: number(fill.price),
    execQty: number(fill.quantity),
    execValue: number(value),
    execFee: number(amount),
    feeRate: number(isZero(value) ? zero : divideHalfEven(amount, value, 8)),
    feeCoin: coin,
    feeCurrency: coin,
    execType,
    execTime: time(fill.time),
    execPnl: number(realised),
    isMaker: fill.liquidity === 'maker',
    closedSize: number(closed),
    markPrice: number(priceOf(quote)),
    indexPrice: '',
    underlyingPrice: '',
    tradeIv: '',
    markIv: '',
    blockTradeId: '',
    isLeverage: '0',
    seq: names.sequence(sequence),
    extraFees: extra.length === 0 ? '' : JSON.stringify(extra.map(feeText(number))),
  };
}

const feeText =
  (number: Terms['figures']['number']) =>
  ({ currency, amount }: NonNullable<Fill['fees']>[number]) => ({
    feeCoin: currency,
    fee: number(amount),
  });

/** Ids that the emulator gave to orders without one are not shown. */
export const shownClientId = (id: string | null): string =>
  id === null || id.startsWith(ownPrefix) ? '' : id;

export const ownPrefix = 'unnamed-';

/** Funding is positive when it is paid. */
export function paymentPayload(
  { flow, sequence, position }: Payment,
  quote: Quote | null,
  { names, figures }: Terms,
) {
  const { number, time } = figures;
  const instrument = flow.instrument ?? '';
  const price = priceOf(quote);
  return {
    category: names.category(instrument),
    symbol: names.symbol(instrument),
    orderId: names.id(`${flow.id}-order`),
    orderLinkId: '',
    side: position.coefficient < 0 ? 'Sell' : 'Buy',
    orderType: 'UNKNOWN',
    stopOrderType: 'UNKNOWN',
    orderPrice: '0',
    orderQty: '0',
    leavesQty: '0',
    createType: '',
    execId: names.id(flow.id),
    execPrice: number(price),
    execQty: number(absolute(position)),
    execValue: '',
    execFee: number(negate(flow.amount)),
    feeRate: number(quote?.fundingRate ?? zero),
    feeCoin: flow.currency,
    feeCurrency: flow.currency,
    execType: 'Funding',
    execTime: time(flow.time),
    execPnl: '0',
    isMaker: false,
    closedSize: '0',
    markPrice: number(price),
    isLeverage: '0',
    seq: names.sequence(sequence),
    extraFees: '',
  };
}
