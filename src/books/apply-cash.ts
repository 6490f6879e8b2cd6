/** Money and coins in or out that no fill caused. */
import { type Decimal, multiply, negate, signOf } from '../decimal/decimal.ts';
import type { BookedFact } from '../model/entry.ts';
import type { CashFact, CashKind } from '../model/fact.ts';
import { bringIn, flow, type Move } from './coin-flow.ts';
import { coinKey, coinOf, type Group, legOf } from './group.ts';
import { isFlat } from './holding.ts';
import { type CauseName, post } from './postings.ts';
import { rateOf } from './rate.ts';
import { currencyGroup, groupOfAmount } from './route.ts';
import type { FoldContext } from './settings.ts';
import { resetSinceFlat, trackFunding } from './statistics.ts';

const causes: Readonly<Record<CashKind, CauseName>> = {
  deposit: 'deposits',
  withdrawal: 'withdrawals',
  transfer: 'transfers',
  funding: 'funding',
  interest: 'interest',
  dividend: 'dividends',
  fee: 'fees',
  tax: 'tax',
  adjustment: 'adjustments',
};

/** The signed effect on the balance: withdrawals, fees and taxes are stated as costs. */
export function signedAmount(fact: CashFact): Decimal {
  const isCost = fact.kind === 'withdrawal' || fact.kind === 'fee' || fact.kind === 'tax';
  return isCost ? negate(fact.amount) : fact.amount;
}

export function applyCash(
  group: Group,
  booked: BookedFact & { readonly fact: CashFact },
  context: FoldContext,
): void {
  const { fact } = booked;
  const move: Move = { at: fact.time, method: context.settings.costMethod };
  if (group.key === groupOfAmount(fact, context)) {
    moveAmount(group, booked, signedAmount(fact), causes[fact.kind], move, context);
    if (fact.kind === 'funding') trackLegFunding(group, fact, context);
  }
  if (fact.fee !== null && group.key === currencyGroup(fact.fee.currency, context)) {
    const coin = context.rootOf(fact.fee.currency);
    if (group.key === coinKey(coin)) {
      flow(group.state, negate(fact.fee.amount), rateOf(booked, coin, context), 'fees', move);
    } else {
      post(group.state.postings, 'cash', 'fees', negate(fact.fee.amount));
    }
  }
}

function moveAmount(
  group: Group,
  booked: BookedFact & { readonly fact: CashFact },
  amount: Decimal,
  cause: CauseName,
  move: Move,
  context: FoldContext,
): void {
  const { fact } = booked;
  const coin = context.rootOf(fact.currency);
  if (coinOf(group.key) !== coin) {
    post(group.state.postings, 'cash', cause, amount);
    return;
  }
  const rate = rateOf(booked, coin, context);
  if (fact.cost === null || signOf(amount) < 0) {
    flow(group.state, amount, rate, cause, move);
    return;
  }
  bringIn(group.state, amount, fact.cost, cause, move);
}

/** A contract's row shows its funding in the settlement currency; other coins are not added up. */
function trackLegFunding(group: Group, fact: CashFact, context: FoldContext): void {
  if (fact.instrument === null) return;
  const instrument = context.instrumentAt(fact.instrument, fact.time);
  const isSettled = context.rootOf(fact.currency) === context.rootOf(instrument.settle);
  if (instrument.type === 'spot' || !isSettled) return;
  const { costMethod } = context.settings;
  const name = context.rootOf(instrument.name);
  const leg = legOf(group.state, name, fact.leg ?? 'net', costMethod);
  trackFunding(leg.track, fact.amount);
  if (isFlat(leg.holding)) resetSinceFlat(leg.track);
}

/** A value at a rate; null when either is not known. */
export const valueAt = (quantity: Decimal, rate: Decimal | null): Decimal | null =>
  rate === null ? null : multiply(quantity, rate);
