/** What an update wrote into a source, as a person reads it: before, after, and the way back. */
import { visibleIn } from '../../model/visible.ts';
import type { SourceUpdate } from '../../service/source/desk.ts';
import type { Terminal } from '../terminal.ts';
import { counted, moneyText } from './amount.ts';

/** The parts of the document that are read here. */
interface UpdateView {
  readonly status: 'written' | 'nothing' | 'would-write' | 'cannot-say' | 'undone';
  readonly source: string;
  readonly accounts: readonly {
    readonly account: string;
    readonly calculated: string | null;
    readonly stored: string | null;
    readonly match: string;
    readonly total: { readonly before: string | null; readonly after: string } | null;
    readonly record: { readonly total: string } | null;
  }[];
  readonly prices: readonly {
    readonly symbol: string;
    readonly before: string | null;
    readonly after: string;
  }[];
  readonly audit: {
    readonly id: number;
    readonly undoes: number | null;
    readonly changes: readonly ChangeView[];
  } | null;
  readonly backup: string | null;
  readonly verdict: 'true' | 'break' | 'cannot-say' | null;
  readonly left: readonly { readonly id: string; readonly title: string }[];
  readonly undo: string | null;
  readonly unknown: readonly { readonly what: string; readonly why: string }[];
  readonly notes: readonly string[];
}

interface ChangeView {
  readonly table: string;
  readonly key: string;
  readonly before: Readonly<Record<string, string | null>> | null;
  readonly after: Readonly<Record<string, string | null>> | null;
}

export function updateLines(terminal: Terminal, { document }: Pick<SourceUpdate, 'document'>) {
  const view = visibleIn(document) as unknown as UpdateView;
  const title = `${terminal.style('bold', 'update')} ${view.source}`;
  const left = view.left.map((one) => `  left    ${one.id}  ${one.title}`);
  return [
    title,
    '',
    ...figureLines(view),
    ...traceLines(view),
    ...left,
    '',
    endLine(terminal, view),
  ];
}

function figureLines(view: UpdateView): readonly string[] {
  const wrote = view.status === 'would-write' ? 'would write' : 'wrote';
  return [
    ...view.prices.map(
      ({ symbol, before, after }) =>
        `  ${wrote} the price of ${symbol}: ${moneyText(before)} → ${moneyText(after)}`,
    ),
    ...view.accounts.flatMap((one) => accountLines(one, wrote)),
    ...(view.status === 'undone' ? (view.audit?.changes ?? []).map(changeLine) : []),
    ...view.unknown.map(({ what, why }) => `  ? ${what}: ${why}`),
    ...view.notes.map((note) => `  note: ${note}`),
  ];
}

function accountLines(one: UpdateView['accounts'][number], wrote: string): readonly string[] {
  const { account, total, record, calculated, stored, match } = one;
  const lines: string[] = [];
  if (total !== null) {
    const change = `${moneyText(total.before)} → ${moneyText(total.after)}`;
    lines.push(`  ${account}  ${wrote} the total: ${change}`);
  } else if (match !== 'not-stored' && calculated !== null) {
    lines.push(`  ${account}  stored ${moneyText(stored)}, calculated ${moneyText(calculated)}`);
  }
  if (record !== null) {
    lines.push(`  ${account}  ${wrote} a performance record: ${moneyText(record.total)}`);
  }
  return lines;
}

function changeLine({ table, key, before, after }: ChangeView): string {
  const columns = Object.keys(after ?? before ?? {});
  const words = columns.map((name) => `${name} ${before?.[name] ?? '-'} → ${after?.[name] ?? '-'}`);
  return `  ${table} ${key}: ${words.join(', ')}`;
}

function traceLines({ audit, backup, undo }: UpdateView): readonly string[] {
  if (audit === null) return [];
  return [
    '',
    ...(backup === null ? [] : [`  backup  ${backup}`]),
    `  audit   row ${audit.id} of trueup_audit, ${counted(audit.changes.length, 'change')}`,
    ...(undo === null ? [] : [`  undo    ${undo}`]),
  ];
}

function endLine(
  terminal: Terminal,
  { status, verdict, unknown, audit, accounts }: UpdateView,
): string {
  switch (status) {
    case 'cannot-say': {
      const names = unknown.map(({ what }) => what).join(', ');
      return `${terminal.style('yellow', '? CANNOT SAY')}  nothing was written: ${names} not known`;
    }
    case 'nothing':
      return accounts.every(({ match }) => match === 'not-stored')
        ? `${terminal.style('green', '✓')} nothing to write: no total is stored`
        : `${terminal.style('green', '✓')} nothing to write: what is stored is the truth`;
    case 'would-write':
      return 'nothing was written: this was a dry run';
    case 'undone':
      return `took back row ${audit?.undoes}: ${verdictText(terminal, verdict)}`;
    case 'written':
      return `written, and looked at again: ${verdictText(terminal, verdict)}`;
  }
}

function verdictText(terminal: Terminal, verdict: UpdateView['verdict']): string {
  if (verdict === 'true') return terminal.style('green', '✓ TRUE');
  if (verdict === 'break') return terminal.style('red', '✗ NOT TRUE');
  return terminal.style('yellow', '? CANNOT SAY');
}
