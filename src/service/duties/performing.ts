/**
 * One run of a duty: what it could not do is said in the log and to a person, and ends there. No
 * failure of one duty stops another, or the service.
 */
import { instantText } from '../../model/instant.ts';
import { SourceError } from '../../sources/source-error.ts';
import { failureOf, isUnanswered } from '../failure.ts';
import { type AlertName, alertOf, caseKey, settle } from './alerting.ts';
import type { Duty, DutyContext, DutyResult } from './duty.ts';
import { isFailure } from './scheduler.ts';
import type { MissedSlots } from './timetable.ts';

/** `before`: the duty's runs in a row that failed before this one. */
export async function performDuty(
  duty: Duty,
  context: DutyContext,
  missed: MissedSlots | null,
  before: number,
): Promise<DutyResult> {
  await tellMissed(duty, context, missed);
  try {
    const result = await duty.run(context);
    if (!isFailure(result)) await clearFailure(duty, context);
    return result;
  } catch (error) {
    return error instanceof SourceError
      ? await sourceFailed(duty, context, error)
      : await failed(duty, context, error, before);
  }
}

async function tellMissed(
  duty: Duty,
  { alerts, log, clock, source }: DutyContext,
  missed: MissedSlots | null,
): Promise<void> {
  const { name } = duty;
  const key = caseKey('missed', source, name);
  if (missed === null) {
    await settle(alerts, key, [], `${name} runs on time again`, clock.now());
    return;
  }
  const sentence = missedText(name, missed);
  log.warn({ event: 'duty.missed', msg: sentence });
  const lines = [
    'Nothing was checked at those times: the service was stopped, the machine slept, or a run',
    'took longer than its interval. The runs go on by their timetable; none is made up for.',
  ];
  const told = { key, name: 'runs-missed', severity: 'low', title: sentence, lines } as const;
  await alerts.raise(alertOf(told, clock.now()));
}

function missedText(name: string, { count, first, last }: MissedSlots): string {
  if (count === 1) return `${name}: 1 run missed, at ${instantText(first)}`;
  return `${name}: ${count} runs missed, from ${instantText(first)} to ${instantText(last)}`;
}

async function clearFailure(duty: Duty, { alerts, clock, source }: DutyContext): Promise<void> {
  const sentence = `${duty.name} did what it is for again`;
  for (const key of [dutyKey(source, duty), writeKey(source, duty)]) {
    await settle(alerts, key, [], sentence, clock.now());
  }
}

const sourceAlerts: Readonly<Record<string, AlertName>> = {
  'source-missing': 'source-unreachable',
  'source-unreachable': 'source-unreachable',
  'source-credentials': 'source-unreachable',
  'source-locked': 'source-locked',
  'source-read-only': 'source-not-written',
  'source-backup-failed': 'source-not-written',
  'source-overwritten': 'source-not-written',
  'source-moved': 'source-not-written',
  'source-unsupported': 'source-not-written',
};

/** Whoever can be read and not written is a case of the duty that wanted to write. */
const sourceKey = (source: string, name: AlertName, duty: Duty): string =>
  name === 'source-not-written' ? writeKey(source, duty) : caseKey('source', source, name);

const writeKey = (source: string, { name }: Duty): string => caseKey('write', source, name);
const dutyKey = (source: string, { name }: Duty): string => caseKey('duty', source, name);

/** The source did not answer or cannot be read: one case, whichever duty met it. */
async function sourceFailed(
  duty: Duty,
  { alerts, log, clock, source }: DutyContext,
  error: SourceError,
): Promise<DutyResult> {
  const name = sourceAlerts[error.code] ?? 'source-unreadable';
  const { message, hint, code } = error;
  log.error({ event: name.replace('-', '.'), msg: `${message} [${code}]; ${hint}` });
  await alerts.raise(
    alertOf(
      {
        key: sourceKey(source, name, duty),
        name,
        severity: name === 'source-locked' ? 'medium' : 'high',
        title: message,
        lines: [hint, `Until then ${duty.name} does nothing but try again at its next time.`],
      },
      clock.now(),
    ),
  );
  const exitCode = isUnanswered(error) ? 5 : failureOf(error)!.exitCode;
  const verdict = name === 'source-not-written' ? `${duty.name} wrote nothing` : 'CANNOT SAY';
  return { exitCode, sentence: `${verdict}: ${message}` };
}

async function failed(
  duty: Duty,
  { alerts, log, clock, source }: DutyContext,
  error: unknown,
  before: number,
): Promise<DutyResult> {
  const failure = failureOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const hint = failure?.hint ?? 'this is a fault of trueup: report it with the log';
  const { name } = duty;
  log.error({ event: 'duty.failed', msg: `${name} failed: ${message}; ${hint}` });
  // Only in the log: a stack is for whoever looks for the fault.
  if (failure === null && error instanceof Error && error.stack !== undefined) {
    log.error({ event: 'duty.failed', msg: error.stack });
  }
  const { after, alert } = duty.failing;
  if (before + 1 >= after) {
    const title = `${name} failed: ${message}`;
    const told = { key: dutyKey(source, duty), name: alert, severity: 'high', title } as const;
    const often = before === 0 ? [] : [`${before + 1} times in a row`];
    await alerts.raise(alertOf({ ...told, lines: [hint, ...often] }, clock.now()));
  }
  return { exitCode: failure?.exitCode ?? 1, sentence: `${name} failed: ${message}` };
}
