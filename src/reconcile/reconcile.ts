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
import { decimalOf } from '../decimal/decimal.ts';
import { type Break, type Line, lineId } from '../model/break.ts';
import type { Instant } from '../model/instant.ts';
import type { Statement } from '../model/statement.ts';
import type { BookSide, Refold } from './book-side.ts';
import { casesOf } from './cases.ts';
import { type Comparison, compare } from './compare.ts';
import { type ExplainedCase, explain } from './explain.ts';
import { casesOfFindings, type Finding, isFindingLine, isFoundBy, unknownOf } from './findings.ts';
import { type CompareOptions, type LineVerdict, sightingsOf } from './judge.ts';
import type { Automatic } from './limits.ts';
import { withoutEmptied } from './live/emptied.ts';
import { type LiveStatement, lineEvidence, type SnapshotDoubt } from './live/evidence.ts';
import { staleLines } from './live/stale.ts';
import type { StepOf } from './policy.ts';
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
  /** What may be repaired without a person; absent: what the policy says by default. */
  readonly automatic?: Automatic;
  /** How the statement was taken, where a venue was asked live; absent: it is a document. */
  readonly live?: LiveInput;
}

export interface LiveInput extends LiveStatement {
  /** The book as of another statement's instant. */
  readonly sideOf: (statement: Statement) => BookSide;
}

export interface Reconciled {
  readonly account: string;
  readonly comparison: Comparison | null;
  /** Of a live venue: with the sections in error that say suspiciously little. */
  readonly believed?: Statement | null;
  readonly unknown: readonly Unknown[];
  /** Known and new, closed ones included. */
  readonly breaks: readonly Break[];
  readonly changes: readonly BreakChange[];
  readonly current: ReadonlyMap<string, ExplainedCase>;
  readonly plan: Plan;
  readonly verdict: Verdict;
}

export function reconcile(input: ReconcileInput): Reconciled {
  const { book } = input;
  // Lines of a bot's rows are called as those of the book: other comparisons judge them.
  const known = input.known.filter((one) => !isOfSource(one));
  const others = input.known.filter(isOfSource);
  const plain = { ...input.options, seen: sightingsOf(known.filter(isOpen)) };
  const { statement, comparison, options } = compared(input, plain);
  const findings = findingsBeside(input, comparison);
  const own = casesOfFindings(findings);
  const cases = [...own, ...casesOfComparison({ ...input, statement }, comparison, options)];
  const { changes, current, ...tracked } = track(known, cases, {
    now: options.now,
    sequence: book.sequence,
    verdictOf: verdictsOf(own, comparison),
    taken: others.map(({ id }) => id),
  });
  const breaks = [...tracked.breaks, ...others].sort((a, b) => (a.id < b.id ? -1 : 1));
  const items = tracked.breaks
    .filter(isOpen)
    .map((one) => ({ one, current: current.get(one.id) ?? null }));
  const untold = unknownToldBy(comparison?.unknown ?? [], input.live?.doubt ?? null);
  const unknown = [...untold, ...unknownOf(findings)];
  return {
    account: book.account,
    comparison,
    ...(input.live === undefined ? {} : { believed: statement }),
    unknown,
    breaks,
    changes,
    current,
    plan: repair(items, {
      account: book.account,
      sequence: book.sequence,
      asOf: statement?.asOf ?? book.asOf,
      adjust: input.adjust,
      isLive: input.live !== undefined,
      ...(input.automatic === undefined ? {} : { automatic: input.automatic }),
      stepOf: stepOf(book),
    }),
    verdict: verdictOf(breaks, unknown.length, { strict: input.strict }),
  };
}

/** What a comparison tells too, or told of a break that is open, is not told once more. */
const findingsBeside = (
  { findings, known }: ReconcileInput,
  comparison: Comparison | null,
): readonly Finding[] =>
  findings.filter((one) => {
    if (one.kind !== 'superseded') return true;
    return comparison === null && !known.some((each) => isOpen(each) && isFoundBy(one, each));
  });

const stepOf =
  ({ decimals }: BookSide): StepOf =>
  (currency) => {
    const digits = decimals.get(currency);
    return digits === undefined ? null : decimalOf(1, digits);
  };

/** The party under test is a bot's database. */
export const isOfSource = ({ lines }: Break): boolean => lines[0]!.oursParty === 'source';

interface Compared {
  readonly statement: Statement | null;
  readonly comparison: Comparison | null;
  readonly options: CompareOptions;
}

/** A venue that answers live is compared once more where a section of it lags behind. */
function compared(
  { book, statement: said, live, refold }: ReconcileInput,
  options: CompareOptions,
): Compared {
  if (said === null) return { statement: null, comparison: null, options };
  if (live === undefined)
    return { statement: said, comparison: compare(book, said, options), options };
  const plain = { ...options, settleMs: 0 };
  const copies = () => copiesIn(compare(book, said, plain));
  const statement = withoutEmptied(book, said, { ...live, refold, copies });
  const earlierOf = (one: Statement) => compare(live.sideOf(one), one, plain);
  let first: Comparison | null = null;
  const compareFirst = () => {
    if (live.first !== null) first ??= earlierOf(live.first);
    return first;
  };
  const evidence = lineEvidence(book, statement, live, compareFirst);
  const comparison = compare(book, statement, { ...options, live: evidence });
  const stale = staleLines({
    ...{ book, statement, comparison, refold, maxAgeMs: live.statementMaxAgeMs },
    earlier: () => {
      const before = live.before === null || live.before === live.first ? null : live.before;
      return [compareFirst(), before === null ? null : earlierOf(before)].filter(
        (one) => one !== null,
      );
    },
  });
  const known = { ...options, live: { ...evidence, stale } };
  const again = stale.size === 0 ? comparison : compare(book, statement, known);
  return { statement, comparison: again, options: known };
}

const copiesIn = ({ gaps }: Comparison): readonly number[] =>
  gaps.flatMap((gap) => (gap.kind === 'extra' && gap.twin !== null ? [gap.ours.sequence] : []));

/** Why nothing was told, and since when, as whoever took the statement knows it. */
const unknownToldBy = (
  unknown: readonly Unknown[],
  doubt: SnapshotDoubt | null,
): readonly Unknown[] =>
  doubt === null
    ? unknown
    : unknown.map((one) => {
        if (one.why !== doubt.why) return one;
        const reason = doubt.reason === null ? {} : { reason: doubt.reason };
        return { ...one, since: doubt.since ?? one.since, ...reason };
      });

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
  return (line: Line, at: Instant | null): LineVerdict => {
    if (ids.has(lineId(line))) return 'different';
    if (isFindingLine(line)) return 'equal';
    return comparison?.verdictOf(line, at) ?? 'unknown';
  };
}
