/** What an adoption did, in words: what is booked, what ties, and what could not be proved. */
import { moneyText } from '../../model/amount.ts';
import { visibleIn } from '../../model/visible.ts';
import type { AdoptDocument } from '../../report/adopt-document.ts';
import type { Terminal } from '../terminal.ts';
import { counted, countText, timeText } from './amount.ts';
import { tableLines } from './table.ts';

type Adopted = AdoptDocument['accounts'][number];

export function adoptLines(
  terminal: Pick<Terminal, 'isTty' | 'style'>,
  document: AdoptDocument,
): readonly string[] {
  const { source, book, accounts, dryRun } = visibleIn(document);
  const lines = [`${source.schema} database ${source.location} into ${book}`];
  for (const one of accounts) lines.push('', ...accountLines(terminal, one, dryRun));
  return lines;
}

const origins: Readonly<Record<string, string>> = {
  stated: 'as stated',
  record: 'by its first performance record',
  derived: 'DERIVED from cash and orders',
  facts: 'by what was in the book already',
};

function accountLines(
  terminal: Pick<Terminal, 'isTty' | 'style'>,
  one: Adopted,
  dryRun: boolean,
): readonly string[] {
  const { opening, orders, fills, marks, records, cash, positions, notProved } = one;
  const began = opening.time === null ? '' : `, ${timeText(opening.time)}`;
  const apart = positions.filter(({ ties }) => !ties);
  const would = dryRun ? 'would be ' : '';
  return [
    `account ${one.account} (${one.currency})`,
    `  opening    ${moneyText(opening.amount)} ${origins[opening.from]}${began}`,
    `  orders     ${countText(orders.read)} read: ${would}${countsText(fills)}${leftText(orders)}`,
    `  prices     ${would}${countsText(marks)}`,
    `  records    ${would}${countsText(records)}`,
    `  fees       ${one.fees === 'none' ? 'none: the cash ties without any' : 'unknown'}`,
    `  cash       ${moneyText(cash.ours)} ${tieText(cash)}`,
    `  positions  ${counted(positions.length, 'position')}, ${
      apart.length === 0 ? 'all explained by the orders' : `${apart.length} not explained`
    }`,
    ...(apart.length === 0 ? [] : ['', ...apartLines(terminal, apart)]),
    ...(notProved.length === 0 ? [] : ['', 'not proved:']),
    ...notProved.map(({ sentence }) => `  ${sentence}`),
  ];
}

function tieText({ difference, ties, theirs }: Adopted['cash']): string {
  if (difference === null) return 'and the database does not say its own';
  if (difference === '0') return 'as in the database';
  const signed = moneyText(difference, { signed: true });
  const apart = `the database says ${moneyText(theirs)}: ${signed}`;
  return ties ? `(${apart}, within binary rounding)` : apart;
}

const words: Readonly<Record<keyof Adopted['fills'], string>> = {
  booked: 'booked',
  enriched: 'completed',
  duplicate: 'booked before',
  conflicting: 'conflicting',
};

function countsText(counts: Adopted['fills']): string {
  const names = (Object.keys(words) as (keyof Adopted['fills'])[]).filter((name) => counts[name]);
  return names.length === 0
    ? 'none'
    : names.map((name) => `${countText(counts[name])} ${words[name]}`).join(', ');
}

const leftText = ({ contained, left }: Adopted['orders']): string =>
  (contained > 0 ? `, ${countText(contained)} contained in the opening` : '') +
  (left > 0 ? `, ${countText(left)} left out` : '');

const apartLines = (
  terminal: Pick<Terminal, 'isTty' | 'style'>,
  apart: Adopted['positions'],
): readonly string[] =>
  tableLines(
    terminal,
    ['position', 'ours', 'database', 'difference'],
    apart.map(({ asset, ours, theirs, difference }) => [
      asset,
      { amount: ours },
      { amount: theirs },
      { amount: difference, signed: true },
    ]),
  );
