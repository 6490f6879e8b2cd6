/**
 * Alerts: what a person must know. One case is one message: it is told once, edited or followed
 * up when it changes or clears, and every name has a page in the runbook.
 */
import type { Decimal } from '../../decimal/decimal.ts';
import type { Severity } from '../../model/break.ts';
import type { Instant } from '../../model/instant.ts';

export { severities, severityRank } from '../../model/break.ts';

export interface Alert {
  /** The case: the same key is the same message. */
  readonly key: string;
  /** Kebab-case; the name of its page in docs/runbook.md. */
  readonly name: string;
  readonly severity: Severity;
  readonly account: string | null;
  /** One sentence: what is wrong. */
  readonly title: string;
  /**
   * What a person needs to decide: figures, cause, the next command. A new title or first line is
   * told as a change: what moves by itself, such as an age, stands further down.
   */
  readonly lines: readonly string[];
  readonly at: Instant;
  /** Of a paper account, which every message says. */
  readonly paper?: boolean;
  /** Unsigned, in the account's currency. Absent or null is unknown: no threshold holds it back. */
  readonly atStake?: Decimal | null;
}

/** What became of a message at one channel. */
export type Delivery =
  /**
   * `reference` names the message for later edits; null where the channel cannot edit. `warning`:
   * it arrived, but not everywhere.
   */
  | { readonly status: 'sent'; readonly reference: string | null; readonly warning?: string }
  /** `afterMs`: how long the service asks to be left alone. */
  | Failed;

export interface Failed {
  readonly status: 'failed';
  /** Without a secret, whatever the service answered. */
  readonly why: string;
  readonly retry: boolean;
  readonly afterMs?: number;
}

export interface AlertMessage {
  /** The same for every attempt at this message: who gets it twice can tell. */
  readonly id: string;
  readonly alert: Alert;
  readonly phase: 'opened' | 'changed' | 'cleared';
  /** What the channel answered when it was opened; null at first, or where it cannot edit. */
  readonly reference: string | null;
  /** Whether a person is to look up: an edit in place makes no sound, and then is not enough. */
  readonly notify: boolean;
  readonly openedAt: Instant;
  /** The title of the case when it was opened: what ties mails together. */
  readonly openedAs: string;
  readonly cleared: Cleared | null;
}

export interface Cleared {
  readonly sentence: string;
  readonly at: Instant;
}

/** The port: one implementation per service, one conformance suite for all. */
export interface AlertChannel {
  readonly name: string;
  /** Cases below are not told here; absent: all are. */
  readonly minSeverity?: Severity;
  readonly threshold?: Decimal;
  /** Answers within seconds, whatever the service does, and throws nothing. */
  send(message: AlertMessage): Promise<Delivery>;
}

/** Where duties say what is wrong, and that it is not any more. */
export interface AlertDesk {
  raise(alert: Alert): Promise<void>;
  /** Nothing is sent where no such case is open. */
  clear(key: string, sentence: string, at: Instant): Promise<void>;
  /** Keys of the open cases that begin so. */
  open(prefix: string): readonly string[];
}
