/** What a check of a source has to tell a person: pure, from what the check found. */
import { absolute, compare, type Decimal } from '../../decimal/decimal.ts';
import { moneyText } from '../../model/amount.ts';
import type { Break } from '../../model/break.ts';
import { isClosed, isHeld } from '../../model/life-cycle.ts';
import type { SourceAccountChecked, SourceChecked } from '../../reconcile/source/check-source.ts';
import { noAccountWhy } from '../../reconcile/source/unreadable.ts';
import { caseKey, type Told } from './alerting.ts';

export interface AlertedBy {
  readonly source: string;
  /** A difference above this is told. */
  readonly above: Decimal;
  readonly repair: 'auto' | 'never';
}

/** Cases by the family that a later check settles them by. */
export interface CheckAlerts {
  readonly balance: readonly Told[];
  readonly unknown: readonly Told[];
  readonly prices: readonly Told[];
  readonly guard: readonly Told[];
}

export const alertsOfCheck = (checked: SourceChecked, by: AlertedBy): CheckAlerts => ({
  balance: checked.accounts.flatMap((one) =>
    openBreaks(one).flatMap((each) => balanceAlerts(one, each, by)),
  ),
  unknown:
    checked.accounts.length === 0
      ? [nobodyAlert(by)]
      : checked.accounts.flatMap((one) => unknownAlerts(one, by)),
  prices: checked.accounts.flatMap((one) => pricesAlerts(one, by)),
  guard: guardAlerts(checked, by),
});

export const openBreaks = ({ reconciled }: SourceAccountChecked): readonly Break[] =>
  reconciled.breaks.filter((one) => !isClosed(one));

export const totalLineOf = ({ lines }: Break) => lines.find(({ what }) => what === 'total') ?? null;

export const balanceKey = (source: string, id = ''): string => caseKey('balance', source, id);

function balanceAlerts(
  { name, reconciled }: SourceAccountChecked,
  one: Break,
  { source, above, repair }: AlertedBy,
): readonly Told[] {
  const total = totalLineOf(one);
  if (total === null) return [];
  const { ours, theirs, difference } = total;
  const overwritten = one.reason === 'REPAIR_OVERWRITTEN';
  const isLarge = difference !== null && compare(absolute(difference), above) > 0;
  // What a person snoozed or accepted is listed in the report, and wakes nobody.
  if (isHeld(one) || !(isLarge || overwritten)) return [];
  const remedy = reconciled.plan.leftAlone.find(({ breakId }) => breakId === one.id)?.remedy
    ?.command;
  const next = `next: trueup investigate ${one.id} --source ${source}`;
  return [
    {
      key: balanceKey(source, one.id),
      name: overwritten ? 'repair-overwritten' : 'balance-wrong',
      severity: one.severity,
      account: name,
      ...(difference === null ? {} : { atStake: absolute(difference) }),
      title: overwritten
        ? 'Something wrote an old total back over a repair'
        : `The stored total is off by ${moneyText(difference, { signed: true })}`,
      lines: [
        `stored ${moneyText(ours)}, calculated ${moneyText(theirs)}`,
        `${one.reason} (${one.confidence}): ${one.explanation.sentence}`,
        repair === 'auto' ? 'The service repairs it by itself.' : next,
        ...(repair === 'auto' || remedy == null ? [] : [`then: ${remedy}`]),
      ],
    },
  ];
}

export const unknownKey = (source: string, account = ''): string =>
  caseKey('unknown', source, account);

/** One case for each account, whichever parts are unknown at the moment. */
function unknownAlerts({ name, sheet }: SourceAccountChecked, by: AlertedBy): readonly Told[] {
  const parts = sheet.unpriced.filter(({ reason }) => reason !== 'MARK_STALE');
  if (sheet.match !== 'unknown' || parts.length === 0) return [];
  return [
    {
      key: unknownKey(by.source, name),
      name: 'total-unknown',
      severity: 'medium',
      account: name,
      title: `The total cannot be said: ${parts.map(({ what }) => what).join(', ')}`,
      lines: [
        'Nothing is written to the source until every part is known.',
        ...parts.map(({ what, why }) => `${what}: ${why}`),
      ],
    },
  ];
}

/** A database without an account is no account that is true. */
const nobodyAlert = ({ source }: AlertedBy): Told => ({
  key: unknownKey(source, 'account'),
  ...{ name: 'total-unknown', severity: 'medium', title: 'The total cannot be said: account' },
  lines: ['Nothing is written to the source until there is one.', `account: ${noAccountWhy}`],
});

export const pricesKey = (source: string, account = ''): string =>
  caseKey('prices', source, account);

function pricesAlerts({ name, sheet }: SourceAccountChecked, by: AlertedBy): readonly Told[] {
  const parts = sheet.unpriced.filter(({ reason }) => reason === 'MARK_STALE');
  if (parts.length === 0) return [];
  return [
    {
      key: pricesKey(by.source, name),
      name: 'prices-old',
      severity: 'medium',
      account: name,
      title: `Prices are too old to value with: ${parts.map(({ what }) => what).join(', ')}`,
      lines: [
        `next: trueup update --source ${by.source} --prices FROM, or see why no prices are written`,
        ...parts.map(({ what, why }) => `${what}: ${why}`),
      ],
    },
  ];
}

export const guardKey = (source: string): string => caseKey('guard', source);

function guardAlerts({ snapshot }: SourceChecked, { source }: AlertedBy): readonly Told[] {
  const { guard } = snapshot;
  if (guard.state !== 'altered') return [];
  return [
    {
      key: guardKey(source),
      name: 'guard-altered',
      severity: 'high',
      title: 'The triggers that keep the stored total were changed or dropped',
      lines: [...guard.findings, `next: trueup guard install --source ${source}`],
    },
  ];
}
