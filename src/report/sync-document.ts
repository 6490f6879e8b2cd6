/** The JSON document of `sync`, as docs/reference states it. */
import type { Break } from '../model/break.ts';
import { instantText } from '../model/instant.ts';
import type { BreakRepair, Plan } from '../reconcile/repair.ts';
import type { Unknown } from '../reconcile/sections.ts';
import { type Verdict, worstVerdict } from '../reconcile/verdict.ts';
import {
  effectsJson,
  entryJson,
  type JsonObject,
  type StopShown,
  stopJson,
} from './check-document.ts';

export interface SyncedRepair {
  readonly breakId: string;
  /** Sequences of the entries that were written. */
  readonly sequences: readonly number[];
  readonly after: Break | null;
}

export interface SyncedAccount {
  readonly mode?: 'live' | 'paper' | undefined;
  readonly plan: Plan;
  readonly breaks: readonly Break[];
  /** Null: nothing was asked to be applied, or of another account. */
  readonly applied: readonly SyncedRepair[] | null;
  /** The plan that was named, or made, is not the plan of the book as it is. */
  readonly stale: boolean;
  readonly verdict: Verdict;
  /** What could not be said, and so is neither planned nor proved. */
  readonly unknown: readonly Unknown[];
  readonly stopped?: StopShown | null;
}

/** `left`: accounts without a statement to repair by. */
export function syncDocument(
  accounts: readonly SyncedAccount[],
  left: readonly string[],
  exitCode: number,
): JsonObject {
  return {
    schema: 'trueup.sync/1',
    verdict: worstVerdict(accounts.map(({ verdict }) => verdict)),
    exitCode,
    accounts: [...accounts].sort(byName).map(accountJson),
    withoutStatement: [...left],
  };
}

const byName = (a: SyncedAccount, b: SyncedAccount): number =>
  a.plan.account < b.plan.account ? -1 : 1;

function accountJson(one: SyncedAccount): JsonObject {
  const { plan, mode, breaks, applied, stale, verdict, unknown, stopped } = one;
  return {
    account: plan.account,
    ...(mode === undefined ? {} : { mode }),
    verdict,
    plan: plan.hash,
    sequence: plan.sequence,
    stale,
    ...(stopped == null ? {} : { stopped: stopJson(stopped) }),
    repairs: plan.repairs.map((each) => repairJson(each, breaks)),
    leftAlone: plan.leftAlone.map(({ breakId, decision, because }) => ({
      ...{ break: breakId, decision, because },
    })),
    applied:
      applied?.map((each) => ({
        break: each.breakId,
        entries: [...each.sequences],
        state: each.after?.state ?? null,
      })) ?? null,
    unknown: unknown.map(({ section, scope, why, since }) => ({
      ...{ section, scope, why, since: instantText(since) },
    })),
  };
}

function repairJson(one: BreakRepair, breaks: readonly Break[]): JsonObject {
  const found = breaks.find(({ id }) => id === one.breakId);
  return {
    break: one.breakId,
    reason: found?.reason ?? null,
    state: found?.state ?? null,
    needsApproval: one.needsApproval,
    kind: one.kind,
    ...(one.large === true ? { large: true } : {}),
    because: one.because,
    entries: one.entries.map(entryJson),
    effects: effectsJson(one),
  };
}
