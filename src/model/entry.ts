/**
 * Entries: recorded facts, in the sequence of their account's stream. An EntryRow is an entry as
 * it is stored and hashed: typed columns and a small body, all text exactly as written.
 */
import { type BookFact, cashKinds, type Fact, type Rate } from './fact.ts';
import type { Instant } from './instant.ts';

export type { Rate } from './fact.ts';

export type EntryKind =
  | Exclude<Fact['kind'], 'mark' | 'currency'>
  | 'fill-completed'
  | 'conflict'
  | 'statement'
  | 'break'
  | 'reversal'
  | 'performance'
  /** Another program's database as it was checked. */
  | 'source'
  /** What we wrote into one. */
  | 'source-write'
  /** Repairs without a person were stopped, or may go on. */
  | 'policy'
  /** What a person said about a break. */
  | 'remark';

/**
 * The stored form. `id` is the venue's identity of the fact; (kind, instrument, id, side, leg)
 * is unique within an account. `quantity` and `price` are a fill's or order's; `amount` and
 * `currency` a cash fact's, or a fill's fee. Absent text is null. `effectiveAt` in nanoseconds.
 */
export interface EntryRow {
  readonly sequence: number;
  readonly v: number;
  readonly effectiveAt: Instant;
  readonly kind: EntryKind;
  readonly id: string;
  readonly instrument: string | null;
  readonly side: string | null;
  readonly leg: string | null;
  readonly quantity: string | null;
  readonly price: string | null;
  readonly amount: string | null;
  readonly currency: string | null;
  readonly orderId: string | null;
  /** JSON text of what has no column, or null. */
  readonly body: string | null;
  /** Sequence of the entry that caused this one, or null. */
  readonly causedBy: number | null;
}

export type EntryDraft = Omit<EntryRow, 'sequence'>;

/** A row as it enters the fold: its fact after completions and corrections. */
export interface BookedFact {
  readonly sequence: number;
  readonly fact: BookFact;
  readonly rates: readonly Rate[];
}

/** Every kind that an entry can be of. */
export const entryKinds: readonly EntryKind[] = [
  ...cashKinds,
  ...(['account', 'instrument', 'opening', 'fill', 'order', 'bust', 'correction'] as const),
  ...(['split', 'return-of-capital', 'rename', 'delivery', 'fill-completed'] as const),
  ...(['conflict', 'statement', 'break', 'reversal', 'performance'] as const),
  ...(['source', 'source-write', 'policy', 'remark'] as const),
];
