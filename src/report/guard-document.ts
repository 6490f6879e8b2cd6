/** The JSON of `guard`: what was done, and whether the triggers are as they were installed. */
import { toTextOrNull } from '../decimal/text.ts';
import type { SourceGuard, SourceIdentity } from '../model/source.ts';

export type GuardAction = 'install' | 'status' | 'remove';

export interface GuardState {
  readonly action: GuardAction;
  readonly identity: SourceIdentity;
  readonly dryRun: boolean;
  /** What was found, and what is there now. */
  readonly found: SourceGuard;
  readonly guard: SourceGuard;
  /** Stored totals as they were found and as they are. */
  readonly totals: readonly {
    readonly account: string;
    readonly before: string | null;
    readonly after: string | null;
  }[];
  /** What makes the guard, in its order; null where nobody asked. */
  readonly statements: readonly string[] | null;
}

export const guardDocument = (state: GuardState) => ({
  schema: 'trueup.guard/1',
  action: state.action,
  exitCode: guardExitCode(state),
  source: state.identity.location,
  engine: state.identity.engine,
  dryRun: state.dryRun,
  found: state.found.state,
  state: state.guard.state,
  audited: state.guard.audited,
  keeps: keepsOf(state),
  bound: toTextOrNull(state.guard.bound),
  findings: state.guard.findings,
  unlogged: state.guard.unlogged,
  totals: state.totals,
  statements: state.statements,
});

/** What is promised of the total: null where nothing keeps it. */
const keepsOf = ({ guard }: GuardState): 'exact' | 'within-bound' | null => {
  if (guard.state === 'absent') return null;
  return guard.bound === null ? 'exact' : 'within-bound';
};

/** A status of 0 says that the guard is there, whole, and that every total is known. */
export function guardExitCode({ action, guard }: GuardState): 0 | 3 | 5 {
  if (action !== 'status') return 0;
  if (guard.state !== 'installed' || guard.unlogged.length > 0) return 3;
  return guard.findings.length > 0 ? 5 : 0;
}
