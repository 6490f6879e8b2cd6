/**
 * What books would be with some facts added, taken out or changed: only the groups that those
 * facts move are folded again, from the page before the first of them. Groups do not depend on
 * one another.
 */
import { add, type Decimal, stripped, subtract } from '../decimal/decimal.ts';
import type { BookedFact } from '../model/entry.ts';
import type { Instant } from '../model/instant.ts';
import { type AccountFold, isInUse } from './account-fold.ts';
import { apply } from './apply.ts';
import { compareOrder, type OrderKey, orderOf } from './effective-order.ts';
import type { Group } from './group.ts';
import { groupsOf } from './route.ts';
import type { FoldContext } from './settings.ts';

export interface Refolded {
  readonly groups: readonly Group[];
  /** The reporting currency's balance. */
  readonly cash: Decimal;
}

/** A fact that becomes another one is in both, with one sequence. */
export interface ChangedFacts {
  /** As they are in the books. */
  readonly removed: readonly BookedFact[];
  /** As they would be. */
  readonly added: readonly BookedFact[];
}

/** `base`: the books as of the instant; what happens after it moves nothing. */
export function refolded(
  base: AccountFold,
  changed: ChangedFacts,
  context: FoldContext,
  asOf: Instant,
): Refolded {
  const changes = changesByGroup(changed, context, asOf);
  let cash = base.postings.cash;
  const groups: Group[] = [];
  for (const group of base.groups()) {
    if (changes.has(group.key)) cash = subtract(cash, group.state.postings.cash);
    else groups.push(group);
  }
  for (const [key, change] of changes) {
    const group = groupWith(base, key, change, context);
    // Nothing that is left moves it.
    if (!isInUse(group)) continue;
    cash = add(cash, group.state.postings.cash);
    groups.push(group);
  }
  // As many digits as the sum has, not as its parts had.
  return { groups, cash: stripped(cash) };
}

interface PlacedFact {
  readonly booked: BookedFact;
  readonly order: OrderKey;
}

interface GroupChange {
  readonly removed: Set<number>;
  readonly added: PlacedFact[];
  /** The first place in effective order at which something changes. */
  from: OrderKey;
}

function changesByGroup({ removed, added }: ChangedFacts, context: FoldContext, asOf: Instant) {
  const changes = new Map<string, GroupChange>();
  const note = (booked: BookedFact, isAdded: boolean): void => {
    const order = orderOf(booked);
    if (order.time > asOf) return;
    for (const key of groupsOf(booked, context)) {
      let change = changes.get(key);
      if (change === undefined) {
        change = { removed: new Set(), added: [], from: order };
        changes.set(key, change);
      } else if (compareOrder(order, change.from) < 0) change.from = order;
      if (isAdded) change.added.push({ booked, order });
      else change.removed.add(booked.sequence);
    }
  };
  for (const booked of removed) note(booked, false);
  for (const booked of added) note(booked, true);
  return changes;
}

function groupWith(
  base: AccountFold,
  key: string,
  { removed, added, from }: GroupChange,
  context: FoldContext,
): Group {
  const { group, facts } = base.pastOf(key, from);
  const kept = facts.filter(({ sequence }) => !removed.has(sequence));
  let folded = 0;
  let last: OrderKey | null = null;
  for (const { booked, order } of added.sort((a, b) => compareOrder(a.order, b.order))) {
    const place = placeIn(kept, order, folded);
    for (; folded < place; folded += 1) apply(group, kept[folded]!, context);
    apply(group, booked, context);
    last = order;
  }
  if (folded < kept.length) last = orderOf(kept.at(-1)!);
  for (; folded < kept.length; folded += 1) apply(group, kept[folded]!, context);
  group.last = last ?? group.last;
  return group;
}

/** How many of the facts, which are in order, come before a place or are at it. */
function placeIn(facts: readonly BookedFact[], order: OrderKey, from: number): number {
  let low = from;
  let high = facts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareOrder(orderOf(facts[middle]!), order) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
