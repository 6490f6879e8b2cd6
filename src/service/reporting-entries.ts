/** What the journal of an account noted in a day: checks, breaks, repairs, records. */
import { compare as compareDecimals, subtract } from '../decimal/decimal.ts';
import { decimalOrNull } from '../decimal/text.ts';
import type { Break } from '../model/break.ts';
import type { EntryKind, EntryRow } from '../model/entry.ts';
import { type Instant, millisecondsBetween } from '../model/instant.ts';
import { isClosed } from '../model/life-cycle.ts';
import type { Verdict } from '../reconcile/verdict.ts';
import type { Day } from '../report/daily-report-day.ts';
import type {
  DayAdjustment,
  DayBreak,
  DayCheck,
  DayChecks,
  DayPerformance,
  DayRepair,
  DaySource,
} from '../report/daily-report-document.ts';
import type { Account } from '../store/accounts.ts';
import type { BookFile } from '../store/book-file.ts';
import { reasonOf, wordsOf } from './auditing.ts';
import { inForce } from './in-force.ts';
import { recordOf } from './performance-record.ts';
import { breakOf, verdictOfStatement } from './reconcile-entries.ts';
import { sourceRecordsOf } from './reporting-source.ts';
import { bodyOfSource, saidOf } from './source/source-entries.ts';

/** An entry with when it was recorded. */
export interface NotedRow {
  readonly row: EntryRow;
  readonly at: Instant;
}

/** The stream of an account up to the end of a day, as it was known. */
export interface DayStream {
  readonly file: BookFile;
  readonly account: Account;
  readonly day: Day;
  /** The last entry that is looked at. */
  readonly knownAt: number;
  /** The last one of these that was recorded before the day ended. */
  readonly last: number;
  /** When the day ends, or the journal, where that ends before it: later nothing is known. */
  readonly until: Instant;
  /** Steps of breaks that were taken in the day, by sequence. */
  readonly steps: ReadonlySet<number>;
  /** What was written in the day to set something right, and for which breaks. */
  readonly repairs: readonly (NotedRow & { readonly breaks: readonly string[] })[];
}

/** These set something right wherever they stand; others where they stand beside a repair. */
const kindsRepairing: ReadonlySet<EntryKind> = new Set(['source-write', 'reversal', 'adjustment']);
const kindsBeside: ReadonlySet<EntryKind> = new Set([
  ...(['statement', 'source', 'break', 'performance', 'conflict', 'policy', 'remark'] as const),
]);

export function dayStreamOf(
  file: BookFile,
  account: Account,
  day: Day,
  knownAt: number,
): DayStream {
  const steps = new Set<number>();
  const repairs: DayStream['repairs'][number][] = [];
  let last = 0;
  let until: Instant | null = null;
  for (const { firstSequence, lastSequence, recordedAt } of file.batches(account.account)) {
    if (firstSequence > knownAt) break;
    if (recordedAt >= day.to) {
      until = day.to;
      break;
    }
    until = recordedAt;
    last = Math.min(lastSequence, knownAt);
    if (recordedAt < day.from) continue;
    const rows = [...file.entries(account.account, firstSequence - 1, last)];
    const breaks = repairedBy(rows);
    for (const row of rows) {
      if (row.kind === 'break') steps.add(row.sequence);
      const isRepair = breaks.length > 0 && !kindsBeside.has(row.kind);
      if (isRepair || kindsRepairing.has(row.kind)) repairs.push({ row, at: recordedAt, breaks });
    }
  }
  return { file, account, day, knownAt, last, until: until ?? day.to, steps, repairs };
}

/** A plan is written with the steps of its breaks, in one batch. */
function repairedBy(rows: readonly EntryRow[]): readonly string[] {
  const steps = rows.filter(({ kind }) => kind === 'break').map(breakOf);
  return steps.flatMap(({ id, state }) => (state === 'REPAIRED' ? [id] : []));
}

