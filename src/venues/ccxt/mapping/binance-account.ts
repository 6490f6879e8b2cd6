/** Binance positions, wallets and income to what a statement and the books hold. */
import { add, isZero, multiply, negate } from '../../../decimal/decimal.ts';
import { decimal } from '../../../decimal/text.ts';
import type { CashFact, CashKind } from '../../../model/fact.ts';
import type { StatementBalance, StatementPosition } from '../../../model/statement.ts';
import type { ToldExecution } from '../../venue.ts';
import type { Market } from '../instrument-index.ts';
import {
  decimalField,
  instantField,
  type Mapped,
  mapRows,
  optionalDecimal,
  PayloadFault,
  type Raw,
  requiredText,
  text,
  textOrNull,
} from '../raw.ts';
import { binanceInstrument, binanceLeg } from './binance-executions.ts';
import type { MappingContext } from './bybit-executions.ts';
import { cashFact } from './cash-fact.ts';

/** positionRisk: amounts are signed, also those of hedge legs. */
export const mapBinancePositions = (
  context: MappingContext,
  market: Market,
  rows: readonly Raw[],
): Mapped<StatementPosition> =>
  mapRows(rows, (row) => {
    const amount = decimalField(row, 'positionAmt');
    if (isZero(amount)) return [];
    const found = binanceInstrument(context, market, requiredText(row, 'symbol'));
    const leg = binanceLeg(text(row, 'positionSide'));
    if ((leg === 'net') !== (context.positionMode === 'net')) {
      const mode = leg === 'net' ? 'one-way' : 'hedge';
      const set = context.positionMode;
      throw new PayloadFault(`${text(row, 'symbol')} is held in ${mode} mode, not in ${set}`);
    }
    return [
      {
        instrument: found.instrument.name,
        leg,
        quantity: multiply(amount, decimal(found.contractSize)),
        averagePrice: optionalDecimal(row, 'entryPrice'),
        markPrice: optionalDecimal(row, 'markPrice'),
        unrealisedPnl: optionalDecimal(row, 'unRealizedProfit'),
      },
    ];
  });

/** `total` is walletBalance: marginBalance, which ccxt calls total, holds unrealised profit. */
export const mapBinanceBalances = (assets: readonly Raw[]): Mapped<StatementBalance> =>
  mapRows(assets, (row) => [
    {
      currency: requiredText(row, 'asset'),
      total: decimalField(row, 'walletBalance'),
      available: optionalDecimal(row, 'availableBalance'),
      equity: optionalDecimal(row, 'marginBalance'),
      borrowed: null,
    },
  ]);

/** Spot: what is free and what orders hold. */
export const mapBinanceSpotBalances = (rows: readonly Raw[]): Mapped<StatementBalance> =>
  mapRows(rows, (row) => [
    {
      currency: requiredText(row, 'asset'),
      total: add(decimalField(row, 'free'), decimalField(row, 'locked')),
      available: decimalField(row, 'free'),
      equity: null,
      borrowed: null,
    },
  ]);

/** Told by the trades themselves: their profit and their fee. */
const ofTrades = new Set(['REALIZED_PNL', 'COMMISSION']);

const kinds: Readonly<Record<string, CashKind>> = {
  FUNDING_FEE: 'funding',
  TRANSFER: 'transfer',
  INTERNAL_TRANSFER: 'transfer',
  CROSS_COLLATERAL_TRANSFER: 'transfer',
  STRATEGY_UMFUTURES_TRANSFER: 'transfer',
  INSURANCE_CLEAR: 'fee',
  COMMISSION_REBATE: 'fee',
  REFERRAL_KICKBACK: 'fee',
  API_REBATE: 'fee',
  FEE_RETURN: 'fee',
};

/** Trades that paid a commission: the list of executions has to have them. */
export const binanceTold = (rows: readonly Raw[]): readonly ToldExecution[] =>
  rows
    .filter((row) => text(row, 'incomeType') === 'COMMISSION' && text(row, 'tradeId') !== '')
    .map((row) => ({
      executionId: text(row, 'tradeId'),
      time: instantField(row, 'time'),
      takenBack: false,
    }));

/** Income is signed, + is received: funding as it is, fees and rebates turned round. */
export const mapBinanceIncome = (
  context: MappingContext,
  market: Market,
  rows: readonly Raw[],
): Mapped<CashFact> =>
  mapRows(rows, (row) => {
    const type = requiredText(row, 'incomeType');
    const income = decimalField(row, 'income');
    if (ofTrades.has(type) || isZero(income)) return [];
    if (type === 'DELIVERED_SETTELMENT') {
      throw new PayloadFault(`${text(row, 'symbol')} was delivered: its settlement is not booked`);
    }
    const received = income.coefficient > 0;
    const kind = kinds[type] ?? (received ? 'deposit' : 'withdrawal');
    const turned = kind === 'fee' || (kind === 'withdrawal' && !received);
    const symbol = text(row, 'symbol');
    const funding = kind === 'funding';
    return [
      cashFact(context, {
        ...{ kind, currency: requiredText(row, 'asset'), id: incomeId(row, type) },
        amount: turned ? negate(income) : income,
        instrument: funding ? binanceInstrument(context, market, symbol).instrument.name : null,
        leg: funding && context.positionMode === 'net' ? 'net' : null,
        reason: kind === 'funding' || kind === 'transfer' ? null : type,
        time: instantField(row, 'time'),
      }),
    ];
  });

/**
 * tranId is unique within a type and coin only, and two symbols pay funding in one millisecond
 * under ids of their own; the type and the symbol keep them apart.
 */
const incomeId = (row: Raw, type: string): string =>
  [type, requiredText(row, 'tranId'), textOrNull(row, 'symbol'), requiredText(row, 'asset')]
    .filter((part) => part !== null)
    .join(':');
