import { describe, expect, test } from 'vitest';
import { instant, instantText } from '../../../src/model/instant.ts';
import type { Duty, DutyResult } from '../../../src/service/duties/duty.ts';
import { Scheduler } from '../../../src/service/duties/scheduler.ts';
import {
  everyMinutes,
  type MissedSlots,
  type Timetable,
} from '../../../src/service/duties/timetable.ts';
import { ManualClock, settled } from './manual-clock.ts';

interface Planned {
  readonly name: string;
  readonly timetable: Timetable;
  readonly atStart?: Duty['atStart'];
  readonly retry?: Timetable;
  /** How long the run with this number takes; 0 where it is absent. */
  readonly takesMs?: (run: number) => number;
  readonly exitCode?: (run: number) => number;
}

/** Runs as `10:05:00 balance`, with the slot where it is another: `10:07:00 balance for 10:05`. */
function bench(start: string, planned: readonly Planned[], served: Record<string, string> = {}) {
  const clock = new ManualClock(start);
  const runs: string[] = [];
  const missed: string[] = [];
  const back: number[] = [];
  const counts = new Map<string, number>();
  const duties = planned.map(
    (one): Duty => ({
      name: one.name,
      timetable: one.timetable,
      atStart: one.atStart ?? 'unserved',
      retry: one.retry ?? null,
      failing: { alert: 'duty-failed', after: 2 },
      rationale: '',
      run: () => Promise.reject(new Error('the bench runs it')),
    }),
  );
  const perform = async (duty: Duty, slot: bigint, gone: MissedSlots | null) => {
    const one = planned.find(({ name }) => name === duty.name)!;
    const run = (counts.get(duty.name) ?? 0) + 1;
    counts.set(duty.name, run);
    const [at, of] = [clock.text().slice(11, 19), instantText(slot).slice(11, 16)];
    runs.push(`${at} ${duty.name}${at === `${of}:00` ? '' : ` for ${of}`}`);
    if (gone !== null) {
      const [first, last] = [instantText(gone.first), instantText(gone.last)];
      missed.push(`${duty.name} ${gone.count}: ${first.slice(11, 16)}-${last.slice(11, 16)}`);
    }
    const ms = one.takesMs?.(run) ?? 0;
    if (ms > 0) await new Promise<void>((resolve) => clock.after(ms, resolve));
    return { exitCode: one.exitCode?.(run) ?? 0, sentence: `run ${run}` };
  };
  const scheduler = new Scheduler({
    clock,
    duties,
    perform: perform as (duty: Duty) => Promise<DutyResult>,
    ran: async () => undefined,
    served: (name) => (served[name] === undefined ? null : instant(served[name])),
    setBack: (ms) => back.push(ms),
  });
  return { clock, scheduler, runs, missed, back };
}

const minutes = (count: number) => count * 60_000;
const at = (time: string) => `2026-01-12T${time}Z`;

test('O3 duties begin at once and then run at their slots, in the order of the table', async () => {
  const { clock, scheduler, runs } = bench(at('10:03:20'), [
    { name: 'balance', timetable: everyMinutes(5), atStart: 'always' },
    { name: 'performance', timetable: everyMinutes(15) },
  ]);
  const ended = scheduler.run();
  await clock.moveTo(at('10:15:30'));
  scheduler.stop();
  await ended;
  expect(runs).toEqual([
    ...['10:03:20 balance for 10:00', '10:03:20 performance for 10:00'],
    ...['10:05:00 balance', '10:10:00 balance', '10:15:00 balance', '10:15:00 performance'],
  ]);
});

