/** sync of the positions that a bot's database stores: the book first, then its rows. */
import { addMilliseconds, millisecondsBetween } from '../../model/instant.ts';
import type { JsonObject } from '../../report/check-document.ts';
import { rowsSyncJson } from '../../report/positions-document.ts';
import { failureOf, isUnanswered } from '../../service/failure.ts';
import { rest } from '../../service/listening/asking.ts';
import { personName } from '../../service/person.ts';
import { plansNamed } from '../../service/plan-file.ts';
import { type SyncResult, sync } from '../../service/reconciling.ts';
import { fillTrades } from '../../service/source/positions-filling.ts';
import {
  applyRows,
  planRows,
  type RowsChoice,
  type RowsSynced,
} from '../../service/source/positions-sync.ts';
import { syncedLines } from '../../service/source/positions-words.ts';
import { systemClock } from '../../service/system-clock.ts';
import type { OpenVenue } from '../../service/venues/opening.ts';
import { durationOption, type Shell } from '../command.ts';
import { CannotSay, CommandError } from '../command-error.ts';
import { wanted, withWriter } from '../open-book.ts';
import { viewOfCheck } from '../render/check-text.ts';
import { printDocument } from '../render/document.ts';
import { rowsSyncLines, rowsVerdictLines } from '../render/positions-text.ts';
import { syncLines } from '../render/sync-text.ts';
import { documentOf, rowsShown, sourceWords } from './check-positions.ts';
import {
  type PositionsAt,
  type PositionsOptions,
  type PositionsSeen,
  seenNow,
  withPositions,
} from './positions-options.ts';
import { comparedWords } from './reconcile-options.ts';

export interface SyncPositionsOptions extends PositionsOptions {
  readonly apply?: true;
  readonly auto?: true;
  readonly only?: readonly string[];
  readonly plan?: string;
  readonly wait?: string;
  readonly by?: string;
  readonly fillTrades?: true;
}

const againMs = 2_000;

/** With `--wait`, the database and the venue are asked again for so long. */
export async function runSyncPositions(
  shell: Shell,
  options: SyncPositionsOptions,
  open?: OpenVenue,
): Promise<number> {
  const waitMs = options.wait === undefined ? 0 : durationOption('--wait', options.wait);
  const end = addMilliseconds(systemClock.now(), waitMs);
  const { signal } = new AbortController();
  const asking = { recorded: true, signal, ...(open === undefined ? {} : { open }) };
  for (;;) {
    try {
      return await withPositions(shell, options, asking, (at) => synced(shell, options, at, end));
    } catch (error) {
      const failure = isUnanswered(error) ? failureOf(error) : null;
      if (failure === null) throw error;
      if (!(await waited(end))) throw new CannotSay(failure);
    }
  }
}

/** False: the time is over. */
async function waited(end: bigint): Promise<boolean> {
  const leftMs = millisecondsBetween(systemClock.now(), end);
  if (leftMs <= 0) return false;
  await rest(systemClock, Math.min(againMs, leftMs), new AbortController().signal);
  return true;
}

const isUnsure = ({ books, looks }: PositionsSeen): boolean =>
  [...books, ...looks.map(({ checked }) => checked)].some(
    ({ reconciled: { verdict, breaks } }) =>
      verdict === 'cannot-say' || breaks.some(({ state }) => state === 'SETTLING'),
  );

async function synced(
  shell: Shell,
  options: SyncPositionsOptions,
  at: PositionsAt,
  end: bigint,
): Promise<number> {
  let seen = await seenNow(at, await at.comparing.compare());
  while (isUnsure(seen) && !seen.asked.credentials && (await waited(end))) {
    seen = await seenNow(at, await at.comparing.compare());
  }
  const choice = choiceOf(options);
  return withWriter(shell, 'sync', async (writer) => {
    const { ground, how } = at;
    const { reader } = ground;
    // The book first: what its missing facts prove is what the rows become.
    const by = choice.actor === null ? {} : { by: choice.actor };
    const book = await sync(reader, writer, seen.asked.compared, how, { ...choice, ...by });
    if (choice.apply) seen = await seenNow(at, await at.comparing.compare(), writer);
    const rows: RowsSynced[] = [];
    for (const look of seen.looks) {
      const done = choice.apply
        ? await applyRows(ground, writer, look, choice)
        : await planRows(ground, writer, look, choice.actor);
      rows.push(done);
    }
    const filled = choice.apply && options.fillTrades === true;
    let added: number | null = null;
    for (const { after } of filled ? rows : []) {
      added = (added ?? 0) + (await fillTrades(ground, writer, after, choice.actor));
    }
    const after = { ...seen, looks: rows.map((one) => one.after) };
    return told(shell, options, at, { book, rows: meantOf(rows, choice), after, added });
  });
}

