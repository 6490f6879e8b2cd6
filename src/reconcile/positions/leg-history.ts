/**
 * What one leg held after each of its executions, counted back from what it holds now: so that a
 * stored quantity can be found again as the truth of an earlier moment.
 */
import {
  add,
  type Decimal,
  equals,
  isNegative,
  isPositive,
  isZero,
  negate,
  signOf,
  subtract,
  zero,
} from '../../decimal/decimal.ts';
import type { Fill, Leg } from '../../model/fact.ts';
import { addMilliseconds, type Instant } from '../../model/instant.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { StoredPosition } from '../../model/position-source.ts';
import { speaksFor } from '../scope.ts';
import type { PositionTruth } from './port.ts';
import { legId, statedOf } from './stated.ts';

export interface LegStep {
  readonly fill: Fill;
  /** Signed, in units of the position. */
  readonly effect: Decimal;
  readonly before: Decimal;
  readonly after: Decimal;
}

export interface LegHistory {
  readonly instrument: Instrument;
  readonly leg: Leg;
  /** What is held now. */
  readonly held: Decimal;
  /** Oldest first, up to the statement. */
  readonly steps: readonly LegStep[];
  /** No execution is missing from here on; null: nobody says so, or it cannot be. */
  readonly completeSince: Instant | null;
}

/** What an execution does to the position: a fee in the coin that is traded leaves it. */
function effectOf(fill: Fill, { type, base }: Instrument): Decimal {
  const traded = fill.side === 'buy' ? fill.quantity : negate(fill.quantity);
  if (type !== 'spot') return traded;
  return (fill.fees ?? []).reduce(
    (left, fee) => (fee.currency === base ? subtract(left, fee.amount) : left),
    traded,
  );
}

/** What the better party states of a leg; what it does not list is nothing. */
export const heldIn = (
  { statement }: Pick<PositionTruth, 'statement'>,
  { name }: Instrument,
  leg: Leg,
): Decimal => statedOf(statement, name, leg)?.quantity ?? zero;

/** The executions of an account, by leg. */
export class LegHistories {
  readonly #truth: PositionTruth;
  readonly #fills: ReadonlyMap<string, readonly Fill[]>;

  constructor(truth: PositionTruth) {
    this.#truth = truth;
    const { fills, fillsCompleteSince: since, statement } = truth;
    const told = fills.filter(
      ({ time }) => time <= statement.asOf && (since === null || time >= since),
    );
    this.#fills = Map.groupBy(told, ({ instrument, leg }) => legId(instrument, leg));
  }

