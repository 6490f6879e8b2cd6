/** How duties went: as a table for people, and as a document. */
import { instantText, instantTextOrNull, millisecondsBetween } from '../../model/instant.ts';
import type { DutyStatus } from '../../service/duties/duty.ts';
import type { MissedSlots } from '../../service/duties/timetable.ts';
import { timetableText } from '../../service/duties/timetable.ts';
import type { Terminal } from '../terminal.ts';
import { timeText } from './amount.ts';
import { tableLines } from './table.ts';

export function scheduleLines(
  terminal: Terminal,
  duties: readonly DutyStatus[],
): readonly string[] {
  const rows = duties.map(({ name, runs, failures, missed, last, next }) => [
    name,
    { amount: String(runs) },
    { amount: String(missed) },
    { amount: String(failures) },
    timeText(instantText(next)),
    last?.result.sentence ?? 'not due',
  ]);
  return tableLines(terminal, ['DUTY', 'RUNS', 'MISSED', 'FAILED', 'NEXT', 'LAST'], rows);
}

export const scheduleDocument = (duties: readonly DutyStatus[], exitCode: number) => ({
  schema: 'trueup.schedule/1',
  exitCode,
  duties: duties.map(({ name, timetable, runs, failures, missed, last, next }) => ({
    name,
    timetable: timetableText(timetable),
    runs,
    failures,
    missed,
    last:
      last === null
        ? null
        : {
            slot: instantText(last.slot),
            beganAt: instantText(last.beganAt),
            endedAt: instantText(last.endedAt),
            durationMs: millisecondsBetween(last.beganAt, last.endedAt),
            exitCode: last.result.exitCode,
            sentence: last.result.sentence,
            missed: missedJson(last.missed),
          },
    next: instantTextOrNull(next),
  })),
});

const missedJson = (missed: MissedSlots | null) =>
  missed === null
    ? null
    : {
        count: missed.count,
        first: instantText(missed.first),
        last: instantText(missed.last),
      };
