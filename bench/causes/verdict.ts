/** What a case is labelled with, and what a tool says of it. */
import type { Reason } from '../../src/model/reason.ts';
import type { HistoryFlaw } from '../../src/reconcile/positions/history-audit.ts';
import type { Lines } from './exchange.ts';
import type { Shown } from './told.ts';

/** What a cause is called. */
export type Code = Reason | HistoryFlaw;

export interface Label {
  /** For each cause the codes that say it truly; all have to be named. */
  readonly causes: readonly (readonly Code[])[];
  /** May be named. */
  readonly free: ReadonlySet<Code>;
}

/** What a verdict is held against. */
export interface Scored {
  /** `seed: class + class, shown`. */
  readonly name: string;
  readonly shown: Shown;
  /** Null: nothing is to be seen, and nothing may be said. */
  readonly label: Label | null;
  /** Nothing is wrong for good. */
  readonly passing: boolean;
  /** What differs is not known to differ. */
  readonly unfinal: boolean;
  /** Codes that are proven by what is left, where evidence was taken away; absent: none. */
  readonly provable?: ReadonlySet<Code>;
  /** What there should be after a repair; null: nothing that is listed tells. */
  readonly truth: Lines | null;
}

/** What a tool says of a case; a baseline says as much as it can. */
export interface Verdict {
  /** Nothing differs, and all is known. */
  readonly clean: boolean;
  /** It says that something is wrong, for good. */
  readonly breaks: number;
  /** Of those, about what nothing is wrong with; absent: not counted. */
  readonly elsewhere?: number;
  readonly named: ReadonlySet<Code>;
  /** Codes that it says are proven. */
  readonly proven: ReadonlySet<Code>;
  /** What its repair makes of the book; null: it has none. */
  readonly repaired: Lines | null;
  /** Of the check alone. */
  readonly ms: number;
}