  /** `counts`: of the executions those that do; absent: all of them. */
  of(
    instrument: Instrument,
    leg: Leg,
    held: Decimal,
    counts: (fill: Fill) => boolean = () => true,
  ): LegHistory {
    const fills = (this.#fills.get(legId(instrument.name, leg)) ?? []).filter(counts);
    const backwards: LegStep[] = [];
    let after = held;
    for (const fill of fills.toReversed()) {
      const effect = effectOf(fill, instrument);
      const before = subtract(after, effect);
      backwards.push({ fill, effect, before, after });
      after = before;
    }
    const steps = backwards.reverse();
    const { fillsCompleteSince, fillsScope = null } = this.#truth;
    const isProven = isPossible(instrument, leg, steps) && speaksFor(fillsScope, instrument);
    const completeSince = isProven ? fillsCompleteSince : null;
    return { instrument, leg, held, steps, completeSince };
  }
}

/** A leg of one side never holds the other one: then executions are missing, whatever is said. */
function isPossible({ type }: Instrument, leg: Leg, steps: readonly LegStep[]): boolean {
  const isLong = leg === 'long' || type === 'spot';
  if (leg === 'net' && !isLong) return true;
  const isOn = isLong ? (held: Decimal) => !isNegative(held) : (held: Decimal) => !isPositive(held);
  return steps.every(({ before, after }) => isOn(before) && isOn(after));
}

/** Stamps of two machines are not compared more closely. */
const stampSlackMs = 60_000;

/** Certainly no later than what a stamp of the row means. */
export const sureOf = (stamp: Instant): Instant => addMilliseconds(stamp, -stampSlackMs);

export interface RowMoments {
  /** When the position of the row was opened; null: the row does not say. */
  readonly opened: Instant | null;
  /** When the row was last written. */
  readonly written: Instant | null;
  /** An execution that the row certainly knows, with all before it; absent: none is certain. */
  readonly knows?: LegStep | null;
}

export type MomentsOf = (row: StoredPosition) => RowMoments;

/** The row is the truth as of `at`: these executions came after it. */
export interface EarlierTruth {
  /** When the last execution that the row knows happened; null: it knows none. */
  readonly at: Instant | null;
  readonly missed: readonly LegStep[];
  /** It knows some that came after those that it lacks. */
  readonly scattered?: true;
}

export interface StatesFound {
  /** Every moment that the row may stand for, oldest first. */
  readonly found: readonly EarlierTruth[];
  /** All moments that the row may stand for were looked at. */
  readonly complete: boolean;
}

/** Moments at which the leg held what is stored, while the row existed. */
export function earlierTruths(
  history: LegHistory,
  stored: Decimal,
  moments: RowMoments,
): StatesFound {
  const { steps, completeSince } = history;
  const { opened, written } = moments;
  const found: EarlierTruth[] = [];
  for (let known = firstOf(history, moments); known < steps.length; known += 1) {
    const { before } = steps[known]!;
    const at = known === 0 ? null : steps[known - 1]!.fill.time;
    if (!equals(before, stored)) continue;
    if (at !== null && isAfter(at, written)) continue;
    found.push({ at, missed: steps.slice(known) });
  }
  const complete = completeSince !== null && opened !== null && completeSince <= sureOf(opened);
  return { found, complete };
}

/** The row cannot tell what came after it was last written. */
export const isAfter = (at: Instant, written: Instant | null): boolean =>
  written !== null && at > addMilliseconds(written, stampSlackMs);

/** The number of steps that the row knows: up to the last flat one as it was opened, or more. */
export function firstOf({ steps }: LegHistory, { opened, knows = null }: RowMoments): number {
  const known = knows === null ? 0 : steps.indexOf(knows) + 1;
  if (opened === null) return known;
  let first = known;
  for (const [index, { fill, after }] of steps.entries()) {
    if (fill.time > sureOf(opened)) break;
    if (isZero(after)) first = Math.max(known, index + 1);
  }
  return first;
}

export interface Ending {
  /** When it was flat. */
  readonly at: Instant;
  /** The missed executions up to flat; of one that turned the position over, that part. */
  readonly closing: readonly LegStep[];
  /** All of that position since it was last flat before; null: its beginning is not listed. */
  readonly whole: readonly LegStep[] | null;
  /** Of a position that was opened since. */
  readonly since: readonly LegStep[];
}

/** How the position that the row is about ended; null: it goes on. */
export function endingOf(
  { steps }: LegHistory,
  missed: readonly LegStep[],
  stored: Decimal,
): Ending | null {
  const sign = signOf(stored);
  const from = steps.indexOf(missed[0]!);
  const end = steps.findIndex(({ after }, index) => index >= from && signOf(after) !== sign);
  if (sign === 0 || end < 0) return null;
  const ending = steps[end]!;
  const { fill, before, after } = ending;
  const last = { fill, effect: negate(before), before, after: zero };
  const rest = isZero(after) ? [] : [{ fill, effect: after, before: zero, after }];
  const lacking = new Set(missed);
  const until = steps.slice(from, end).filter((step) => lacking.has(step));
  const known = sinceFlat(steps.slice(0, end));
  return {
    at: fill.time,
    closing: lacking.has(ending) ? [...until, last] : until,
    whole: known === null ? null : [...known, last],
    since: [...rest, ...steps.slice(end + 1)],
  };
}

/** The steps of the position that the last of them belongs to; null: its beginning is not there. */
export function sinceFlat(steps: readonly LegStep[]): readonly LegStep[] | null {
  const first = steps.findLastIndex(({ before, after }) => signOf(before) !== signOf(after));
  if (first < 0) return null;
  const { fill, before, after } = steps[first]!;
  if (isZero(after)) return steps.slice(first + 1);
  if (isZero(before)) return steps.slice(first);
  return [{ fill, effect: after, before: zero, after }, ...steps.slice(first + 1)];
}

export const sumOf = (steps: readonly LegStep[]): Decimal =>
  steps.reduce((sum, { effect }) => add(sum, effect), zero);
