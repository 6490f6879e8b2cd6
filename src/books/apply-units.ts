/** What changes units rather than money: openings, splits, renames, capital returned, delivery. */
import {
  absolute,
  add,
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
  truncated,
  zero,
} from '../decimal/decimal.ts';
import type { BookedFact } from '../model/entry.ts';
import type {
  Delivery,
  Opening,
  OpeningBalance,
  OpeningLot,
  OpeningPosition,
  Rename,
  ReturnOfCapital,
  Split,
} from '../model/fact.ts';
import type { Instant } from '../model/instant.ts';
import { valueAt } from './apply-cash.ts';
import { contractValue, moveContract } from './apply-contract-fill.ts';
import { type Move, trade } from './coin-flow.ts';
import { coinOf, coinStateOf, type Group, legOf } from './group.ts';
import { type Holding, isFlat, type Lot, open, scale } from './holding.ts';
import { post } from './postings.ts';
import { rateOf } from './rate.ts';
import { currencyGroup, derivativeGroup } from './route.ts';
import type { FoldContext } from './settings.ts';
import { resetSinceFlat, trackRealised } from './statistics.ts';

export function applyOpening(
  group: Group,
  booked: BookedFact & { readonly fact: Opening },
  context: FoldContext,
): void {
  for (const balance of booked.fact.balances) {
    if (currencyGroup(balance.currency, context) !== group.key) continue;
    if (coinOf(group.key) === null) post(group.state.postings, 'cash', 'deposits', balance.total);
    else openCoin(group, balance, booked, context);
  }
  for (const position of booked.fact.positions) openLeg(group, position, booked, context);
}

function openCoin(
  group: Group,
  balance: OpeningBalance,
  booked: BookedFact,
  context: FoldContext,
): void {
  const { holding } = coinStateOf(group.state);
  const rate = rateOf(booked, context.rootOf(balance.currency), context);
  const stated = balance.cost ?? valueAt(absolute(balance.total), rate);
  const whole: OpeningLot = { quantity: balance.total, cost: stated, openedAt: null };
  for (const lot of byAge(balance.lots ?? [whole], booked.fact.time)) {
    if (isZero(lot.quantity)) continue;
    const size = lot.cost === null ? null : absolute(lot.cost);
    const cost = size !== null && signOf(lot.quantity) < 0 ? negate(size) : size;
    open(holding, lot.quantity, cost, lot.openedAt);
    if (cost === null) group.state.unvalued.add('deposits');
    else post(group.state.postings, 'position', 'deposits', cost);
  }
}

/** Oldest first, however they were listed; those without a time were opened at `otherwise`. */
const byAge = (lots: readonly OpeningLot[], otherwise: Instant) =>
  lots
    .map((lot) => ({ ...lot, openedAt: lot.openedAt ?? otherwise }))
    .sort((a, b) => (a.openedAt < b.openedAt ? -1 : a.openedAt > b.openedAt ? 1 : 0));

function openLeg(
  group: Group,
  position: OpeningPosition,
  booked: BookedFact,
  context: FoldContext,
): void {
  const instrument = context.instrumentAt(position.instrument, booked.fact.time);
  if (derivativeGroup(instrument, position.leg, context) !== group.key) return;
  if (isZero(position.quantity)) return;
  const { costMethod } = context.settings;
  const leg = legOf(group.state, context.rootOf(instrument.name), position.leg, costMethod);
  const openedAt = position.openedAt ?? booked.fact.time;
  if (position.lots !== null) {
    for (const lot of byAge(position.lots, openedAt)) {
      open(leg.holding, lot.quantity, lot.cost, lot.openedAt);
    }
    return;
  }
  const cost =
    position.averagePrice === null
      ? null
      : contractValue(instrument, position.quantity, position.averagePrice);
  open(leg.holding, position.quantity, cost, openedAt);
}

export function applySplit(
  group: Group,
  booked: BookedFact & { readonly fact: Split },
  context: FoldContext,
): void {
  const { fact } = booked;
  for (const holding of holdingsOf(group, fact.instrument, booked, context)) {
    scale(holding, fact.numerator, fact.denominator);
  }
  if (isZero(fact.cashInLieu) || coinOf(group.key) === null) return;
  const held = coinStateOf(group.state).holding.quantity;
  const fraction = subtract(held, truncated(held));
  if (isZero(fraction)) return;
  const move: Move = { at: fact.time, method: context.settings.costMethod };
  trade(group.state, negate(fraction), multiply(absolute(fraction), fact.cashInLieu), true, move);
}

