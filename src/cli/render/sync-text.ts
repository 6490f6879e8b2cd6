/** A plan, or what was carried out of it, as a person reads it. */
import type { JsonObject } from '../../report/check-document.ts';
import type { Terminal } from '../terminal.ts';
import { countText } from './amount.ts';
import {
  type CheckView,
  type EffectView,
  stopLines,
  unknownLines,
  verdictLine,
} from './check-text.ts';
import { effectLines } from './investigate-text.ts';
import { type Mode, paperMark } from './mode.ts';

interface SyncView {
  readonly accounts: readonly AccountView[];
  readonly withoutStatement: readonly string[];
}

interface AccountView {
  readonly account: string;
  readonly mode?: Mode;
  readonly verdict: CheckView['verdict'];
  readonly plan: string;
  readonly sequence: number;
  readonly repairs: readonly RepairView[];
  readonly leftAlone: readonly {
    readonly break: string;
    readonly decision: string;
    readonly because: string;
  }[];
  readonly applied:
    | readonly {
        readonly break: string;
        readonly entries: readonly number[];
        readonly state: string | null;
      }[]
    | null;
}

interface RepairView {
  readonly break: string;
  readonly reason: string | null;
  readonly state: string | null;
  readonly needsApproval: boolean;
  readonly because: string;
  /** Missing facts of more than the policy's sum. */
  readonly large?: boolean;
  readonly entries: readonly {
    readonly action: string;
    readonly id: string;
    readonly target?: number;
  }[];
  readonly effects: readonly EffectView[];
}

/** `statements` are the words that name the statements of the command again. */
export function syncLines(
  terminal: Terminal,
  json: JsonObject,
  check: CheckView,
  statements = '',
): readonly string[] {
  const { accounts, withoutStatement } = json as unknown as SyncView;
  const several = accounts.length > 1;
  const left = withoutStatement.map((name) => `  left alone: ${name} (no statement is on record)`);
  if (accounts.every(({ applied }) => applied === null)) {
    return [
      ...stopLines(check.accounts),
      ...parted(accounts.map((one) => planLines(terminal, one, several, statements))),
      ...unknownLines(check),
      ...left,
    ];
  }
  return [
    ...accounts.flatMap((one) => appliedLines(one)),
    ...unknownLines(check),
    ...left,
    '',
    verdictLine(terminal, check),
    ...accounts.flatMap((one) => undoLines(one, several)),
  ];
}

const parted = (parts: readonly (readonly string[])[]): readonly string[] =>
  parts.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));

function appliedLines(one: AccountView): readonly string[] {
  const applied = one.applied ?? [];
  return [
    ...applied.map(
      ({ break: id, entries, state }) =>
        `  ${id}  entries ${entries.join(', ') || 'none'}  ${state?.toLowerCase() ?? 'unknown'}`,
    ),
    ...(applied.length === 0 ? [`  ${one.account}: nothing was applied`] : []),
    ...one.repairs.map(({ break: id, needsApproval }) =>
      needsApproval
        ? `  left: ${id} needs approval: trueup sync shows its plan`
        : `  left: ${id}: trueup sync --apply --only ${id}`,
    ),
    ...leftAloneLines(one),
  ];
}

function undoLines({ account, applied }: AccountView, several: boolean): readonly string[] {
  const which = several ? ` --account ${account}` : '';
  const entries = (applied ?? []).flatMap((one) => one.entries).toReversed();
  return entries.map((entry, index) => {
    const line = `trueup sync undo ${entry}${which}`;
    return index === 0 ? `  undo: ${line}` : `        ${line}`;
  });
}

function planLines(
  terminal: Terminal,
  one: AccountView,
  several: boolean,
  statements: string,
): readonly string[] {
  const { plan, sequence, repairs, account } = one;
  const title = `${terminal.style('bold', 'PLAN')}  ${plan.slice(0, 8)}`;
  const head = `${title}  ${account}${paperMark(one.mode)}, for sequence ${countText(sequence)}`;
  const none = noneText(terminal, one);
  if (repairs.length === 0) return [`${head} · ${none}`, ...leftAloneLines(one)];
  return [
    `${head} · nothing written yet`,
    '',
    ...repairs.flatMap((each, index) => [
      `  ${index + 1}  ${each.break}  ${each.entries.map(entryText).join(', ')}  ` +
        `${approvalText(each)}  (${each.because})${each.large === true ? '  LARGE' : ''}`,
      ...effectLines(each.effects).map((line) => `    ${line}`),
    ]),
    ...leftAloneLines(one),
    '',
    ...nextLines(one, (several ? ` --account ${account}` : '') + statements),
  ];
}

function noneText(terminal: Terminal, { verdict, leftAlone }: AccountView): string {
  if (verdict === 'cannot-say') return terminal.style('yellow', '? CANNOT SAY');
  return leftAlone.length === 0 ? 'nothing to do' : 'no repair is known';
}

function nextLines({ plan, repairs }: AccountView, which: string): readonly string[] {
  const waiting = repairs.filter((each) => approvalText(each) === 'needs approval');
  const ready = repairs.length - waiting.length;
  const partly = waiting.length === 0 ? '' : '    what needs no approval';
  const lines = waiting.map(
    ({ break: id }) =>
      `trueup approve ${id} --plan ${plan.slice(0, 8)}    then: trueup sync --apply${which}`,
  );
  return [...(ready > 0 ? [`trueup sync --apply${which}${partly}`] : []), ...lines].map(
    (line, index) => (index === 0 ? `  next: ${line}` : `        ${line}`),
  );
}

function approvalText({ needsApproval, state }: RepairView): string {
  if (!needsApproval) return 'auto';
  return state === 'APPROVED' ? 'approved' : 'needs approval';
}

const entryText = ({ action, id, target }: RepairView['entries'][number]): string =>
  target === undefined ? `${action} ${id}` : `${action} entry ${target}`;

const leftAloneLines = ({ leftAlone }: AccountView): readonly string[] =>
  leftAlone.map(({ break: id, because }) => `  left alone: ${id} (${because})`);