/** Entries of a kind that were recorded before the day ended. */
const recordedBy = ({ file, account, last }: DayStream, kind: EntryKind): readonly EntryRow[] =>
  file.entriesOfKind(account.account, kind).filter((row) => row.sequence <= last);

/** By the time of which they speak: a statement of a day may come the next morning. */
const checkRows = ({ file, account, day, knownAt }: DayStream): readonly EntryRow[] =>
  file
    .entriesBetween(account.account, day.from, day.to, ['statement', 'source'])
    .filter(({ sequence }) => sequence <= knownAt)
    .sort(byTime);

const byTime = (a: EntryRow, b: EntryRow): number =>
  a.effectiveAt < b.effectiveAt ? -1 : a.effectiveAt > b.effectiveAt ? 1 : a.sequence - b.sequence;

export function checksOf(stream: DayStream): DayChecks {
  const checks = checkRows(stream).map(
    (row): DayCheck =>
      row.kind === 'source'
        ? { at: row.effectiveAt, verdict: bodyOfSource(row).verdict, of: 'source' }
        : { at: row.effectiveAt, verdict: verdictOfStatement(row), of: 'statement' },
  );
  const counts: Record<Verdict, number> = { true: 0, break: 0, 'cannot-say': 0 };
  for (const { verdict } of checks) counts[verdict] += 1;
  return { counts, last: checks.at(-1) ?? null };
}

interface Life {
  readonly id: string;
  readonly steps: readonly { readonly break: Break; readonly isToday: boolean }[];
}

/** The lives of breaks up to the end of the day. */
function livesOf(stream: DayStream): readonly Life[] {
  const lives = new Map<string, { break: Break; isToday: boolean }[]>();
  for (const row of recordedBy(stream, 'break')) {
    const one = breakOf(row);
    const steps = lives.get(one.id) ?? [];
    steps.push({ break: one, isToday: stream.steps.has(row.sequence) });
    lives.set(one.id, steps);
  }
  return [...lives].map(([id, steps]) => ({ id, steps })).sort((a, b) => (a.id < b.id ? -1 : 1));
}

export function breaksOf(stream: DayStream): {
  readonly opened: readonly DayBreak[];
  readonly closed: readonly DayBreak[];
  readonly open: readonly DayBreak[];
} {
  const lives = livesOf(stream);
  const shown = (chosen: (life: Life) => boolean) =>
    lives.filter(chosen).map((life) => dayBreakOf(stream, life));
  return {
    opened: shown(({ steps }) =>
      steps.some(
        ({ isToday, break: { state } }, at) =>
          isToday && (at === 0 || (state === 'REOPENED' && steps[at - 1]!.break.state !== state)),
      ),
    ),
    closed: shown(({ steps }) => steps.some((step) => step.isToday && isClosed(step.break))),
    open: shown(({ steps }) => !isClosed(steps.at(-1)!.break)),
  };
}

function dayBreakOf({ file, until }: DayStream, { steps }: Life): DayBreak {
  const last = steps.at(-1)!.break;
  const isOver = isClosed(last);
  const from = last.explanation.evidence.reduce<Instant | null>(
    (first, { at }) => (first === null || at < first ? at : first),
    null,
  );
  return {
    break: last,
    foundAfterSeconds: from === null || from > last.openedAt ? null : seconds(from, last.openedAt),
    fixedAfterSeconds: isOver ? seconds(last.openedAt, last.changedAt) : null,
    ageSeconds: isOver ? null : seconds(last.openedAt, until),
    who: whoOf(
      file,
      steps.map((step) => step.break),
    ),
  };
}

const seconds = (from: Instant, to: Instant): number =>
  Math.max(0, Math.floor(millisecondsBetween(from, to) / 1000));

/** The last one who saw to it. */
function whoOf(file: BookFile, steps: readonly Break[]): string | null {
  const step = steps.findLast(({ state }) => state === 'APPROVED' || state === 'SELF_CLEARED');
  if (step === undefined) return null;
  if (step.state === 'SELF_CLEARED') return 'nobody: it cleared by itself';
  if (step.approvedBy === undefined) return 'the policy';
  // Names lie outside the chain, so that they can be removed.
  return file.text(step.approvedBy) ?? 'a person whose name was removed';
}

