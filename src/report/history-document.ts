/** The JSON document of `audit source`: how much of a bot's history is unproven. */
import { toText } from '../decimal/text.ts';
import type { SourceIdentity } from '../model/source.ts';
import { type HistoryAudited, historyFlaws } from '../reconcile/positions/history-audit.ts';
import type { JsonObject } from './check-document.ts';

export interface HistoryShown {
  readonly identity: SourceIdentity;
  readonly audited: HistoryAudited;
  readonly exitCode: 0 | 3;
}

export function historyDocument({ identity, audited, exitCode }: HistoryShown): JsonObject {
  const { schema, generation, engine, location } = identity;
  const { flaws, ...counts } = audited;
  return {
    ...{ schema: 'trueup.audit-source/1', exitCode },
    source: { schema, generation, engine, location },
    ...counts,
    flaws: flaws.map(({ flaw, count, notional, unvalued, rows }) => ({
      ...{ flaw, means: historyFlaws[flaw], count, notional: toText(notional), unvalued },
      rows: [...rows],
    })),
  };
}