test('O3 what served the present slot is not run again because the service starts', async () => {
  const planned: Planned[] = [
    { name: 'balance', timetable: everyMinutes(5), atStart: 'always' },
    { name: 'performance', timetable: everyMinutes(15) },
  ];
  const served = { balance: at('10:00:00'), performance: at('10:00:00') };
  const { scheduler, runs } = bench(at('10:03:20'), planned, served);
  await scheduler.once();
  expect(runs).toEqual(['10:03:20 balance for 10:00']);
  const later = bench(at('10:15:01'), planned, served);
  await later.scheduler.once();
  expect(later.runs).toEqual(['10:15:01 balance for 10:15', '10:15:01 performance for 10:15']);
});

test('O1 a thousand slow runs do not move the timetable', async () => {
  const { clock, scheduler, runs, missed } = bench(at('00:00:00'), [
    // 1 to 59 seconds, and never the same
    { name: 'balance', timetable: everyMinutes(1), takesMs: (run) => ((run * 37) % 59) * 1000 + 1 },
  ]);
  void scheduler.run();
  await clock.moveTo(at('16:40:00'));
  // 16 h 40 min are 1,000 minutes; the run at the start, for 00:00, comes before them
  expect(runs).toHaveLength(1001);
  expect(runs.every((run) => /:00 balance$/.test(run))).toBe(true);
  expect(missed).toEqual([]);
  scheduler.stop();
});

describe('O4 what is missed is counted and said once', () => {
  test('O4 a run that outlasts its interval is alone, slots in between are missed', async () => {
    const { clock, scheduler, runs, missed } = bench(at('10:00:00'), [
      {
        name: 'balance',
        timetable: everyMinutes(5),
        takesMs: (run) => (run === 2 ? minutes(12) : 0),
      },
    ]);
    void scheduler.run();
    await clock.moveTo(at('10:30:00'));
    // the run of 10:05 ends at 10:17: 10:10 and 10:15 had none, 10:20 is the next
    expect(runs).toEqual(
      ['10:00', '10:05', '10:20', '10:25', '10:30'].map((t) => `${t}:00 balance`),
    );
    expect(missed).toEqual(['balance 2: 10:10-10:15']);
    expect(scheduler.status()[0]).toMatchObject({ runs: 5, missed: 2, failures: 0 });
    scheduler.stop();
  });

  test('O4 a duty that waits for another is late, not missed, and not beside it', async () => {
    const { clock, scheduler, runs, missed } = bench(at('10:00:00'), [
      { name: 'balance', timetable: everyMinutes(5), takesMs: () => minutes(2) },
      { name: 'performance', timetable: everyMinutes(5) },
    ]);
    void scheduler.run();
    await clock.moveTo(at('10:08:00'));
    expect(runs).toEqual([
      ...['10:00:00 balance', '10:02:00 performance for 10:00'],
      ...['10:05:00 balance', '10:07:00 performance for 10:05'],
    ]);
    expect(missed).toEqual([]);
    scheduler.stop();
  });

  test('O4 a duty that is always late does not keep the others from running', async () => {
    const { clock, scheduler, runs } = bench(at('10:00:00'), [
      { name: 'balance', timetable: everyMinutes(5), takesMs: () => minutes(6) },
      { name: 'performance', timetable: everyMinutes(15) },
    ]);
    void scheduler.run();
    await clock.moveTo(at('10:31:00'));
    expect(runs.filter((run) => run.includes('performance'))).toEqual([
      ...['10:06:00 performance for 10:00', '10:16:00 performance for 10:15'],
    ]);
    scheduler.stop();
  });

  test('O4 a machine that slept runs each duty once, and says what it slept through', async () => {
    const { clock, scheduler, runs, missed } = bench(at('10:00:00'), [
      { name: 'balance', timetable: everyMinutes(5) },
    ]);
    void scheduler.run();
    await clock.moveTo(at('10:05:00'));
    clock.jumpTo(at('18:02:00'));
    await clock.moveTo(at('18:10:00'));
    // it was waiting for 10:10 in pieces of 15 seconds, and finds out at the end of one
    expect(runs.slice(2)).toEqual([
      ...['18:02:15 balance for 18:00', '18:05:00 balance', '18:10:00 balance'],
    ]);
    // 10:10 to 17:55: 7 h 45 min are 93 steps of five minutes, so 94 slots
    expect(missed).toEqual(['balance 94: 10:10-17:55']);
    scheduler.stop();
  });

  test('O4 a restart knows what the service before it served last', async () => {
    const served = { balance: at('09:30:00'), report: '2026-01-09T00:05:00Z' };
    const { scheduler, runs, missed } = bench(
      at('10:01:00'),
      [
        { name: 'balance', timetable: everyMinutes(5), atStart: 'always' },
        { name: 'report', timetable: { kind: 'daily', at: '00:05', zone: 'UTC' } },
      ],
      served,
    );
    await scheduler.once();
    expect(runs).toEqual(['10:01:00 balance for 10:00', '10:01:00 report for 00:05']);
    // 09:35 to 09:55; the days 10 and 11
    expect(missed).toEqual(['balance 5: 09:35-09:55', 'report 2: 00:05-00:05']);
  });
});

