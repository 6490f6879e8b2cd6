/** Orders in Bybit's words. */
import { divideHalfEven, isPositive, isZero, subtract, zero } from '../../src/decimal/decimal.ts';
import type { OrderState } from '../exchange/history.ts';
import { positionIdx, sideWord } from './names.ts';
import { shownClientId } from './payload-execution.ts';
import type { Terms } from './terms.ts';

const forces = { gtc: 'GTC', ioc: 'IOC', fok: 'FOK', 'post-only': 'PostOnly' } as const;

export type OrderWord =
  | 'New'
  | 'PartiallyFilled'
  | 'Filled'
  | 'Cancelled'
  | 'PartiallyFilledCanceled'
  | 'Rejected'
  | 'Untriggered';

/** Spot says of a cancelled order that it was filled in part, contracts do not. */
export function orderWord({ report, request }: OrderState, isSpot: boolean): OrderWord {
  const hasFills = isPositive(report.filled ?? zero);
  switch (report.status) {
    case 'filled':
      return 'Filled';
    case 'rejected':
      return 'Rejected';
    case 'cancelled':
    case 'expired':
      return hasFills && isSpot ? 'PartiallyFilledCanceled' : 'Cancelled';
    default:
      if (hasFills) return 'PartiallyFilled';
      return request?.trigger && report.status === 'new' ? 'Untriggered' : 'New';
  }
}

export const isClosed = ({ report }: OrderState): boolean =>
  ['filled', 'cancelled', 'rejected', 'expired'].includes(report.status);

export function orderPayload(state: OrderState, { names, figures, instruments }: Terms) {
  const { report, request, value, fees } = state;
  const { number, time } = figures;
  const instrument = instruments.get(report.instrument);
  const isSpot = instrument?.type === 'spot';
  const filled = report.filled ?? zero;
  const word = orderWord(state, isSpot);
  const settle = instrument?.settle ?? '';
  const trigger = request?.trigger ?? null;
  const done = isClosed(state);
  return {
    category: names.category(report.instrument),
    symbol: names.symbol(report.instrument),
    orderId: names.id(report.orderId),
    orderLinkId: shownClientId(report.clientOrderId),
    blockTradeId: '',
    side: sideWord(report.side),
    orderType: (request?.type ?? report.type) === 'limit' ? 'Limit' : 'Market',
    price: number(report.price),
    qty: number(report.quantity),
    cumExecQty: number(filled),
    leavesQty: number(done ? zero : subtract(report.quantity, filled)),
    cumExecValue: number(value),
    avgPrice: isZero(filled) ? '' : number(report.averagePrice ?? average(state)),
    cumExecFee: number(fees.get(settle) ?? zero),
    cumFeeDetail: Object.fromEntries([...fees].map(([coin, fee]) => [coin, number(fee)])),
    orderStatus: word,
    cancelType: word === 'Cancelled' || word === 'PartiallyFilledCanceled' ? 'CancelByUser' : '',
    rejectReason: word === 'Rejected' ? 'EC_Others' : 'EC_NoError',
    timeInForce: forces[request?.timeInForce ?? 'ioc'],
    isLeverage: '0',
    reduceOnly: report.reduceOnly,
    closeOnTrigger: false,
    createType: 'CreateByUser',
    placeType: '',
    positionIdx: positionIdx(report.leg),
    ...(isSpot ? { marketUnit: '' } : { tpslMode: 'UNKNOWN' }),
    stopOrderType: trigger === null ? '' : 'Stop',
    triggerPrice: trigger === null ? '' : number(trigger.price),
    triggerDirection: trigger === null ? 0 : trigger.when === 'rises-to' ? 1 : 2,
    triggerBy: trigger === null ? '' : trigger.of === 'mark' ? 'MarkPrice' : 'LastPrice',
    takeProfit: '',
    stopLoss: '',
    smpType: 'None',
    lastPriceOnCreated: '',
    createdTime: time(state.createdAt),
    updatedTime: time(state.updatedAt),
  };
}

const average = ({ value, report }: OrderState) => divideHalfEven(value, report.filled ?? zero, 12);
