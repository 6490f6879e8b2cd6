/** A plan, or what was carried out of it, as a person reads it. */
import type { JsonObject } from '../../report/check-document.ts';
import type { Terminal } from '../terminal.ts';
import { countText } from './amount.ts';
import { type CheckView, type EffectView, verdictLine } from './check-text.ts';
import { effectLines } from './investigate-text.ts';

interface SyncView {
  readonly account: string;
  readonly plan: string;
  readonly sequence: number;
  readonly stale: boolean;
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
  readonly entries: readonly {
    readonly action: string;
    readonly id: string;
    readonly target?: number;
  }[];
  readonly effects: readonly EffectView[];
}

export function syncLines(terminal: Terminal, json: JsonObject, check: CheckView) {
  const sync = json as unknown as SyncView;
  if (sync.applied === null) return planLines(terminal, sync);
  const undo = sync.applied.flatMap(({ entries }) => entries);
  return [
    ...sync.applied.map(
      ({ break: id, entries, state }) =>
        `  ${id}  entries ${entries.join(', ') || 'none'}  ${state?.toLowerCase() ?? 'unknown'}`,
    ),
    ...(sync.applied.length === 0 ? ['  nothing was applied'] : []),
    ...leftAloneLines(sync),
    '',
    verdictLine(terminal, check),
    ...(undo.length === 0 ? [] : [`  undo: trueup sync undo ${undo.at(-1)}`]),
  ];
}

function planLines(terminal: Terminal, sync: SyncView): readonly string[] {
  const { plan, sequence, repairs } = sync;
  const title = `${terminal.style('bold', 'PLAN')}  ${plan.slice(0, 8)}`;
  const head = `${title}  ${sync.account}, for sequence ${countText(sequence)}`;
  if (repairs.length === 0) return [`${head} · nothing to do`, ...leftAloneLines(sync)];
  const approvals = repairs.filter((one) => one.needsApproval);
  return [
    `${head} · nothing written yet`,
    '',
    ...repairs.flatMap((one, index) => [
      `  ${index + 1}  ${one.break}  ${one.entries.map(entryText).join(', ')}  ` +
        `${one.needsApproval ? 'needs approval' : 'auto'}  (${one.because})`,
      ...effectLines(one.effects).map((line) => `    ${line}`),
    ]),
    ...leftAloneLines(sync),
    '',
    '  next: trueup sync --apply',
    ...approvals.map(
      (one) => `        trueup approve ${one.break} --plan ${plan.slice(0, 8)}, before it`,
    ),
  ];
}

const entryText = ({ action, id, target }: RepairView['entries'][number]): string =>
  target === undefined ? `${action} ${id}` : `${action} entry ${target}`;

const leftAloneLines = ({ leftAlone }: SyncView): readonly string[] =>
  leftAlone.map(({ break: id, because }) => `  left alone: ${id} (${because})`);
