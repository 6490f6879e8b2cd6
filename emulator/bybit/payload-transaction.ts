/** The transaction log in Bybit's words: change = cashFlow + funding - fee. */

import { divideHalfEven, isNegative, isZero, zero } from '../../src/decimal/decimal.ts';
import { fillValue } from '../exchange/history.ts';
import type { Transaction } from '../exchange/transactions.ts';
import { sideWord } from './names.ts';
import { orderIdOf, shownClientId } from './payload-execution.ts';
import type { Terms } from './terms.ts';

/** No document tells how a busted trade is logged; here it is a TRADE of this sub type. */
export const bustSubType = 'TRADE_ROLLBACK';

export function transactionType({ kind, fill, change }: Transaction): string {
  const isOut = isNegative(change);
  switch (kind) {
    case 'trade':
      if (fill?.cause === 'liquidation') return 'LIQUIDATION';
      if (fill?.cause === 'adl') return 'ADL';
      if (fill?.cause === 'delivery') return 'DELIVERY';
      return 'TRADE';
    case 'bust':
      return 'TRADE';
    case 'funding':
      return 'SETTLEMENT';
    case 'interest':
      return 'INTEREST';
    case 'fee':
    case 'tax':
      return 'FEE_REFUND';
    case 'dividend':
      return 'AIRDROP';
    case 'adjustment':
      return isOut ? 'BONUS_RECOLLECT' : 'BONUS';
    default:
      return isOut ? 'TRANSFER_OUT' : 'TRANSFER_IN';
  }
}

export function transactionPayload(row: Transaction, terms: Terms) {
  const { names, figures, instruments } = terms;
  const { number, time } = figures;
  const { fill, flow } = row;
  const instrument = fill?.instrument ?? flow?.instrument ?? null;
  const value = fill === null ? zero : fillValue(fill, instruments);
  return {
    id: `${names.id(fill?.executionId ?? flow?.id ?? '')}_${row.currency}_${row.sequence}`,
    symbol: instrument === null ? '' : names.symbol(instrument),
    category: instrument === null ? '' : names.category(instrument),
    side: fill === null ? sideOfFlow(row) : sideWord(fill.side),
    transactionTime: time(row.time),
    type: transactionType(row),
    transSubType: row.kind === 'bust' ? bustSubType : '',
    qty: number(fill?.quantity ?? row.position),
    size: number(row.position),
    currency: row.currency,
    tradePrice: fill === null ? '' : number(fill.price),
    funding: row.kind === 'funding' ? number(row.funding) : '',
    fee: number(row.fee),
    cashFlow: number(row.cashFlow),
    change: number(row.change),
    cashBalance: number(row.balance),
    feeRate: number(isZero(value) ? zero : divideHalfEven(row.fee, value, 8)),
    bonusChange: '',
    tradeId: names.id(fill?.executionId ?? flow?.id ?? ''),
    orderId: fill === null ? '' : names.id(orderIdOf(fill)),
    orderLinkId: shownClientId(fill?.clientOrderId ?? null),
    extraFees: '',
  };
}

const sideOfFlow = ({ kind, position }: Transaction): string =>
  kind !== 'funding' ? 'None' : isNegative(position) ? 'Sell' : 'Buy';
