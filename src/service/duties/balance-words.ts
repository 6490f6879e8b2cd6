/** A balance in the words that operators search their logs for. */
import type { Decimal } from '../../decimal/decimal.ts';
import { moneyText } from '../../model/amount.ts';
import type { BalanceSheet } from '../../reconcile/source/sheet.ts';
import { balanceStatus } from '../../report/source-balance-document.ts';
import type { SourceCheck } from '../source/desk.ts';

export function balanceWords(sheet: BalanceSheet, currency: string | null): string {
  const { difference, calculated, unpriced } = sheet;
  switch (balanceStatus(sheet)) {
    case 'accurate':
      return '[OK] Balance is accurate';
    case 'not-stored':
      return `[OK] No total is stored; it is ${inCurrency(currency, calculated)}`;
    case 'not-accurate':
      return difference === null
        ? 'Discrepancy: nothing is stored'
        : `Discrepancy: ${inCurrency(currency, difference)}`;
    case 'unknown':
      return `[UNKNOWN] ${unpriced.map(({ what, why }) => `${what}: ${why}`).join(', ')}`;
  }
}

/** `$211.69`, `$-211.69`, `211.69 EUR`: plain digits, as scripts read them. */
function inCurrency(currency: string | null, amount: Decimal | null): string {
  const text = moneyText(amount).replaceAll(',', '').replace('−', '-');
  if (currency === 'USD') return `$${text}`;
  return currency === null ? text : `${text} ${currency}`;
}

/** The reporting currency; null where accounts of several were checked. */
export function currencyOf({ document }: SourceCheck): string | null {
  const stake = document.json['atStake'] as { readonly currency?: string | null } | undefined;
  return stake?.currency ?? null;
}
