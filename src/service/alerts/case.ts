/**
 * A case: what is wrong, and what was decided to be told about it. Pure: what is told when.
 *
 *   opened   at once
 *   worse    at once, and so that a person notices
 *   other    its title or first line changed: quietly, after 10 minutes, then ever more rarely
 *   cleared  at once
 *   again    soon after it cleared: like another change, so that what comes and goes is bearable
 */
import { addMilliseconds, type Instant } from '../../model/instant.ts';
import { type Alert, type AlertMessage, type Cleared, severityRank } from './alert.ts';

export interface AlertCase {
  readonly key: string;
  /** As it was last raised. */
  readonly alert: Alert;
  /** When the case was first heard of: with the key its identity. */
  readonly bornAt: Instant;
  readonly openedAt: Instant;
  readonly openedAs: string;
  /** Null while it is open. */
  readonly cleared: Cleared | null;
  readonly told: Told;
  /** By channel: what it was sent. */
  readonly deliveries: Readonly<Record<string, CaseDelivery>>;
}

/** The newest message that was decided on, whether or not it has arrived. */
export interface Told {
  /** 1, 2, ...: channels that have an older one get this instead. */
  readonly version: number;
  /** The newest version that a person must notice. */
  readonly loud: number;
  readonly phase: AlertMessage['phase'];
  readonly at: Instant;
  readonly severity: Alert['severity'];
  readonly title: string;
  readonly line: string | null;
  /** Changes so far: each makes the next one wait longer. */
  readonly changes: number;
}

export interface CaseDelivery {
  readonly version: number;
  readonly reference: string | null;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/**
 * Erring short tires the people who read it until they read no more; erring long shows an old
 * figure, while the case itself is known to be open.
 */
const changeGapMs = 10 * minuteMs;
const changeGapMaxMs = 24 * hourMs;
/** Something that is wrong again is not kept back for longer, however often it came and went. */
const againGapMaxMs = hourMs;
/** A case that clears is remembered for so long, lest it be a new one when it comes back. */
export const rememberMs = 2 * hourMs;

export function openCase(alert: Alert, now: Instant): AlertCase {
  const first = toldOf(alert, 'opened', now);
  return {
    key: alert.key,
    alert,
    bornAt: now,
    openedAt: alert.at,
    openedAs: alert.title,
    cleared: null,
    told: { ...first, version: 1, loud: 1, changes: 0 },
    deliveries: {},
  };
}

const toldOf = ({ severity, title, lines }: Alert, phase: Told['phase'], at: Instant) => ({
  ...{ phase, at, severity, title },
  line: lines[0] ?? null,
});

/** The case as it was raised again; what is told of that, `judged` decides. */
export const raisedAgain = (one: AlertCase, alert: Alert): AlertCase => ({
  ...one,
  alert,
  openedAt: one.cleared === null ? one.openedAt : alert.at,
  cleared: null,
});

export function clearedCase(one: AlertCase, cleared: Cleared, now: Instant): AlertCase {
  const after = { ...one, cleared };
  // It came and went between two messages: the last one still holds.
  if (one.told.phase === 'cleared') return after;
  return { ...after, told: nextTold(after, 'cleared', now, false) };
}

/** An open case after deciding whether something new is to be told. */
export function judged(one: AlertCase, now: Instant): AlertCase {
  const { told, alert, cleared } = one;
  if (cleared !== null) return one;
  const isWorse = severityRank(alert.severity) > severityRank(told.severity);
  if (told.phase === 'cleared') {
    const isTime = now >= addMilliseconds(told.at, gapMs(told.changes, againGapMaxMs));
    return isWorse || isTime ? { ...one, told: nextTold(one, 'opened', now, true) } : one;
  }
  if (isWorse) return { ...one, told: nextTold(one, 'changed', now, true) };
  const isOther = alert.title !== told.title || (alert.lines[0] ?? null) !== told.line;
  const isTime = now >= addMilliseconds(told.at, gapMs(told.changes, changeGapMaxMs));
  return isOther && isTime ? { ...one, told: nextTold(one, 'changed', now, false) } : one;
}

const gapMs = (changes: number, most: number): number =>
  Math.min(changeGapMs * 2 ** Math.min(changes, 20), most);

function nextTold({ alert, told }: AlertCase, phase: Told['phase'], now: Instant, isLoud: boolean) {
  const version = told.version + 1;
  return {
    ...toldOf(alert, phase, now),
    version,
    loud: isLoud ? version : told.loud,
    changes: told.changes + (phase === 'cleared' ? 0 : 1),
  };
}

/** What a channel is to be sent; null where it has the newest. */
export function messageFor(one: AlertCase, channel: string): Omit<AlertMessage, 'id'> | null {
  const { told, alert, openedAt, openedAs, cleared } = one;
  const has = one.deliveries[channel];
  if (has !== undefined && has.version >= told.version) return null;
  // It is open again, and that is not to be told yet: it stays told as it was.
  if (told.phase === 'cleared' && cleared === null) return null;
  return {
    alert,
    phase: has === undefined && told.phase === 'changed' ? 'opened' : told.phase,
    reference: has?.reference ?? null,
    notify: told.loud > (has?.version ?? 0),
    openedAt,
    openedAs,
    cleared,
  };
}

export const withDelivery = (
  one: AlertCase,
  channel: string,
  delivery: CaseDelivery,
): AlertCase => ({ ...one, deliveries: { ...one.deliveries, [channel]: delivery } });

/** What two desks know of one case: the newer message, and all that arrived. */
export function mergedCase(ours: AlertCase, theirs: AlertCase): AlertCase {
  if (ours.bornAt !== theirs.bornAt) return ours.bornAt > theirs.bornAt ? ours : theirs;
  const newer = ours.told.version > theirs.told.version ? ours : theirs;
  const deliveries = { ...theirs.deliveries };
  for (const [channel, delivery] of Object.entries(ours.deliveries)) {
    const other = deliveries[channel];
    if (other === undefined || other.version < delivery.version) deliveries[channel] = delivery;
  }
  return { ...newer, deliveries };
}

/** Whether nothing is left to do about it. */
export const isForgotten = (one: AlertCase, now: Instant, isDelivered: boolean): boolean =>
  one.cleared !== null && isDelivered && now >= addMilliseconds(one.told.at, rememberMs);
