/** What follows from an investigation of a stored balance: impact, risk, fix, prevention. */
import { counted, moneyText, percentText } from '../model/amount.ts';
import { type Block, code, list, table, text } from './sections.ts';
import type { SourceAccountView, SourceCheckView } from './source-view.ts';

const isOff = ({ match }: SourceAccountView): boolean => match === 'different';

const offAccounts = ({ source }: SourceCheckView): readonly SourceAccountView[] =>
  source.accounts.filter(isOff);

const isStale = ({ breaks }: SourceCheckView): boolean =>
  breaks.some(({ reason }) => reason === 'TOTAL_STALE');

export function impactBlocks(found: SourceCheckView): readonly Block[] {
  const { source } = found;
  const rows = source.accounts.flatMap((one) => impactRows(one, found));
  const several = source.accounts.length > 1;
  const head = ['area', 'what it means'];
  const shown = rows.map(([account, area, what]) =>
    several ? [`${account}: ${area}`, what!] : [area!, what!],
  );
  return [table([head, ...shown])];
}

function impactRows(
  one: SourceAccountView,
  { source }: SourceCheckView,
): readonly (readonly string[])[] {
  const { account, stored, calculated, differencePercent, positions, performance, drift } = one;
  const orders = counted(source.orders.count, 'order');
  const off = isOff(one);
  const cashPart = drift?.parts.find(({ what }) => what === 'cash');
  const isCashTold = cashPart !== undefined && cashPart.amount === '0';
  const unpriced = positions.filter(({ value }) => value === null).length;
  return [
    [
      ...[account, 'orders'],
      off
        ? `${orders} stand as they are; what sizes new ones by the stored total sizes them by ` +
          `${moneyText(stored)} instead of ${moneyText(calculated)} ` +
          `(${percentText(differencePercent)}).`
        : `${orders} stand as they are.`,
    ],
    [
      ...[account, 'cash'],
      `${moneyText(one.cash)} ${source.currency}` +
        (isCashTold
          ? ', which is what the orders make of the opening.'
          : '; it is not in doubt here.'),
    ],
    [
      ...[account, 'positions'],
      `${counted(positions.length, 'position')} open, ` +
        `${unpriced === 0 ? 'all priced' : `${unpriced} without a price that counts`}; ` +
        'quantities and entry prices are taken as they are stored.',
    ],
    [
      ...[account, 'reporting'],
      off
        ? `Whatever reads the stored total shows ${moneyText(stored)} instead of ` +
          `${moneyText(calculated)}; what adds cash and positions itself shows the truth.`
        : 'What reads the stored total shows what is calculated here, or nothing was stored.',
    ],
    [account, 'history', historyText(performance)],
  ];
}

function historyText({ count, lastAt, stale, gaps }: SourceAccountView['performance']): string {
  if (count === 0) return 'Nothing was ever recorded: there is no equity curve.';
  const told = gaps.length === 0 ? '' : ` ${counted(gaps.length, 'gap')} before it.`;
  const at = (lastAt ?? '?').replace('T', ' ').replace(/\.\d+/, '');
  const end = stale ? `The equity curve ends at ${at}` : `The last record is of ${at}`;
  return `${end}.${told}`;
}

export function riskItems(found: SourceCheckView): readonly string[] {
  const off = offAccounts(found);
  const items = off.map(({ account, difference }) => {
    const amount = moneyText(difference, { signed: true });
    return `Account ${account}: decisions on the stored total are off by ${amount}.`;
  });
  if (off.length > 0 && isStale(found)) {
    items.push('It grows: every order and every price moves the truth on, and the total stays.');
  }
  if (found.unknown.length > 0) {
    items.push(`${counted(found.unknown.length, 'thing is', 'things are')} not known: not zero.`);
  }
  const severe = found.breaks.map(({ id, severity }) => `${id} is ${severity}`);
  if (severe.length > 0) items.push(`${severe.join(', ')}.`);
  return items.length === 0 ? ['None that this check can see.'] : items;
}

