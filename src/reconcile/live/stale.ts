/**
 * Sections that lag behind the venue's own lists: without the last facts that the venue lists and
 * the book holds, a line differs by no more than it did at an earlier snapshot. That is no break:
 * the section is of an earlier instant.
 */
import { add, type Decimal, equals, isZero, subtract, zero } from '../../decimal/decimal.ts';
import { lineId } from '../../model/break.ts';
import { addMilliseconds, type Instant } from '../../model/instant.ts';
import type { Statement } from '../../model/statement.ts';
import { type BookedItem, type BookSide, noChange, type Refold } from '../book-side.ts';
import type { Comparison } from '../compare.ts';
import { identityOf } from '../gap.ts';
import { type ComparedLine, differs, type StaleLine } from '../judge.ts';
import { heldId, touchedBy, touchedByFact } from '../touch.ts';

export interface StaleQuestion {
  readonly book: BookSide;
  readonly statement: Statement;
  readonly comparison: Comparison;
  readonly refold: Refold;
  /** Facts that are older are in every section by now. */
  readonly maxAgeMs: number;
  /** Snapshots before this one, each compared with the book as of its instant; the newest first. */
  readonly earlier: () => readonly Comparison[];
}

/** By the name of the held line. */
export function staleLines(question: StaleQuestion): ReadonlyMap<string, StaleLine> {
  const stale = new Map<string, StaleLine>();
  const suspects = suspectsOf(question);
  const steps = suspects.length === 0 ? [] : stepsBack(question);
  if (steps.length === 0) return stale;
  const earlier = question.earlier();
  for (const facts of worthwhile(steps, suspects, earlier)) {
    const remove = facts.map(({ sequence }) => sequence);
    const held = heldOf(question.refold({ ...noChange, remove }));
    const found = suspects.filter((line) => !stale.has(idOf(line)) && fits(line, held, earlier));
    const isTorn = found.length > 0 && hasAgreeing(question, facts);
    const reason = isTorn ? 'SNAPSHOT_TORN' : 'SNAPSHOT_STALE';
    const count = facts.length === 1 ? 'the last fact' : `the last ${facts.length} facts`;
    const why = `without ${count} of the venue's own lists`;
    for (const line of found) stale.set(idOf(line), { reason, why });
  }
  return stale;
}

/**
 * Each folds the book once more: the first ones, those since an earlier statement, and those that
 * add up to what a position differs by.
 */
const stepsAnyway = 3;

function worthwhile(
  steps: readonly Step[],
  suspects: readonly ComparedLine[],
  earlier: readonly Comparison[],
): readonly Step[] {
  const wanted = suspects.flatMap((line) => {
    if (line.what !== 'position' || line.difference === null) return [];
    const { difference } = line;
    return earlier.flatMap((comparison) => {
      const before = comparison.lineOf(lineId(line))?.difference ?? null;
      return before === null ? [] : [{ line, sum: subtract(before, difference) }];
    });
  });
  return steps.filter((facts, index) => {
    if (index < stepsAnyway) return true;
    const oldest = oldestOf(facts);
    const next = steps[index + 1];
    const isSince = earlier.some(
      ({ asOf }) => oldest > asOf && (next === undefined || oldestOf(next) <= asOf),
    );
    return isSince || wanted.some(({ line, sum }) => equals(sum, sumOn(line, facts)));
  });
}

const oldestOf = (facts: Step): Instant => facts.at(-1)!.fact.time;

/** What the fills of a contract among them add up to. */
const sumOn = ({ key, leg }: ComparedLine, facts: Step): Decimal =>
  facts.reduce((sum, { fact }) => {
    if (fact.kind !== 'fill' || fact.instrument !== key || fact.leg !== leg) return sum;
    return fact.side === 'buy' ? add(sum, fact.quantity) : subtract(sum, fact.quantity);
  }, zero);

const idOf = ({ what, key, leg }: ComparedLine): string => heldId({ what, key, leg });

/** Held lines that differ, and that no fact explains which only one of the two has. */
function suspectsOf({ book, statement, comparison }: StaleQuestion): readonly ComparedLine[] {
  const different = comparison.lines.filter(
    ({ what, verdict }) => (what === 'position' || what === 'balance') && differs(verdict),
  );
  if (different.length === 0) return [];
  const names = comparison.gaps.flatMap((gap) => touchedBy(gap, book, statement.asOf));
  const touched = new Set(names.map(heldId));
  return different.filter((line) => !touched.has(idOf(line)));
}

/** Facts that both have, the youngest first. */
type Step = readonly BookedItem[];

/** A section that lags by more is no slip of a moment. */
const factsMax = 500;

/** The last one, the last two ...; what happened at one instant came together. */
function stepsBack({ book, statement, maxAgeMs }: StaleQuestion): readonly Step[] {
  const { asOf, executions, cashFlows } = statement;
  const listed = new Set(
    [...(executions?.items ?? []), ...(cashFlows?.items ?? [])].map(identityOf),
  );
  const start = addMilliseconds(asOf, -maxAgeMs);
  const young = book.facts
    .filter(({ fact }) => fact.time > start && fact.time <= asOf && listed.has(identityOf(fact)))
    .sort((a, b) => (a.fact.time > b.fact.time ? -1 : 1))
    .slice(0, factsMax);
  return young.flatMap(({ fact }, index) =>
    young[index + 1]?.fact.time === fact.time ? [] : [young.slice(0, index + 1)],
  );
}

type Held = ReadonlyMap<string, Decimal>;

function heldOf({ balances, positions }: ReturnType<Refold>): Held {
  const held = new Map<string, Decimal>();
  for (const { currency, total } of balances) {
    held.set(heldId({ what: 'balance', key: currency, leg: null }), total);
  }
  for (const { instrument, leg, quantity } of positions) {
    held.set(heldId({ what: 'position', key: instrument, leg }), quantity);
  }
  return held;
}

/** Whether the line then differs as much as at an earlier snapshot that stated it. */
function fits(line: ComparedLine, held: Held, earlier: readonly Comparison[]): boolean {
  const rest = subtract(line.theirs ?? zero, held.get(idOf(line)) ?? zero);
  return earlier.some((comparison) => {
    const before = comparison.lineOf(lineId(line));
    // What neither side held then was no line, and no difference.
    if (before === undefined) return isZero(rest) && comparison.verdictOf(line) === 'equal';
    return before.difference !== null && equals(before.difference, rest);
  });
}

/** Another line that the same facts moved has them: the statement is of two instants. */
function hasAgreeing({ book, statement, comparison }: StaleQuestion, facts: readonly BookedItem[]) {
  const names = facts.flatMap(({ fact }) => touchedByFact(fact, book, statement.asOf));
  return names.some((name) => comparison.lineOf(heldId(name))?.verdict === 'equal');
}