export const repairsOf = ({ file, account, repairs }: DayStream): readonly DayRepair[] =>
  repairs.map(({ row, at, breaks }) => ({
    ...{ sequence: row.sequence, at, kind: row.kind },
    what: wordsOf(file, row, account.name),
    why: reasonOf(row, account.name) ?? (breaks.length === 0 ? null : breaks.join(', ')),
  }));

/** Those that stood when the day ended. */
export function adjustmentsOf(stream: DayStream): readonly DayAdjustment[] {
  const { file, account, last } = stream;
  const amendmentsOf = (sequence: number) => file.amendmentsOf(account.account, sequence);
  return recordedBy(stream, 'adjustment').flatMap((row) => {
    const fact = inForce(row, account.name, amendmentsOf, last)?.fact;
    if (fact?.kind !== 'adjustment') return [];
    const { time, currency, amount, reason } = fact;
    return [{ sequence: row.sequence, time, currency, amount, reason }];
  });
}

/** Records of the day by the time they are of, each against the one before it. */
export function performanceOf(stream: DayStream): readonly DayPerformance[] {
  const { day } = stream;
  const records = recordsOf(stream).map(recordOf);
  return records.flatMap(({ sequence, time, totalValue, cash, positionsValue }, index) => {
    if (time < day.from) return [];
    const total = decimalOrNull(totalValue);
    const before = decimalOrNull(records[index - 1]?.totalValue ?? null);
    const change = total === null || before === null ? null : subtract(total, before);
    const known = { cash: decimalOrNull(cash), positionsValue: decimalOrNull(positionsValue) };
    return [{ sequence, time, total, ...known, change, before }];
  });
}

/** Performance records of before the day's end, as they were known: the oldest first. */
export const recordsOf = ({ file, account, day, knownAt }: DayStream): readonly EntryRow[] =>
  file
    .entriesOfKind(account.account, 'performance')
    .filter((row) => row.sequence <= knownAt && row.effectiveAt < day.to)
    .sort(byTime);

/** Null where no other program's database was ever looked at by then. */
export function sourceOf(stream: DayStream): DaySource | null {
  const { file, account } = stream;
  const newest = newestSource(stream);
  if (newest === null) return null;
  const { location, accountId, keeps } = bodyOfSource(newest);
  // Rows of positions have no balance: their checks and breaks are told as any other.
  if (keeps === 'positions') return null;
  const looks = checkRows(stream).filter(({ kind }) => kind === 'source');
  const sheets = looks.map((row) => ({
    at: row.effectiveAt,
    sheet: saidOf(file, account.account, row).sheet,
  }));
  const known = sheets.flatMap(({ sheet }) => sheet.difference ?? []).sort(compareDecimals);
  const last = sheets.at(-1);
  return {
    ...{ location, accountId },
    last: last === undefined ? null : { at: last.at, ...figuresOf(last.sheet) },
    differenceMin: known[0] ?? null,
    differenceMax: known.at(-1) ?? null,
    unknownChecks: sheets.length - known.length,
    records: sourceRecordsOf(stream.repairs, accountId),
    writes: stream.repairs.filter(({ row }) => row.kind === 'source-write').length,
  };
}

function newestSource(stream: DayStream): EntryRow | null {
  const newest = stream.file.lastOfKind(stream.account.account, 'source');
  if (newest === null || newest.sequence <= stream.last) return newest;
  return recordedBy(stream, 'source').at(-1) ?? null;
}

type Sheet = ReturnType<typeof saidOf>['sheet'];

const figuresOf = (sheet: Sheet) => ({
  cash: sheet.cash,
  positionsValue: sheet.positionsValue,
  stored: sheet.stored,
  calculated: sheet.calculated,
  difference: sheet.difference,
  percent: sheet.percent,
  match: sheet.match,
});
