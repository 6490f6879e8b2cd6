/**
 * What could have made one line differ, where no id says it: each idea is tried on the numbers,
 * and leaves a residual. Ideas that leave nothing are candidates, at most likely; several of them
 * are ambiguous, and none is picked; the others are ruled out with what they leave.
 */
import type { Decimal } from '../../decimal/decimal.ts';
import type { Evidence, IdeaThatFits, Party, RuledOut } from '../../model/break.ts';
import type { Leg } from '../../model/fact.ts';
import type { Instant } from '../../model/instant.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { ListedFact } from '../book-side.ts';

/** One differing line and everything that could tell why. Numbers signed as on the line. */
export interface DifferenceFacts {
  readonly what: 'position' | 'balance';
  /** An instrument or a currency. */
  readonly key: string;
  readonly instrument: Instrument | null;
  readonly leg: Leg | null;
  readonly oursParty: Party;
  readonly ours: Decimal;
  readonly theirsParty: Party;
  readonly theirs: Decimal;
  readonly asOf: Instant;
  /** Since when the position is open, as far as anybody knows. */
  readonly openedAt: Instant | null;
  /** Facts of ours that moved the line, oldest first. */
  readonly booked: readonly ListedFact[];
  /** Facts that one party has and the other lacks, in a time that concerns the line. */
  readonly unmatched: readonly ListedFact[];
  /** Other lines that differ in the same comparison. */
  readonly others: readonly {
    readonly key: string;
    readonly leg: Leg | null;
    readonly ours: Decimal;
    readonly theirs: Decimal;
  }[];
  /** The venue's executions were listed completely for the time of the line: no fill is unseen. */
  readonly executionsComplete: boolean;
  /** Age after which a position is closed by rule; null: no such rule is known. */
  readonly exitAfterMs: number | null;
}

export interface Candidate extends IdeaThatFits {
  readonly evidence: readonly Evidence[];
}

export interface Weighed {
  /** Each leaves nothing. */
  readonly candidates: readonly Candidate[];
  /** Each with what it leaves. */
  readonly ruledOut: readonly RuledOut[];
  /** Why the search of combinations ended before its end; null: it did not. */
  readonly gaveUp: string | null;
}

export function weigh(_facts: DifferenceFacts): Weighed {
  return { candidates: [], ruledOut: [], gaveUp: null };
}
