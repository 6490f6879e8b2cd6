/** What a fill costs: a share of its value, rounded to eight digits as venues do. */
import {
  type Decimal,
  divideHalfEven,
  isZero,
  multiply,
  roundHalfEven,
} from '../../../decimal/decimal.ts';
import type { Fee, Side } from '../../../model/fact.ts';
import type { Instrument } from '../../../model/instrument.ts';
import type { PaperFees } from '../paper-exchange.ts';
import { contractWorth } from './position.ts';

export const feeDigits = 8;

export interface Charged {
  readonly instrument: Instrument;
  readonly side: Side;
  readonly quantity: Decimal;
  readonly price: Decimal;
  readonly liquidity: 'maker' | 'taker';
}

/**
 * In the settle coin; or on spot in what is received; or in a third coin at its rate (settle units
 * per coin) where enough of it is there to pay, as venues fall back where it is not.
 */
export function feeOf(
  fees: PaperFees,
  charged: Charged,
  covers: (coin: string, amount: Decimal) => boolean,
): Fee | null {
  const { instrument, side, quantity, price, liquidity } = charged;
  const rate = fees[liquidity];
  if (isZero(rate)) return null;
  const exact = multiply(contractWorth(instrument, quantity, price), rate);
  if (typeof fees.in === 'object') {
    const amount = divideHalfEven(exact, fees.in.rate, feeDigits);
    if (covers(fees.in.coin, amount)) return feeIn(fees.in.coin, amount);
  }
  if (fees.in === 'received' && instrument.type === 'spot' && side === 'buy') {
    return feeIn(instrument.base, roundHalfEven(multiply(quantity, rate), feeDigits));
  }
  return feeIn(instrument.settle, roundHalfEven(exact, feeDigits));
}

const feeIn = (currency: string, amount: Decimal): Fee | null =>
  isZero(amount) ? null : { currency, amount };
