/**
 * What Binance tells of the money of a spot wallet besides its trades: deposits, withdrawals,
 * transfers between wallets of one owner, and distributions. There is no log of all changes.
 */
import { isZero, negate } from '../../../decimal/decimal.ts';
import type { CashFact } from '../../../model/fact.ts';
import { fromMilliseconds, type Instant } from '../../../model/instant.ts';
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
} from '../raw.ts';
import type { MappingContext } from './bybit-executions.ts';
import { cashFact } from './cash-fact.ts';

/** Of the spot wallet alone: the wallet of the type 1 is the one for funding. */
const isSpot = (row: Raw) => text(row, 'walletType') === '' || text(row, 'walletType') === '0';

/** Credited, also where it cannot be withdrawn yet; anything else has not arrived. */
const arrived = new Set(['1', '6']);
/** Completed; a withdrawal that is under way holds its coins back without spending them. */
const left = new Set(['6']);

export const mapSpotDeposits = (context: MappingContext, rows: readonly Raw[]): Mapped<CashFact> =>
  mapRows(rows, (row) => {
    if (!isSpot(row) || !arrived.has(requiredText(row, 'status'))) return [];
    const id = `deposit:${text(row, 'id') || requiredText(row, 'txId')}`;
    const amount = decimalField(row, 'amount');
    const currency = requiredText(row, 'coin');
    return [
      cashFact(context, {
        ...{ kind: 'deposit', currency, amount, id },
        time: instantField(row, 'insertTime'),
      }),
    ];
  });

export const mapSpotWithdrawals = (
  context: MappingContext,
  rows: readonly Raw[],
): Mapped<CashFact> =>
  mapRows(rows, (row) => {
    if (!isSpot(row) || !left.has(requiredText(row, 'status'))) return [];
    const currency = requiredText(row, 'coin');
    const cost = optionalDecimal(row, 'transactionFee');
    return [
      cashFact(context, {
        ...{ kind: 'withdrawal', currency, amount: decimalField(row, 'amount') },
        id: `withdrawal:${requiredText(row, 'id')}`,
        fee: cost === null || isZero(cost) ? null : { currency, amount: cost },
        time: wordedTime(row, 'applyTime'),
      }),
    ];
  });

/** Times of withdrawals are words in UTC, such as 2019-10-12 11:12:02. */
function wordedTime(row: Raw, name: string): Instant {
  const value = text(row, name);
  const at = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(value)
    ? Date.parse(`${value.replace(' ', 'T')}Z`)
    : Number.NaN;
  if (Number.isNaN(at)) throw new PayloadFault(`${name} "${value}" is no time`);
  return fromMilliseconds(at);
}

/** `MAIN_x` leaves the spot wallet, `x_MAIN` comes into it. */
export const mapSpotTransfers = (context: MappingContext, rows: readonly Raw[]): Mapped<CashFact> =>
  mapRows(rows, (row) => {
    if (requiredText(row, 'status') !== 'CONFIRMED') return [];
    const type = requiredText(row, 'type');
    const out = type.startsWith('MAIN_');
    if (out === type.endsWith('_MAIN')) {
      throw new PayloadFault(`the transfer ${type} has no end in the spot wallet`);
    }
    const amount = decimalField(row, 'amount');
    return [
      cashFact(context, {
        ...{ kind: 'transfer', currency: requiredText(row, 'asset') },
        amount: out ? negate(amount) : amount,
        id: `transfer:${requiredText(row, 'tranId')}`,
        reason: type,
        time: instantField(row, 'timestamp'),
      }),
    ];
  });

/** Airdrops, earnings, distributions: coins for nothing. */
export const mapSpotDistributions = (
  context: MappingContext,
  rows: readonly Raw[],
): Mapped<CashFact> =>
  mapRows(rows, (row) => [
    cashFact(context, {
      ...{ kind: 'deposit', currency: requiredText(row, 'asset') },
      amount: decimalField(row, 'amount'),
      id: `distribution:${requiredText(row, 'id')}`,
      reason: text(row, 'enInfo') || null,
      time: instantField(row, 'divTime'),
    }),
  ]);
