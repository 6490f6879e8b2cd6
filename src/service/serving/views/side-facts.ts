/** Fills and cash flows of the book beside those of a statement. Pure. */
import { subtract } from '../../../decimal/decimal.ts';
import { toText, toTextOrNull } from '../../../decimal/text.ts';
import { instantText } from '../../../model/instant.ts';
import type { BookedItem, ListedFact } from '../../../reconcile/book-side.ts';
import { amountOf, factName } from '../../../reconcile/compare-facts.ts';
import { type FactGap, identityOf, idOf, isFill, looseIdentityOf } from '../../../reconcile/gap.ts';
import type { ComparedLine } from '../../../reconcile/judge.ts';
import { whyNotProven } from '../../../reconcile/scope.ts';
import { factWords } from '../../../report/fact-words.ts';
import type { SidePair, SideSaid } from '../documents/sides.ts';
import { type ComparedSides, type MadePair, plainPair, said } from './side-pair.ts';

export function factPairs(sides: ComparedSides): readonly MadePair[] {
  const gaps = sides.comparison.gaps.flatMap((gap) => (gap.kind === 'order' ? [] : [gap]));
  // One that is the same but for its id stands beside the other.
  const taken = new Set<FactGap>(
    gaps.flatMap((gap) => (gap.kind === 'extra' && gap.counterpart ? [gap.counterpart] : [])),
  );
  const told = gaps.filter((gap) => !taken.has(gap)).map(gapPair);
  return [...told, ...agreedPairs(sides, gaps), ...unlistedPairs(sides)];
}

const bookedSaid = ({ fact, sequence }: BookedItem): SideSaid =>
  said({ ...listedSaid(fact), sequence });

const listedSaid = (fact: ListedFact): SideSaid =>
  said({
    amount: toText(amountOf(fact)),
    words: isFill(fact) ? factWords(fact) : `${fact.kind} ${factWords(fact)}`,
    ...{ time: instantText(fact.time), id: idOf(fact) },
  });

function factPair(fact: ListedFact, state: SidePair['state']): MadePair {
  const { what, key, instrument, leg } = factName(fact);
  return {
    ...plainPair,
    ...{ section: isFill(fact) ? 'executions' : 'cashFlows', what: what as 'fill' | 'cash-flow' },
    ...{ key, instrument, leg, state, ours: null, theirs: null, lines: [] },
  };
}

const stateOf = ({ verdict }: ComparedLine) => (verdict === 'settling' ? verdict : 'different');

const matchOf = (ours: ListedFact, theirs: ListedFact): SidePair['matchedBy'] => {
  if (identityOf(ours) === identityOf(theirs)) return 'id';
  return looseIdentityOf(ours) === looseIdentityOf(theirs) ? 'id-alone' : 'content';
};

function gapPair(gap: FactGap): MadePair {
  const { line } = gap;
  const base = (fact: ListedFact) => ({ ...factPair(fact, stateOf(line)), lines: [line] });
  const difference = toTextOrNull(line.difference);
  switch (gap.kind) {
    case 'missing':
      return {
        ...base(gap.theirs),
        theirs: listedSaid(gap.theirs),
        difference,
        note: 'not booked',
      };
    case 'extra':
      return extraPair(gap, base(gap.ours.fact), difference);
    case 'superseded':
      return {
        ...base(gap.ours.fact),
        ...{ ours: bookedSaid(gap.ours), difference, matchedBy: gap.by },
        theirs: said({ words: `fills ${gap.real.map(({ fact }) => idOf(fact)).join(', ')}` }),
        note: 'inferred from its order, whose own fills are known by now',
      };
    case 'withdrawn':
      return {
        ...{ ...base(gap.theirs), difference, matchedBy: matchOf(gap.ours.fact, gap.theirs) },
        ...{ ours: bookedSaid(gap.ours), theirs: listedSaid(gap.theirs) },
        note: 'listed, and in the book as taken back',
      };
    default:
      return {
        ...{ ...base(gap.theirs), matchedBy: matchOf(gap.ours.fact, gap.theirs) },
        ...{ ours: bookedSaid(gap.ours), theirs: listedSaid(gap.theirs) },
        difference: differenceOf(gap.ours.fact, gap.theirs),
        fields: gap.kind === 'conflict' ? gap.fields.map(fieldShown) : [],
        note: gap.kind === 'incomplete' ? 'they know more of it than the book' : null,
      };
  }
}

