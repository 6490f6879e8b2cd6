/** Trades, income, positions, wallets and the rules of instruments in Binance's words. */
import {
  absolute,
  type Decimal,
  decimalOf,
  divideHalfEven,
  isZero,
  multiply,
  negate,
  subtract,
  zero,
} from '../../src/decimal/decimal.ts';
import { toText } from '../../src/decimal/text.ts';
import type { Instrument } from '../../src/model/instrument.ts';
import type { StatementBalance, StatementPosition } from '../../src/model/statement.ts';
import type { Execution, OrderState } from '../exchange/history.ts';
import type { Transaction } from '../exchange/transactions.ts';
import { positionSide } from './names.ts';
import type { BinanceTerms } from './payload-order.ts';

export function tradePayload(
  event: Execution,
  state: OrderState | null,
  { names, figures }: BinanceTerms,
) {
  const { fill, realised } = event;
  const { number, time } = figures;
  const fee = fill.fees?.[0];
  return {
    buyer: fill.side === 'buy',
    commission: number(fee?.amount ?? zero),
    commissionAsset: fee?.currency ?? '',
    id: names.number(event.sequence),
    maker: fill.liquidity === 'maker',
    orderId: state === null ? names.forcedId(event) : names.orderId(state.sequence),
    price: number(fill.price),
    qty: number(fill.quantity),
    quoteQty: number(multiply(fill.quantity, fill.price)),
    realizedPnl: number(realised),
    side: fill.side.toUpperCase(),
    positionSide: positionSide(fill.leg),
    symbol: names.symbol(fill.instrument),
    time: Number(time(fill.time)),
  };
}

/** One row of the log is up to two of income: what was realised, and what it cost. */
export function incomePayloads(row: Transaction, trade: Execution | null, terms: BinanceTerms) {
  const { names, figures } = terms;
  const { fill, flow } = row;
  const instrument = fill?.instrument ?? flow?.instrument ?? null;
  const income = (incomeType: string, amount: Decimal) => ({
    symbol: instrument === null ? '' : names.symbol(instrument),
    incomeType,
    income: figures.number(amount),
    asset: row.currency,
    info: trade === null ? incomeType : String(trade.sequence),
    time: Number(figures.time(row.time)),
    tranId: names.number(row.sequence),
    tradeId: trade === null ? '' : names.number(trade.sequence),
  });
  if (fill === null) {
    const type = row.kind === 'funding' ? 'FUNDING_FEE' : 'TRANSFER';
    return [income(type, row.change)];
  }
  const realised = isZero(row.cashFlow) ? [] : [income('REALIZED_PNL', row.cashFlow)];
  return [...realised, ...(isZero(row.fee) ? [] : [income('COMMISSION', negate(row.fee))])];
}

export function positionPayload(
  position: StatementPosition,
  instrument: Instrument,
  leverage: number,
  maintenanceRate: Decimal,
  { names, figures }: BinanceTerms,
) {
  const { number } = figures;
  const { quantity, averagePrice, markPrice, unrealisedPnl } = position;
  const notional = multiply(quantity, markPrice ?? averagePrice ?? zero);
  const margin = divideHalfEven(absolute(notional), decimalOf(leverage, 0), 18);
  return {
    symbol: names.symbol(instrument.name),
    positionSide: positionSide(position.leg),
    positionAmt: number(quantity),
    entryPrice: number(averagePrice),
    breakEvenPrice: number(averagePrice),
    markPrice: number(markPrice),
    unRealizedProfit: number(unrealisedPnl),
    liquidationPrice: '0',
    isolatedMargin: '0',
    notional: number(notional),
    marginAsset: instrument.settle,
    isolatedWallet: '0',
    initialMargin: number(margin),
    maintMargin: number(multiply(absolute(notional), maintenanceRate)),
    positionInitialMargin: number(margin),
    openOrderInitialMargin: '0',
    adl: 2,
    bidNotional: '0',
    askNotional: '0',
    updateTime: 0,
  };
}

export function assetPayload(
  balance: StatementBalance,
  margin: Decimal,
  { figures }: BinanceTerms,
) {
  const { number } = figures;
  const equity = balance.equity ?? balance.total;
  return {
    asset: balance.currency,
    walletBalance: number(balance.total),
    unrealizedProfit: number(subtract(equity, balance.total)),
    marginBalance: number(equity),
    maintMargin: '0',
    initialMargin: number(margin),
    positionInitialMargin: number(margin),
    openOrderInitialMargin: '0',
    crossWalletBalance: number(balance.total),
    crossUnPnl: number(subtract(equity, balance.total)),
    availableBalance: number(balance.available ?? balance.total),
    maxWithdrawAmount: number(balance.available ?? balance.total),
    updateTime: 0,
  };
}

const smallest = decimalOf(1, 8);

export function symbolPayload(
  instrument: Instrument,
  minNotional: Decimal | null,
  { names }: BinanceTerms,
) {
  const tick = instrument.tickSize ?? smallest;
  const lot = instrument.lotSize ?? smallest;
  const sizes = { minQty: toText(lot), maxQty: '1000000', stepSize: toText(lot) };
  return {
    symbol: names.symbol(instrument.name),
    pair: `${instrument.base}${instrument.quote}`,
    contractType: 'PERPETUAL',
    deliveryDate: 4_133_404_800_000,
    onboardDate: 1_577_836_800_000,
    status: 'TRADING',
    baseAsset: instrument.base,
    quoteAsset: instrument.quote,
    marginAsset: instrument.settle,
    pricePrecision: tick.scale,
    quantityPrecision: lot.scale,
    baseAssetPrecision: 8,
    quotePrecision: 8,
    underlyingType: 'COIN',
    underlyingSubType: [],
    filters: [
      {
        ...{ filterType: 'PRICE_FILTER', minPrice: toText(tick), maxPrice: '10000000' },
        tickSize: toText(tick),
      },
      { filterType: 'LOT_SIZE', ...sizes },
      { filterType: 'MARKET_LOT_SIZE', ...sizes },
      { filterType: 'MIN_NOTIONAL', notional: toText(minNotional ?? zero) },
    ],
    orderTypes: ['LIMIT', 'MARKET', 'STOP', 'STOP_MARKET'],
    timeInForce: ['GTC', 'IOC', 'FOK', 'GTX'],
  };
}
