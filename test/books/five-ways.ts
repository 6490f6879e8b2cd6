/**
 * One history, folded in five ways that must agree byte for byte: from nothing, one by one, in
 * reversed and in random order of arrival, and with a restart in the middle.
 */
import { expect } from 'vitest';
import { AccountFold } from '../../src/books/account-fold.ts';
import { type BookView, viewOf } from '../../src/books/book-view.ts';
import type { AccountContext } from '../../src/books/context.ts';
import { orderText } from '../../src/books/effective-order.ts';
import { foldFacts } from '../../src/books/fold-facts.ts';
import { coinKey } from '../../src/books/group.ts';
import { memoryPages } from '../../src/books/pages.ts';
import { causeNames, type Postings } from '../../src/books/postings.ts';
import type { ValuationOptions } from '../../src/books/valuation.ts';
import { type Decimal, total } from '../../src/decimal/decimal.ts';
import { toText } from '../../src/decimal/text.ts';
import type { BookedFact } from '../../src/model/entry.ts';
import { Random } from '../decimal/random.ts';

/** A fact heard of (before is null), or what it became (after is null: out of force). */
export interface Arrival {
  readonly before: BookedFact | null;
  readonly after: BookedFact | null;
}

const sequenceOf = (arrival: Arrival): number => (arrival.before ?? arrival.after)!.sequence;

/** Facts in force after all arrivals. */
export function inForce(arrivals: readonly Arrival[]): readonly BookedFact[] {
  const facts = new Map<number, BookedFact | null>();
  for (const arrival of arrivals) facts.set(sequenceOf(arrival), arrival.after);
  return [...facts.values()].filter((fact) => fact !== null);
}

/** Books kept as facts come, in the order of arrival; `restarts` and `settles` say when. */
export function kept(
  context: AccountContext,
  arrivals: readonly Arrival[],
  settles: (index: number) => boolean = () => true,
  restarts: (index: number) => boolean = () => false,
): AccountFold {
  const pages = memoryPages();
  const facts = new Map<number, BookedFact | null>();
  const empty = () =>
    new AccountFold(
      context,
      pages,
      (sequences) => sequences.flatMap((sequence) => facts.get(sequence) ?? []),
      // So few stay live that scenarios of three coins have groups at rest.
      1,
    );
  let fold = empty();
  arrivals.forEach((arrival, index) => {
    const isNew = !facts.has(sequenceOf(arrival));
    facts.set(sequenceOf(arrival), arrival.after);
    if (isNew) fold.add(arrival.after!);
    else fold.amend(arrival.before, arrival.after);
    const isRestart = restarts(index);
    if (isRestart || settles(index)) fold.settle();
    if (!isRestart) return;
    const snapshot = fold.snapshot();
    fold = empty();
    fold.restore(snapshot);
  });
  fold.settle();
  return fold;
}

/** Facts in a new order of arrival; what changes a fact stays behind it. */
export function shuffled(arrivals: readonly Arrival[], random: Random): readonly Arrival[] {
  const queues = new Map<number, Arrival[]>();
  for (const arrival of arrivals) {
    const queue = queues.get(sequenceOf(arrival)) ?? [];
    queues.set(sequenceOf(arrival), [...queue, arrival]);
  }
  const left = [...queues.values()];
  return arrivals.map(() => {
    const index = random.below(left.length);
    const next = left[index]!.shift()!;
    if (left[index]!.length === 0) left.splice(index, 1);
    return next;
  });
}

export function reversed(arrivals: readonly Arrival[]): readonly Arrival[] {
  const isNew = ({ before }: Arrival, index: number) =>
    before === null &&
    !arrivals
      .slice(0, index)
      .some((other) => other.after?.sequence === arrivals[index]!.after!.sequence);
  const facts = arrivals.filter(isNew);
  const changes = arrivals.filter((arrival, index) => !isNew(arrival, index));
  return [...facts.toReversed(), ...changes];
}

/** The books, after proving that all five ways lead to them. */
export function foldFiveWays(
  context: AccountContext,
  arrivals: readonly Arrival[],
  options: ValuationOptions,
  seed = 1,
): AccountFold {
  const random = new Random(seed);
  const middle = Math.floor(arrivals.length / 2);
  const fold = foldFacts(inForce(arrivals), context);
  const text = booksText(fold, options);
  const ways: Readonly<Record<string, AccountFold>> = {
    'one by one': kept(context, arrivals),
    reversed: kept(context, reversed(arrivals)),
    random: kept(context, shuffled(arrivals, random), () => random.chance(0.5)),
    'in one batch': kept(context, arrivals, () => false),
    restarted: kept(context, arrivals, undefined, (index) => index === middle),
    'restarted often': kept(context, shuffled(arrivals, random), undefined, () =>
      random.chance(0.3),
    ),
  };
  for (const [way, other] of Object.entries(ways)) {
    expect(booksText(other, options), way).toBe(text);
  }
  expectSound(fold, viewOf(fold, options));
  return fold;
}

/** All that books are, as text: every group with its pages, and every value at an instant. */
export function booksText(fold: AccountFold, options: ValuationOptions): string {
  const groups = fold.snapshot().map((group) => ({
    ...group,
    last: group.last === null ? null : orderText(group.last),
  }));
  return JSON.stringify({ groups, view: viewOf(fold, options) }, plainValue, 1);
}

function plainValue(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Set) return [...value].sort();
  if (value !== null && typeof value === 'object' && 'coefficient' in value) {
    return toText(value as Decimal);
  }
  return value;
}

/** What holds of all books: double entry, lots that add up, cost that is nowhere else. */
export function expectSound(fold: AccountFold, view: BookView): void {
  const costs: Decimal[] = [];
  for (const group of fold.groups()) {
    const { coin, legs } = group.state;
    if (coin !== null) costs.push(coin.holding.cost);
    const holdings = [...legs.values()].map((leg) => leg.holding);
    for (const holding of coin === null ? holdings : [coin.holding, ...holdings]) {
      if (holding.quantity.coefficient === 0) {
        const left = [holding.cost, holding.unknown].map(toText);
        expect([...left, holding.openedAt], `${group.key} is flat`).toEqual(['0', '0', null]);
      }
      if (holding.lots === null) continue;
      const known = holding.lots.filter((lot) => lot.cost !== null);
      const unknown = holding.lots.filter((lot) => lot.cost === null);
      const sums = [
        total(holding.lots.map((lot) => lot.quantity)),
        total(known.map((lot) => lot.cost!)),
        total(unknown.map((lot) => lot.quantity)),
      ];
      const whole = [holding.quantity, holding.cost, holding.unknown];
      expect(sums.map(toText), `lots of ${group.key}`).toEqual(whole.map(toText));
    }
  }
  const { postings, equity } = view;
  expect(toText(total(costs)), 'cost of all coins').toBe(toText(postings.position));
  expect(toText(assetsOf(postings))).toBe(toText(total(causeNames.map((name) => postings[name]))));
  if (equity.total === null || equity.positionsValue === null) {
    expect([equity.total, equity.positionsValue]).toEqual([null, null]);
  } else {
    expect(toText(equity.total)).toBe(toText(total([equity.cash, equity.positionsValue])));
  }
}

const assetsOf = (postings: Postings): Decimal => total([postings.cash, postings.position]);

/** The pool of a coin, which a test asks for by its first name. */
export const poolOf = (fold: AccountFold, coin: string) => fold.group(coinKey(coin))?.state.coin;
