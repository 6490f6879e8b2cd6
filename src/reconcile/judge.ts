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
import { addMilliseconds, type Instant, millisecondsBetween } from '../model/instant.ts';

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
  /** It is a break, and not only young. */
  readonly settled?: boolean;
}

/** Why a line of a section that looks whole is not known. */
export interface StaleLine {
  readonly reason: 'SNAPSHOT_STALE' | 'SNAPSHOT_TORN';
  readonly why: string;
}

/** What is known of each line of a venue that is asked live. Times are the venue's. */
export interface LineEvidence {
  /** The venue's clock is so far ahead of ours. */
  readonly aheadMs: number;
  /** What differed at an earlier snapshot, beside the book as of its instant; asked if need be. */
  earlier(): ReadonlyMap<string, string>;
  /** When complete lists last moved a held line, at the latest where they begin; null: unknown. */
  movedAt(name: LineName): Instant | null;
  /** When something that may be on its way was last heard of. */
  inFlightSince(name: LineName): Instant | null;
  readonly stale: ReadonlyMap<string, StaleLine>;
  /**
   * Since when a position of theirs that ours never held may have been opened; null: it was there,
   * and foreign, when all was known last.
   */
  appearedSince(name: LineName, theirs: Decimal): Instant | null;
  /** Since when its executions are listed, where that is farther back than the list of all. */
  readonly strangersListed: Instant | null;
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
  /** What ours never held is a line like any other: a what-if may have taken it away. */
  readonly keepsForeign?: boolean;
  readonly seen: ReadonlyMap<string, Sighting>;
  /** Of a venue that is asked live; absent: a document, whose lines are as old as it is. */
  readonly live?: LineEvidence;
}

/** What the open breaks saw, by line. */
export function sightingsOf(breaks: readonly Break[]): ReadonlyMap<string, Sighting> {
  const seen = new Map<string, Sighting>();
  for (const { lines, facts, openedAt, state } of breaks) {
    const settled = state !== 'SETTLING';
    for (const line of [...lines, ...facts]) {
      seen.set(lineId(line), { difference: differenceText(line), since: openedAt, settled });
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
      theirsText: equal ? null : (this.#staleLine(pair)?.why ?? null),
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
    if (pair.uncertain !== null || this.#staleLine(pair) !== undefined) return 'unknown';
    return this.#isSettling(pair, toText(difference), pair.youngest) ? 'settling' : 'different';
  }

  #staleLine({ what, key, leg = null }: LineName): StaleLine | undefined {
    const stale = this.#options.live?.stale;
    if (stale === undefined || stale.size === 0) return undefined;
    return stale.get(lineId({ what, key, leg, instrument: null, detail: null }));
  }

  /** Age counts from the later of the youngest fact on the line and the first such statement. */
  #isSettling(name: LineName, difference: string, youngest: Instant | null): boolean {
    const { now, settleMs, seen, live } = this.#options;
    const { what, key, leg = null, instrument = null, detail = null } = name;
    const id = lineId({ what, key, leg, instrument, detail });
    // What is listed by its id is there, however often it is asked for.
    const isFact = what === 'fill' || what === 'cash-flow';
    if (live !== undefined && !isFact && live.earlier().get(id) !== difference) return true;
    if (settleMs <= 0) return false;
    const sighting = seen.get(id);
    const same = sighting !== undefined && sighting.difference === difference;
    // The venue's times by our clock.
    const ours = (at: Instant): Instant => addMilliseconds(at, -(live?.aheadMs ?? 0));
    const asOf = ours(this.#asOf);
    const since = same && sighting.since < asOf ? sighting.since : asOf;
    const moved = live === undefined ? null : isFact ? youngest : live.movedAt(name);
    const first = moved !== null && ours(moved) < since ? ours(moved) : since;
    const flying = live?.inFlightSince(name) ?? null;
    const times = [youngest, flying].flatMap((at) => (at === null ? [] : [ours(at)]));
    const from = times.reduce((a, b) => (b > a ? b : a), first);
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
