/**
 * Reconciliation: makes the book equal the truth, and says why it was not.
 *
 *   compare  book x statement       -> lines, gaps, and what nobody told
 *   cases    lines x gaps           -> what belongs together
 *   explain  cases x what-if        -> causes by id, residuals, evidence
 *   track    cases x known breaks   -> breaks with a name and a life
 *   repair   breaks x policy        -> a plan, bound to its hash and the book's sequence
 *
 * R1  After a repair, compare finds nothing beyond tolerance in what was repaired.
 * R2  Repairing twice appends nothing the second time.
 * R3  A missing fact is booked as that fact; an adjustment is the last resort and names its break.
 * R4  Nothing in this folder performs I/O, reads a clock or writes a book.
 */
import { type Break, type Line, lineId } from '../model/break.ts';
import type { Statement } from '../model/statement.ts';
import type { BookSide, Refold } from './book-side.ts';
import { casesOf } from './cases.ts';
import { type Comparison, compare } from './compare.ts';
import { type ExplainedCase, explain } from './explain.ts';
import { casesOfFindings, type Finding, isFindingLine, unknownOf } from './findings.ts';
import { type CompareOptions, type LineVerdict, sightingsOf } from './judge.ts';
import { type Plan, repair } from './repair.ts';
import type { Unknown } from './sections.ts';
import { type BreakChange, track } from './track.ts';
import { isOpen, type Verdict, verdictOf } from './verdict.ts';

export interface ReconcileInput {
  /** As of the statement's asOf; of now where there is none. */
  readonly book: BookSide;
  /** Null: the book is checked against itself alone. */
  readonly statement: Statement | null;
  readonly options: Omit<CompareOptions, 'seen'>;
  readonly refold: Refold;
  readonly findings: readonly Finding[];
  /** The account's breaks that are not closed, and those closed ones that may reopen. */
  readonly known: readonly Break[];
  /** Breaks for which a person asked for an adjustment. */
  readonly adjust: ReadonlySet<string>;
  /** Accepted breaks count too. */
  readonly strict: boolean;
}

export interface Reconciled {
  readonly account: string;
  readonly comparison: Comparison | null;
  readonly unknown: readonly Unknown[];
  /** Known and new, closed ones included. */
  readonly breaks: readonly Break[];
  readonly changes: readonly BreakChange[];
  readonly current: ReadonlyMap<string, ExplainedCase>;
  readonly plan: Plan;
  readonly verdict: Verdict;
}

export function reconcile(input: ReconcileInput): Reconciled {
  const { book, statement, findings, known } = input;
  const options = { ...input.options, seen: sightingsOf(known.filter(isOpen)) };
  const comparison = statement === null ? null : compare(book, statement, options);
  const own = casesOfFindings(findings);
  const cases = [...own, ...casesOfComparison(input, comparison, options)];
  const { breaks, changes, current } = track(known, cases, {
    now: options.now,
    sequence: book.sequence,
    verdictOf: verdictsOf(own, comparison),
  });
  const items = breaks.filter(isOpen).map((one) => ({ one, current: current.get(one.id) ?? null }));
  const unknown = [...(comparison?.unknown ?? []), ...unknownOf(findings)];
  return {
    account: book.account,
    comparison,
    unknown,
    breaks,
    changes,
    current,
    plan: repair(items, {
      account: book.account,
      sequence: book.sequence,
      asOf: statement?.asOf ?? book.asOf,
      adjust: input.adjust,
    }),
    verdict: verdictOf(breaks, unknown.length, { strict: input.strict }),
  };
}

function casesOfComparison(
  { book, statement, refold }: ReconcileInput,
  comparison: Comparison | null,
  options: CompareOptions,
): readonly ExplainedCase[] {
  if (comparison === null || statement === null) return [];
  const cases = casesOf(comparison, book);
  return explain(cases, { book, statement, options, comparison, refold });
}

/** A line of a finding lives as long as the finding; any other is for the comparison to judge. */
function verdictsOf(own: readonly ExplainedCase[], comparison: Comparison | null) {
  const ids = new Set(own.flatMap(({ lines }) => lines.map(lineId)));
  return (line: Line): LineVerdict => {
    if (isFindingLine(line)) return ids.has(lineId(line)) ? 'different' : 'equal';
    return comparison?.verdictOf(line) ?? 'unknown';
  };
}