export function fixBlocks(found: SourceCheckView): readonly Block[] {
  const { source } = found;
  const off = offAccounts(found);
  const location = source.identity.location;
  const fixed = found.breaks.some(({ reason }) => reason === 'PERFORMANCE_STALE');
  if (off.length === 0 && !fixed) return [text('Nothing is to be written.')];
  if (off.length === 0) return [code('sh', `trueup performance --record --source ${location}`)];
  const rows = off.map(({ account, stored, calculated, difference }) => [
    ...[account, moneyText(stored), moneyText(calculated)],
    moneyText(difference, { signed: true }),
  ]);
  return [
    table([['stored total of', 'before', 'after', 'change'], ...rows]),
    text(
      'The sum is taken again and written in one transaction, after a backup; what was there ' +
        'before is kept in trueup_audit, and can be put back.',
    ),
    code(
      'sh',
      `trueup update --record --source ${location}\ntrueup update --undo --source ${location}`,
    ),
  ];
}

export function preventionBlocks({ source }: SourceCheckView): readonly Block[] {
  const { location } = source.identity;
  const isGuarded = source.guard.state === 'installed';
  return [
    list([
      isGuarded
        ? 'The guard is installed: the database itself keeps the total.'
        : 'Guard: triggers inside the database keep the total, whoever writes.',
      'Schedule: a service checks every few minutes, repairs, records and tells.',
      'Build: the check fails above a threshold.',
    ]),
    code(
      'sh',
      [
        ...(isGuarded ? [] : [`trueup guard install --audit --source ${location}`]),
        `trueup schedule --repair auto --source ${location}`,
        `trueup check --fail-above 0.01 --source ${location}`,
      ].join('\n'),
    ),
  ];
}

export function lessonItems(found: SourceCheckView): readonly string[] {
  const items = [
    'A total that is stored and a total that is added up are two facts until something compares ' +
      'them.',
  ];
  if (isStale(found)) {
    items.push(
      'What is derived is either computed when it is read, or written with what it is of.',
    );
  }
  if (found.breaks.some(({ reason }) => reason === 'REPAIR_OVERWRITTEN')) {
    items.push('A value that a program keeps in memory outlives every repair of the database.');
  }
  if (found.breaks.some(({ reason }) => reason === 'PERFORMANCE_STALE')) {
    items.push('A history that nobody writes is noticed only when somebody needs it.');
  }
  return items;
}

export function residualRiskItems({ source, unknown }: SourceCheckView): readonly string[] {
  const { guard, zone, asOf } = source;
  const items = [`Prices are as of ${asOf}: what moved since is not in these figures.`];
  if (guard.state !== 'installed') {
    const state = guard.state === 'absent' ? 'No guard is installed' : 'The guard was altered';
    items.push(`${state}: the next order or price makes the stored total wrong again.`);
  } else if (guard.bound !== null) {
    items.push(`The guard keeps the total within ${guard.bound} of the exact sum.`);
  }
  if (zone.known !== 'declared') {
    items.push(`Times without an offset are taken for ${zone.name} (${zone.because}).`);
  }
  if (unknown.length > 0) items.push('What is not known may be any number.');
  items.push('Cash and quantities are the source’s own word: no exchange was asked.');
  return items;
}

export function nextStepBlocks(found: SourceCheckView): readonly Block[] {
  const { location } = found.source.identity;
  const reasons = found.breaks.map(
    ({ id, repair }) => `${id}: ${repair.because ?? 'a person decides'}.`,
  );
  const commands = [
    ...(offAccounts(found).length > 0 ? [`trueup update --record --source ${location}`] : []),
    `trueup check --source ${location}`,
    ...(found.source.guard.state === 'installed'
      ? []
      : [`trueup guard install --audit --source ${location}`]),
    `trueup schedule --source ${location}`,
  ];
  return [...(reasons.length > 0 ? [list(reasons)] : []), code('sh', commands.join('\n'))];
}
