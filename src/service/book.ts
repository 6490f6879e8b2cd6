/** The book as its users see it: read it at any time, and report facts to it. */

import type { EntryDraft } from '../model/entry.ts';
import type { AccountedFact, Fact } from '../model/fact.ts';
import type { Instant } from '../model/instant.ts';
import type { Feed, NewGap } from '../store/feeds.ts';
import type { RawMessage } from '../store/raw-events.ts';
import type { Outcome } from './outcome.ts';

export interface Recorded {
  /** One for each fact, in its order. */
  readonly outcomes: readonly Outcome[];
  /** Accounts that were first seen in these facts and made with the defaults. */
  readonly accountsMade: readonly string[];
  /** False after a rehearsal, and when an atomic report held a refused fact. */
  readonly written: boolean;
}

/** Entries that are written together or not at all, onto the book that their author saw. */
export interface Plan {
  readonly account: string;
  /** Null: they follow whatever is there; only steps of one break exclude each other. */
  readonly expectedSequence: number | null;
  readonly entries: readonly PlanEntry[];
}

export type PlanEntry =
  | { readonly fact: AccountedFact }
  /** `text` is what the draft names by hash: a person's name or words, kept outside the chain. */
  | { readonly draft: EntryDraft; readonly text?: string };

export type PlanResult =
  | { readonly status: 'written'; readonly outcomes: readonly Outcome[] }
  /** The book moved since the plan was made; nothing was written. */
  | { readonly status: 'moved'; readonly sequence: number }
  /** One entry was refused; nothing was written. */
  | { readonly status: 'refused'; readonly outcome: Outcome };

/**
 *   grouped   committed with others; a refused fact fails alone
 *   atomic    all of them or, when one is refused, none
 *   rehearse  none: only says what would become of each
 */
export type RecordMode = 'grouped' | 'atomic' | 'rehearse';

/** What became of a kept message: which of the facts that are reported with this it holds. */
export interface MessageRead {
  readonly sequence: number;
  /** What could not be read of it; null: all was. */
  readonly why: string | null;
  /** Indexes of its facts: from <= index < to. When one is refused the message stays unread. */
  readonly from: number;
  readonly to: number;
}

/** What stands beside facts and outside the chain, written with them or not at all. */
export interface Keeping {
  readonly messages?: readonly RawMessage[];
  readonly read?: readonly MessageRead[];
  readonly feeds?: readonly Feed[];
  readonly opened?: readonly NewGap[];
  /** Open gaps that last on. */
  readonly extended?: readonly { readonly gap: number; readonly to: Instant }[];
  readonly closed?: readonly {
    readonly gap: number;
    readonly at: Instant;
    readonly found: number;
  }[];
  /** Where a fact that is refused is kept, so that a listing can go on behind it. */
  readonly refusedTo?: Omit<RawMessage, 'text'>;
  /** Messages that were read and are older are thrown away. */
  readonly pruneBefore?: Instant;
}

export interface Kept extends Recorded {
  /** The sequence of each message, in their order. */
  readonly sequences: readonly number[];
  /** The number of each gap that was opened, in their order. */
  readonly gaps: readonly number[];
}

/** Whoever may append: the process that holds the book, or one that asks it to. */
export interface BookWriter {
  readonly path: string;
  /** Durable when it resolves. A refused fact fails alone. */
  record(fact: Fact): Promise<Outcome>;
  recordAll(facts: readonly Fact[], mode?: RecordMode): Promise<Recorded>;
  apply(plan: Plan): Promise<PlanResult>;
  /** Facts and what stands beside them, in one transaction; a refused fact fails alone. */
  keep(facts: readonly Fact[], keeping: Keeping): Promise<Kept>;
  close(): Promise<void>;
}