type Extra = Extract<FactGap, { kind: 'extra' }>;

function extraPair(gap: Extra, base: MadePair, difference: string | null): MadePair {
  const { ours, twin, counterpart } = gap;
  const mine = { ...base, ours: bookedSaid(ours) };
  if (counterpart === null) {
    const copy = twin === null ? '' : `: the same as entry ${twin.sequence} but for its id`;
    return { ...mine, difference, note: `not listed${copy}` };
  }
  const { theirs, line } = counterpart;
  const id = { field: 'id', ours: idOf(ours.fact), theirs: idOf(theirs) };
  const matchedBy = matchOf(ours.fact, theirs);
  return {
    ...{ ...mine, matchedBy, theirs: listedSaid(theirs) },
    difference: differenceOf(ours.fact, theirs),
    fields: matchedBy === 'content' ? [id] : [],
    note:
      matchedBy === 'content' ? 'the same but for its id' : 'the id is the same, the rest is not',
    lines: [...base.lines, line],
  };
}

const differenceOf = (ours: ListedFact, theirs: ListedFact): string =>
  toText(subtract(amountOf(theirs), amountOf(ours)));

const fieldShown = (one: { field: string; oursText: string; theirsText: string }) => ({
  ...{ field: one.field, ours: one.oursText, theirs: one.theirsText },
});

/** What is listed and no gap: both tell it alike, or it cannot be said yet. */
function agreedPairs(
  { comparison, book, statement }: ComparedSides,
  gaps: readonly FactGap[],
): readonly MadePair[] {
  const differing = new Set(gaps.flatMap(theirsIn).map(identityOf));
  const byIdentity = new Map(book.facts.map((item) => [identityOf(item.fact), item]));
  const byId = new Map(book.facts.map((item) => [looseIdentityOf(item.fact), item]));
  const doubts = new Map(
    comparison.unknown.map(({ section, scope, why }) => [`${section} ${scope}`, why]),
  );
  const items: readonly ListedFact[] = [
    ...(statement.executions?.items ?? []),
    ...(statement.cashFlows?.items ?? []),
  ];
  const once = new Map(items.map((fact) => [identityOf(fact), fact]));
  return [...once].flatMap(([identity, theirs]): MadePair[] => {
    if (differing.has(identity)) return [];
    const pair = factPair(theirs, 'equal');
    const told = { ...pair, theirs: listedSaid(theirs) };
    const doubt = doubts.get(`${pair.section} ${idOf(theirs)}`);
    if (doubt !== undefined) return [{ ...told, state: 'unknown', note: doubt }];
    const ours =
      byIdentity.get(identity) ?? (isFill(theirs) ? undefined : byId.get(looseIdentityOf(theirs)));
    if (ours !== undefined) {
      const matchedBy = matchOf(ours.fact, theirs);
      return [{ ...told, ours: bookedSaid(ours), difference: '0', matchedBy }];
    }
    const { openingAt } = book;
    const isOpened = openingAt !== null && theirs.time <= openingAt;
    if (isOpened) return [{ ...told, ours: said({ words: 'in the opening' }) }];
    return [
      { ...told, state: 'unknown', note: 'not booked yet: it waits for the rest of its order' },
    ];
  });
}

const theirsIn = (gap: FactGap): readonly ListedFact[] =>
  gap.kind === 'extra' || gap.kind === 'superseded' ? [] : [gap.theirs];

/** Booked in the time of a list that is not whole, and not in it: that proves nothing. */
const unlistedPairs = ({ comparison, book, statement }: ComparedSides): readonly MadePair[] => {
  const booked = new Map(book.facts.map((item) => [item.fact, item]));
  return comparison.unlisted.map((fact): MadePair => {
    const { executions, cashFlows } = statement;
    const why = whyNotProven(isFill(fact) ? executions : cashFlows);
    const item = booked.get(fact);
    const ours = item === undefined ? listedSaid(fact) : bookedSaid(item);
    return { ...factPair(fact, 'unknown'), ours, note: `not listed, which proves nothing: ${why}` };
  });
};
