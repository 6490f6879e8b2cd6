/** One account's book beside one statement of it: every line, every gap, and what nobody told. */
import { isZero } from '../decimal/decimal.ts';
import { type Line, lineId } from '../model/break.ts';
import { type Instant, millisecondsBetween } from '../model/instant.ts';
import type { Statement, StatementSection } from '../model/statement.ts';
import type { BookSide, ListedFact } from './book-side.ts';
import { compareBalances } from './compare-balances.ts';
import { compareFacts, type FactCounts, factName, isInRange } from './compare-facts.ts';
import { compareInferred } from './compare-inferred.ts';
import { compareOrders } from './compare-orders.ts';
import { comparePositions, type PositionCounts } from './compare-positions.ts';
import { sortForeign } from './foreign.ts';
import { type Gap, linesOfGap, orderIdentity } from './gap.ts';
import {
  type ComparedLine,
  type CompareOptions,
  isWithin,
  Judge,
  type LineVerdict,
} from './judge.ts';
import { isComplete, scopeOf } from './scope.ts';
import { tellUnknown, type Unknown, type Work } from './sections.ts';
import { Valuer } from './value.ts';

export interface Comparison {
  readonly account: string;
  readonly asOf: Instant;
  /** Positions, average prices, balances, orders: as the book has them, then the rest by name. */
  readonly lines: readonly ComparedLine[];
  readonly gaps: readonly Gap[];
  readonly unknown: readonly Unknown[];
  readonly counts: Readonly<Record<LineVerdict, number>>;
  readonly positions: PositionCounts;
  readonly facts: FactCounts;
  /** Booked in the time of an incomplete list, and not in it: that proves nothing. */
  readonly unlisted: readonly ListedFact[];
  /** Held by them, and never here: listed, and no break. Not among the lines. */
  readonly foreign: readonly ComparedLine[];
  /** The line of that name as it is now; a line that neither side has is equal where proven. */
  /** `at`: when the fact of the line happened; null: not known. */
  verdictOf(line: Line, at?: Instant | null): LineVerdict;
  lineOf(id: string): ComparedLine | undefined;
}

/** Difference is theirs - ours. Never throws on what a statement says or leaves out. */
export function compare(book: BookSide, statement: Statement, options: CompareOptions): Comparison {
  const work: Work = {
    book,
    statement,
    options,
    judge: new Judge(statement.asOf, options),
    valuer: new Valuer(book, options.markMaxAgeMs),
    found: { lines: [], gaps: [], unknown: [], agreed: [], unlisted: [], foreign: [] },
  };
  tellStale(work);
  const positions = comparePositions(work);
  compareBalances(work);
  compareOrders(work);
  const facts = compareFacts(work);
  compareInferred(work);
  const { ours } = sortForeign(work);
  positions.foreign -= ours;
  positions.missing += ours;
  const { lines, gaps, unknown } = work.found;
  tellUncertain(work);
  const index = new LineIndex(work);
  return {
    account: book.account,
    asOf: statement.asOf,
    lines,
    gaps,
    unknown: unknown.sort(compareUnknown),
    counts: countsOf(lines),
    positions,
    facts,
    unlisted: work.found.unlisted,
    foreign: work.found.foreign,
    verdictOf: (line, at = null) => index.verdictOf(line, at),
    lineOf: (id) => index.get(id),
  };
}

const compareUnknown = (a: Unknown, b: Unknown): number =>
  textOf(a) < textOf(b) ? -1 : textOf(a) > textOf(b) ? 1 : 0;

const textOf = (one: Unknown): string => `${one.section}\n${one.scope ?? ''}\n${one.why}`;

function tellStale(work: Work): void {
  const { statementMaxAgeMs, now } = work.options;
  if (statementMaxAgeMs === null) return;
  if (millisecondsBetween(work.statement.asOf, now) <= statementMaxAgeMs) return;
  tellUnknown(work, 'statement', null, 'too old', 'SNAPSHOT_STALE');
}

/** A number of ours that is not final, and differs: whether it will agree cannot be said. */
function tellUncertain(work: Work): void {
  const { live } = work.options;
  for (const line of work.found.lines) {
    const { verdict, what, key, theirs, oursText } = line;
    if (verdict !== 'unknown' || theirs === null) continue;
    const section = what === 'balance' ? 'balances' : 'positions';
    const stale = live?.stale.get(lineId(line));
    tellUnknown(work, section, key, stale?.why ?? oursText ?? '', stale?.reason);
  }
}

