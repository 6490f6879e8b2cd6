/**
 * Gaps: facts and orders, known by id, that one of the two parties lacks or tells differently.
 * Lines say that something differs; gaps are the evidence of why.
 */
import type { Decimal } from '../decimal/decimal.ts';
import type { CashFact, Fill } from '../model/fact.ts';
import type { StatementOrder } from '../model/statement.ts';
import type { BookedItem, BookOrder, ListedFact } from './book-side.ts';
import type { Superseded } from './inferred.ts';
import type { ComparedLine } from './judge.ts';

export type FactField =
  | 'quantity'
  | 'price'
  | 'amount'
  | 'currency'
  | 'fee'
  | 'fee-currency'
  | 'time';

/** One field of a fact as both tell it; no numbers where it is none. */
export interface FieldDifference {
  readonly field: FactField;
  readonly ours: Decimal | null;
  readonly theirs: Decimal | null;
  readonly oursText: string;
  readonly theirsText: string;
}

/** Listed, and not in the book. */
export interface MissingFact {
  readonly kind: 'missing';
  readonly line: ComparedLine;
  readonly theirs: ListedFact;
}

/** In the book, and not listed by a complete section whose range holds it. */
export interface ExtraFact {
  readonly kind: 'extra';
  readonly line: ComparedLine;
  readonly ours: BookedItem;
  /** A listed and booked fact that is the same but for its id. */
  readonly twin: BookedItem | null;
  /** A missing fact that is the same but for its id, or has its id and is otherwise another. */
  readonly counterpart: MissingFact | null;
}

/** The same identity, other content. */
export interface ConflictingFact {
  readonly kind: 'conflict';
  readonly line: ComparedLine;
  readonly ours: BookedItem;
  readonly theirs: ListedFact;
  readonly fields: readonly FieldDifference[];
}

/** The same fact, which the statement knows more about: a fee not known yet, a pending deposit. */
export interface IncompleteFact {
  readonly kind: 'incomplete';
  readonly line: ComparedLine;
  readonly ours: BookedItem;
  readonly theirs: ListedFact;
}

/** Listed, and in the book as busted or reversed. */
export interface WithdrawnFact {
  readonly kind: 'withdrawn';
  readonly line: ComparedLine;
  readonly ours: BookedItem;
  readonly theirs: ListedFact;
}

/** A provisional fill of ours beside the venue's own fills of its order. */
export interface SupersededFact extends Superseded {
  readonly kind: 'superseded';
  readonly line: ComparedLine;
  /** Those of the venue's fills that are not booked. */
  readonly missing: readonly MissingFact[];
}

export type FactGap =
  | MissingFact
  | ExtraFact
  | ConflictingFact
  | IncompleteFact
  | WithdrawnFact
  | SupersededFact;

/**
 * foreign: open there, and no id of ours knows it. lost: open there, over in the book or known
 * only by our own id. ghost: open in the book, not in the complete list. differs: open in both.
 */
export interface OrderGap {
  readonly kind: 'order';
  readonly how: 'foreign' | 'lost' | 'ghost' | 'differs';
  readonly lines: readonly ComparedLine[];
  readonly ours: BookOrder | null;
  readonly theirs: StatementOrder | null;
}

export type Gap = FactGap | OrderGap;

export const isFill = (fact: ListedFact): fact is Fill => fact.kind === 'fill';

export const linesOfGap = (gap: Gap): readonly ComparedLine[] =>
  gap.kind === 'order' ? gap.lines : [gap.line];

const separator = '\n';

/**
 * The identity of a fact, as the journal keys it: kind, id, instrument, side, leg. No text of a
 * fact holds a line feed, and half a surrogate pair is stored as the replacement character.
 */
export function identityOf(fact: ListedFact): string {
  const { kind } = fact;
  const parts = isFill(fact)
    ? [kind, fact.executionId, fact.instrument, fact.side, fact.leg]
    : [kind, fact.id, fact.instrument ?? '', '', ''];
  return parts.join(separator).toWellFormed();
}

export const idOf = (fact: ListedFact): string => (isFill(fact) ? fact.executionId : fact.id);

/** The same id of the same kind, whatever else differs. */
export const looseIdentityOf = (fact: ListedFact): string =>
  `${fact.kind}${separator}${idOf(fact)}`.toWellFormed();

export const orderIdentity = (instrument: string, orderId: string): string =>
  `${instrument}${separator}${orderId}`;

export const isCash = (fact: ListedFact): fact is CashFact => fact.kind !== 'fill';