/** A plan that was named is of one account: the others are not meant. */
function meantOf(rows: readonly RowsSynced[], { plans }: RowsChoice): readonly RowsSynced[] {
  const isMet = plans !== null && rows.some(({ status }) => status !== 'stale');
  return isMet
    ? rows.map((one) => (one.status === 'stale' ? { ...one, status: 'applied' } : one))
    : rows;
}

const choiceOf = ({ apply, auto, only, plan, by }: SyncPositionsOptions) => ({
  apply: apply === true,
  ...({
    auto: auto === true,
    only: only === undefined ? null : new Set(only),
    plans: plan === undefined ? null : wanted(plansNamed(plan)),
    actor: by ?? personName(),
  } satisfies RowsChoice),
});

interface Done {
  readonly book: SyncResult;
  /** Of each account. */
  readonly rows: readonly RowsSynced[];
  readonly after: PositionsSeen;
  /** Rows that were added to the tables of trades and orders; null: none were asked for. */
  readonly added: number | null;
}

function told(
  shell: Shell,
  options: SyncPositionsOptions,
  at: PositionsAt,
  { book, rows, after, added }: Done,
): number {
  const document = documentOf(at, after, {});
  const json = jsonOf(document.verdict, { book, rows, after, added });
  const exitCode = json.exitCode as number;
  const which = sourceWords(at, options) + comparedWords(options);
  const stale = staleOf(options, { book, rows, after, added }, json);
  if (stale !== null) throw stale;
  if (shell.globals.json) printDocument(shell, json);
  else {
    const { terminal } = shell;
    for (const { before, applied } of rows) {
      for (const { msg } of syncedLines(before, applied)) terminal.tell(msg);
    }
    const view = viewOfCheck(document);
    const updated = isPlan(rows) ? null : rows.map(({ applied }) => applied.length);
    const hasBook = after.asked.compared.some(({ source }) => source !== null);
    terminal.print(
      [
        ...(hasBook ? [...syncLines(terminal, book.json, view, which).filter(isOfBook), ''] : []),
        ...rowsSyncLines(terminal, json['source'] as JsonObject, which),
        ...(added === null
          ? []
          : [`  ${added} rows were added to the tables of trades and orders`]),
        '',
        ...rowsVerdictLines(terminal, document, after.looks, updated),
      ].join('\n'),
    );
  }
  return exitCode;
}

/** The verdict of both is told last, once. */
const isOfBook = (line: string): boolean => !/TRUE|CANNOT SAY/.test(line) && line !== '';

function jsonOf(
  verdict: string,
  { book, rows, after, added }: Done,
): JsonObject & { exitCode: number } {
  const source = rowsSyncJson(
    rows.map(({ status, backup, applied, after: look }) => ({
      ...{ ...rowsShown(look), status, backup },
      applied: applied.map(({ repair, audit, after: one }) => ({
        ...{ breakId: repair.breakId, audit, state: one?.state ?? null },
      })),
    })),
  );
  const exitCode = exitCodeOf(verdict, { book, rows, after, added });
  const more = added === null ? {} : { filled: added };
  return { ...book.json, verdict, exitCode, source: { ...source, ...more } };
}

/** Of a plan: 6 as soon as one line needs approval, 3 for work. Applied: what is true then. */
function exitCodeOf(verdict: string, { book, rows, after }: Done): number {
  if (after.asked.credentials) return 4;
  if (book.refusal !== null) return 2;
  const isNone = rows.every(({ applied }) => applied.length === 0);
  if (isStale(rows) || (book.stale !== null && isNone)) return 6;
  if (isPlan(rows)) {
    if (book.exitCode === 6 || rows.some(waits)) return 6;
    const isWork = rows.some((one) => one.after.checked.repairs.length > 0);
    if (isWork || book.exitCode === 3) return 3;
  }
  return verdict === 'break' ? 3 : verdict === 'cannot-say' ? 5 : 0;
}

const isPlan = (rows: readonly RowsSynced[]) => rows.every(({ status }) => status === 'planned');
const isStale = (rows: readonly RowsSynced[]) => rows.some(({ status }) => status === 'stale');

/** A repair needs an approval that it does not have. */
function waits({ after: { checked } }: RowsSynced): boolean {
  const { repairs, reconciled } = checked;
  const approved = (id: string) =>
    reconciled.breaks.some((one) => one.id === id && one.state === 'APPROVED');
  return repairs.some((one) => one.needsApproval && !approved(one.breakId));
}

function staleOf({ plan }: SyncPositionsOptions, done: Done, json: JsonObject) {
  if (json['exitCode'] !== 6 || isPlan(done.rows)) return null;
  const plans = done.rows.map(({ after }) => after.checked.reconciled.plan.hash.slice(0, 8));
  const now = plans.join(', ');
  return new CommandError(
    6,
    {
      code: 'plan-stale',
      message: `the plan is not for the rows as they are, whose plan is ${now}: nothing written`,
      where: { field: 'plan', value: plan ?? '' },
      rule: 'a plan is bound to the rows and to what they become',
      hint: 'run sync again and look at the new plan',
    },
    json,
  );
}
