/** A balance in the words that operators search their logs for. */
import { plainMoney } from '../../model/amount.ts';
import type { BalanceSheet } from '../../reconcile/source/sheet.ts';
import { balanceStatus } from '../../report/source-balance-document.ts';
import type { SourceCheck } from '../source/desk.ts';

export function balanceWords(sheet: BalanceSheet, currency: string | null): string {
  const { difference, calculated } = sheet;
  switch (balanceStatus(sheet)) {
    case 'accurate':
      return '[OK] Balance is accurate';
    case 'not-stored':
      return `[OK] No total is stored; it is ${plainMoney(calculated, currency)}`;
    case 'not-accurate':
      return difference === null
        ? `Discrepancy: ${sheet.storedWhy ?? 'nothing is stored'}`
        : `Discrepancy: ${plainMoney(difference, currency)}`;
    case 'unknown':
      return `[UNKNOWN] ${unknownWords(sheet)}`;
  }
}

const shownMax = 2;

/** A feed that stopped leaves every position unknown: the first say why. */
function unknownWords({ unpriced }: BalanceSheet): string {
  const shown = unpriced.slice(0, shownMax).map(({ what, why }) => `${what}: ${why}`);
  const more = unpriced.length - shown.length;
  return `${shown.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
}

/** The reporting currency; null where accounts of several were checked. */
export function currencyOf({ document }: SourceCheck): string | null {
  const stake = document.json['atStake'] as { readonly currency?: string | null } | undefined;
  return stake?.currency ?? null;
}
