/** Every duty there is. The order is the order in which duties of one moment run. */
import { checkBalance } from './balance-duty.ts';
import { checkBook } from './check-book.ts';
import { checkVenue } from './check-duty.ts';
import type { Duty, DutyOptions } from './duty.ts';
import { leaveAged } from './exit-duty.ts';
import { mirrorRows } from './mirror-duty.ts';
import { recordEquity } from './record-equity.ts';
import { writeReport } from './report-duty.ts';
import { recordPerformance, refreshPrices } from './source-duties.ts';
import type { StandingDuty } from './standing.ts';
import { everyMinutes } from './timetable.ts';
import { listenTo, venueUpdate } from './venue-duties.ts';

/** A report that could not be written is no reason to wait a day. */
const reportRetry = everyMinutes(15);

/** Those that run by the clock. */
export function dutyTable(options: DutyOptions): readonly Duty[] {
  const { desks, intervalMinutes, checkIntervalMinutes } = options.venues;
  return [
    // A check sees what was pulled just before it.
    ...desks.map((desk) => venueUpdate(desk, intervalMinutes)),
    ...desks.map((desk) => checkVenue(desk, checkIntervalMinutes)),
    ...(options.book === undefined ? [] : [checkBook(options.book, desks)]),
    // Rows follow what was pulled, as they follow each fill that is heard of.
    ...(options.mirror === undefined
      ? []
      : desks.map(({ name }) => mirrorRows(options.mirror!, name, intervalMinutes)).slice(0, 1)),
    // What is aged is by the facts that were just pulled; only where a person configured it.
    ...desks.filter((desk) => desk.leavesAged).map(leaveAged),
    ...(options.hasSource ? sourceDuties(options) : []),
    ...(options.book === undefined
      ? []
      : [recordEquity(options.book, options.performanceIntervalMinutes)]),
    reportDuty(options),
  ];
}

/** Those that go on for as long as the service does. */
export const standingTable = ({ venues }: DutyOptions): readonly StandingDuty[] =>
  venues.listen ? venues.desks.map(listenTo) : [];

/** `prices` only where prices are given and the service may write them. */
function sourceDuties(options: DutyOptions): readonly Duty[] {
  const balanceTimes = everyMinutes(options.intervalMinutes);
  const prices: Duty = {
    name: 'prices',
    timetable: balanceTimes,
    atStart: 'always',
    retry: null,
    failing: { alert: 'duty-failed', after: 2 },
    rationale: 'A total is as true as its prices, so they are refreshed before it is looked at.',
    run: refreshPrices,
  };
  const others: readonly Duty[] = [
    {
      name: 'balance',
      timetable: balanceTimes,
      atStart: 'always',
      retry: null,
      failing: { alert: 'duty-failed', after: 2 },
      rationale: 'What nothing compares goes wrong unnoticed: stored against calculated total.',
      run: checkBalance,
    },
    {
      name: 'performance',
      timetable: everyMinutes(options.performanceIntervalMinutes),
      atStart: 'unserved',
      retry: null,
      failing: { alert: 'performance-not-recorded', after: 1 },
      rationale: 'A history with gaps cannot be read later; it follows the check and its repair.',
      run: recordPerformance,
    },
  ];
  const refreshes = options.prices !== null && options.repair === 'auto';
  return refreshes ? [prices, ...others] : others;
}

const reportDuty = ({ report: { at, zone } }: DutyOptions): Duty => ({
  name: 'report',
  timetable: { kind: 'daily', at, zone },
  atStart: 'unserved',
  retry: reportRetry,
  failing: { alert: 'report-not-written', after: 1 },
  rationale: 'A person reads once a day what was compared, found and repaired.',
  run: writeReport,
});
