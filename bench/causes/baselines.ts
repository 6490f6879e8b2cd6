/**
 * What people use instead, on the same cases: a plain difference of what is held, and rules that
 * match lists by amount and date. Both see what the product sees.
 */
import {
  absolute,
  compare,
  equals,
  isZero,
  multiply,
  subtract,
} from '../../src/decimal/decimal.ts';
import type { Reason } from '../../src/model/reason.ts';
import type { Statement } from '../../src/model/statement.ts';
import { areSame, holdingsOf, type Lines, type Listed, linesOf } from './exchange.ts';
import { isFill } from './plant.ts';
import type { Verdict } from './verdict.ts';
import type { World } from './world.ts';

const heldIn = (world: World, facts: readonly Listed[]): Lines =>
  linesOf(holdingsOf(facts, world.bookOpening, world.instruments, world.asOf));

function shownIn({ balances, positions }: Statement): Lines {
  const lines = new Map();
  for (const { currency, total } of balances?.items ?? []) {
    if (!isZero(total)) lines.set(`coin ${currency}`, total);
  }
  for (const { instrument, leg, quantity } of positions?.items ?? []) {
    if (!isZero(quantity)) lines.set(`leg ${instrument} ${leg}`, quantity);
  }
  return lines;
}

/** Says that totals differ, names nothing, and repairs nothing. */
export function balanceDifference(world: World, statement: Statement): Verdict {
  const start = performance.now();
  const clean = areSame(heldIn(world, world.booked), shownIn(statement));
  const ms = performance.now() - start;
  const none = { named: new Set<Reason>(), proven: new Set<Reason>(), repaired: null };
  return { clean, breaks: clean ? 0 : 1, ...none, ms };
}

const day = 86_400_000_000_000n;

const isNear = (a: Listed, b: Listed): boolean => {
  const gap = a.time - b.time;
  return gap < day && gap > -day;
};

const amountOf = (fact: Listed) => (isFill(fact) ? fact.quantity : fact.amount);

/** One date, one amount, one instrument or currency: what accounting programs match by. */
function matches(a: Listed, b: Listed): boolean {
  if (a.kind !== b.kind || !isNear(a, b) || !equals(amountOf(a), amountOf(b))) return false;
  if (!isFill(a) || !isFill(b))
    return 'currency' in a && 'currency' in b && a.currency === b.currency;
  return a.instrument === b.instrument && a.side === b.side && equals(a.price, b.price);
}

/** Unmatched on both sides, and alike: one was told wrong. */
const isAlike = (a: Listed, b: Listed): boolean =>
  a.kind === b.kind &&
  isNear(a, b) &&
  a.instrument === b.instrument &&
  compare(
    absolute(subtract(amountOf(a), amountOf(b))),
    multiply(absolute(amountOf(a)), { coefficient: 1, scale: 1 }),
  ) <= 0;

const missing: Readonly<Record<string, Reason>> = {
  ...({ fill: 'FILL_MISSING', funding: 'FUNDING_MISSING', fee: 'FEE_MISSING' } as const),
  ...({ interest: 'INTEREST_MISSING', dividend: 'CORPORATE_ACTION_MISSING' } as const),
};

/** Books what is missing, removes what is too much, replaces what is alike. */
export function amountAndDate(world: World, statement: Statement): Verdict {
  const start = performance.now();
  const { executions, cashFlows } = statement;
  const hasLists = executions?.complete === true && cashFlows?.complete === true;
  const differs = !areSame(heldIn(world, world.booked), shownIn(statement));
  const listed: Listed[] = hasLists ? [...executions.items, ...cashFlows.items] : [];
  const ours = hasLists ? [...world.booked] : [];
  const take = (from: Listed[], fits: (one: Listed) => boolean): Listed | null => {
    const index = from.findIndex(fits);
    return index < 0 ? null : from.splice(index, 1)[0]!;
  };
  const kept: Listed[] = [];
  const left = ours.filter((fact) => {
    const found = take(listed, (one) => matches(one, fact));
    if (found !== null) kept.push(fact);
    return found === null;
  });
  const named = new Set<Reason>();
  const repaired = [...kept];
  for (const fact of left) {
    const pair = take(listed, (one) => isAlike(one, fact));
    if (pair !== null) repaired.push(pair);
    const isTwin = kept.some((one) => matches(one, fact));
    named.add(
      pair !== null ? 'PRICE_OR_QUANTITY_WRONG' : isTwin ? 'FILL_DUPLICATED' : 'FILL_MISAPPLIED',
    );
  }
  for (const fact of listed) {
    repaired.push(fact);
    named.add(missing[fact.kind] ?? 'TRANSFER_MISSING');
  }
  const ms = performance.now() - start;
  return {
    ...{ clean: !differs && named.size === 0, breaks: differs || named.size > 0 ? 1 : 0 },
    // A rule that has found its match marks it as done.
    ...{ named, proven: named, ms },
    repaired: named.size === 0 ? null : heldIn(world, repaired),
  };
}
