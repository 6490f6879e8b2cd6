/**
 * What books would be with some facts added, taken out or changed: only the groups that those
 * facts move are folded again, from all that move them. Groups do not depend on one another.
 */
import { add, type Decimal, stripped, subtract } from '../decimal/decimal.ts';
import type { BookedFact } from '../model/entry.ts';
import type { Instant } from '../model/instant.ts';
import type { AccountFold } from './account-fold.ts';
import { foldFacts } from './fold-facts.ts';
import type { Group } from './group.ts';
import { groupsOf } from './route.ts';
import type { FoldContext } from './settings.ts';

export interface Refolded {
  readonly groups: readonly Group[];
  /** The reporting currency's balance. */
  readonly cash: Decimal;
}

/**
 * `base`: the books as of the instant; `after`: the facts as they would be, whole; `changed`: each
 * fact that is in only one of the two, and each that differs, as it was and as it would be.
 */
export function refolded(
  base: AccountFold,
  after: Iterable<BookedFact>,
  changed: readonly BookedFact[],
  context: FoldContext,
  asOf: Instant,
): Refolded {
  const touched = new Set(changed.flatMap((booked) => [...groupsOf(booked, context)]));
  const moving: BookedFact[] = [];
  for (const booked of after) {
    if (groupsOf(booked, context).some((key) => touched.has(key))) moving.push(booked);
  }
  const fold = foldFacts(moving, context, asOf);
  let cash = base.postings.cash;
  const groups: Group[] = [];
  for (const group of base.groups()) {
    if (touched.has(group.key)) cash = subtract(cash, group.state.postings.cash);
    else groups.push(group);
  }
  for (const group of fold.groups()) {
    // The others were moved by a part of their facts only.
    if (!touched.has(group.key)) continue;
    cash = add(cash, group.state.postings.cash);
    groups.push(group);
  }
  // As many digits as the sum has, not as its parts had.
  return { groups, cash: stripped(cash) };
}
