/** What there is to see of alerts, and a message that tries the channels. */
import { shortDigest } from '../../journal/digest.ts';
import { type Instant, instantText } from '../../model/instant.ts';
import type { AlertsState, TestedChannel } from '../../report/alert-documents.ts';
import type { AlertMessage } from './alert.ts';
import { openCasesOf } from './case-order.ts';
import { alertStateFileOf, emptyState, readState } from './desk-state.ts';
import type { OpenChannel, OpenedAlerts } from './opening.ts';

/** Reads what the desk of a book remembers; nothing is written. */
export function alertsOf(book: string, { settings, channels }: OpenedAlerts): AlertsState {
  const stateFile = alertStateFileOf(book);
  const read = readState(stateFile);
  const state = 'damaged' in read ? emptyState : read;
  return {
    stateFile,
    damaged: 'damaged' in read ? read.damaged : null,
    channels: channels.map(({ name, type, target, minSeverity, threshold }) => {
      const health = state.channels[name];
      return {
        ...{ name, type, target, threshold: threshold ?? null },
        minSeverity: minSeverity ?? settings.minSeverity,
        failedSince: health?.failedSince ?? null,
        why: health?.why ?? null,
        notBefore: health?.notBefore ?? null,
      };
    }),
    cases: openCasesOf(state.cases).map(({ key, alert, openedAt, told, deliveries }) => {
      const { name, severity, account, title, lines, paper } = alert;
      const toldBy = Object.entries(deliveries).filter(
        ([, { version }]) => version >= told.version,
      );
      return {
        ...{ key, name, severity, account, paper: paper === true, title, lines, openedAt },
        toldBy: toldBy.map(([channel]) => channel).sort(),
      };
    }),
  };
}

/** Sends a message by each channel; the desk knows nothing of it. */
export const testChannels = (
  channels: readonly OpenChannel[],
  at: Instant,
): Promise<readonly TestedChannel[]> =>
  Promise.all(
    channels.map(async (channel) => {
      const { name, type, target } = channel;
      const sent = await channel.send(testMessage(name, at));
      const why = sent.status === 'failed' ? sent.why : (sent.warning ?? null);
      return { name, type, target, status: sent.status, why };
    }),
  );

function testMessage(channel: string, at: Instant): AlertMessage {
  const title = 'A test: alerts of trueup arrive here';
  const alert = {
    ...({
      key: `alert-test:${channel}`,
      name: 'alert-test',
      severity: 'low',
      account: null,
    } as const),
    ...{ title, lines: [`sent by channel ${channel} at ${instantText(at)}`], at },
  };
  const id = `msg_${shortDigest(`${alert.key}\n${at}`)}`;
  const opened = { phase: 'opened', reference: null, notify: true, cleared: null } as const;
  return { id, alert, openedAt: at, openedAs: title, ...opened };
}
