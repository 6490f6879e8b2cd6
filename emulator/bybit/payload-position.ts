/** Positions in Bybit's words: REST says avgPrice where the stream says entryPrice. */
import {
  absolute,
  type Decimal,
  divideHalfEven,
  isPositive,
  isZero,
  multiply,
  zero,
} from '../../src/decimal/decimal.ts';
import type { Leg } from '../../src/model/fact.ts';
import type { Instant } from '../../src/model/instant.ts';
import type { Instrument } from '../../src/model/instrument.ts';
import type { StatementPosition } from '../../src/model/statement.ts';
import type { Tally } from '../exchange/position-tally.ts';
import { positionIdx } from './names.ts';
import type { Terms } from './terms.ts';

export interface PositionToTell {
  readonly instrument: Instrument;
  readonly leg: Leg;
  /** Null: flat. */
  readonly position: StatementPosition | null;
  readonly tally: Tally;
  readonly mark: Decimal;
  readonly leverage: Decimal;
  readonly maintenanceRate: Decimal;
  readonly at: Instant;
  readonly sequence: number;
}

/** What a position is worth at a price, in its settle coin. */
export const worthOf = ({ type, multiplier }: Instrument, quantity: Decimal, price: Decimal) => {
  const units = multiply(absolute(quantity), multiplier);
  if (type !== 'inverse') return multiply(units, price);
  return isZero(price) ? zero : divideHalfEven(units, price, 18);
};

export function positionPayload(told: PositionToTell, { names, figures }: Terms) {
  const { instrument, leg, position, tally, leverage, maintenanceRate } = told;
  const { number, time } = figures;
  const quantity = position?.quantity ?? zero;
  const mark = position?.markPrice ?? told.mark;
  const worth = worthOf(instrument, quantity, position?.averagePrice ?? mark);
  const margin = divideHalfEven(worth, leverage, 18);
  const maintenance = multiply(worth, maintenanceRate);
  return {
    category: names.category(instrument.name),
    symbol: names.symbol(instrument.name),
    positionIdx: positionIdx(leg),
    side: isZero(quantity) ? '' : isPositive(quantity) ? 'Buy' : 'Sell',
    size: number(absolute(quantity)),
    markPrice: number(mark),
    positionValue: isZero(quantity) ? '' : number(worth),
    leverage: number(leverage),
    positionIM: number(margin),
    positionMM: number(maintenance),
    positionBalance: number(margin),
    unrealisedPnl: number(position?.unrealisedPnl ?? zero),
    curRealisedPnl: number(tally.realised),
    cumRealisedPnl: number(tally.realisedEver),
    liqPrice: '',
    bustPrice: '',
    positionStatus: 'Normal',
    isReduceOnly: false,
    adlRankIndicator: isZero(quantity) ? 0 : 2,
    autoAddMargin: 0,
    tradeMode: 0,
    riskId: 1,
    riskLimitValue: '',
    tpslMode: 'Full',
    takeProfit: '',
    stopLoss: '',
    trailingStop: '0',
    createdTime: time(told.at),
    updatedTime: time(told.at),
    seq: names.sequence(told.sequence),
    averagePrice: number(position?.averagePrice ?? zero),
  };
}

type Told = ReturnType<typeof positionPayload>;

export const restPosition = ({ averagePrice, category: _, ...rest }: Told) => ({
  ...rest,
  avgPrice: averagePrice,
});

export const streamPosition = ({ averagePrice, ...rest }: Told) => ({
  ...rest,
  entryPrice: averagePrice,
});
