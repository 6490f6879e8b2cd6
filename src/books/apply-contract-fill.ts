/** Fills of linear and inverse contracts: only profit, fees and funding move money. */
import {
  absolute,
  add,
  type Decimal,
  divideHalfEven,
  isZero,
  multiply,
  negate,
  one,
  roundingScale,
  signOf,
  subtract,
  zero,
} from '../decimal/decimal.ts';
import type { BookedFact } from '../model/entry.ts';
import type { Fill, Leg, Side } from '../model/fact.ts';
import type { Instrument } from '../model/instrument.ts';
import { payCashFees, payCoinFee, trackFillFees } from './apply-spot-fill.ts';
import { closingPart, flow, type Move } from './coin-flow.ts';
import { coinKey, type Group, type LegState, legOf } from './group.ts';
import { close, isFlat, open } from './holding.ts';
import { post } from './postings.ts';
import { rateOf } from './rate.ts';
import { routeOf } from './route.ts';
import type { FoldContext } from './settings.ts';
import { resetSinceFlat, trackRealised } from './statistics.ts';

/**
 * What a signed quantity is worth at a price: quote units (linear), or base units (inverse), whose
 * division is one of the three places where books round.
 */
export function contractValue(instrument: Instrument, quantity: Decimal, price: Decimal): Decimal {
  const { multiplier } = instrument;
  const units = multiplier === one ? quantity : multiply(quantity, multiplier);
  return instrument.type === 'inverse'
    ? divideHalfEven(units, price, roundingScale)
    : multiply(units, price);
}

export function applyContractFill(
  group: Group,
  booked: BookedFact & { readonly fact: Fill },
  instrument: Instrument,
  context: FoldContext,
): void {
  const fill = booked.fact;
  const move: Move = { at: fill.time, method: context.settings.costMethod };
  const route = routeOf(instrument, fill.leg, context);
  const reporting = context.settings.currency;
  if (group.key === route.groups[0]) {
    const leg = legOf(group.state, route.root, fill.leg, move.method, route.leg);
    const moved = fill.side === 'buy' ? fill.quantity : negate(fill.quantity);
    const within = withoutExcess(leg, fill.leg, fill.side, moved);
    const closing = closingPart(leg.holding.quantity, within);
    moveContract(group, leg, booked, instrument, within, fill.price, context);
    trackFillFees(leg.track, fill.fees, absolute(closing), absolute(within));
    payCashFees(group, fill.fees ?? [], reporting, context);
    if (isFlat(leg.holding)) resetSinceFlat(leg.track);
  }
  for (const fee of fill.fees ?? []) {
    const coin = context.rootOf(fee.currency);
    if (coin === reporting || group.key !== coinKey(coin)) continue;
    payCoinFee(group, fee.amount, rateOf(booked, coin, context), false, move);
  }
}

/**
 * A hedge leg never crosses zero: what a reduction takes beyond the leg shows that history is
 * missing, and is kept apart as the leg's gap.
 */
function withoutExcess(leg: LegState, name: Leg, side: Side, moved: Decimal): Decimal {
  if (name === 'net' || (name === 'long') === (side === 'buy')) return moved;
  const closing = negate(closingPart(leg.holding.quantity, moved));
  leg.gap = add(leg.gap, subtract(moved, closing));
  return closing;
}

/** Moves a leg by a signed quantity at a price and pays the profit of what that closes. */
export function moveContract(
  group: Group,
  leg: LegState,
  booked: BookedFact,
  instrument: Instrument,
  moved: Decimal,
  price: Decimal,
  context: FoldContext,
): void {
  if (isZero(moved)) return;
  const { costMethod } = context.settings;
  const closing = closingPart(leg.holding.quantity, moved);
  const value = contractValue(instrument, moved, price);
  const opening = add(moved, closing);
  // The closing part's own value; the remainder is what is left of the fill's.
  const exit = isZero(opening)
    ? negate(value)
    : isZero(closing)
      ? zero
      : contractValue(instrument, closing, price);
  if (!isZero(closing)) {
    const closed = close(leg.holding, closing, costMethod);
    const gain =
      instrument.type === 'inverse' ? subtract(closed.cost, exit) : subtract(exit, closed.cost);
    if (isZero(closed.unknown)) payProfit(group, leg, booked, instrument, gain, context);
    else {
      trackRealised(leg.track, null);
      group.state.unvalued.add('realised');
    }
    if (isFlat(leg.holding)) resetSinceFlat(leg.track);
  }
  if (!isZero(opening)) open(leg.holding, opening, add(value, exit), booked.fact.time);
}

function payProfit(
  group: Group,
  leg: LegState,
  booked: BookedFact,
  instrument: Instrument,
  gain: Decimal,
  context: FoldContext,
): void {
  trackRealised(leg.track, gain);
  if (signOf(gain) === 0) return;
  const settle = context.rootOf(instrument.settle);
  if (settle === context.settings.currency) {
    post(group.state.postings, 'cash', 'realised', gain);
    return;
  }
  const move: Move = { at: booked.fact.time, method: context.settings.costMethod };
  flow(group.state, gain, rateOf(booked, settle, context), 'realised', move);
}
