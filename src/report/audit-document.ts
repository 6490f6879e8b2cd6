/** The JSON of `audit`: entries of one account's stream, as they were recorded. */

import type { Decimal } from '../decimal/decimal.ts';
import { toText } from '../decimal/text.ts';
import { type Instant, instantText, instantTextOrNull } from '../model/instant.ts';

export interface AuditEntry {
  readonly sequence: number;
  readonly recordedAt: Instant;
  /** Null for what holds at all times, such as an instrument. */
  readonly effectiveAt: Instant | null;
  readonly kind: string;
  readonly id: string;
  /** What it says, in words. */
  readonly what: string;
  /** Why it was written, where somebody said so. */
  readonly reason: string | null;
  /** The entry that it is about. */
  readonly causedBy: number | null;
  /** The batch whose hash seals it. */
  readonly batch: { readonly first: number; readonly last: number; readonly hash: string };
  /** What it changed; null when nobody asked. */
  readonly postings: readonly Posting[] | null;
}

/**
 * Books after an entry minus books before it. Ledger accounts are in the reporting currency, a
 * cause printed with the sign it enters equity with; units are coins and contracts.
 */
export interface Posting {
  readonly ledger: string;
  readonly currency: string;
  readonly amount: Decimal;
}

export interface AuditState {
  readonly account: string;
  readonly mode: 'live' | 'paper';
  readonly currency: string;
  readonly head: { readonly sequence: number; readonly hash: string };
  readonly entries: readonly AuditEntry[];
  /** Entries in the range that a limit left out; they are the oldest. */
  readonly leftOut: number;
}

export type AuditDocument = ReturnType<typeof auditDocument>;

export const auditDocument = (state: AuditState) => ({
  schema: 'trueup.audit/1',
  account: state.account,
  mode: state.mode,
  currency: state.currency,
  head: { sequence: state.head.sequence, hash: state.head.hash },
  leftOut: state.leftOut,
  entries: state.entries.map((entry) => ({
    sequence: entry.sequence,
    recordedAt: instantText(entry.recordedAt),
    effectiveAt: instantTextOrNull(entry.effectiveAt),
    kind: entry.kind,
    id: entry.id,
    what: entry.what,
    reason: entry.reason,
    causedBy: entry.causedBy,
    batch: entry.batch,
    postings:
      entry.postings?.map(({ ledger, currency, amount }) => ({
        ledger,
        currency,
        amount: toText(amount),
      })) ?? null,
  })),
});
