/** The duty `report`: the reconciliation report of the day that ended, once. */
import { type Instant, millisecondsBetween } from '../../model/instant.ts';
import type { DutyContext, DutyResult } from './duty.ts';

export async function writeReport(context: DutyContext): Promise<DutyResult> {
  const { log, slot, options, reporter } = context;
  const day = dayBefore(slot, options.report.zone);
  const state = await reporter.stateOf(day);
  if (state !== 'missing') {
    const sentence = known[state](day);
    log.info({ event: 'report.skipped', msg: sentence });
    return { exitCode: 0, sentence };
  }
  const files = await reporter.write(day);
  const sentence = `Report of ${day} written: ${files.join(', ')}`;
  log.info({ event: 'report.written', msg: sentence });
  return { exitCode: 0, sentence };
}

const known = {
  written: (day: string) => `The report of ${day} is written already`,
  'before-book': (day: string) => `No report of ${day}: the book begins later`,
};

/** The last day of the zone that had ended at the slot: `2026-01-11`. */
export function dayBefore(slot: Instant, zone: string): string {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
  }).formatToParts(millisecondsBetween(0n, slot));
  const part = (type: string) => Number(parts.find((one) => one.type === type)!.value);
  // The calendar's day before, whatever length the day in the zone had.
  const before = new Date(Date.UTC(part('year'), part('month') - 1, part('day') - 1));
  return before.toISOString().slice(0, 10);
}
