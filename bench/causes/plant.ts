/** What a plant is: one cause of a difference, put into a world in which all was well. */

import {
  add,
  type Decimal,
  isNegative,
  isPositive,
  isZero,
  signOf,
  subtract,
  zero,
} from '../../src/decimal/decimal.ts';
import type { Fill } from '../../src/model/fact.ts';
import { addMilliseconds, type Instant } from '../../src/model/instant.ts';
import type { Reason } from '../../src/model/reason.ts';
import type { Listed } from './exchange.ts';
import type { World } from './world.ts';

export interface Planted {
  /**
   * With all evidence at hand: one entry for each cause that is consistent with it, as the codes
   * that say it truly.
   */
  readonly label: readonly (readonly Reason[])[];
  /** Codes of causes that fit a difference of any size, and so say nothing: may be named. */
  readonly free?: readonly Reason[];
  /** Facts that carry the evidence, as the venue lists them. */
  readonly evidence: readonly Listed[];
  /** The true book follows from facts that are listed. */
  readonly repairable: boolean;
  /** Nothing is wrong for good: it is said, and is no break. */
  readonly passing?: boolean;
  /** The venue is asked live, twice. */
  readonly live?: boolean;
  /** The book itself says that a number is not final: what differs is not known, and no break. */
  readonly unfinal?: boolean;
}

/** Null: this world has no place for it. */
export type Plant = (world: World) => Planted | null;

/** Where all lists are complete, and agree. */
export const beforeLists: readonly Reason[] = [
  ...(['OPENING_BALANCE_WRONG', 'VENUE_INCONSISTENT', 'HISTORY_GAP'] as const),
];

export const known = (reason: Reason, evidence: readonly Listed[]): Planted => ({
  ...{ label: [[reason]], evidence, repairable: true },
});

/** A fact of the book and the venue alike that no other plant has to do with. */
export function pickFact<T extends Listed>(
  world: World,
  wanted: (fact: Listed) => fact is T,
  also: (fact: T) => boolean = () => true,
): T | null {
  const free = world.truth.filter(
    (fact): fact is T =>
      wanted(fact) && !world.used.has(fact) && world.booked.includes(fact) && also(fact),
  );
  if (free.length === 0) return null;
  const fact = world.random.pick(free);
  world.used.add(fact);
  return fact;
}

export const isFill = (fact: Listed): fact is Fill => fact.kind === 'fill';
export const isCash = (fact: Listed): fact is Exclude<Listed, Fill> => fact.kind !== 'fill';

export const typeOf = ({ instruments }: World, { instrument }: Fill) =>
  instruments.get(instrument)!.type;

/** What the book holds instead of the fact. */
export function bookInstead(world: World, fact: Listed, ...instead: readonly Listed[]): void {
  world.booked = world.booked.flatMap((one) => (one === fact ? instead : [one]));
}

/** A time at which nothing else happens. */
export function freeTime(world: World): Instant {
  const { random, truth } = world;
  const after = random.pick(truth).time;
  return addMilliseconds(after, random.between(1_200, 1_800));
}

/** No leg that may not cross zero does so, neither in the book nor at the venue. */
export const isSound = (world: World): boolean =>
  [world.booked, world.truth].every((facts) => crossesNothing(world, facts));

function crossesNothing({ instruments }: World, facts: readonly Listed[]): boolean {
  const held = new Map<string, Decimal>();
  const sorted = facts.filter(isFill).sort((a, b) => (a.time < b.time ? -1 : 1));
  return sorted.every(({ instrument, leg, side, quantity }) => {
    const key = `${instrument} ${leg}`;
    const before = held.get(key) ?? zero;
    const after = (side === 'buy' ? add : subtract)(before, quantity);
    held.set(key, after);
    if (leg !== 'net') return leg === 'long' ? !isNegative(after) : !isPositive(after);
    return (
      instruments.get(instrument)!.type !== 'inverse' ||
      signOf(before) !== -signOf(after) ||
      isZero(after)
    );
  });
}
