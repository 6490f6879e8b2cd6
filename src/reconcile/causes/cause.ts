/** A cause: what it makes of a gap by the ids in it, and how the gap is repaired. */
import type { Decimal } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import type { Confidence, Evidence, Party } from '../../model/break.ts';
import type { Fact } from '../../model/fact.ts';
import type { Reason } from '../../model/reason.ts';
import type { Statement, StatementOrder } from '../../model/statement.ts';
import type { BookOrder, BookSide, Change, ListedFact } from '../book-side.ts';
import { amountOf } from '../compare-facts.ts';
import { type Gap, idOf, isFill, type MissingFact, type OrderGap } from '../gap.ts';
import type { HeldName } from '../touch.ts';

export type StepAction = 'book' | 'reverse' | 'correct' | 'adjust';

/** One entry of a repair. Its id is a function of the fact: the same repair is the same entry. */
export interface RepairStep {
  readonly action: StepAction;
  readonly id: string;
  /** What is appended; null for a reversal, which names its target alone. */
  readonly fact: Fact | null;
  /** Sequence of the entry that is completed, corrected or reversed. */
  readonly target: number | null;
  readonly change: Change;
  /** The venue's own fills stand for what is taken back, as far as this; absent: nothing does. */
  readonly supersedes?: Exclude<Confidence, 'unexplained'>;
}

export interface Attribution {
  readonly gap: Gap;
  readonly reason: Reason;
  /** What happened, for people, in a few words. */
  readonly title: string;
  /** Which fact or order, in a few words. */
  readonly which: string;
  /** The most that the ids alone can prove. */
  readonly confidence: Exclude<Confidence, 'unexplained'>;
  /** Null where the evidence says what is wrong, and not what to append. */
  readonly step: RepairStep | null;
  /** What it accounts for on held lines by itself, where no step will. */
  readonly carries?: readonly Carried[];
  readonly evidence: readonly Evidence[];
}

/** A part of a held line's difference. */
export interface Carried {
  readonly line: HeldName;
  readonly amount: Decimal;
  /** Where the line agrees without it, that is no objection. */
  readonly mayAgree?: boolean;
}

export interface CauseContext {
  readonly book: BookSide;
  readonly statement: Statement;
  readonly theirsParty: Party;
  /** Missing facts that the book holds otherwise: they belong to the extra fact's cause. */
  readonly counterparts: ReadonlySet<MissingFact>;
  /** What missing fills of the case will add to an order, by `orderIdentity`. */
  readonly missingOf: (order: string) => Decimal;
  readonly orders: OrdersByName;
  /** What every quantity of an instrument is off by, where it is one round factor. */
  readonly factorOf: (instrument: string) => string | null;
}

/** Orders by `orderIdentity`. */
export interface OrdersByName {
  listed(name: string): StatementOrder | undefined;
  booked(name: string): BookOrder | undefined;
  /** A foreign order beside a ghost, or a ghost beside a foreign order, that is alike. */
  hasTwin(gap: OrderGap): boolean;
}

export interface Cause {
  /** Null: the gap is not its business. */
  attribute(gap: Gap, context: CauseContext): Attribution | null;
}

export const factNoun = (fact: ListedFact): string => (isFill(fact) ? 'execution' : fact.kind);

/** `sell 1000 AGI/USDT:USDT @ 0.0475 (e77)`, `funding -3.12 USDT (f1)`. */
export function factText(fact: ListedFact): string {
  const id = idOf(fact);
  return isFill(fact)
    ? `${fact.side} ${toText(fact.quantity)} ${fact.instrument} @ ${toText(fact.price)} (${id})`
    : `${fact.kind} ${toText(amountOf(fact))} ${fact.currency} (${id})`;
}

export const evidenceOf = (
  fact: ListedFact,
  source: Party,
  sequence: number | null = null,
): Evidence => ({
  at: fact.time,
  what: factNoun(fact),
  id: idOf(fact),
  source,
  effect: amountOf(fact),
  sequence,
});

/** An instrument has to be admitted to the book before its facts: until then nothing is booked. */
export const canFold = ({ instrument }: ListedFact, book: BookSide): boolean =>
  instrument === null || book.instruments.has(instrument);
