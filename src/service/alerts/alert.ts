/**
 * Alerts: what a person must know. One case is one message: it is told once, edited or followed
 * up when it changes or clears, and every name has a page in the runbook.
 */
import type { Severity } from '../../model/break.ts';
import type { Instant } from '../../model/instant.ts';

export interface Alert {
  /** The case: the same key is the same message. */
  readonly key: string;
  /** Kebab-case; the name of its page in docs/runbook.md. */
  readonly name: string;
  readonly severity: Severity;
  readonly account: string | null;
  /** One sentence: what is wrong. */
  readonly title: string;
  /** What a person needs to decide: figures, cause, the next command. */
  readonly lines: readonly string[];
  readonly at: Instant;
}

/** What became of a message at one channel. */
export type Delivery =
  /** `reference` names the message for later edits; null where the channel cannot edit. */
  | { readonly status: 'sent'; readonly reference: string | null }
  | { readonly status: 'failed'; readonly why: string; readonly retry: boolean };

export interface AlertMessage {
  readonly alert: Alert;
  readonly phase: 'opened' | 'changed' | 'cleared';
  /** What the channel answered when it was opened; null at first, or where it cannot edit. */
  readonly reference: string | null;
}

/** The port: one implementation per service, one conformance suite for all. */
export interface AlertChannel {
  readonly name: string;
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
