/** The JSON of `alert list` and `alert test`. */
import type { Decimal } from '../decimal/decimal.ts';
import { toTextOrNull } from '../decimal/text.ts';
import type { Severity } from '../model/break.ts';
import { type Instant, instantText, instantTextOrNull } from '../model/instant.ts';

export interface AlertChannelState {
  readonly name: string;
  readonly type: string;
  /** Where it leads, without a secret. */
  readonly target: string;
  readonly minSeverity: Severity;
  readonly threshold: Decimal | null;
  /** Null while it works, as far as anybody knows. */
  readonly failedSince: Instant | null;
  readonly why: string | null;
  readonly notBefore: Instant | null;
}

export interface OpenAlert {
  readonly key: string;
  readonly name: string;
  readonly severity: Severity;
  readonly account: string | null;
  readonly paper: boolean;
  readonly title: string;
  readonly lines: readonly string[];
  readonly openedAt: Instant;
  /** Channels that have its newest message. */
  readonly toldBy: readonly string[];
}

export interface AlertsState {
  readonly stateFile: string;
  /** Why what was told before is not known; null where it is. */
  readonly damaged: string | null;
  readonly channels: readonly AlertChannelState[];
  readonly cases: readonly OpenAlert[];
}

export type AlertsDocument = ReturnType<typeof alertsDocument>;

export const alertsDocument = ({ stateFile, damaged, channels, cases }: AlertsState) => ({
  schema: 'trueup.alerts/1',
  stateFile,
  damaged,
  channels: channels.map(({ threshold, failedSince, notBefore, ...one }) => ({
    ...one,
    threshold: toTextOrNull(threshold),
    failedSince: instantTextOrNull(failedSince),
    notBefore: instantTextOrNull(notBefore),
  })),
  cases: cases.map(({ openedAt, ...one }) => ({ ...one, openedAt: instantText(openedAt) })),
});

export interface TestedChannel {
  readonly name: string;
  readonly type: string;
  readonly target: string;
  readonly status: 'sent' | 'failed';
  /** Why it failed, or where it did not arrive; null where there is nothing to say. */
  readonly why: string | null;
}

export type AlertTestDocument = ReturnType<typeof alertTestDocument>;

export const alertTestDocument = (channels: readonly TestedChannel[]) => ({
  schema: 'trueup.alert-test/1',
  exitCode: channels.every(({ status }) => status === 'sent') ? 0 : 1,
  channels: channels.map(({ name, type, target, status, why }) => ({
    ...{ name, type, target, status, why },
  })),
});
