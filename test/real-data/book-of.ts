import { AccountFold } from '../../src/books/account-fold.ts';
import { AccountContext } from '../../src/books/context.ts';
import { compareOrder, orderOf } from '../../src/books/effective-order.ts';
import { foldFacts } from '../../src/books/fold-facts.ts';
import { coinKey } from '../../src/books/group.ts';
import { stateText } from '../../src/books/group-codec.ts';
import { memoryPages } from '../../src/books/pages.ts';
import { postingNames } from '../../src/books/postings.ts';
import { type MarkAt, ratesInForce } from '../../src/books/rates-in-force.ts';
import { toText, toTextOrNull } from '../../src/decimal/text.ts';
import type { BookedFact } from '../../src/model/entry.ts';
import { type BookFact, isBookFact, type Fact as ModelFact } from '../../src/model/fact.ts';
import { instantText } from '../../src/model/instant.ts';
import { parseFact } from '../../src/model/parse-fact.ts';
import type { Fact } from './data-folder.ts';

// The reference path from the facts of a loader to books: parsed as an import parses them, kept
// apart by account, and folded in memory without journal, store or service.

/** Five minutes, as while a venue feeds the account. */
const MARK_MAX_AGE_MS = 300_000;

/** What folding the facts of one account takes. */
export interface Ledger {
  readonly context: AccountContext;
  /** In the order of the facts given, which is not always that of their time. */
  readonly facts: readonly BookFact[];
  readonly marks: MarkAt;
  /** What a book must know first: the account, its instruments, and marks. */
  readonly reference: readonly ModelFact[];
  /** Facts that the account's opening already contains, and so are not booked. */
  readonly beforeOpening: readonly BookFact[];
}

/** The ledgers of all accounts that the facts name. */
export const ledgersOf = (facts: readonly Fact[]): ReadonlyMap<string, Ledger> => {
  const parsed = facts.map(parsedFact);
  const marks = marksOf(parsed);
  const ledgers = new Map<string, Ledger>();
  for (const settings of parsed.filter((fact) => fact.kind === 'account')) {
    const context = new AccountContext(settings);
    for (const fact of parsed) {
      if (fact.kind === 'instrument') context.addInstrument(fact.instrument);
    }
    const isOthers = (fact: ModelFact): boolean =>
      fact.kind === 'account' && fact.account !== settings.account;
    const reference = parsed.filter((fact) => isReference(fact) && !isOthers(fact));
    const own = parsed.filter(isBookFact).filter(({ account }) => account === settings.account);
    const opened = own.find(({ kind }) => kind === 'opening')?.time;
    const isContained = (fact: BookFact): boolean =>
      opened !== undefined && fact.kind !== 'opening' && fact.time <= opened;
    const beforeOpening = own.filter(isContained);
    const booked = own.filter((fact) => !isContained(fact));
    ledgers.set(settings.account, { context, facts: booked, marks, reference, beforeOpening });
  }
  return ledgers;
};

/** The ledger of facts that name one account only. */
export const ledgerOf = (facts: readonly Fact[]): Ledger => {
  const [ledger, ...others] = ledgersOf(facts).values();
  if (ledger === undefined || others.length > 0) throw new Error('the facts name not one account');
  return ledger;
};

const isReference = ({ kind }: ModelFact): boolean =>
  kind === 'account' || kind === 'currency' || kind === 'instrument' || kind === 'mark';

const parsedFact = (fact: Fact, index: number): ModelFact => {
  const parsed = parseFact(fact, { line: index + 1 }, { strict: true });
  if (parsed.fact === null) {
    throw new Error(parsed.refusals.map(({ message }) => message).join('; '));
  }
  return parsed.fact;
};

const marksOf = (facts: readonly ModelFact[]): MarkAt => {
  const marks = facts
    .filter((fact) => fact.kind === 'mark')
    .toSorted((a, b) => Number(a.time - b.time));
  return (instrument, time) =>
    marks.findLast((mark) => mark.instrument === instrument && mark.time <= time) ?? null;
};

