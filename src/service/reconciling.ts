/** The commands of reconciliation as one call each: what to compare, and what came of it. */
import type { Decimal } from '../decimal/decimal.ts';
import type { Party } from '../model/break.ts';
import { type Clock, type Instant, millisecondsBetween } from '../model/instant.ts';
import type { Refusal } from '../model/result.ts';
import type { PolicySettings } from '../reconcile/limits.ts';
import type { Plan } from '../reconcile/repair.ts';
import { exitCodeOf, type Verdict } from '../reconcile/verdict.ts';
import {
  type CheckDocument,
  type CheckedAccount,
  checkDocument,
  type JsonObject,
} from '../report/check-document.ts';
import { type SyncedRepair, syncDocument } from '../report/sync-document.ts';
import type { Account } from '../store/accounts.ts';
import type { BookWriter } from './book.ts';
import { type Checked, type CheckRequest, checkAccount } from './checking.ts';
import type { BookReader } from './reading.ts';
import type { StatementSource } from './reconcile-entries.ts';
import {
  type Applied,
  applySync,
  checkAndNote,
  isApproved,
  proposePlan,
  type Synced,
} from './syncing.ts';

export interface ReconcileOptions {
  readonly clock: Clock;
  readonly strict: boolean;
  readonly markMaxAgeMs: number;
  readonly toleranceSteps: number;
  readonly adjust: ReadonlySet<string>;
  /** How far repairs go without a person; absent: as by default. */
  readonly policy?: PolicySettings;
}

export interface Compared {
  readonly account: Account;
  /** Null: against itself alone. */
  readonly source: StatementSource | null;
  /** Of a live venue: how it is asked once more, when the book was repaired. */
  readonly again?: () => Promise<StatementSource>;
  /** The check that was made when it was taken, where there was one. */
  readonly seen?: SeenCheck;
}

export interface SeenCheck {
  readonly checked: Checked;
  readonly now: Instant;
  readonly options: ReconcileOptions;
}

/** Younger than what anybody is shown of an age. */
const seenMaxMs = 1_000;

/** The check that was made a moment ago, while the book and what is asked are still the same. */
function stillSeen(
  { file }: BookReader,
  { account, seen }: Compared,
  options: ReconcileOptions,
): SeenCheck | null {
  if (seen === undefined || seen.options !== options) return null;
  const ageMs = millisecondsBetween(seen.now, options.clock.now());
  if (ageMs < 0 || ageMs >= seenMaxMs) return null;
  return file.head(account.account).sequence === seen.checked.account.sequence ? seen : null;
}

export const requestOf = (
  { account, source, again }: Compared,
  options: ReconcileOptions,
): CheckRequest => ({
  account,
  source,
  ...(again === undefined ? {} : { again }),
  now: options.clock.now(),
  strict: options.strict,
  toleranceSteps: options.toleranceSteps,
  markMaxAgeMs: options.markMaxAgeMs,
  adjust: options.adjust,
  ...(options.policy === undefined ? {} : { policy: options.policy }),
});

/** Checks every account; with a writer, notes what was seen. */
export async function checkAll(
  reader: BookReader,
  writer: BookWriter | null,
  compared: readonly Compared[],
  options: ReconcileOptions,
): Promise<readonly CheckedAccount[]> {
  const checked: Checked[] = [];
  for (const one of compared) {
    const seen = stillSeen(reader, one, options);
    const usual = requestOf(one, options);
    const request = seen === null ? usual : { ...usual, now: seen.now };
    const before = seen?.checked ?? null;
    checked.push(
      writer === null
        ? (before ?? checkAccount(reader, request))
        : await checkAndNote(reader, writer, request, before),
    );
  }
  return checked.map(({ account }) => account);
}

/** A book that nobody contradicts is not proven true: where nobody is beside it, none can say. */
export const verdictBeside = ({ source }: Pick<Compared, 'source'>, own: Verdict): Verdict =>
  source === null && own === 'true' ? 'cannot-say' : own;

export interface ShownCheck {
  readonly document: 'check' | 'investigate';
  readonly breakId: string | null;
  readonly failAbove: Decimal | null;
  readonly hints: readonly string[];
  readonly credentials?: boolean;
}

export const documentOf = (
  accounts: readonly CheckedAccount[],
  compared: readonly Compared[],
  options: ReconcileOptions,
  shown: ShownCheck,
): CheckDocument =>
  checkDocument(accounts, {
    ...shown,
    now: options.clock.now(),
    parties: ['book', theirsOf(compared)],
    strict: options.strict,
  });

const theirsOf = (compared: readonly Compared[]): Party => {
  if (compared.some(({ source }) => source?.live !== undefined)) return 'venue';
  return compared.some(({ source }) => source !== null) ? 'statement' : 'book';
};

