/** What a bot's thread and the thread behind `balance` tell each other. */
import type { BalanceSheet } from '../../reconcile/source/sheet.ts';
import type { Verdict } from '../../reconcile/verdict.ts';
import type { SourceUpdateStatus } from './desk.ts';

export interface BalanceSettings {
  /** `sqlite:PATH` or a PostgreSQL URL. */
  readonly source: string;
  /** Our own book, which notes what was seen and written; absent: as for the command line. */
  readonly book?: string;
  /** Its account there; absent: named after the schema. */
  readonly account?: string;
  /** The account of the database; absent: every one it has. */
  readonly sourceAccount?: string;
  /** Zone of times without an offset; absent: detected. */
  readonly timezone?: string;
  /** Reporting currency of an account that is made; absent: USD. */
  readonly currency?: string;
}

/** Where the database stands: one sheet for each account. Null is unknown, with its reason. */
export interface BalanceState {
  readonly sheets: readonly BalanceSheet[];
}

export interface BalanceUpdate extends BalanceState {
  /** `cannot-say`: a part of the total is unknown, see `unpriced`; nothing was written. */
  readonly status: Exclude<SourceUpdateStatus, 'would-write'>;
}

export interface BalanceCheck extends BalanceState {
  readonly verdict: Verdict;
}

export type BalanceAsk = 'update' | 'check' | 'close';

export interface BalanceFailure {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly retry: boolean;
}

export type BalanceAnswer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: BalanceFailure };
