/** What every part of a comparison works with, and where it puts what it finds. */
import type { Instant } from '../model/instant.ts';
import type { Reason } from '../model/reason.ts';
import type { Statement } from '../model/statement.ts';
import type { BookSide, ListedFact } from './book-side.ts';
import type { Gap } from './gap.ts';
import type { ComparedLine, CompareOptions, Judge } from './judge.ts';
import type { Valuer } from './value.ts';

export type SectionName = 'positions' | 'balances' | 'orders' | 'executions' | 'cashFlows';

/** A part of the truth that nobody told: not zero, not equal, not a break. */
export interface Unknown {
  readonly account: string;
  /** A section, or the name of one of our own invariants. */
  readonly section: string;
  /** What of the section; null: all of it. */
  readonly scope: string | null;
  readonly why: string;
  readonly since: Instant;
  /** Where a cause is known: which of the reasons, and a sentence that names it. */
  readonly reason?: Reason;
  readonly sentence?: string;
  /** What makes it known. */
  readonly remedy?: string;
}

export interface Findings {
  readonly lines: ComparedLine[];
  /** Facts and orders that one of the two lacks, or tells differently. */
  readonly gaps: Gap[];
  readonly unknown: Unknown[];
  /** Facts that both tell alike, and those that neither holds to any more. */
  readonly agreed: ListedFact[];
  /** Of ours, within the time that an incomplete list tells of, and not in it. */
  readonly unlisted: ListedFact[];
  /** Of theirs, where the book never held any. */
  readonly foreign: ComparedLine[];
}

export interface Work {
  readonly book: BookSide;
  readonly statement: Statement;
  readonly options: CompareOptions;
  readonly judge: Judge;
  readonly valuer: Valuer;
  readonly found: Findings;
}

export function tellUnknown(
  { book, statement, found }: Work,
  section: SectionName | 'statement',
  scope: string | null,
  why: string,
  reason?: Reason,
): void {
  const since = statement.takenAt ?? statement.asOf;
  const named = reason === undefined ? {} : { reason };
  found.unknown.push({ account: book.account, section, scope, why, since, ...named });
}
