/** The JSON document of `gate`, as docs/reference states it. */
import { type Instant, instantText, millisecondsBetween } from '../model/instant.ts';
import type { GateDecision } from '../reconcile/gate.ts';
import type { Verdict } from '../reconcile/verdict.ts';
import { type StopShown, stopJson } from './check-document.ts';

export interface GateState extends GateDecision {
  readonly account: string;
  readonly mode: 'live' | 'paper';
  readonly lastComplete: { readonly at: Instant; readonly verdict: Verdict } | null;
  readonly stopped?: StopShown | null;
}

export interface GateDocument {
  readonly schema: 'trueup.gate/1';
  /** Allow: every account does. */
  readonly gate: 'allow' | 'deny';
  readonly exitCode: 0 | 3;
  readonly now: string;
  readonly maxAgeSeconds: number;
  readonly accounts: readonly GateAccount[];
}

export interface GateAccount {
  readonly account: string;
  readonly mode: 'live' | 'paper';
  readonly gate: 'allow' | 'deny';
  readonly reasons: readonly {
    readonly code: string;
    readonly why: string;
    readonly breaks: readonly string[];
  }[];
  /** Null: no check of it was ever complete. */
  readonly lastCompleteCheck: {
    readonly at: string;
    readonly ageSeconds: number;
    readonly verdict: Verdict;
  } | null;
  readonly stopped?: ReturnType<typeof stopJson>;
}

export function gateDocument(
  gates: readonly GateState[],
  { now, maxAgeMs }: { readonly now: Instant; readonly maxAgeMs: number },
): GateDocument {
  const gate = gates.every((one) => one.gate === 'allow') ? 'allow' : 'deny';
  return {
    schema: 'trueup.gate/1',
    ...{ gate, exitCode: gate === 'allow' ? 0 : 3 },
    ...{ now: instantText(now), maxAgeSeconds: Math.floor(maxAgeMs / 1_000) },
    accounts: [...gates]
      .sort(byName)
      .map(({ account, mode, gate: own, reasons, lastComplete, stopped }) => ({
        ...{ account, mode, gate: own },
        reasons: reasons.map(({ code, why, breaks }) => ({ code, why, breaks })),
        lastCompleteCheck: lastComplete && {
          at: instantText(lastComplete.at),
          ageSeconds: Math.max(0, Math.floor(millisecondsBetween(lastComplete.at, now) / 1_000)),
          verdict: lastComplete.verdict,
        },
        ...(stopped == null ? {} : { stopped: stopJson(stopped) }),
      })),
  };
}

const byName = (a: GateState, b: GateState): number => (a.account < b.account ? -1 : 1);
