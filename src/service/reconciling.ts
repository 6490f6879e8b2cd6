/** The commands of reconciliation as one call each: what to compare, and what came of it. */
import type { Decimal } from '../decimal/decimal.ts';
import type { Clock } from '../model/instant.ts';
import {
  type CheckDocument,
  type CheckedAccount,
  checkDocument,
} from '../report/check-document.ts';
import { type SyncedRepair, syncDocument } from '../report/sync-document.ts';
import type { Account } from '../store/accounts.ts';
import type { BookWriter } from './book.ts';
import { type Checked, type CheckRequest, checkAccount } from './checking.ts';
import type { BookReader } from './reading.ts';
import type { StatementSource } from './reconcile-entries.ts';
import { applySync, checkAndNote, proposePlan, type Synced } from './syncing.ts';

export interface ReconcileOptions {
  readonly clock: Clock;
  readonly strict: boolean;
  readonly markMaxAgeMs: number;
  readonly toleranceSteps: number;
  readonly adjust: ReadonlySet<string>;
}

export interface Compared {
  readonly account: Account;
  /** Null: against itself alone. */
  readonly source: StatementSource | null;
}

const requestOf = ({ account, source }: Compared, options: ReconcileOptions): CheckRequest => ({
  account,
  source,
  now: options.clock.now(),
  strict: options.strict,
  toleranceSteps: options.toleranceSteps,
  markMaxAgeMs: options.markMaxAgeMs,
  adjust: options.adjust,
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
    const request = requestOf(one, options);
    checked.push(
      writer === null ? checkAccount(reader, request) : await checkAndNote(reader, writer, request),
    );
  }
  return checked.map(({ account }) => account);
}

export interface ShownCheck {
  readonly document: 'check' | 'investigate';
  readonly breakId: string | null;
  readonly failAbove: Decimal | null;
  readonly hints: readonly string[];
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
    parties: compared.some(({ source }) => source !== null)
      ? ['book', 'statement']
      : ['book', 'book'],
    strict: options.strict,
  });

export interface SyncChoice {
  readonly apply: boolean;
  readonly auto: boolean;
  readonly only: ReadonlySet<string> | null;
  readonly plan: string | null;
}

export interface SyncResult {
  readonly json: ReturnType<typeof syncDocument>;
  readonly exitCode: number;
  readonly checked: CheckedAccount;
}

/** Makes the plan; with `apply`, carries out what may be and compares again. */
export async function sync(
  reader: BookReader,
  writer: BookWriter,
  compared: Compared,
  options: ReconcileOptions,
  choice: SyncChoice,
): Promise<SyncResult> {
  const request = requestOf(compared, options);
  if (!choice.apply) {
    const checked = await proposePlan(reader, writer, request);
    return resultOf(checked, null, planExitCode(checked), false);
  }
  const { only, auto, plan } = choice;
  const synced = await applySync(reader, writer, { ...request, only, auto, plan });
  if (synced.status === 'stale') return resultOf(synced.checked, null, 6, true);
  const { checked, applied } = synced;
  return resultOf(checked, applied.map(repairOf), appliedExitCode(checked), false);
}

type AppliedSync = Extract<Synced, { status: 'applied' }>;

const repairOf = ({ repair, outcomes, after }: AppliedSync['applied'][number]): SyncedRepair => ({
  breakId: repair.breakId,
  sequences: outcomes.flatMap((outcome) =>
    outcome.status === 'booked' || outcome.status === 'enriched' ? [outcome.sequence] : [],
  ),
  after,
});

/** 6 as soon as one line needs approval, 3 for work, 0 for nothing to do. */
function planExitCode({ reconciled }: Checked): number {
  const { plan, verdict } = reconciled;
  if (plan.repairs.some(({ needsApproval }) => needsApproval)) return 6;
  if (plan.repairs.length > 0 || verdict === 'break') return 3;
  return verdict === 'cannot-say' ? 5 : 0;
}

const appliedExitCode = ({ reconciled }: Checked): number =>
  ({ break: 3, 'cannot-say': 5, true: 0 })[reconciled.verdict];

function resultOf(
  { reconciled, account }: Checked,
  applied: readonly SyncedRepair[] | null,
  exitCode: number,
  stale: boolean,
): SyncResult {
  const { plan, breaks, verdict } = reconciled;
  const json = syncDocument({ plan, breaks, applied, stale, verdict, exitCode });
  return { json, exitCode, checked: account };
}
