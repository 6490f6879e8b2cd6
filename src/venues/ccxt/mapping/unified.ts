/**
 * What ccxt makes of an exchange that nobody checked field by field. Its figures are texts here,
 * contracts become units by the market's contract size; what its words mean differs by exchange.
 */
import { absolute, isZero, multiply, negate, signOf } from '../../../decimal/decimal.ts';
import { decimal, toText } from '../../../decimal/text.ts';
import type { Fee, Fill, OrderReport, OrderStatus } from '../../../model/fact.ts';
import { isJsonObject } from '../../../model/lossless-json.ts';
import type { StatementBalance, StatementPosition } from '../../../model/statement.ts';
import type { Listed, Market } from '../instrument-index.ts';
import {
  decimalField,
  flag,
  instantField,
  type Mapped,
  mapRows,
  optionalDecimal,
  PayloadFault,
  type Raw,
  requiredText,
  sideField,
  text,
  textOrNull,
} from '../raw.ts';
import type { MappingContext } from './bybit-executions.ts';
import { statusOf } from './bybit-orders.ts';

export const mapUnifiedMarkets = (venue: string, markets: readonly Raw[]): Mapped<Listed> =>
  mapRows(markets, (row) => {
    const market: Market | null =
      row['spot'] === true
        ? 'spot'
        : row['option'] === true
          ? null
          : row['linear'] === true
            ? 'linear'
            : row['inverse'] === true
              ? 'inverse'
              : null;
    if (market === null) return [];
    const instrument = {
      venue,
      name: requiredText(row, 'symbol'),
      symbol: textOrNull(row, 'id'),
      type: market,
      class: 'crypto',
      base: requiredText(row, 'base'),
      quote: requiredText(row, 'quote'),
      settle: textOrNull(row, 'settle') ?? requiredText(row, 'quote'),
      multiplier: decimal('1'),
      tickSize: null,
      lotSize: null,
      validFrom: null,
    } as const;
    return [{ instrument, market, contractSize: market === 'spot' ? '1' : sizeOf(row) }];
  });

/** A guess would be wrong a hundredfold. */
function sizeOf(row: Raw): string {
  const size = optionalDecimal(row, 'contractSize');
  if (size !== null && signOf(size) > 0) return toText(size);
  throw new PayloadFault(`${text(row, 'symbol')} tells no contract size`);
}

const listedOf = (context: MappingContext, row: Raw): Listed => {
  const listed = context.index.byName(requiredText(row, 'symbol'));
  if (listed === null) throw new PayloadFault(`${text(row, 'symbol')} is not listed`);
  return listed;
};

const unitsOf = ({ contractSize }: Listed) => {
  const size = decimal(contractSize);
  return (amount: OrderReport['quantity']) => multiply(amount, size);
};

export const mapUnifiedPositions = (context: MappingContext, rows: readonly Raw[]) =>
  mapRows<StatementPosition>(rows, (row) => {
    const size = absolute(decimalField(row, 'contracts'));
    if (isZero(size)) return [];
    const listed = listedOf(context, row);
    const side = text(row, 'side');
    if (side !== 'long' && side !== 'short') throw new PayloadFault(`"${side}" is no side`);
    const quantity = unitsOf(listed)(size);
    return [
      {
        instrument: listed.instrument.name,
        leg: context.positionMode === 'hedge' ? side : 'net',
        quantity: side === 'long' ? quantity : negate(quantity),
        averagePrice: optionalDecimal(row, 'entryPrice'),
        markPrice: optionalDecimal(row, 'markPrice'),
        unrealisedPnl: optionalDecimal(row, 'unrealizedPnl'),
      },
    ];
  });

export function mapUnifiedBalances(answer: Raw): Mapped<StatementBalance> {
  const totals = isJsonObject(answer['total']) ? answer['total'] : {};
  const free = isJsonObject(answer['free']) ? answer['free'] : {};
  const rows = Object.keys(totals).map((currency) => ({ currency }));
  return mapRows<StatementBalance>(rows, (row) => {
    const currency = requiredText(row, 'currency');
    return [
      {
        currency,
        total: decimalField(totals, currency),
        available: optionalDecimal(free, currency),
        equity: null,
        borrowed: null,
      },
    ];
  });
}

/** One that is not told to its end leaves unknown what was paid. */
function feesOf(row: Raw): readonly Fee[] | null {
  const several = Array.isArray(row['fees']) ? row['fees'].filter(isJsonObject) : [];
  const told = several.length > 0 ? several : isJsonObject(row['fee']) ? [row['fee']] : [];
  const fees = told.flatMap((fee) => {
    const amount = optionalDecimal(fee, 'cost');
    const currency = textOrNull(fee, 'currency');
    return amount === null || currency === null ? [] : [{ currency, amount }];
  });
  if (fees.length === 0 || fees.length < told.length) return null;
  return fees.filter((fee) => !isZero(fee.amount));
}

export const mapUnifiedTrades = (context: MappingContext, rows: readonly Raw[]): Mapped<Fill> =>
  mapRows(rows, (row) => {
    if (context.positionMode === 'hedge') throw new PayloadFault('trades here tell no leg');
    const listed = listedOf(context, row);
    const liquidity = text(row, 'takerOrMaker');
    return [
      {
        kind: 'fill',
        account: context.account,
        instrument: listed.instrument.name,
        leg: 'net',
        side: sideField(row, 'side'),
        quantity: unitsOf(listed)(decimalField(row, 'amount')),
        price: decimalField(row, 'price'),
        fees: feesOf(row),
        liquidity: liquidity === 'maker' || liquidity === 'taker' ? liquidity : null,
        executionId: requiredText(row, 'id'),
        orderId: textOrNull(row, 'order'),
        clientOrderId: null,
        strategy: null,
        cause: 'trade',
        venueSequence: null,
        provisional: false,
        time: instantField(row, 'timestamp'),
      },
    ];
  });

const statuses: Readonly<Record<string, OrderStatus>> = {
  open: 'open',
  closed: 'filled',
  canceled: 'cancelled',
  expired: 'expired',
  rejected: 'rejected',
};

export const mapUnifiedOrders = (context: MappingContext, rows: readonly Raw[]) =>
  mapRows<OrderReport>(rows, (row) => {
    const listed = listedOf(context, row);
    const units = unitsOf(listed);
    const quantity = units(decimalField(row, 'amount'));
    const told = optionalDecimal(row, 'filled');
    const filled = told === null ? null : units(told);
    const average = optionalDecimal(row, 'average');
    return [
      {
        kind: 'order',
        account: context.account,
        instrument: listed.instrument.name,
        leg: 'net',
        orderId: requiredText(row, 'id'),
        clientOrderId: textOrNull(row, 'clientOrderId'),
        side: sideField(row, 'side'),
        type: text(row, 'type') || 'limit',
        quantity,
        price: optionalDecimal(row, 'price'),
        filled,
        averagePrice: average !== null && signOf(average) > 0 ? average : null,
        status: statusOf(statuses[text(row, 'status')] ?? 'unknown', quantity, filled),
        reduceOnly: flag(row, 'reduceOnly'),
        time: instantField(row, 'timestamp'),
      },
    ];
  });
