/**
 * The duty `record-equity` of the service: what each account is worth is stated and kept, with the
 * marks that it was valued at. What cannot be said is not recorded: nothing stands in its place.
 */
import { counted } from '../../model/amount.ts';
import { isNeverBooked } from '../never-booked.ts';
import { recordPerformance } from '../performing.ts';
import type { CheckedBook, Duty, DutyContext, DutyResult } from './duty.ts';
import { everyMinutes } from './timetable.ts';

export const recordEquity = (book: CheckedBook, intervalMinutes: number): Duty => ({
  name: 'record-equity',
  timetable: everyMinutes(intervalMinutes),
  atStart: 'unserved',
  retry: null,
  failing: { alert: 'performance-not-recorded', after: 1 },
  rationale: 'A history with gaps cannot be read later; it follows the checks and their repairs.',
  run: (context) => recorded(context, book),
});

async function recorded(
  { log }: DutyContext,
  { reader: readerOf, markMaxAgeMs, openWriter }: CheckedBook,
): Promise<DutyResult> {
  const writer = await openWriter();
  try {
    const reader = readerOf();
    let made = 0;
    const unknown: string[] = [];
    for (const account of reader.file.accounts()) {
      // Its database records itself, or nothing is known that could be recorded.
      if (isNeverBooked(reader.file, account)) continue;
      const result = await recordPerformance(writer, reader, account, null, markMaxAgeMs);
      if (result.status === 'recorded') made += 1;
      if (result.status === 'cannot-say') unknown.push(account.name);
    }
    const words = `${counted(made, 'record')} of equity`;
    if (unknown.length === 0) return { exitCode: 0, sentence: words };
    const names = unknown.join(', ');
    const sentence = `${words}; CANNOT SAY what ${names} is worth: prices are missing`;
    log.warn({ event: 'performance.unknown', msg: sentence });
    return { exitCode: 5, sentence };
  } finally {
    await writer.close();
  }
}