function countsOf(lines: readonly ComparedLine[]): Readonly<Record<LineVerdict, number>> {
  const counts = { equal: 0, 'within-tolerance': 0, different: 0, settling: 0, unknown: 0 };
  for (const line of lines) counts[line.verdict] += 1;
  return counts;
}

/** Lines by name, built when first asked: most comparisons find nothing to look up. */
class LineIndex {
  readonly #work: Work;
  #byId: ReadonlyMap<string, ComparedLine> | null = null;
  #agreed: ReadonlySet<string> | null = null;
  #orders: ReadonlyMap<string, readonly ComparedLine[]> | null = null;

  constructor(work: Work) {
    this.#work = work;
  }

  get(id: string): ComparedLine | undefined {
    this.#byId ??= this.#build();
    return this.#byId.get(id);
  }

  verdictOf(line: Line, at: Instant | null): LineVerdict {
    if (line.what === 'order') return this.#verdictOfOrder(line);
    const id = lineId(line);
    const now = this.get(id);
    if (now !== undefined) return now.verdict;
    const gone = isFactLine(line)
      ? this.#isAgreed(id) || (at !== null && this.#isProvenAbsent(line, at))
      : this.#isProvenFlat(line);
    return gone ? 'equal' : 'unknown';
  }

  /** Another field of the order may differ now: it is right once all of it is. */
  #verdictOfOrder(line: Line): LineVerdict {
    this.#orders ??= Map.groupBy(
      this.#work.found.lines.filter(({ what }) => what === 'order'),
      ({ instrument, key }) => orderIdentity(instrument ?? '', key),
    );
    const now = this.#orders.get(orderIdentity(line.instrument ?? '', line.key)) ?? [];
    const wrong = now.find(({ verdict }) => !isWithin(verdict));
    if (wrong !== undefined) return wrong.verdict;
    return now.length > 0 || this.#isProvenFlat(line) ? 'equal' : 'unknown';
  }

  #build(): ReadonlyMap<string, ComparedLine> {
    const { lines, gaps, foreign } = this.#work.found;
    const byId = new Map<string, ComparedLine>();
    for (const line of foreign) byId.set(lineId(line), line);
    for (const line of lines) byId.set(lineId(line), line);
    for (const gap of gaps) for (const line of linesOfGap(gap)) byId.set(lineId(line), line);
    return byId;
  }

  #isAgreed(id: string): boolean {
    this.#agreed ??= new Set(this.#work.found.agreed.map((fact) => lineId(factName(fact))));
    return this.#agreed.has(id);
  }

  /** Neither side has the fact, where a whole list would name it: the venue took it back. */
  #isProvenAbsent({ what, instrument, key }: Line, at: Instant): boolean {
    const { statement, book } = this.#work;
    const section = what === 'fill' ? statement.executions : statement.cashFlows;
    if (section === null || !isComplete(section)) return false;
    const scope = scopeOf(section.scope, book);
    const isCovered = section.scope === null || scope.coversInstrument(instrument ?? key);
    return isCovered && isInRange(at, section, statement.asOf);
  }

  /** Neither side has the line: that says something only where the statement speaks for it. */
  #isProvenFlat(line: Line): boolean {
    const { statement, book } = this.#work;
    const speaks = (section: StatementSection<unknown> | null): boolean => {
      if (section === null || !isComplete(section)) return false;
      const scope = scopeOf(section.scope, book);
      return line.what === 'balance'
        ? scope.coversCurrency(line.key)
        : scope.coversInstrument(line.instrument ?? line.key);
    };
    switch (line.what) {
      case 'position':
        return speaks(statement.positions);
      case 'average-price':
        return speaks(statement.positions) && this.#isFlat(line);
      case 'balance':
        return speaks(statement.balances);
      case 'order':
        return speaks(statement.orders);
      default:
        return false;
    }
  }

  /** An average price is compared where quantities agree: only a flat position has none. */
  #isFlat(line: Line): boolean {
    const position = this.get(lineId({ ...line, what: 'position' }));
    return position === undefined || (isZero(position.ours!) && position.verdict === 'equal');
  }
}

const isFactLine = ({ what }: Line): boolean => what === 'fill' || what === 'cash-flow';
