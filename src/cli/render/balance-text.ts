/** A balance in the words that operators' scripts look for. */
import { visibleIn } from '../../model/visible.ts';
import type { BalanceDocument } from '../../report/source-balance-document.ts';
import type { Terminal } from '../terminal.ts';
import { moneyText, percentText, plainMoney } from './amount.ts';
import { tableLines } from './table.ts';

interface BalanceView {
  readonly currency: string | null;
  readonly accounts: readonly AccountView[];
  readonly unknown: string | null;
}

interface AccountView {
  readonly account: string;
  readonly status: BalanceDocument['status'];
  readonly cash: string | null;
  readonly positionsValue: string | null;
  readonly total: string | null;
  readonly stored: string | null;
  readonly discrepancy: string | null;
  readonly percent: string | null;
  readonly match: string;
  readonly storedWhy: string | null;
  readonly unknown: readonly { readonly what: string; readonly why: string }[];
}

/** Of each account its figures, then the two lines that say whether they are right. */
export function balanceLines(terminal: Terminal, { json }: BalanceDocument): readonly string[] {
  const view = visibleIn(json) as unknown as BalanceView;
  if (view.unknown !== null) return [`[UNKNOWN] ${view.unknown}`];
  const several = view.accounts.length > 1;
  return view.accounts.flatMap((one) => [
    ...(several ? [terminal.style('bold', one.account)] : []),
    ...figureLines(terminal, one),
    ...verdictLines(one, view.currency),
  ]);
}

function figureLines(terminal: Terminal, one: AccountView): readonly string[] {
  const percent = one.percent === null ? '' : ` (${percentText(one.percent)})`;
  const rows = [
    ['Cash', moneyText(one.cash)],
    ['Positions', moneyText(one.positionsValue)],
    ['Total', moneyText(one.total)],
    ['Stored', one.match === 'not-stored' ? 'not kept' : moneyText(one.stored)],
    ['Difference', `${moneyText(one.discrepancy, { signed: true })}${percent}${matchText(one)}`],
  ];
  return tableLines(terminal, ['', ''], rows).slice(1);
}

function matchText({ match }: AccountView): string {
  if (match === 'nearest') return ', stored is the nearest number the column can hold';
  return match === 'guarded' ? ', within the bound of the triggers that keep it' : '';
}

function verdictLines(one: AccountView, currency: string | null): readonly string[] {
  switch (one.status) {
    case 'accurate':
      return ['[OK] Balance is accurate', `Discrepancy: ${plainMoney('0', currency)}`];
    case 'not-accurate':
      return ['[WARNING] Balance is not accurate', `Discrepancy: ${discrepancy(one, currency)}`];
    case 'not-stored':
      return [`[OK] No total is stored; it is ${plainMoney(one.total ?? '', currency)}`];
    case 'unknown':
      return [unknownLine(one.unknown)];
  }
}

export const unknownLine = (unknown: AccountView['unknown']): string =>
  `[UNKNOWN] ${unknown.map(({ what, why }) => `${what}: ${why}`).join(', ')}`;

const discrepancy = (one: AccountView, currency: string | null): string =>
  one.discrepancy === null
    ? (one.storedWhy ?? 'nothing is stored')
    : plainMoney(one.discrepancy, currency);
