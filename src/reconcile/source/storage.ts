/**
 * What a column makes of an exact number: a stored total is right when its column cannot hold a
 * nearer one.
 */
import {
  absolute,
  compare,
  type Decimal,
  decimalOf,
  equals,
  fromInteger,
  multiply,
  subtract,
} from '../../decimal/decimal.ts';
import { decimal, toText } from '../../decimal/text.ts';
import type { NumberStorage } from '../../model/source.ts';
import { isNearestBinary32 } from './binary32.ts';

/**
 *   exact       stored is the sum
 *   nearest     stored is the number nearest to the sum that its column can hold
 *   guarded     within the printed bound of the triggers that keep it
 *   different   anything else that is known
 *   unknown     a part is unknown
 *   not-stored  the schema keeps no total
 */
export type TotalMatch = 'exact' | 'nearest' | 'guarded' | 'different' | 'unknown' | 'not-stored';

const half = decimalOf(5, 1);

/** Half a unit of the last of so many digits behind the point. */
export const halfUnitOf = (scale: number): Decimal => multiply(half, decimalOf(1, scale));

/**
 * No stored number is nearer; at a tie both neighbours are as near. A number of a binary column is
 * the double that its text reads as, and the reading rounds to the nearest.
 */
function isNearest(stored: Decimal, exact: Decimal, storage: NumberStorage): boolean {
  if (storage.kind === 'exact') return false;
  if (storage.kind === 'binary64') {
    const nearest = Number(toText(exact));
    return Number.isFinite(nearest) && Number(toText(stored)) === nearest;
  }
  if (storage.kind === 'binary32') return isNearestBinary32(stored, exact);
  return compare(absolute(subtract(exact, stored)), halfUnitOf(storage.scale)) <= 0;
}

export interface MatchOptions {
  /** Null: the schema keeps no total. */
  readonly storage: NumberStorage | null;
  /** The printed bound of the triggers that keep the total; null: none, or they are exact. */
  readonly guardBound: Decimal | null;
}

export function matchOf(
  stored: Decimal | null,
  calculated: Decimal | null,
  { storage, guardBound }: MatchOptions,
): TotalMatch {
  if (storage === null) return 'not-stored';
  if (stored === null || calculated === null) return 'unknown';
  if (equals(stored, calculated)) return 'exact';
  if (isNearest(stored, calculated, storage)) return 'nearest';
  const distance = absolute(subtract(calculated, stored));
  const isGuarded = guardBound !== null && compare(distance, guardBound) <= 0;
  return isGuarded ? 'guarded' : 'different';
}

/** 2^-52, and a little more: what one addition or product of doubles may be off by, of its size. */
const doubleStep = decimal('0.0000000000000002221');

/** The most that adding up so many products in doubles can be off by, of a sum of this size. */
export const doubleSumBound = (size: Decimal, terms: number): Decimal =>
  multiply(multiply(absolute(size), doubleStep), fromInteger(2 * terms + 1));

/** 2^-23, and a little more: such a float and its text, each off by half of that at most. */
const singleStep = decimal('0.0000001193');

/** The most that three such floats, of which one is the sum, can be off by: of the size of all. */
export const singleSumBound = (size: Decimal): Decimal => multiply(size, singleStep);
