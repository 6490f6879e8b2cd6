/**
 * The definition of what books are: all facts in force, in effective order, folded from nothing.
 * The incremental fold must agree with it; looking back in time uses it directly.
 */
import type { BookedFact } from '../model/entry.ts';
import type { Instant } from '../model/instant.ts';
import { AccountFold } from './account-fold.ts';
import { compareOrder, orderOf } from './effective-order.ts';
import { memoryPages } from './pages.ts';
import type { FoldContext } from './settings.ts';

/** Facts up to and with `asOf`, or all of them. */
export function foldFacts(
  facts: Iterable<BookedFact>,
  context: FoldContext,
  asOf: Instant | null = null,
): AccountFold {
  const ordered = Array.from(facts, (booked) => ({ booked, order: orderOf(booked) }))
    .filter(({ order }) => asOf === null || order.time <= asOf)
    .sort((a, b) => compareOrder(a.order, b.order));
  const bySequence = new Map(ordered.map(({ booked }) => [booked.sequence, booked]));
  const fold = new AccountFold(context, memoryPages(), (sequences) =>
    sequences.flatMap((sequence) => bySequence.get(sequence) ?? []),
  );
  for (const { booked } of ordered) fold.add(booked);
  fold.settle();
  return fold;
}
