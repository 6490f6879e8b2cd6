/** Duties as a person sees and controls them, and what a restart remembers. */
import { afterEach, describe, expect, test } from 'vitest';
import type { DutyMemory, DutyPause } from '../../src/service/duties/control.ts';
import type { Duty, DutyResult, DutyRun } from '../../src/service/duties/duty.ts';
import { Scheduler } from '../../src/service/duties/scheduler.ts';
import { everyMinutes } from '../../src/service/duties/timetable.ts';
import { ManualClock, settled } from '../service/duties/manual-clock.ts';
import { type Served, serve } from './served.ts';

const fine: DutyResult = { exitCode: 0, sentence: 'TRUE' };
const by: DutyPause = { since: 0n, by: 'ada', reason: 'drill' };

function bench(paused: ReadonlyMap<string, DutyPause> = new Map()) {
  const clock = new ManualClock('2026-01-12T10:00:00Z');
  const ran: string[] = [];
  const duty = (name: string): Duty => ({
    ...{ name, timetable: everyMinutes(5), atStart: 'always', retry: null, rationale: '' },
    ...{ failing: { alert: 'duty-failed', after: 2 }, run: async () => fine },
  });
  const scheduler = new Scheduler({
    ...{ clock, duties: [duty('a'), duty('b')], served: () => null, setBack: () => undefined },
    paused: (name) => paused.get(name) ?? null,
    perform: async ({ name }, _slot, missed) => {
      ran.push(
        `${name} ${clock.text().slice(11, 16)}${missed === null ? '' : ` -${missed.count}`}`,
      );
      return fine;
    },
    ran: async () => undefined,
  });
  return { clock, ran, scheduler, running: scheduler.run() };
}

describe('the timetable', () => {
  test('SV14 a paused duty serves no slot and misses none; resumed it has its hours', async () => {
    const { clock, ran, scheduler } = bench();
    await settled();
    expect(scheduler.pause('a', by)).toBe(true);
    await clock.moveTo('2026-01-12T10:11:00Z');
    expect(ran).toEqual(['a 10:00', 'b 10:00', 'b 10:05', 'b 10:10']);
    scheduler.pause('a', null);
    await clock.moveTo('2026-01-12T10:15:00Z');
    expect(ran.slice(4)).toEqual(['a 10:15', 'b 10:15']);
    expect(scheduler.status().map(({ missed }) => missed)).toEqual([0, 0]);
    scheduler.stop();
  });

  test('SV14 run now is at once, also of one that is paused, and moves no later run', async () => {
    const { clock, ran, scheduler } = bench(new Map([['a', by]]));
    await clock.moveTo('2026-01-12T10:02:00Z');
    expect(ran).toEqual(['b 10:00']);
    expect(scheduler.runNow('a', 'ada')).toBe(true);
    await settled();
    expect(scheduler.status()[0]!.last).toMatchObject({ askedBy: 'ada' });
    scheduler.runNow('b', 'bob');
    await clock.moveTo('2026-01-12T10:05:00Z');
    expect(ran).toEqual(['b 10:00', 'a 10:02', 'b 10:02', 'b 10:05']);
    expect(scheduler.status()[1]!.last).toMatchObject({ askedBy: null });
    expect([scheduler.runNow('c', 'ada'), scheduler.pause('c', by)]).toEqual([false, false]);
    scheduler.stop();
  });
});

describe('over HTTP', () => {
  let served: Served;
  afterEach(() => served.close());

  const shown = () => served.of.schedule.control.status();
  const of = (name: string, what: string) => `/api/v1/duties/${encodeURIComponent(name)}/${what}`;

  async function until(is: () => boolean): Promise<void> {
    for (let tries = 0; !is() && tries < 500; tries += 1) {
      await new Promise((resolve) => served.of.clock.after(10, () => resolve(null)));
    }
    expect(is()).toBe(true);
  }

  interface Run {
    readonly name: string;
    readonly askedBy: string | null;
  }

  const runs = async (name: string): Promise<readonly Run[]> => {
    const { body } = await served.get(of(name, 'runs'));
    return (body as { items: readonly Run[] }).items;
  };

  test('SV14 runs are recorded with who asked, and the stream tells of them', async () => {
    served = await serve({ runs: true });
    const told: string[] = [];
    served.parts.hub.listen(
      {
        ...{ isFull: () => false, onceRead: () => undefined, end: () => undefined },
        take: ({ bytes }) => void told.push(bytes.toString()),
      },
      null,
    );
    const last = () => shown().find(({ name }) => name === 'check paper')!.last;
    await until(() => last() !== null);
    await served.post(of('check paper', 'run'));
    await until(() => last()!.askedBy === 'admin');
    expect((await runs('check paper')).map(({ askedBy }) => askedBy)).toEqual(['admin', null]);
    expect(told.join('')).toContain('event: duty');
    expect(shown().map(({ name, standing }) => `${name} ${standing}`)).toEqual([
      ...['venue-update paper false', 'check paper false', 'report false', 'listen paper true'],
    ]);
    expect(await served.post(of('listen paper', 'run'))).toMatchObject({ status: 409 });
    expect(await served.post(of('nothing', 'run'))).toMatchObject({ status: 404 });
  });

  test('SV14 a pause names who and why, and outlives the process', async () => {
    served = await serve();
    const { book } = served.of;
    const paused = await served.post(of('report', 'pause'), { reason: 'the disk is moved' });
    expect(paused).toMatchObject({ status: 200, body: { duty: 'report', paused: true } });
    expect((await served.post(of('report', 'pause'), {})).status).toBe(400);
    const said = 'duty.paused: report was paused by admin: the disk is moved';
    expect(served.of.log.said()).toContain(said);
    const first = served;
    await first.stop();
    served = await serve({ book });
    const found = () => shown().find(({ name }) => name === 'report')!.paused;
    expect(found()).toMatchObject({ by: 'admin', reason: 'the disk is moved' });
    await served.post(of('report', 'resume'));
    await served.post(of('report', 'resume'));
    expect(found()).toBe(null);
    const told = served.of.log.said().filter((line) => line.startsWith('duty.resumed'));
    expect(told).toEqual(['duty.resumed: report was resumed by admin']);
    await first.close();
  });
});

test('SV14 of runs the last ten thousand are kept', async () => {
  const served = await serve({ venue: false });
  const { driver } = served.parts.file;
  const { dutyMemoryIn } = await import('../../src/service/duties/duty-memory.ts');
  const memory: DutyMemory = dutyMemoryIn(served.parts.file);
  const at = { slot: 1n, beganAt: 1n, endedAt: 2n };
  const run: DutyRun = { ...at, result: fine, missed: null, askedBy: null };
  memory.ran('a', run);
  driver.exec("UPDATE service_duty_runs SET n = 10000 WHERE name = 'a'");
  memory.ran('b', run);
  expect(driver.value('SELECT count(*) FROM service_duty_runs')).toBe(2);
  memory.ran('b', run);
  memory.ran('b', run);
  expect(driver.value("SELECT count(*) FROM service_duty_runs WHERE name = 'a'")).toBe(1);
  driver.exec("UPDATE service_duty_runs SET n = 1 WHERE name = 'a'");
  memory.ran('b', run);
  expect(driver.value("SELECT count(*) FROM service_duty_runs WHERE name = 'a'")).toBe(0);
  await served.close();
});
