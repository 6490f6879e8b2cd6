/**
 * How coins move in and out of a pool, and what that does to cost and causes. Quantities here are
 * sizes (> 0); values are in the reporting currency, null where no rate was in force.
 */
import {
  absolute,
  add,
  compare,
  type Decimal,
  equals,
  isZero,
  minimum,
  multiply,
  negate,
  roundingScale,
  shareHalfEven,
  signOf,
  subtract,
  zero,
} from '../decimal/decimal.ts';
import type { CostMethod } from '../model/fact.ts';
import type { Instant } from '../model/instant.ts';
import { coinStateOf, type GroupState } from './group.ts';
import { type Closed, close, closeNewest, isFlat, open } from './holding.ts';
import { type CauseName, post } from './postings.ts';
import { resetSinceFlat, trackRealised } from './statistics.ts';

export interface Move {
  readonly at: Instant;
  readonly method: CostMethod;
}

/** The part of a signed movement that closes what is held, signed like the holding. */
export function closingPart(held: Decimal, moved: Decimal): Decimal {
  if (isZero(held) || signOf(held) === signOf(moved)) return zero;
  const size = minimum(absolute(held), absolute(moved));
  return signOf(held) < 0 ? negate(size) : size;
}

const signedLike = (size: Decimal, sign: Decimal): Decimal =>
  signOf(sign) < 0 ? negate(size) : size;

/**
 * A trade of coins for `worth`: bought when `moved` is positive. With cash, the other side is the
 * reporting currency and is booked here; otherwise the other coin's pool books its own side.
 */
export function trade(
  state: GroupState,
  moved: Decimal,
  worth: Decimal | null,
  withCash: boolean,
  move: Move,
): void {
  const { holding, track } = coinStateOf(state);
  const closing = closingPart(holding.quantity, moved);
  const closingWorth = worthOf(worth, closing, moved);
  if (!isZero(closing)) {
    const closed = close(holding, closing, move.method);
    const proceeds = closingWorth === null ? null : signedLike(closingWorth, closing);
    settle(state, closing, closed, proceeds);
    if (withCash && proceeds !== null) state.postings.cash = add(state.postings.cash, proceeds);
    if (isFlat(holding)) resetSinceFlat(track);
  }
  const opening = add(moved, closing);
  if (isZero(opening)) return;
  const rest = worth === null || closingWorth === null ? null : subtract(worth, closingWorth);
  const cost = rest === null ? null : signedLike(rest, opening);
  open(holding, opening, cost, move.at);
  if (cost === null) return;
  state.postings.position = add(state.postings.position, cost);
  if (withCash) state.postings.cash = subtract(state.postings.cash, cost);
}

/** A quantity times a price times a rate, each of at most 18 digits. */
const exactDigits = 54;

/** The closing part's worth: exact where it is a price per unit, else its share, rounded. */
function worthOf(worth: Decimal | null, closing: Decimal, moved: Decimal): Decimal | null {
  if (worth === null) return null;
  if (isZero(closing)) return zero;
  const size = absolute(closing);
  const whole = absolute(moved);
  if (compare(size, whole) === 0) return worth;
  const exact = shareHalfEven(worth, size, whole, exactDigits);
  return equals(multiply(exact, whole), multiply(worth, size))
    ? exact
    : shareHalfEven(worth, size, whole, roundingScale);
}

/**
 * Cost leaves the position against signed proceeds; the rest is realised. A part of unknown cost,
 * or for unknown proceeds, has no profit that anybody could state: it goes to revaluation.
 */
function settle(state: GroupState, part: Decimal, closed: Closed, proceeds: Decimal | null): void {
  const { postings } = state;
  const coin = coinStateOf(state);
  postings.position = subtract(postings.position, closed.cost);
  if (proceeds === null) {
    postings.revaluation = subtract(postings.revaluation, closed.cost);
    state.unvalued.add('realised');
    trackRealised(coin.track, null);
    return;
  }
  const unknownShare = isZero(closed.unknown)
    ? zero
    : shareHalfEven(proceeds, closed.unknown, part, roundingScale);
  const gain = subtract(subtract(proceeds, unknownShare), closed.cost);
  const allUnknown = compare(closed.unknown, part) === 0;
  const realised = allUnknown ? zero : gain;
  postings.realised = add(postings.realised, realised);
  postings.revaluation = add(
    postings.revaluation,
    allUnknown ? add(gain, unknownShare) : unknownShare,
  );
  if (!isZero(closed.unknown)) {
    state.unvalued.add('realised');
    trackRealised(coin.track, null);
  }
  if (!allUnknown) trackRealised(coin.track, realised);
}

/** Coins come in and are worth `value`; what they repay of a short realises the rest. */
export function bringIn(
  state: GroupState,
  size: Decimal,
  value: Decimal | null,
  cause: CauseName,
  move: Move,
): void {
  trade(state, size, value, false, move);
  if (value === null) state.unvalued.add(cause);
  else state.postings[cause] = add(state.postings[cause], value);
}

/**
 * Coins leave at what they had cost, and that cost goes to `cause`. With too little held, the
 * rest is owed at `rate`. `newest`: paid out of the lot that was just opened.
 */
export function takeOut(
  state: GroupState,
  size: Decimal,
  rate: Decimal | null,
  cause: CauseName,
  move: Move,
  newest = false,
): void {
  const { holding, track } = coinStateOf(state);
  const held = isFlat(holding) || signOf(holding.quantity) < 0 ? zero : holding.quantity;
  const part = minimum(held, size);
  if (!isZero(part)) {
    const closed = (newest ? closeNewest : close)(holding, part, move.method);
    post(state.postings, 'position', cause, negate(closed.cost));
    if (!isZero(closed.unknown)) state.unvalued.add(cause);
    if (isFlat(holding)) resetSinceFlat(track);
  }
  const owed = subtract(size, part);
  if (isZero(owed)) return;
  const cost = rate === null ? null : negate(multiply(owed, rate));
  open(holding, negate(owed), cost, move.at);
  if (cost === null) state.unvalued.add(cause);
  else post(state.postings, 'position', cause, cost);
}

/** A signed flow of coins: in at the rate, out at cost. */
export function flow(
  state: GroupState,
  amount: Decimal,
  rate: Decimal | null,
  cause: CauseName,
  move: Move,
): void {
  if (signOf(amount) > 0) {
    bringIn(state, amount, rate === null ? null : multiply(amount, rate), cause, move);
  } else if (signOf(amount) < 0) {
    takeOut(state, negate(amount), rate, cause, move);
  }
}
