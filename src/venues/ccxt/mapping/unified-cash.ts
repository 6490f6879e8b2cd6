/**
 * Money that no trade tells, in ccxt's words, of an exchange that nobody checked: its ledger, or,
 * where it has none, payments of funding, deposits, withdrawals and transfers.
 */
import { absolute, isZero, negate } from '../../../decimal/decimal.ts';
import type { CashFact, CashKind } from '../../../model/fact.ts';
import { isJsonObject } from '../../../model/lossless-json.ts';
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
import type { MappingContext } from './bybit-executions.ts';
import { cashFact } from './cash-fact.ts';

type MapCash = (context: MappingContext, rows: readonly Raw[]) => Mapped<CashFact>;
const timeOf = (row: Raw) => instantField(row, 'timestamp');

/** Amounts are sizes, the direction says which way. Trades and their fees are told elsewhere. */
export const mapUnifiedLedger: MapCash = (context, rows) =>
  mapRows(rows, (row) => {
    const type = text(row, 'type');
    const size = absolute(decimalField(row, 'amount'));
    if (type === 'trade' || type === 'fee' || isZero(size)) return [];
    const direction = text(row, 'direction');
    if (direction !== 'in' && direction !== 'out') {
      throw new PayloadFault(`"${direction}" is no direction of ${text(row, 'id')}`);
    }
    const out = direction === 'out';
    const kind: CashKind = /fund/i.test(type)
      ? 'funding'
      : type === 'transfer'
        ? 'transfer'
        : out
          ? 'withdrawal'
          : 'deposit';
    const isSigned = kind === 'funding' || kind === 'transfer';
    const amount = isSigned && out ? negate(size) : size;
    const id = requiredText(row, 'id');
    const currency = requiredText(row, 'currency');
    return [
      cashFact(context, { kind, currency, amount, id, reason: type || null, time: timeOf(row) }),
    ];
  });

/** + is received, as far as ccxt makes it so of each exchange. */
export const mapUnifiedFunding: MapCash = (context, rows) =>
  mapRows(rows, (row) => {
    const amount = decimalField(row, 'amount');
    if (isZero(amount)) return [];
    const symbol = requiredText(row, 'symbol');
    const listed = context.index.byName(symbol);
    if (listed === null) throw new PayloadFault(`${symbol} is not listed`);
    // Some exchanges give a payment no id: of one contract there is one at a time.
    const id = textOrNull(row, 'id') ?? requiredText(row, 'timestamp');
    return [
      cashFact(context, {
        time: timeOf(row),
        ...{ kind: 'funding', amount, id: `funding:${symbol}:${id}` },
        currency: textOrNull(row, 'code') ?? listed.instrument.settle,
        instrument: symbol,
        leg: context.positionMode === 'net' ? 'net' : null,
      }),
    ];
  });

/** Deposits and withdrawals; one that is not done has moved nothing yet. */
export const mapUnifiedMovements: MapCash = (context, rows) =>
  mapRows(rows, (row) => {
    if (text(row, 'status') !== 'ok') return [];
    const kind = text(row, 'type');
    if (kind !== 'deposit' && kind !== 'withdrawal') {
      throw new PayloadFault(`"${kind}" is neither a deposit nor a withdrawal`);
    }
    const told = isJsonObject(row['fee']) ? row['fee'] : {};
    const cost = optionalDecimal(told, 'cost');
    const currency = requiredText(row, 'currency');
    const paid = cost === null || isZero(cost) ? null : cost;
    return [
      cashFact(context, {
        time: timeOf(row),
        ...{ kind, currency, amount: decimalField(row, 'amount') },
        id: `${kind}:${textOrNull(row, 'id') ?? requiredText(row, 'txid')}`,
        fee: paid && { currency: textOrNull(told, 'currency') ?? currency, amount: paid },
      }),
    ];
  });

/** Between wallets of one owner: out of ours, into ours, or none of ours. */
export const mapUnifiedTransfers =
  (wallet: string): MapCash =>
  (context, rows) =>
    mapRows(rows, (row) => {
      if (text(row, 'status') !== 'ok') return [];
      const [from, to] = [text(row, 'fromAccount'), text(row, 'toAccount')];
      if ((from === wallet) === (to === wallet)) {
        throw new PayloadFault(`a transfer from "${from}" to "${to}": ${wallet} is one of neither`);
      }
      const amount = decimalField(row, 'amount');
      return [
        cashFact(context, {
          time: timeOf(row),
          ...{ kind: 'transfer', currency: requiredText(row, 'currency') },
          amount: from === wallet ? negate(amount) : amount,
          id: `transfer:${requiredText(row, 'id')}`,
        }),
      ];
    });
