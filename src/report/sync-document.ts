/** The JSON document of `sync`, as docs/reference states it. */
import type { Break } from '../model/break.ts';
import type { Plan } from '../reconcile/repair.ts';
import type { Verdict } from '../reconcile/verdict.ts';
import { effectsJson, entryJson, type JsonObject } from './check-document.ts';

export interface SyncedRepair {
  readonly breakId: string;
  /** Sequences of the entries that were written. */
  readonly sequences: readonly number[];
  readonly after: Break | null;
}

export interface SyncFacts {
  readonly plan: Plan;
  readonly breaks: readonly Break[];
  /** Null: nothing was asked to be applied. */
  readonly applied: readonly SyncedRepair[] | null;
  /** The plan that was named is not the plan of the book as it is. */
  readonly stale: boolean;
  readonly verdict: Verdict;
  readonly exitCode: number;
}

export function syncDocument(facts: SyncFacts): JsonObject {
  const { plan, breaks, applied, stale, verdict, exitCode } = facts;
  const stateOf = (id: string) => breaks.find((one) => one.id === id)?.state ?? null;
  const reasonOf = (id: string) => breaks.find((one) => one.id === id)?.reason ?? null;
  return {
    schema: 'trueup.sync/1',
    account: plan.account,
    plan: plan.hash,
    sequence: plan.sequence,
    stale,
    repairs: plan.repairs.map((one) => ({
      break: one.breakId,
      reason: reasonOf(one.breakId),
      state: stateOf(one.breakId),
      needsApproval: one.needsApproval,
      because: one.because,
      entries: one.entries.map(entryJson),
      effects: effectsJson(one),
    })),
    leftAlone: plan.leftAlone.map(({ breakId, decision, because }) => ({
      break: breakId,
      decision,
      because,
    })),
    applied:
      applied?.map((one) => ({
        break: one.breakId,
        entries: [...one.sequences],
        state: one.after?.state ?? null,
      })) ?? null,
    verdict,
    exitCode,
  };
}