export interface SyncChoice {
  readonly apply: boolean;
  readonly auto: boolean;
  readonly only: ReadonlySet<string> | null;
  /** Hashes; null: whatever the plans are now. */
  readonly plans: readonly string[] | null;
  /** Who makes the plans; absent where nobody said. */
  readonly by?: string;
  /** A venue refused its key: nothing else that was found outweighs it. */
  readonly credentials?: boolean;
}

export interface SyncResult {
  readonly json: JsonObject;
  readonly exitCode: number;
  readonly checked: readonly CheckedAccount[];
  /** The plan of the book as it is, where another was asked for or made; nothing was written. */
  readonly stale: Plan | null;
  /** Why nothing was written, where that is the fault of an entry. */
  readonly refusal: Refusal | null;
}

/** Makes the plans; with `apply`, carries out what may be and compares again. */
export async function sync(
  reader: BookReader,
  writer: BookWriter,
  compared: readonly Compared[],
  options: ReconcileOptions,
  choice: SyncChoice,
): Promise<SyncResult> {
  const results: Synced[] = [];
  for (const one of compared) {
    if (one.source === null) continue;
    const request = requestOf(one, options);
    if (!choice.apply) {
      const checked = await proposePlan(reader, writer, request, choice.by);
      results.push({ status: 'planned', checked });
      continue;
    }
    const { only, auto, plans } = choice;
    results.push(await applySync(reader, writer, { ...request, only, auto, plans }));
  }
  const left = compared.flatMap(({ account, source }) => (source === null ? [account.name] : []));
  return resultOf(results, left, choice);
}

function resultOf(
  results: readonly Synced[],
  left: readonly string[],
  { apply, plans, credentials }: SyncChoice,
): SyncResult {
  // A plan that was named is of one account: the others are not meant.
  const isMet = plans !== null && results.some(({ status }) => status !== 'stale');
  const stale = isMet ? undefined : results.find(({ status }) => status === 'stale');
  const codes = results.map((one) => (apply ? appliedExitCode : planExitCode)(one.checked));
  const order = apply ? [3, 5] : [6, 3, 5];
  const usual = order.find((code) => codes.includes(code)) ?? 0;
  const refusal = results.find((one) => one.status === 'refused')?.refusal ?? null;
  const done = stale !== undefined ? 6 : usual;
  const exitCode = credentials === true ? 4 : refusal !== null ? 2 : done;
  const accounts = results.map((one) => ({
    plan: one.checked.reconciled.plan,
    breaks: one.checked.reconciled.breaks,
    applied: one.status === 'applied' ? one.applied.map(repairOf) : null,
    stale: one.status === 'stale' && !isMet,
    verdict: one.checked.reconciled.verdict,
    mode: one.checked.account.mode,
    unknown: one.checked.reconciled.unknown,
    stopped: one.checked.account.stopped ?? null,
  }));
  return {
    json: syncDocument(accounts, left, exitCode),
    exitCode,
    checked: results.map(({ checked }) => checked.account),
    stale: stale?.checked.reconciled.plan ?? null,
    refusal,
  };
}

const repairOf = ({ repair, outcomes, after }: Applied): SyncedRepair => ({
  breakId: repair.breakId,
  sequences: outcomes.flatMap((outcome) =>
    outcome.status === 'booked' || outcome.status === 'enriched' ? [outcome.sequence] : [],
  ),
  after,
});

/** 6 as soon as one line needs approval, 3 for work, 0 for nothing to do. */
function planExitCode({ reconciled: { plan, verdict, breaks } }: Checked): number {
  const waits = plan.repairs.some((one) => one.needsApproval && !isApproved(breaks, plan, one));
  if (waits) return 6;
  if (plan.repairs.length > 0 || verdict === 'break') return 3;
  return verdict === 'cannot-say' ? 5 : 0;
}

const appliedExitCode = ({ reconciled }: Checked): number => exitCodeOf(reconciled.verdict);

/** A look now would say neither true nor break: a venue was silent, or something settles. */
export const cannotSay = (
  reader: BookReader,
  compared: readonly Compared[],
  options: ReconcileOptions,
): boolean =>
  compared.some((one) => {
    const { verdict, breaks } = checkAccount(reader, requestOf(one, options)).reconciled;
    return verdict === 'cannot-say' || breaks.some(({ state }) => state === 'SETTLING');
  });

/** Of the names, those that are no break of these accounts. */
export function unknownBreaks(
  reader: BookReader,
  compared: readonly Compared[],
  options: ReconcileOptions,
  names: Iterable<string>,
): readonly string[] {
  const wanted = new Set(names);
  if (wanted.size === 0) return [];
  for (const one of compared) {
    const { breaks } = checkAccount(reader, requestOf(one, options)).reconciled;
    for (const { id } of breaks) wanted.delete(id);
  }
  return [...wanted];
}
