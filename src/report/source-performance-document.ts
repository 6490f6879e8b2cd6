/** The JSON of `performance` on a source: its records with what changed between them. */
import { subtract } from '../decimal/decimal.ts';
import { toTextOrNull } from '../decimal/text.ts';
import { type Instant, instantText, millisecondsBetween } from '../model/instant.ts';
import { percentOf } from '../model/percent.ts';
import type { SourcePerformance } from '../model/source.ts';
import { gapsOf, type RecordFault, recordFaults } from '../reconcile/source/records.ts';
import type { JsonObject } from './check-document.ts';

export interface SourceHistoryState {
  readonly account: string;
  readonly accountId: string;
  /** Oldest first. */
  readonly records: readonly SourcePerformance[];
  /** The record before the first of them; null: there is none. */
  readonly before: SourcePerformance | null;
  /** Records of the database that name no account; 0: none. */
  readonly nameless: number;
}

export interface SourcePerformanceState {
  readonly source: string;
  readonly now: Instant;
  /** How far apart records may be. */
  readonly maxAgeMs: number;
  readonly histories: readonly SourceHistoryState[];
  /** The document of the write that appended a record; null: none was asked for. */
  readonly recorded: JsonObject | null;
}

export const sourcePerformanceDocument = (state: SourcePerformanceState): JsonObject => ({
  schema: 'trueup.source-performance/1',
  source: state.source,
  at: instantText(state.now),
  accounts: state.histories.map((history) => historyJson(history, state)),
  recorded: state.recorded,
});

function historyJson(
  { account, accountId, records, before, nameless }: SourceHistoryState,
  { now, maxAgeMs }: SourcePerformanceState,
): JsonObject {
  const all = before === null ? records : [before, ...records];
  const first = all.length - records.length;
  const faults = recordFaults(all, now);
  const last = records.at(-1);
  const age = last === undefined ? null : millisecondsBetween(last.time, now);
  return {
    ...{ account, sourceAccount: accountId, nameless },
    ageSeconds: age === null ? null : Math.floor(age / 1000),
    stale: age === null || age > maxAgeMs,
    gaps: gapsOf(all, maxAgeMs).map(({ from, to }) => ({
      from: instantText(from),
      to: instantText(to),
      seconds: Math.floor(millisecondsBetween(from, to) / 1000),
    })),
    records: records.map((record, index) =>
      recordJson(
        record,
        all[first + index - 1],
        faults.filter((fault) => fault.record === record),
      ),
    ),
  };
}

function recordJson(
  { time, total, cash, positionsValue }: SourcePerformance,
  before: SourcePerformance | undefined,
  faults: readonly RecordFault[],
): JsonObject {
  const was = before?.total ?? null;
  const change = total === null || was === null ? null : subtract(total, was);
  return {
    time: instantText(time),
    total: toTextOrNull(total),
    cash: toTextOrNull(cash),
    positionsValue: toTextOrNull(positionsValue),
    change: toTextOrNull(change),
    changePercent: toTextOrNull(percentOf(change, was)),
    faults: faults.map((fault) => ({
      kind: fault.kind,
      stored: toTextOrNull(fault.ours),
      truth: toTextOrNull(fault.theirs),
    })),
  };
}
