/** Which groups a fact moves. One that moves none (pending, or without effect) routes nowhere. */
import type { BookedFact } from '../model/entry.ts';
import type { CashFact, Fill, Leg, Opening } from '../model/fact.ts';
import type { Instant } from '../model/instant.ts';
import type { Instrument } from '../model/instrument.ts';
import { cashKey, coinKey, legGroupKey, legKey } from './group.ts';
import type { FoldContext, Route } from './settings.ts';

/** The group of money or coins of one currency. */
export function currencyGroup(currency: string, context: FoldContext): string {
  const root = context.rootOf(currency);
  return root === context.settings.currency ? cashKey : coinKey(root);
}

/** The group of a derivative's leg: its own, or its settlement coin's. */
export function derivativeGroup(instrument: Instrument, leg: Leg, context: FoldContext): string {
  const group = currencyGroup(instrument.settle, context);
  return group === cashKey ? legGroupKey(context.rootOf(instrument.name), leg) : group;
}

export function routeOf(instrument: Instrument, leg: Leg, context: FoldContext): Route {
  const known = context.routes.get(instrument) ?? {};
  const route = known[leg];
  if (route !== undefined) return route;
  const root = context.rootOf(instrument.name);
  const groups =
    instrument.type === 'spot'
      ? spotGroups(instrument, context)
      : [derivativeGroup(instrument, leg, context)];
  const found = { root, groups, leg: legKey(root, leg) };
  context.routes.set(instrument, { ...known, [leg]: found });
  return found;
}

export function groupsOf({ fact }: BookedFact, context: FoldContext): readonly string[] {
  switch (fact.kind) {
    case 'fill':
      return groupsOfFill(fact, context);
    case 'opening':
      return groupsOfOpening(fact, context);
    case 'split':
    case 'return-of-capital':
    case 'delivery': {
      const instrument = context.instrumentAt(fact.instrument, fact.time);
      const isOther = fact.kind === (instrument.type === 'spot' ? 'delivery' : 'return-of-capital');
      return isOther ? [] : groupsOfInstrument(instrument, context);
    }
    case 'rename':
      return groupsOfRename(fact.from, fact.time, context);
    default:
      return groupsOfCash(fact, context);
  }
}

function groupsOfFill(fill: Fill, context: FoldContext): readonly string[] {
  const instrument = context.instrumentAt(fill.instrument, fill.time);
  let { groups } = routeOf(instrument, fill.leg, context);
  for (const fee of fill.fees ?? []) {
    const coin = context.rootOf(fee.currency);
    // A fee in the reporting currency is booked where the fill is.
    if (coin === context.settings.currency) continue;
    const group = coinKey(coin);
    if (!groups.includes(group)) groups = [...groups, group];
  }
  return groups;
}

/** The coins of a pair that have a pool; the reporting currency has none. */
function spotGroups(instrument: Instrument, context: FoldContext): string[] {
  const base = currencyGroup(instrument.base, context);
  const quote = currencyGroup(instrument.quote, context);
  if (quote === cashKey || quote === base) return [base];
  return base === cashKey ? [quote] : [base, quote];
}

function groupsOfOpening(opening: Opening, context: FoldContext): readonly string[] {
  const groups = new Set<string>();
  for (const balance of opening.balances) groups.add(currencyGroup(balance.currency, context));
  for (const position of opening.positions) {
    const instrument = context.instrumentAt(position.instrument, opening.time);
    groups.add(derivativeGroup(instrument, position.leg, context));
  }
  return [...groups];
}

/** Coins are delivered by nobody, contracts return no capital, and the cash group has no units. */
function groupsOfInstrument(instrument: Instrument, context: FoldContext): readonly string[] {
  if (instrument.type === 'spot') return coinGroups(instrument.base, context);
  return [...new Set(legs.map((leg) => derivativeGroup(instrument, leg, context)))];
}

const coinGroups = (coin: string, context: FoldContext): readonly string[] =>
  [currencyGroup(coin, context)].filter((group) => group !== cashKey);

/** All that a contract can have: fills may name them before anybody said how the account works. */
const legs: readonly Leg[] = ['net', 'long', 'short'];

function groupsOfRename(from: string, time: Instant, context: FoldContext): readonly string[] {
  return from.includes('/')
    ? groupsOfInstrument(context.instrumentAt(from, time), context)
    : coinGroups(from, context);
}

function groupsOfCash(fact: CashFact, context: FoldContext): readonly string[] {
  if (fact.state === 'pending') return [];
  const groups = [groupOfAmount(fact, context)];
  if (fact.fee !== null) {
    const group = currencyGroup(fact.fee.currency, context);
    if (!groups.includes(group)) groups.push(group);
  }
  return groups;
}

/** Funding of a contract belongs to the contract's own group, so that its row can show it. */
export function groupOfAmount(fact: CashFact, context: FoldContext): string {
  const plain = currencyGroup(fact.currency, context);
  if (fact.kind !== 'funding' || fact.instrument === null) return plain;
  const instrument = context.instrumentAt(fact.instrument, fact.time);
  if (instrument.type === 'spot') return plain;
  const isSettled = context.rootOf(fact.currency) === context.rootOf(instrument.settle);
  return isSettled ? derivativeGroup(instrument, fact.leg ?? 'net', context) : plain;
}