export function applyRename(
  group: Group,
  booked: BookedFact & { readonly fact: Rename },
  context: FoldContext,
): void {
  const { fact } = booked;
  for (const holding of holdingsOf(group, fact.from, booked, context)) {
    scale(holding, fact.numerator, fact.denominator);
  }
}

/** The holdings of an instrument (or a coin named alone) that live in this group. */
function holdingsOf(
  group: Group,
  name: string,
  booked: BookedFact,
  context: FoldContext,
): readonly Holding[] {
  if (!name.includes('/')) return [coinStateOf(group.state).holding];
  const instrument = context.instrumentAt(name, booked.fact.time);
  if (instrument.type === 'spot') return [coinStateOf(group.state).holding];
  const root = context.rootOf(name);
  return [...group.state.legs.values()]
    .filter((leg) => leg.instrument === root)
    .map((leg) => leg.holding);
}

/**
 * Money back lowers the cost; what exceeds the cost is realised. Lots share it by cost, or by
 * quantity where they cost nothing.
 */
export function applyReturnOfCapital(
  group: Group,
  booked: BookedFact & { readonly fact: ReturnOfCapital },
): void {
  const { holding, track } = coinStateOf(group.state);
  const { amount } = booked.fact;
  const { postings } = group.state;
  const lowered = loweredCost(holding, amount);
  const excess = subtract(amount, lowered);
  lowerCost(holding, lowered);
  postings.cash = add(postings.cash, amount);
  postings.position = subtract(postings.position, lowered);
  if (isZero(excess)) return;
  if (isZero(holding.unknown)) {
    postings.realised = add(postings.realised, excess);
    trackRealised(track, excess);
  } else {
    postings.revaluation = add(postings.revaluation, excess);
    group.state.unvalued.add('realised');
    trackRealised(track, null);
  }
  if (isFlat(holding)) resetSinceFlat(track);
}

/**
 * As much of the amount as brings the cost nearer to zero, or away from it; none when no unit is
 * held whose cost is known.
 */
function loweredCost(holding: Holding, amount: Decimal): Decimal {
  if (equals(holding.quantity, holding.unknown)) return zero;
  return signOf(holding.quantity) > 0
    ? minimum(amount, holding.cost)
    : negate(minimum(negate(amount), negate(holding.cost)));
}

function lowerCost(holding: Holding, amount: Decimal): void {
  if (isZero(amount)) return;
  const whole = holding.cost;
  holding.cost = subtract(holding.cost, amount);
  const lots = holding.lots?.filter((lot) => lot.cost !== null) ?? [];
  const known = subtract(holding.quantity, holding.unknown);
  const share = (lot: Lot): Decimal =>
    isZero(whole)
      ? shareHalfEven(amount, lot.quantity, known, roundingScale)
      : shareHalfEven(amount, lot.cost!, whole, roundingScale);
  let left = amount;
  lots.forEach((lot, index) => {
    const last = index === lots.length - 1;
    const part = last ? left : share(lot);
    lot.cost = subtract(lot.cost!, part);
    left = subtract(left, part);
  });
}

/** A contract ends: every leg is closed at the settlement price. */
export function applyDelivery(
  group: Group,
  booked: BookedFact & { readonly fact: Delivery },
  context: FoldContext,
): void {
  const { fact } = booked;
  const instrument = context.instrumentAt(fact.instrument, fact.time);
  const root = context.rootOf(fact.instrument);
  // Each leg's profit moves the pool that they share: they go in one order, however they came.
  const legs = [...group.state.legs.values()].filter((leg) => leg.instrument === root);
  for (const leg of legs.sort((a, b) => (a.leg < b.leg ? -1 : 1))) {
    if (isFlat(leg.holding)) continue;
    const all = negate(leg.holding.quantity);
    moveContract(group, leg, booked, instrument, all, fact.price, context);
  }
}
