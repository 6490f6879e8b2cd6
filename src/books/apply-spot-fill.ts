/** Spot fills: one pool per coin, the other side in cash or in the other coin's pool. */
import {
  absolute,
  add,
  compare,
  type Decimal,
  isZero,
  multiply,
  negate,
  roundingScale,
  shareHalfEven,
  signOf,
  subtract,
  zero,
} from '../decimal/decimal.ts';
import type { BookedFact } from '../model/entry.ts';
import type { Fee, Fill } from '../model/fact.ts';
import type { Instrument } from '../model/instrument.ts';
import { bringIn, closingPart, type Move, takeOut, trade } from './coin-flow.ts';
import { coinKey, coinStateOf, type Group } from './group.ts';
import { isFlat } from './holding.ts';
import { post } from './postings.ts';
import { rateOf } from './rate.ts';
import type { FoldContext } from './settings.ts';
import { resetSinceFlat, type Track, trackFee, trackUnknownFee } from './statistics.ts';

/** What one spot fill moves, seen from outside any pool. */
interface SpotTrade {
  readonly base: string;
  readonly quote: string;
  /** Signed base units: + bought. */
  readonly moved: Decimal;
  /**
   * Quote units that change hands against the base; with feesInCost the quote fee is inside, and
   * where it is more than a sale yields they go the other way: < 0.
   */
  readonly quoteMoved: Decimal;
  /** quoteMoved in the reporting currency, with its sign; null without a rate. */
  readonly worth: Decimal | null;
  /** One base unit in the reporting currency; null without a rate. */
  readonly unitWorth: Decimal | null;
  /** Fees that are booked as fees. */
  readonly fees: readonly Fee[];
}

export function applySpotFill(
  group: Group,
  booked: BookedFact & { readonly fact: Fill },
  instrument: Instrument,
  context: FoldContext,
): void {
  const fill = booked.fact;
  const reporting = context.settings.currency;
  const move: Move = { at: fill.time, method: context.settings.costMethod };
  const spot = spotTrade(booked, instrument, context);
  const baseIsCash = spot.base === reporting;
  const own = coinKey(baseIsCash ? spot.quote : spot.base);
  if (group.key === own) {
    const signed = baseIsCash ? negate(signedQuote(spot)) : spot.moved;
    const withCash = baseIsCash || spot.quote === reporting;
    applyOwnSide(group, fill, spot, signed, withCash, move);
    payCashFees(group, spot.fees, reporting, context);
  } else if (group.key === coinKey(spot.quote)) {
    const worth = spot.worth === null ? null : absolute(spot.worth);
    trade(group.state, negate(signedQuote(spot)), worth, false, move);
  }
  payCoinFees(group, booked, spot, move, context);
  if (group.key !== own) return;
  const { holding, track } = coinStateOf(group.state);
  if (isFlat(holding)) resetSinceFlat(track);
}

const signedQuote = (spot: SpotTrade): Decimal =>
  signOf(spot.moved) < 0 ? negate(spot.quoteMoved) : spot.quoteMoved;

function spotTrade(
  booked: BookedFact & { readonly fact: Fill },
  instrument: Instrument,
  context: FoldContext,
): SpotTrade {
  const fill = booked.fact;
  const base = context.rootOf(instrument.base);
  const quote = context.rootOf(instrument.quote);
  const bought = fill.side === 'buy';
  const all = fill.fees ?? [];
  const inCost = context.settings.feesInCost
    ? all.filter((fee) => context.rootOf(fee.currency) === quote)
    : [];
  let quoteMoved = multiply(fill.quantity, fill.price);
  for (const fee of inCost) quoteMoved = add(quoteMoved, bought ? fee.amount : negate(fee.amount));
  const rate = rateOf(booked, quote, context);
  const cash = signOf(quoteMoved) < 0 ? negate(fill.quantity) : fill.quantity;
  const converted = rate === null ? null : multiply(quoteMoved, rate);
  const worth = base === context.settings.currency ? cash : converted;
  return {
    base,
    quote,
    moved: bought ? fill.quantity : negate(fill.quantity),
    quoteMoved,
    worth,
    unitWorth: rate === null ? null : multiply(fill.price, rate),
    fees: all.filter((fee) => !inCost.includes(fee)),
  };
}

/** The pool whose position this fill is: realised PnL and fees are told of it. */
function applyOwnSide(
  group: Group,
  fill: Fill,
  spot: SpotTrade,
  moved: Decimal,
  withCash: boolean,
  move: Move,
): void {
  const coin = coinStateOf(group.state);
  const closing = closingPart(coin.holding.quantity, moved);
  trade(group.state, moved, spot.worth, withCash, move);
  const fees = fill.fees === null ? null : spot.fees;
  trackFillFees(coin.track, fees, absolute(closing), absolute(moved));
}

/**
 * A flip is a close, then an open of the remainder: its fee is split by quantity, the second part
 * by subtraction, and only that belongs to the position that is open afterwards.
 */
export function trackFillFees(
  track: Track,
  fees: readonly Fee[] | null,
  closed: Decimal,
  moved: Decimal,
): void {
  if (fees === null) return trackUnknownFee(track);
  const flips = !isZero(closed) && compare(closed, moved) < 0;
  for (const fee of fees) {
    const first = flips ? shareHalfEven(fee.amount, closed, moved, roundingScale) : zero;
    trackFee(track, fee, subtract(fee.amount, first));
  }
}

/** Fees in the reporting currency leave cash where the fill is booked. */
export function payCashFees(
  group: Group,
  fees: readonly Fee[],
  reporting: string,
  context: FoldContext,
): void {
  for (const fee of fees) {
    if (context.rootOf(fee.currency) !== reporting) continue;
    post(group.state.postings, 'cash', 'fees', negate(fee.amount));
  }
}

/** Fees in this group's coin leave its pool, after the fill has moved it. */
function payCoinFees(
  group: Group,
  booked: BookedFact & { readonly fact: Fill },
  spot: SpotTrade,
  move: Move,
  context: FoldContext,
): void {
  for (const fee of spot.fees) {
    const coin = context.rootOf(fee.currency);
    if (group.key !== coinKey(coin)) continue;
    const isBase = coin === spot.base;
    const rate = isBase ? spot.unitWorth : rateOf(booked, coin, context);
    payCoinFee(group, fee.amount, rate, isBase && booked.fact.side === 'buy', move);
  }
}

/** A fee leaves at the pool's cost; a rebate comes in at the rate. */
export function payCoinFee(
  group: Group,
  amount: Decimal,
  rate: Decimal | null,
  newest: boolean,
  move: Move,
): void {
  if (signOf(amount) > 0) takeOut(group.state, amount, rate, 'fees', move, newest);
  else if (signOf(amount) < 0) {
    const value = rate === null ? null : multiply(negate(amount), rate);
    bringIn(group.state, negate(amount), value, 'fees', move);
  }
}
