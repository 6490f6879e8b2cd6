/**
 * The search for facts that add up to a difference. It proves nothing: enough facts add up to
 * anything. Up to `wholeMax` facts every combination is tried, by meeting in the middle; of more
 * facts single ones and pairs alone. Both stop at the budget, and the answer says so.
 */
import { type Decimal, isZero } from '../../decimal/decimal.ts';
import { difference, type Integer, shifted, sum } from '../../decimal/integer.ts';

/** Steps that all searches of one explanation share. */
export class SearchBudget {
  left: number;

  constructor(steps = searchSteps) {
    this.left = steps;
  }

  take(steps: number): boolean {
    if (steps > this.left) return false;
    this.left -= steps;
    return true;
  }
}

/** Some seconds of work: two hundred searches of thirty facts. */
export const searchSteps = 200 * 2 ** 16;

export const wholeMax = 30;

/** More ways than that are told as more, and not listed. */
export const waysMax = 4;

export interface Combinations {
  /** Indices of the terms of each way, the shortest first; never none of them. */
  readonly ways: readonly (readonly number[])[];
  /** There are more than are listed. */
  readonly more: boolean;
  readonly gaveUp: string | null;
}

export function combinationsOf(
  terms: readonly Decimal[],
  target: Decimal,
  budget: SearchBudget,
): Combinations {
  const none = { ways: [], more: false };
  if (terms.length === 0 || isZero(target)) return { ...none, gaveUp: null };
  const [goal, ...values] = scaled([target, ...terms]);
  const steps = terms.length <= wholeMax ? 2 ** (Math.ceil(terms.length / 2) + 1) : terms.length;
  if (!budget.take(steps)) {
    return { ...none, gaveUp: 'the search for a combination of facts had used up its steps' };
  }
  const found = terms.length <= wholeMax ? allWays(values, goal!) : shortWays(values, goal!);
  const ways = found.sort((a, b) => a.length - b.length).slice(0, waysMax);
  const gaveUp =
    terms.length <= wholeMax
      ? null
      : `of ${terms.length} facts only single ones and pairs were tried: every combination is ` +
        `tried of up to ${wholeMax}`;
  return { ways, more: found.length > waysMax, gaveUp };
}

/** As integers of one scale: sums are exact. */
function scaled(values: readonly Decimal[]): Integer[] {
  const scale = Math.max(...values.map((value) => value.scale));
  return values.map(({ coefficient, scale: own }) => shifted(coefficient, scale - own));
}

/** Sums of the combinations of `values`, the combination as bits of the index. */
function sumsOf(values: readonly Integer[]): Integer[] {
  const sums: Integer[] = [0];
  for (const value of values) {
    const count = sums.length;
    for (let index = 0; index < count; index++) sums.push(sum(sums[index]!, value));
  }
  return sums;
}

function allWays(values: readonly Integer[], goal: Integer): number[][] {
  const half = Math.ceil(values.length / 2);
  const bySum = new Map<Integer, number[]>();
  for (const [bits, each] of sumsOf(values.slice(0, half)).entries()) {
    const same = bySum.get(each);
    if (same === undefined) bySum.set(each, [bits]);
    // As many as are listed, and one to know that there are more.
    else if (same.length <= waysMax) same.push(bits);
  }
  const ways: number[][] = [];
  for (const [bits, each] of sumsOf(values.slice(half)).entries()) {
    for (const lower of bySum.get(difference(goal, each)) ?? []) {
      ways.push(indicesOf(lower + bits * 2 ** half));
    }
    if (ways.length > waysFoundMax) break;
  }
  return ways;
}

/** Enough to sort the shortest out of them. */
const waysFoundMax = 1_000;

function indicesOf(bits: number): number[] {
  const indices: number[] = [];
  for (let index = 0, left = bits; left > 0; index++, left = Math.floor(left / 2)) {
    if (left % 2 === 1) indices.push(index);
  }
  return indices;
}

function shortWays(values: readonly Integer[], goal: Integer): number[][] {
  const ways: number[][] = [];
  const seen = new Map<Integer, number[]>();
  for (const [index, value] of values.entries()) {
    if (value === goal) ways.push([index]);
    for (const before of seen.get(difference(goal, value)) ?? []) {
      ways.push([before, index]);
    }
    const same = seen.get(value);
    if (same === undefined) seen.set(value, [index]);
    else if (same.length <= waysMax) same.push(index);
    if (ways.length > waysFoundMax) break;
  }
  return ways;
}
