/**
 * Amounts for people: thousands separated, a true minus, a sign on differences. The value is
 * never rounded: digits that have no room are cut, and an ellipsis says so.
 */
import { type Decimal, isNegative, isZero, roundHalfEven } from '../decimal/decimal.ts';
import { decimal, toText } from '../decimal/text.ts';

export interface Amount {
  /** Decimal text; null is unknown. */
  readonly amount: string | null;
  /** A difference always has its sign. */
  readonly signed?: boolean;
  /** Digits behind the point that are shown at most; all where it is absent. */
  readonly digits?: number;
}

export interface AmountParts {
  /** Sign and digits before the point, thousands separated; `?` when it is unknown. */
  readonly whole: string;
  /** Digits behind the point, without it. */
  readonly fraction: string;
}

export function partsOf({ amount, signed, digits }: Amount): AmountParts {
  if (amount === null) return { whole: '?', fraction: '' };
  const [whole = '', fraction = ''] = amount.replace('-', '').split('.');
  const sign = amount.startsWith('-') ? '−' : signed === true && amount !== '0' ? '+' : '';
  const cut = digits !== undefined && fraction.length > digits;
  return {
    whole: sign + whole.replace(/\B(?=(\d{3})+$)/g, ','),
    fraction: cut ? `${fraction.slice(0, digits)}…` : fraction,
  };
}

/** An amount inside a sentence. */
export function amountText(amount: string | null, how: Omit<Amount, 'amount'> = {}): string {
  const { whole, fraction } = partsOf({ amount, ...how });
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

/** Money: two digits behind the point, and as many more as it has. Unknown is `?`. */
export function moneyText(
  amount: Decimal | string | null,
  how: Pick<Amount, 'signed'> = {},
): string {
  const text = amount === null || typeof amount === 'string' ? amount : toText(amount);
  const { whole, fraction } = partsOf({ amount: text, ...how });
  return text === null ? whole : `${whole}.${fraction.padEnd(2, '0')}`;
}

/** `$211.69`, `-$2.09`, `211.69 EUR`: plain digits, as scripts read them, and all of them. */
export function plainMoney(amount: Decimal | string | null, currency: string | null): string {
  const text = moneyText(amount).replaceAll(',', '').replace('−', '-');
  if (currency === null) return text;
  if (currency !== 'USD') return `${text} ${currency}`;
  return text.startsWith('-') ? `-$${text.slice(1)}` : `$${text}`;
}

/** A count inside a sentence. */
export const countText = (count: number): string => amountText(String(count));

export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${countText(count)} ${count === 1 ? one : many}`;

/** A percentage as people quote it: two digits, four where two would hide it, and never a zero. */
export function percentText(percent: Decimal | string | null): string {
  if (percent === null) return '?';
  const exact = typeof percent === 'string' ? decimal(percent) : percent;
  if (isZero(exact)) return '0.00 %';
  const shown = [2, 4].map((digits) => roundHalfEven(exact, digits)).find((one) => !isZero(one));
  if (shown === undefined) return isNegative(exact) ? '>−0.0001 %' : '<0.0001 %';
  return `${moneyText(shown, { signed: true })} %`;
}
