/** The policy as a person reads it: the table, what is set, the switch, and a replay. */
import { visibleIn } from '../../model/visible.ts';
import type {
  PolicyDocument,
  ReplayDocument,
  SwitchDocument,
} from '../../report/policy-document.ts';
import type { Terminal } from '../terminal.ts';
import { amountText, counted, timeText } from './amount.ts';
import { stopLines } from './check-text.ts';
import { type Cell, tableLines } from './table.ts';

type Settings = PolicyDocument['settings'];
type Limits = Settings['rows'];

export function policyLines(terminal: Terminal, document: PolicyDocument): readonly string[] {
  const { table, settings, accounts } = visibleIn(document);
  const rows = table.map(({ decision, when }, index) => {
    const name = terminal.style('bold', decision.padEnd(7));
    return `  ${String(index + 1).padStart(2)}  ${name}  ${when}`;
  });
  return [
    'policy · the first row that applies',
    ...rows,
    '',
    ...settingsLines(settings),
    '',
    ...accounts.flatMap(({ account, currency, lastDay }) => [
      `  ${account}: in the last 24 hours, without a person`,
      `    rows ${spentText(lastDay.rows, currency)}`,
      `    taken back ${spentText(lastDay.takingBack, currency)}`,
    ]),
    ...stopLines(
      accounts.flatMap(({ account, stopped }) => (stopped === null ? [] : [{ account, stopped }])),
    ),
  ];
}

const spentText = (spent: { readonly count: number; readonly value: string }, currency: string) =>
  `${spent.count}, ${amountText(spent.value)} ${currency}`;

function settingsLines({ file, ...one }: Settings): readonly string[] {
  return [
    `  limits (${file ?? 'nothing is set: as by default'})`,
    `    rows of a bot: ${limitsText(one.rows)}`,
    `    taking back: ${limitsText(one.takingBack)}`,
    `    rounding: ${counted(one.roundingSteps, 'step')} of a currency in 30 days`,
    `    missing facts are booked whatever their value; told as large above ${one.alertAbove}`,
    ...(one.approvals.fourEyes ? ['    whoever proposed a repair does not approve it'] : []),
    ...(one.stopped ? ['    stopped: nothing without a person'] : []),
  ];
}

function limitsText({ valuePerRepair, valuePerDay, repairsPerDay }: Limits): string {
  if (repairsPerDay === 0) return 'never without a person';
  const each = valuePerRepair === null ? 'of any value' : `up to ${amountText(valuePerRepair)}`;
  const all = valuePerDay === null ? '' : ` and ${amountText(valuePerDay)}`;
  return `proven, ${each} each, up to ${repairsPerDay}${all} a day`;
}

export const switchLines = ({ accounts, stopped }: SwitchDocument): readonly string[] =>
  accounts.map(({ account, changed }) => {
    const state = stopped ? 'repairs without a person are stopped' : 'repairs follow the policy';
    return `${account}: ${state}${changed ? '' : ', as before'}`;
  });

export function replayLines(terminal: Terminal, document: ReplayDocument): readonly string[] {
  const { accounts, days, from, to, settings } = visibleIn(document);
  return [
    `policy test · ${counted(days, 'day')}, ${timeText(from)} to ${timeText(to)}`,
    ...settingsLines(settings),
    ...accounts.flatMap(({ account, currency, breaks, decided, done, differences }) => [
      '',
      `  ${account}: ${counted(breaks, 'break')}`,
      ...sumLines(terminal, 'WOULD BE', decided, currency),
      ...sumLines(terminal, 'WAS', done, currency),
      ...differences.map(
        (one) =>
          `    ${one.break}  ${one.reason}  ${one.gross === null ? '?' : amountText(one.gross)}  ` +
          `was ${one.done}, would be ${one.decision}: ${one.because}`,
      ),
    ]),
  ];
}

type Sums =
  | ReplayDocument['accounts'][number]['done']
  | ReplayDocument['accounts'][number]['decided'];

function sumLines(terminal: Terminal, head: string, sums: Sums, currency: string) {
  const rows = sums.map(({ what, count, gross, unpriced }): Cell[] => [
    `  ${what}`,
    { amount: String(count) },
    { amount: gross },
    unpriced === 0 ? '' : `and ${unpriced} without a price`,
  ]);
  return tableLines(terminal, [`  ${head}`, 'BREAKS', `GROSS ${currency}`, ''], rows);
}
