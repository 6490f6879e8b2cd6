/** What a pair of the book and a statement is made of. */
import type { Break, Line } from '../../../model/break.ts';
import type { Statement } from '../../../model/statement.ts';
import type { BookSide } from '../../../reconcile/book-side.ts';
import type { Comparison } from '../../../reconcile/compare.ts';
import type { SidePair, SideSaid } from '../documents/sides.ts';

export interface ComparedSides {
  readonly comparison: Comparison;
  readonly book: BookSide;
  readonly statement: Statement;
  /** Those that are open, or were at the instant that is looked at. */
  readonly breaks: readonly Break[];
  /** Whether it is now that is looked at: what differs and is no break, no check has judged yet. */
  readonly isNow: boolean;
  /** Everything was known to the check that noted the statement. */
  readonly wasComplete: boolean;
}

/** A pair, and the lines of the comparison that it is made of. */
export type MadePair = Omit<SidePair, 'breakId'> & { readonly lines: readonly Line[] };

export const said = (one: Partial<SideSaid>): SideSaid => ({
  ...{ amount: null, words: null, time: null, id: null, sequence: null },
  ...one,
});

export const plainPair = {
  ...{ instrument: null, leg: null, difference: null, fields: [], matchedBy: null, note: null },
} as const;
