/** A check of a bot's stored positions as a person reads it, and what was done with them. */
import { visible } from '../../model/visible.ts';
import type { CheckDocument, JsonObject } from '../../report/check-document.ts';
import type { RowsLook } from '../../service/source/positions-look.ts';
import { differenceLines } from '../../service/source/positions-words.ts';
import type { Terminal } from '../terminal.ts';
import { checkLines, verdictLine, viewOfCheck } from './check-text.ts';

export function rowsCheckLines(
  terminal: Terminal,
  document: CheckDocument,
  looks: readonly RowsLook[],
): readonly string[] {
  return [
    ...headLines(looks),
    ...looks.flatMap(differenceLines).map(({ msg }) => `  ${visible(msg)}`),
    '',
    ...checkLines(terminal, viewOfCheck(document)),
  ];
}

/** How many rows of each look were updated; null: nothing was to be written. */
type Updated = readonly number[] | null;

/** The operators' own counts, by their own words: of several accounts, each account's. */
function headLines(looks: readonly RowsLook[], updated: Updated = null): readonly string[] {
  const [first, ...more] = looks;
  const { location, schema } = first!.snapshot.identity;
  const source = `source ${location} (${schema})`;
  const counts = looks.map((look, at) => countsText(look, updated?.[at] ?? null));
  const notes = new Set(looks.flatMap(({ checked }) => checked.hints));
  return [
    visible(more.length === 0 ? `${source} · against ${first!.input.truth.party}` : source),
    ...(more.length === 0
      ? counts.map((one) => `  ${one}`)
      : looks.map(({ compared: { account }, input }, at) =>
          visible(`  ${account.name} · against ${input.truth.party} · ${counts[at]}`),
        )),
    ...Array.from(notes, (hint) => `  note: ${visible(hint)}`),
  ];
}

function countsText({ checked }: RowsLook, updated: number | null): string {
  const { stored, venue, verified, phantom, missing, different, foreign } = checked.counts;
  return (
    `${stored} stored · ${venue} exchange · ${verified} verified · ${different} different · ` +
    `${phantom} phantom · ${missing} missing · ${foreign} foreign` +
    (updated === null ? '' : ` · ${updated} updated`)
  );
}

export function rowsVerdictLines(
  terminal: Terminal,
  document: CheckDocument,
  looks: readonly RowsLook[],
  updated: Updated = null,
): readonly string[] {
  return [...headLines(looks, updated), verdictLine(terminal, viewOfCheck(document))];
}

interface RowsSyncView {
  readonly account: string;
  readonly plan: string;
  readonly stale: boolean;
  readonly repairs: readonly {
    readonly break: string;
    readonly state: string | null;
    readonly needsApproval: boolean;
    readonly because: string;
    readonly rows: readonly string[];
  }[];
  readonly leftAlone: readonly { readonly break: string; readonly because: string }[];
  readonly applied:
    | readonly { readonly break: string; readonly audit: number; readonly state: string | null }[]
    | null;
  readonly backup: string | null;
}

/** `words`: the database and the venue or statement, as they are named again. */
export function rowsSyncLines(
  terminal: Terminal,
  json: JsonObject,
  words: string,
): readonly string[] {
  const accounts = json['accounts'] as readonly JsonObject[] | undefined;
  const views = (accounts ?? [json]) as unknown as readonly RowsSyncView[];
  return views.flatMap((view) => syncLinesOf(terminal, view, words));
}

function syncLinesOf(terminal: Terminal, view: RowsSyncView, words: string): readonly string[] {
  const left = view.leftAlone.map((one) => `  left alone: ${one.break} (${one.because})`);
  if (view.applied === null)
    return [...planLines(terminal, view), ...left, ...nextLines(view, words)];
  const done = view.applied.map(
    (one) => `  ${one.break}  row ${one.audit} of trueup_audit  ${one.state?.toLowerCase() ?? '?'}`,
  );
  const waiting = view.repairs.filter(({ needsApproval }) => needsApproval);
  return [
    ...(done.length === 0 ? [`  ${view.account}: nothing was written to the database`] : done),
    ...waiting.map((one) => `  left: ${one.break} needs approval: trueup sync${words}`),
    ...left,
    ...(view.backup === null ? [] : [`  backup: ${view.backup}`]),
  ];
}

function planLines(terminal: Terminal, view: RowsSyncView): readonly string[] {
  const name = `${terminal.style('bold', 'PLAN')}  ${view.plan.slice(0, 8)}`;
  const title = `${name}  rows of ${view.account}`;
  if (view.repairs.length === 0) return [`${title} · nothing to write`];
  return [
    `${title} · nothing written yet`,
    '',
    ...view.repairs.flatMap((one, index) => [
      `  ${index + 1}  ${one.break}  ${one.rows.map(visible).join('; ')}  ` +
        `${approvalText(one)}  (${one.because})`,
    ]),
  ];
}

const approvalText = ({ needsApproval, state }: RowsSyncView['repairs'][number]): string => {
  if (!needsApproval) return 'auto';
  return state === 'APPROVED' ? 'approved' : 'needs approval';
};

function nextLines({ plan, repairs }: RowsSyncView, words: string): readonly string[] {
  const waiting = repairs.filter((one) => approvalText(one) === 'needs approval');
  const ready = repairs.some(({ needsApproval }) => !needsApproval);
  const lines = [
    ...(ready ? [`trueup sync${words} --apply --auto`] : []),
    ...waiting.map(
      ({ break: id }) =>
        `trueup approve ${id} --plan ${plan.slice(0, 8)}    then: trueup sync${words} --apply`,
    ),
  ];
  return lines.map((line, index) => (index === 0 ? `  next: ${line}` : `        ${line}`));
}
