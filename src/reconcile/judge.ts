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
  /** The party under test; absent: the book. */
  readonly oursParty?: Party;
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
    const { ours, theirs, tolerance, youngest, uncertain } = pair;
    const difference = subtract(theirs, ours);
    const equal = isZero(difference);
    const within = equal || compareDecimals(absolute(difference), tolerance) <= 0;
    return {
      what: pair.what,
      key: pair.key,
      instrument: pair.instrument ?? null,
      leg: pair.leg ?? null,
      detail: pair.detail ?? null,
      oursParty: this.#options.oursParty ?? 'book',
      ours,
      oursText: uncertain,
      theirsParty: this.#options.theirsParty,
      theirs,
      theirsText: null,
      difference: equal ? zero : difference,
      tolerance,
      verdict: equal ? 'equal' : within ? 'within-tolerance' : this.#verdictOn(pair, difference),
      youngest,
      value: within ? null : pair.valueOf(difference),
    };
  }

  /** A line that is known to differ, by more than two numbers can say. */
  differing(pair: TextPair): ComparedLine {
    const { youngest } = pair;
    const line = this.#line(pair, pair, pair.difference);
    const settles = this.#isSettling(line, differenceText(line), youngest);
    return { ...line, verdict: settles ? 'settling' : 'different', youngest };
  }

  matching(name: LineName, ours: Decimal | null, theirs: Decimal | null): ComparedLine {
    const sides = { ours, oursText: null, theirs, theirsText: null };
    return { ...this.#line(name, sides, zero), verdict: 'equal' };
  }

  /** Ours, about which the statement proves nothing. */
  unproven(name: LineName, ours: Decimal, why: string): ComparedLine {
    const sides = { ours, oursText: null, theirs: null, theirsText: why };
    return { ...this.#line(name, sides, null), verdict: 'unknown' };
  }

  #verdictOn(pair: NumberPair, difference: Decimal): LineVerdict {
    if (pair.uncertain !== null) return 'unknown';
    return this.#isSettling(pair, toText(difference), pair.youngest) ? 'settling' : 'different';
  }

  /** Age counts from the later of the youngest fact on the line and the first such statement. */
  #isSettling(name: LineName, difference: string, youngest: Instant | null): boolean {
    const { now, settleMs, seen } = this.#options;
    if (settleMs <= 0) return false;
    const { what, key, leg = null, instrument = null, detail = null } = name;
    const sighting = seen.get(lineId({ what, key, leg, instrument, detail }));
    const same = sighting !== undefined && sighting.difference === difference;
    const since = same && sighting.since < this.#asOf ? sighting.since : this.#asOf;
    const from = youngest !== null && youngest > since ? youngest : since;
    return millisecondsBetween(from, now) < settleMs;
  }

  #line(
    { what, key, instrument = null, leg = null, detail = null }: LineName,
    { ours, oursText, theirs, theirsText }: Sides,
    difference: Decimal | null,
  ): Omit<ComparedLine, 'verdict'> {
    const { oursParty = 'book', theirsParty } = this.#options;
    return {
      ...{ what, key, instrument, leg, detail, oursParty, ours, oursText },
      ...{ theirsParty, theirs, theirsText, difference, tolerance: zero },
      ...{ youngest: null, value: null },
    };
  }
}

type Sides = Pick<Line, 'ours' | 'oursText' | 'theirs' | 'theirsText'>;

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
