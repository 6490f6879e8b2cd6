/** One compared line and its verdict: tolerance, settling, and what is not known. */
import {
  absolute,
  compare as compareDecimals,
  type Decimal,
  isZero,
  negate,
  subtract,
  zero,
} from '../decimal/decimal.ts';
import { toText } from '../decimal/text.ts';
import { type Break, type Line, type LineKind, lineId, type Party } from '../model/break.ts';
import type { Leg } from '../model/fact.ts';
import { type Instant, millisecondsBetween } from '../model/instant.ts';

export type LineVerdict = 'equal' | 'within-tolerance' | 'different' | 'settling' | 'unknown';

/** Null: no fresh price. `net` is what equity is off by. */
export interface LineValue {
  readonly gross: Decimal | null;
  readonly net: Decimal | null;
}

export interface ComparedLine extends Line {
  readonly verdict: LineVerdict;
  /** When the youngest fact on the line happened. */
  readonly youngest: Instant | null;
  /** Of what differs; null where equal, and where it is no holding. */
  readonly value: LineValue | null;
}

/** A difference seen by an earlier comparison: one that has not changed since has settled. */
export interface Sighting {
  readonly difference: string;
  readonly since: Instant;
}

export interface CompareOptions {
  readonly now: Instant;
  /** Younger differences may clear by themselves; 0 for a file, which stands by itself. */
  readonly settleMs: number;
  /** Venue steps (lot size, last digit of a currency) that count as equal; 0 by default. */
  readonly toleranceSteps: number;
  /** Milliseconds after which a price values nothing. */
  readonly markMaxAgeMs: number;
  /** Milliseconds after which a statement says nothing about now; null: it is taken as it is. */
  readonly statementMaxAgeMs: number | null;
  readonly theirsParty: Party;
  readonly seen: ReadonlyMap<string, Sighting>;
}

/** What the open breaks saw, by line. */
export function sightingsOf(breaks: readonly Break[]): ReadonlyMap<string, Sighting> {
  const seen = new Map<string, Sighting>();
  for (const { lines, facts, openedAt } of breaks) {
    for (const line of [...lines, ...facts]) {
      seen.set(lineId(line), { difference: differenceText(line), since: openedAt });
    }
  }
  return seen;
}

/** Names of a line that most lines do not have. */
export interface LineName {
  readonly what: LineKind;
  readonly key: string;
  readonly leg?: Leg | null;
  readonly instrument?: string | null;
  readonly detail?: string | null;
}

export interface NumberPair extends LineName {
  readonly ours: Decimal;
  readonly theirs: Decimal;
  readonly tolerance: Decimal;
  readonly youngest: Instant | null;
  readonly uncertain: string | null;
  readonly valueOf: (difference: Decimal) => LineValue | null;
}

export interface TextPair extends LineName {
  readonly ours: Decimal | null;
  readonly oursText: string | null;
  readonly theirs: Decimal | null;
  readonly theirsText: string | null;
  readonly difference: Decimal | null;
  readonly youngest: Instant | null;
}

export class Judge {
  readonly #options: CompareOptions;
  readonly #asOf: Instant;

  constructor(asOf: Instant, options: CompareOptions) {
    this.#asOf = asOf;
    this.#options = options;
  }

  numbers(pair: NumberPair): ComparedLine {
    const difference = subtract(pair.theirs, pair.ours);
    const equal = isZero(difference);
    const within = equal || compareDecimals(absolute(difference), pair.tolerance) <= 0;
    const line = this.#line(
      pair,
      { ours: pair.ours, oursText: pair.uncertain, theirs: pair.theirs, theirsText: null },
      equal ? zero : difference,
      pair.tolerance,
    );
    const verdict = equal ? 'equal' : within ? 'within-tolerance' : this.#verdict(line, pair);
    const value = within ? null : pair.valueOf(difference);
    return { ...line, verdict, youngest: pair.youngest, value };
  }

  /** A line that is known to differ, by more than two numbers can say. */
  differing(pair: TextPair): ComparedLine {
    const line = this.#line(pair, pair, pair.difference, zero);
    const verdict = this.#verdict(line, { youngest: pair.youngest, uncertain: null });
    return { ...line, verdict, youngest: pair.youngest, value: null };
  }

  matching(name: LineName, ours: Decimal | null, theirs: Decimal | null): ComparedLine {
    const line = this.#line(name, { ours, oursText: null, theirs, theirsText: null }, zero, zero);
    return { ...line, verdict: 'equal', youngest: null, value: null };
  }

  /** Ours, about which the statement proves nothing. */
  unproven(name: LineName, ours: Decimal, why: string): ComparedLine {
    const sides = { ours, oursText: null, theirs: null, theirsText: why };
    const line = this.#line(name, sides, null, zero);
    return { ...line, verdict: 'unknown', youngest: null, value: null };
  }

  #verdict(line: Line, { youngest, uncertain }: Pick<NumberPair, 'youngest' | 'uncertain'>) {
    if (uncertain !== null) return 'unknown';
    return this.#isSettling(line, youngest) ? 'settling' : 'different';
  }

  /** Age counts from the later of the youngest fact on the line and the first such statement. */
  #isSettling(line: Line, youngest: Instant | null): boolean {
    const { now, settleMs, seen } = this.#options;
    if (settleMs <= 0) return false;
    const sighting = seen.get(lineId(line));
    const same = sighting !== undefined && sighting.difference === differenceText(line);
    const since = same && sighting.since < this.#asOf ? sighting.since : this.#asOf;
    const from = youngest !== null && youngest > since ? youngest : since;
    return millisecondsBetween(from, now) < settleMs;
  }

  #line(
    name: LineName,
    sides: Pick<Line, 'ours' | 'oursText' | 'theirs' | 'theirsText'>,
    difference: Decimal | null,
    tolerance: Decimal,
  ): Line {
    return {
      what: name.what,
      key: name.key,
      instrument: name.instrument ?? null,
      leg: name.leg ?? null,
      detail: name.detail ?? null,
      oursParty: 'book',
      ours: sides.ours,
      oursText: sides.oursText,
      theirsParty: this.#options.theirsParty,
      theirs: sides.theirs,
      theirsText: sides.theirsText,
      difference,
      tolerance,
    };
  }
}

/** Tells whether two sightings of one line are the same difference. */
export const differenceText = (line: Line): string =>
  line.difference === null
    ? `${line.oursText ?? ''} / ${line.theirsText ?? ''}`
    : toText(line.difference);

/** What is not there counts as zero, once it is proven. */
export const differenceOf = (ours: Decimal | null, theirs: Decimal | null): Decimal =>
  theirs === null ? negate(ours ?? zero) : subtract(theirs, ours ?? zero);

export const isWithin = (verdict: LineVerdict): boolean =>
  verdict === 'equal' || verdict === 'within-tolerance';

export const differs = (verdict: LineVerdict): boolean =>
  verdict === 'different' || verdict === 'settling';