/** The fact as it enters the fold, with the rates then in force. */
export const bookedAs = (sequence: number, fact: BookFact, ledger: Ledger): BookedFact => ({
  sequence,
  fact,
  rates: ratesInForce(fact, ledger.context, ledger.marks, MARK_MAX_AGE_MS),
});

const bookedFacts = (ledger: Ledger): readonly BookedFact[] =>
  ledger.facts.map((fact, index) => bookedAs(index + 1, fact, ledger));

/** The books by their definition: all facts in effective order, folded from nothing. */
export const bookOf = (ledger: Ledger): AccountFold =>
  foldFacts(bookedFacts(ledger), ledger.context);

/** An empty fold that finds facts again in `bySequence`. */
export const emptyFold = (
  context: AccountContext,
  bySequence: ReadonlyMap<number, BookedFact>,
): AccountFold =>
  new AccountFold(context, memoryPages(), (sequences) =>
    sequences.flatMap((sequence) => bySequence.get(sequence) ?? []),
  );

export interface Step<View> {
  readonly fact: BookFact;
  readonly before: View;
  readonly after: View;
}

/** Folds one fact after the other, and what `look` sees before and after each. */
export const stepsOf = <View>(
  ledger: Ledger,
  look: (fold: AccountFold, fact: BookFact) => View,
): readonly Step<View>[] => {
  const ordered = bookedFacts(ledger).toSorted((a, b) => compareOrder(orderOf(a), orderOf(b)));
  const bySequence = new Map(ordered.map((booked) => [booked.sequence, booked]));
  const fold = emptyFold(ledger.context, bySequence);
  return ordered.map((booked) => {
    const { fact } = booked;
    const before = look(fold, fact);
    fold.add(booked);
    fold.settle();
    return { fact, before, after: look(fold, fact) };
  });
};

export interface LotText {
  readonly openedAt: string;
  readonly quantity: string;
  readonly cost: string | null;
}

/** One coin's pool in text, so that a later fact does not change it. */
export interface PoolText {
  readonly quantity: string;
  readonly cost: string;
  readonly unknown: string;
  /** Over the lifetime, before fees. */
  readonly realised: string;
  readonly fees: readonly { readonly currency: string; readonly amount: string }[];
  /** Cost of the coins that left as fees, as its posting: negative. */
  readonly feePosting: string;
  /** Oldest first; none under average cost. */
  readonly lots: readonly LotText[];
}

const NO_POOL: PoolText = {
  quantity: '0',
  cost: '0',
  unknown: '0',
  realised: '0',
  fees: [],
  feePosting: '0',
  lots: [],
};

export const poolOf = (fold: AccountFold, coin: string): PoolText => {
  const state = fold.group(coinKey(coin))?.state;
  if (state?.coin === null || state?.coin === undefined) return NO_POOL;
  const { holding, track } = state.coin;
  return {
    quantity: toText(holding.quantity),
    cost: toText(holding.cost),
    unknown: toText(holding.unknown),
    realised: toText(track.lifetime.realised),
    fees: track.lifetime.fees.map((fee) => ({ ...fee, amount: toText(fee.amount) })),
    feePosting: toText(state.postings.fees),
    lots: (holding.lots ?? []).map((lot) => ({
      openedAt: instantText(lot.openedAt),
      quantity: toText(lot.quantity),
      cost: toTextOrNull(lot.cost),
    })),
  };
};

/** All that a fold knows, as one text: two books are equal when these are, byte for byte. */
export const bookText = (fold: AccountFold): string => {
  const groups = Array.from(fold.groups(), ({ key, state }) => [key, stateText(state)] as const);
  const postings = postingNames.map((name) => [name, toText(fold.postings[name])]);
  return JSON.stringify({ postings, groups: groups.toSorted(([a], [b]) => (a < b ? -1 : 1)) });
};
