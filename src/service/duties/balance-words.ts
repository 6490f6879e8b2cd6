/** A balance in the words that operators search their logs for. */
import { plainMoney } from '../../model/amount.ts';
import type { BalanceSheet } from '../../reconcile/source/sheet.ts';
import { balanceStatus } from '../../report/source-balance-document.ts';
import type { SourceCheck } from '../source/desk.ts';

export function balanceWords(sheet: BalanceSheet, currency: string | null): string {
  const { difference, calculated, unpriced } = sheet;
  switch (balanceStatus(sheet)) {
    case 'accurate':
      return '[OK] Balance is accurate';
    case 'not-stored':
      return `[OK] No total is stored; it is ${plainMoney(calculated, currency)}`;
    case 'not-accurate':
      return difference === null
        ? 'Discrepancy: nothing is stored'
        : `Discrepancy: ${plainMoney(difference, currency)}`;
    case 'unknown':
      return `[UNKNOWN] ${unpriced.map(({ what, why }) => `${what}: ${why}`).join(', ')}`;
  }
}

/** The reporting currency; null where accounts of several were checked. */
export function currencyOf({ document }: SourceCheck): string | null {
  const stake = document.json['atStake'] as { readonly currency?: string | null } | undefined;
  return stake?.currency ?? null;
}
