/**
 * A holding: a signed quantity of one coin or contract and what it cost. The four cases of a
 * position (increase, reduce, close, flip) are built from two moves: `open` adds to it in its own
 * direction, `close` takes part of it away and says what that part had cost.
 */
import {
  absolute,
  add,
  compare,
  type Decimal,
  divideHalfEven,
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
import { invariant } from '../model/result.ts';

/** A part opened by one fact. Quantity and cost carry the sign of the holding. */
export interface Lot {
  quantity: Decimal;
  /** Null: nobody said what it cost. */
  cost: Decimal | null;
  readonly openedAt: Instant;
}

/**
 * quantity: + long, - short. cost: signed like the quantity, of everything whose cost is known.
 * unknown: signed quantity whose cost is not known; while it is not zero an average-cost holding
 * has no average. lots: null under average cost, else oldest first.
 */
export interface Holding {
  quantity: Decimal;
  cost: Decimal;
  unknown: Decimal;
  lots: Lot[] | null;
  openedAt: Instant | null;
}

export interface Closed {
  /** Known cost taken out, signed like the part closed. */
  readonly cost: Decimal;
  /** The signed part of what was closed whose cost is not known; zero when all of it is. */
  readonly unknown: Decimal;
}

export const emptyHolding = (method: CostMethod): Holding => ({
  quantity: zero,
  cost: zero,
  unknown: zero,
  lots: method === 'average' ? null : [],
  openedAt: null,
});

export const isFlat = (holding: Holding): boolean => isZero(holding.quantity);

/** Adds to the holding in its own direction, or opens it. Null cost: not known. */
export function open(holding: Holding, quantity: Decimal, cost: Decimal | null, at: Instant): void {
  invariant(
    isZero(holding.quantity) || signOf(holding.quantity) === signOf(quantity),
    'a holding opens only in its own direction',
  );
  if (isZero(holding.quantity)) holding.openedAt = at;
  holding.quantity = add(holding.quantity, quantity);
  if (cost === null) holding.unknown = add(holding.unknown, quantity);
  else holding.cost = add(holding.cost, cost);
  holding.lots?.push({ quantity, cost, openedAt: at });
}

/**
 * Takes `part` (signed like the holding, at most all of it) away. A reduction never changes the
 * average of what remains; closing all takes all the cost, so nothing is lost to rounding.
 */
export function close(holding: Holding, part: Decimal, method: CostMethod): Closed {
  invariant(
    signOf(part) === signOf(holding.quantity) &&
      compare(absolute(part), absolute(holding.quantity)) <= 0,
    'a close takes at most what is held',
  );
  if (compare(part, holding.quantity) === 0) return closeAll(holding);
  const closed =
    holding.lots === null ? closeAtAverage(holding, part) : closeLots(holding.lots, part, method);
  holding.quantity = subtract(holding.quantity, part);
  holding.cost = subtract(holding.cost, closed.cost);
  holding.unknown =
    holding.lots === null ? unknownLeft(holding) : subtract(holding.unknown, closed.unknown);
  return closed;
}

function closeAll(holding: Holding): Closed {
  const mixed = holding.lots === null && !isZero(holding.unknown);
  const closed = { cost: holding.cost, unknown: mixed ? holding.quantity : holding.unknown };
  holding.quantity = zero;
  holding.cost = zero;
  holding.unknown = zero;
  holding.openedAt = null;
  if (holding.lots !== null) holding.lots = [];
  return closed;
}

function closeAtAverage(holding: Holding, part: Decimal): Closed {
  // A pool that mixes known and unknown cost has no average: none of the known cost can be said
  // to leave before all of it does.
  if (!isZero(holding.unknown)) return { cost: zero, unknown: part };
  return {
    cost: shareHalfEven(holding.cost, part, holding.quantity, roundingScale),
    unknown: zero,
  };
}

/** What remains can hold no more of unknown cost than its own quantity. */
function unknownLeft(holding: Holding): Decimal {
  if (isZero(holding.unknown)) return zero;
  const keep = minimum(absolute(holding.quantity), absolute(holding.unknown));
  return signOf(holding.quantity) < 0 ? negate(keep) : keep;
}

function closeLots(lots: Lot[], part: Decimal, method: CostMethod): Closed {
  let left = part;
  let cost = zero;
  let unknown = zero;
  while (!isZero(left)) {
    const index = nextLot(lots, method);
    const lot = lots[index]!;
    const whole = compare(absolute(lot.quantity), absolute(left)) <= 0;
    const taken = whole ? lot.quantity : left;
    const gone = takeFromLot(lot, taken, whole);
    if (gone === null) unknown = add(unknown, taken);
    else cost = add(cost, gone);
    if (whole) lots.splice(index, 1);
    left = subtract(left, taken);
  }
  return { cost, unknown };
}

/** Reduces the lot and returns the cost that leaves with it; null when it is not known. */
function takeFromLot(lot: Lot, taken: Decimal, whole: boolean): Decimal | null {
  const gone = takenCost(lot, taken, whole);
  lot.quantity = subtract(lot.quantity, taken);
  if (lot.cost !== null && gone !== null) lot.cost = subtract(lot.cost, gone);
  return gone;
}

function takenCost(lot: Lot, taken: Decimal, whole: boolean): Decimal | null {
  if (lot.cost === null || whole) return lot.cost;
  return shareHalfEven(lot.cost, taken, lot.quantity, roundingScale);
}

function nextLot(lots: readonly Lot[], method: CostMethod): number {
  if (method === 'lifo') return lots.length - 1;
  if (method !== 'hifo') return 0;
  let best = 0;
  for (let i = 1; i < lots.length; i++) {
    if (isDearer(lots[i]!, lots[best]!)) best = i;
  }
  return best;
}

/** Higher cost per unit; a lot of unknown cost is never dearer, and ties keep the older. */
function isDearer(a: Lot, b: Lot): boolean {
  if (a.cost === null) return false;
  if (b.cost === null) return true;
  const ours = multiply(absolute(a.cost), absolute(b.quantity));
  return compare(ours, multiply(absolute(b.cost), absolute(a.quantity))) > 0;
}

/** Takes `part` from the newest lot (a fee paid out of what was just bought), average otherwise. */
export function closeNewest(holding: Holding, part: Decimal, method: CostMethod): Closed {
  return close(holding, part, holding.lots === null ? method : 'lifo');
}

/** Multiplies every quantity by numerator / denominator; cost stays. The last lot is the rest. */
export function scale(holding: Holding, numerator: Decimal, denominator: Decimal): void {
  const scaled = (quantity: Decimal): Decimal =>
    shareHalfEven(quantity, numerator, denominator, roundingScale);
  const quantity = scaled(holding.quantity);
  if (holding.lots === null) holding.unknown = scaled(holding.unknown);
  else {
    holding.unknown = zero;
    let left = quantity;
    holding.lots.forEach((lot, index, lots) => {
      lot.quantity = index === lots.length - 1 ? left : scaled(lot.quantity);
      left = subtract(left, lot.quantity);
      if (lot.cost === null) holding.unknown = add(holding.unknown, lot.quantity);
    });
  }
  holding.quantity = quantity;
}

/** Cost per unit, rounded half-even for display only; null when flat or of unknown cost. */
export function averageCost(holding: Holding, multiplier: Decimal): Decimal | null {
  if (isFlat(holding) || !isZero(holding.unknown)) return null;
  return divideHalfEven(holding.cost, multiply(holding.quantity, multiplier), roundingScale);
}
