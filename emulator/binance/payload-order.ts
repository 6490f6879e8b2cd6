/** Orders in Binance's words, for REST and for the stream. */
import { type Decimal, isPositive, subtract, zero } from '../../src/decimal/decimal.ts';
import type { Figures } from '../exchange/figures.ts';
import type { Execution, OrderState } from '../exchange/history.ts';
import { type BinanceNames, positionSide } from './names.ts';

export interface BinanceTerms {
  readonly names: BinanceNames;
  readonly figures: Figures;
}

const forces = { gtc: 'GTC', ioc: 'IOC', fok: 'FOK', 'post-only': 'GTX' } as const;

export function statusWord({ report }: OrderState): string {
  switch (report.status) {
    case 'filled':
      return 'FILLED';
    case 'cancelled':
      return 'CANCELED';
    case 'rejected':
      return 'REJECTED';
    case 'expired':
      return 'EXPIRED';
    default:
      return isPositive(report.filled ?? zero) ? 'PARTIALLY_FILLED' : 'NEW';
  }
}

const typeWord = ({ report, request }: OrderState): string => {
  const word = (request?.type ?? report.type).toUpperCase();
  if (!request?.trigger) return word;
  return word === 'MARKET' ? 'STOP_MARKET' : 'STOP';
};

const msOf = (figures: Figures, at: bigint): number => Number(figures.time(at));

export function orderPayload(state: OrderState, { names, figures }: BinanceTerms) {
  const { report, request, value } = state;
  const { number } = figures;
  return {
    orderId: names.orderId(state.sequence),
    symbol: names.symbol(report.instrument),
    status: statusWord(state),
    clientOrderId: report.clientOrderId ?? '',
    price: number(report.price),
    avgPrice: number(report.averagePrice),
    origQty: number(report.quantity),
    executedQty: number(report.filled),
    cumQuote: number(value),
    timeInForce: forces[request?.timeInForce ?? 'gtc'],
    type: typeWord(state),
    reduceOnly: report.reduceOnly,
    closePosition: false,
    side: report.side.toUpperCase(),
    positionSide: positionSide(report.leg),
    stopPrice: number(request?.trigger?.price ?? zero),
    workingType: request?.trigger?.of === 'mark' ? 'MARK_PRICE' : 'CONTRACT_PRICE',
    priceProtect: false,
    origType: typeWord(state),
    priceMatch: 'NONE',
    selfTradePreventionMode: 'NONE',
    goodTillDate: 0,
    time: msOf(figures, state.createdAt),
    updateTime: msOf(figures, state.updatedAt),
  };
}

/** The client order id of what the venue does by itself. */
export const forcedName = ({ fill, sequence }: Execution): string =>
  fill.cause === 'adl' ? `adl_autoclose_${sequence}` : `autoclose-${sequence}`;

/** The order of a forced execution, as a list of such orders tells it. */
export function forcedPayload(event: Execution, { names, figures }: BinanceTerms) {
  const { fill } = event;
  const { number } = figures;
  const at = msOf(figures, fill.time);
  return {
    orderId: names.forcedId(event),
    symbol: names.symbol(fill.instrument),
    status: 'FILLED',
    clientOrderId: forcedName(event),
    price: number(fill.price),
    avgPrice: number(fill.price),
    origQty: number(fill.quantity),
    executedQty: number(fill.quantity),
    timeInForce: 'IOC',
    type: 'LIMIT',
    reduceOnly: false,
    closePosition: false,
    side: fill.side.toUpperCase(),
    positionSide: positionSide(fill.leg),
    stopPrice: '0',
    workingType: 'CONTRACT_PRICE',
    origType: 'LIMIT',
    time: at,
    updateTime: at,
  };
}

type Execed = 'NEW' | 'AMENDMENT' | 'CANCELED' | 'EXPIRED' | 'REJECTED';

/** What happened to an order that was no trade. */
export function orderEvent(state: OrderState, what: Execed, { names, figures }: BinanceTerms) {
  const { report, request } = state;
  const { number } = figures;
  const isFirst = what === 'NEW';
  return {
    ...{ s: names.symbol(report.instrument), c: report.clientOrderId ?? '' },
    ...{ S: report.side.toUpperCase(), o: typeWord(state) },
    ...{ f: forces[request?.timeInForce ?? 'gtc'], q: number(report.quantity) },
    ...{ p: number(report.price), ap: number(isFirst ? zero : report.averagePrice) },
    ...{ sp: number(request?.trigger?.price ?? zero), x: what },
    ...{ X: isFirst ? 'NEW' : statusWord(state), i: names.orderId(state.sequence), l: '0' },
    ...{ z: number(isFirst ? zero : report.filled), L: '0', n: '0' },
    ...{ T: msOf(figures, state.updatedAt), t: 0, b: '0', a: '0', m: false },
    ...{ R: report.reduceOnly, wt: 'CONTRACT_PRICE', ot: typeWord(state) },
    ...{ ps: positionSide(report.leg), cp: false, rp: '0', pP: false, si: 0, ss: 0 },
  };
}

/** A trade, with what the order is after it. */
export function tradeEvent(
  event: Execution,
  state: OrderState | null,
  { names, figures }: BinanceTerms,
) {
  const { fill, leaves, realised } = event;
  const { number } = figures;
  const ordered: Decimal = state?.report.quantity ?? fill.quantity;
  const fee = fill.fees?.[0];
  const isForced = state === null;
  const type = isForced ? 'LIQUIDATION' : typeWord(state);
  const isDone = leaves.coefficient === 0;
  return {
    ...{ s: names.symbol(fill.instrument), c: state?.report.clientOrderId ?? forcedName(event) },
    ...{ S: fill.side.toUpperCase(), o: type, f: forces[state?.request?.timeInForce ?? 'ioc'] },
    ...{ q: number(ordered), p: number(state?.report.price ?? fill.price) },
    ...{ ap: number(state?.report.averagePrice ?? fill.price), sp: '0' },
    ...{ x: isForced ? 'CALCULATED' : 'TRADE', X: isDone ? 'FILLED' : 'PARTIALLY_FILLED' },
    i: state === null ? names.forcedId(event) : names.orderId(state.sequence),
    ...{ l: number(fill.quantity), z: number(subtract(ordered, leaves)), L: number(fill.price) },
    ...(fee === undefined ? {} : { N: fee.currency, n: number(fee.amount) }),
    ...{ T: msOf(figures, fill.time), t: names.number(event.sequence), b: '0', a: '0' },
    ...{ m: fill.liquidity === 'maker', R: state?.report.reduceOnly ?? false },
    ...{ wt: 'CONTRACT_PRICE', ot: type, ps: positionSide(fill.leg), cp: false },
    ...{ rp: number(realised), pP: false, si: 0, ss: 0 },
  };
}