test('O5 a failed run waits for the next slot, or for its own time to try again', async () => {
  const { clock, scheduler, runs } = bench(at('00:04:00'), [
    { name: 'balance', timetable: everyMinutes(5), exitCode: (run) => (run === 2 ? 1 : 0) },
    {
      name: 'report',
      timetable: { kind: 'daily', at: '00:05', zone: 'UTC' },
      retry: everyMinutes(15),
      // the run at the start is of the day before
      exitCode: (run) => (run === 2 || run === 3 ? 1 : 0),
    },
  ]);
  void scheduler.run();
  await clock.moveTo(at('01:00:00'));
  expect(runs.filter((run) => run.includes('report'))).toEqual([
    ...['00:04:00 report for 00:05', '00:05:00 report'],
    ...['00:15:00 report for 00:05', '00:30:00 report for 00:05'],
  ]);
  expect(runs.filter((run) => run.includes('balance'))).toHaveLength(13); // 00:00, 00:05 ... 01:00
  expect(scheduler.status().map(({ failures }) => failures)).toEqual([0, 0]);
  scheduler.stop();
});

test('O6 a clock that is set back is followed: the next slot is that of the new time', async () => {
  const { clock, scheduler, runs, missed, back } = bench(at('10:00:00'), [
    { name: 'balance', timetable: everyMinutes(5) },
  ]);
  void scheduler.run();
  await clock.moveTo(at('10:06:00'));
  clock.jumpTo(at('09:06:00'));
  await clock.moveTo(at('09:15:00'));
  expect(runs).toEqual(['10:00', '10:05', '09:10', '09:15'].map((time) => `${time}:00 balance`));
  // noticed 15 seconds later, when the clock says 09:06:15 and said 10:06:00 before
  expect(back).toEqual([minutes(59) + 45_000]);
  expect(missed).toEqual([]);
  scheduler.stop();
});

test('O7 a stop takes no more work and waits for the run that goes on', async () => {
  const { clock, scheduler, runs } = bench(at('10:00:00'), [
    { name: 'balance', timetable: everyMinutes(5), takesMs: () => 4_000 },
    { name: 'performance', timetable: everyMinutes(5) },
  ]);
  let hasEnded = false;
  void scheduler.run().then(() => {
    hasEnded = true;
  });
  await clock.moveTo(at('10:00:01'));
  expect(scheduler.progress.running).toBe('balance');
  scheduler.stop();
  await settled();
  expect(hasEnded).toBe(false);
  await clock.moveTo(at('10:00:05'));
  expect(hasEnded).toBe(true);
  expect(runs).toEqual(['10:00:00 balance']);
  expect(scheduler.status()[0]!.last).toMatchObject({
    beganAt: instant(at('10:00:00')),
    endedAt: instant(at('10:00:04')),
    result: { sentence: 'run 1' },
  });
});
