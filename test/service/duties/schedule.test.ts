import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Duty, DutyResult } from '../../../src/service/duties/duty.ts';
import { type DutyNotes, notesAt, notesPath } from '../../../src/service/duties/duty-notes.ts';
import { Schedule, worstExitCode } from '../../../src/service/duties/schedule.ts';
import type { ServiceManager } from '../../../src/service/duties/service-manager.ts';
import type { StandingDuty } from '../../../src/service/duties/standing.ts';
import { everyMinutes } from '../../../src/service/duties/timetable.ts';
import { incident } from '../../reconcile/source-kit.ts';
import { dutyOptions, fakeSource, rememberedAlerts, rememberedLog } from './duty-kit.ts';
import { ManualClock, settled } from './manual-clock.ts';

const folder = mkdtempSync(join(tmpdir(), 'trueup-schedule-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Run = (run: number, clock: ManualClock) => Promise<DutyResult> | DutyResult;

const fine: DutyResult = { exitCode: 0, sentence: 'TRUE' };

const duty = (name: string, minutes: number, run: () => Promise<DutyResult>): Duty => ({
  ...{ name, timetable: everyMinutes(minutes), atStart: 'always', retry: null, rationale: '' },
  failing: { alert: 'duty-failed', after: 2 },
  run,
});

function bench(
  runs: Readonly<Record<string, Run>>,
  notes: DutyNotes | null = null,
  standing: readonly StandingDuty[] = [],
) {
  const clock = new ManualClock('2026-01-12T10:00:00Z');
  const [log, alerts] = [rememberedLog(), rememberedAlerts()];
  const sent: string[] = [];
  let isAlive = () => true;
  const manager: ServiceManager = {
    ready: (status) => void sent.push(`READY ${status}`),
    status: (status) => void sent.push(status),
    stopping: () => void sent.push('STOPPING'),
    watch(alive) {
      isAlive = alive;
    },
    close: async () => void sent.push('closed'),
  };
  const duties = Object.entries(runs).map(([name, run]) => {
    let count = 0;
    return duty(name, 5, async () => {
      count += 1;
      return await run(count, clock);
    });
  });
  const file = { fault: null as string | null, lost: 0 };
  const schedule = new Schedule({
    ...{ clock, duties, log, alerts, manager, source: 'sqlite:paper_trading.db' },
    ...{ options: dutyOptions(), standing },
    logFile: file as never,
    reporter: { stateOf: async () => 'written', write: async () => [] },
    notes: notes ?? { read: () => null, write: () => undefined },
    hold: {
      ...{ name: 'test', ensure: async () => undefined, other: () => null },
      reader: () => {
        throw new Error('nobody reads here');
      },
      readerIfAny: () => null,
      writer: () => Promise.reject(new Error('nobody writes here')),
      close: async () => void sent.push('released'),
    },
    openDesk: fakeSource(incident()).open,
  });
  return { clock, log, alerts, sent, schedule, file, isAlive: () => isAlive() };
}

const after = (clock: ManualClock, ms: number) =>
  new Promise<void>((resolve) => void clock.after(ms, resolve));

describe('O5 one duty that fails stops no other', () => {
  test('O5 the others run, and it runs again at its next slot', async () => {
    const { clock, schedule, log } = bench({
      prices: () => {
        throw new Error('no quotes');
      },
      balance: () => fine,
    });
    void schedule.run();
    await clock.moveTo('2026-01-12T10:10:00Z');
    expect(schedule.status().map(({ name, runs, failures }) => [name, runs, failures])).toEqual([
      ...[
        ['prices', 3, 3],
        ['balance', 3, 0],
      ],
    ]);
    expect(log.said().filter((line) => line.startsWith('duty.failed: prices'))).toHaveLength(3);
    await schedule.stop('test');
  });
});

describe('O7 a graceful stop', () => {
  test('O7 finishes the run that goes on, says so, and gives the book back', async () => {
    const { clock, schedule, sent, log } = bench({
      balance: async (_run, time) => {
        await after(time, 4_000);
        return fine;
      },
    });
    const ended = schedule.run();
    await clock.moveTo('2026-01-12T10:00:01Z');
    const stopped = schedule.stop('SIGTERM');
    await clock.moveTo('2026-01-12T10:00:05Z');
    expect([await stopped, await ended, schedule.hasLeft]).toEqual([true, true, false]);
    await schedule.close();
    expect(sent).toEqual(['STOPPING', 'TRUE', 'released', 'closed']);
    expect(log.said()).toContain('schedule.stopping: Stopping: SIGTERM; balance is finished first');
    expect(log.said().at(-1)).toBe('schedule.stopped: Stopped; runs (missed): balance 1 (0)');
  });

  test('O7 leaves a run that does not end within ten seconds', async () => {
    const { clock, schedule, log } = bench({ balance: () => new Promise(() => undefined) });
    const ended = schedule.run();
    await clock.moveTo('2026-01-12T10:00:01Z');
    void schedule.stop('SIGTERM');
    await clock.moveTo('2026-01-12T10:00:10.999Z');
    expect(schedule.hasLeft).toBe(false);
    await clock.moveTo('2026-01-12T10:00:11Z');
    expect([await ended, schedule.hasLeft]).toEqual([false, true]);
    expect(log.said().at(-1)).toBe('schedule.left: balance did not end within 10s and is left');
  });
});

describe('O8 once, for cron', () => {
  test.each([
    [[0, 0], 0],
    [[3, 0], 3],
    [[0, 5], 5],
    [[5, 3], 3],
    [[3, 1], 1],
    [[2, 3], 2],
  ])('O8 runs that end %j end with %i', async (codes, exitCode) => {
    const [prices, balance] = codes.map((code) => () => ({ exitCode: code, sentence: '' }));
    const { schedule } = bench({ prices: prices!, balance: balance! });
    expect(await schedule.once()).toBe(exitCode);
  });

  test('O8 what is not due is left for its time', async () => {
    const path = join(folder, 'once.json');
    const first = bench({ balance: () => fine }, notesAt(path, 's'));
    await first.schedule.once();
    expect(first.schedule.status()[0]!.runs).toBe(1);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
      ...{ schema: 'trueup.duties/1', source: 's' },
      duties: [
        {
          ...{ name: 'balance', slot: '2026-01-12T10:00:00Z', endedAt: '2026-01-12T10:00:00Z' },
          ...{ exitCode: 0, sentence: 'TRUE', next: '2026-01-12T10:05:00Z' },
        },
      ],
    });
  });

  test('O8 what did not run, or is not asked for this time, keeps its note', async () => {
    const notes = notesAt(join(folder, 'kept.json'), 's');
    await bench({ balance: () => fine, performance: () => fine }, notes).schedule.once();
    const before = notes.read();
    await bench({ balance: () => ({ ...fine, sentence: 'again' }) }, notes).schedule.once();
    const [balance, performance] = before!;
    expect(notes.read()).toEqual([{ ...balance, sentence: 'again' }, performance]);
  });

  test('O8 every exit code in its rank', () => {
    expect([worstExitCode([]), worstExitCode([0, 5, 3, 2, 4, 7, 1])]).toEqual([0, 1]);
    expect([worstExitCode([5, 3]), worstExitCode([3, 2]), worstExitCode([2, 4])]).toEqual([
      3, 2, 4,
    ]);
  });
});

describe('O4 notes of what ran', () => {
  test('O4 are kept for each book and source apart, and damaged ones are none', () => {
    const path = notesPath('/b/trueup.db', 'sqlite:a.db');
    expect(path).toMatch(/^\/b\/trueup\.db\.duties-[0-9a-f]{8}\.json$/);
    expect(notesPath('/b/trueup.db', 'sqlite:b.db')).not.toBe(path);
    const own = join(folder, 'notes.json');
    expect(notesAt(own, 's').read()).toBeNull();
    for (const [text, notes] of [
      ['{"duties": [', null],
      ['null', null],
      ['{"duties": [null, {"name": "a"}, {"name": "b", "slot": "soon", "exitCode": 0}]}', []],
    ] as const) {
      writeFileSync(own, text);
      expect(notesAt(own, 's').read()).toEqual(notes);
    }
  });

  test('O4 that cannot be written stop nothing', async () => {
    const notes: DutyNotes = {
      read() {
        throw new Error('may not be read');
      },
      write() {
        throw new Error('the disk is full');
      },
    };
    const { schedule, log } = bench({ balance: () => fine }, notes);
    expect(await schedule.once()).toBe(0);
    expect(log.said().filter((line) => line.startsWith('notes.failed'))).toEqual([
      'notes.failed: What ran before is not known: may not be read',
      'notes.failed: What was run is not noted: the disk is full',
    ]);
  });
});

describe('O20 the service manager', () => {
  test('O20 is told when the first round is done, and the verdict after each run', async () => {
    const { clock, schedule, sent } = bench({
      balance: (run) => ({ exitCode: run === 1 ? 3 : 0, sentence: run === 1 ? 'BREAK' : 'TRUE' }),
      performance: () => ({ exitCode: 0, sentence: 'recorded' }),
    });
    void schedule.run();
    await clock.moveTo('2026-01-12T10:04:00Z');
    expect(sent).toEqual(['BREAK', 'READY BREAK']);
    await clock.moveTo('2026-01-12T10:05:00Z');
    expect(sent.slice(2)).toEqual(['TRUE', 'TRUE']);
    await schedule.stop('test');
  });

  test('O21 has signs of life while the loop goes round, none of a stuck run', async () => {
    const { clock, schedule, isAlive, alerts, log } = bench({
      balance: (run) => (run < 3 ? fine : new Promise(() => undefined)),
    });
    void schedule.run();
    for (const minute of ['01', '04', '07', '11', '14']) {
      await clock.moveTo(`2026-01-12T10:${minute}:00Z`);
      expect(isAlive()).toBe(true);
    }
    // the run of 10:10 has gone on for more than five minutes, looked at every 15 seconds
    await clock.moveTo('2026-01-12T10:15:31Z');
    expect(isAlive()).toBe(false);
    await clock.moveTo('2026-01-12T10:20:00Z');
    expect(alerts.take()).toEqual(['+ duty-stuck']);
    const said = log.said().filter((line) => line.startsWith('duty.stuck'));
    expect(said).toEqual(['duty.stuck: balance has been running for more than 5m']);
  });

  test('O21 a machine that wakes up is no loop that stands still', async () => {
    const { clock, schedule, isAlive, alerts } = bench({ balance: () => fine });
    void schedule.run();
    await clock.moveTo('2026-01-12T10:06:10Z');
    clock.jumpTo('2026-01-12T18:00:00Z');
    expect(isAlive()).toBe(true);
    await clock.moveTo('2026-01-12T18:06:00Z');
    expect(alerts.take()).toEqual(['+ runs-missed', '- runs-missed: balance runs on time again']);
    await schedule.stop('test');
  });
});

test('O18 a log that cannot be written is an alert, and cleared when it can', async () => {
  const { clock, schedule, alerts, file } = bench({ balance: () => fine });
  void schedule.run();
  file.fault = 'the log file x.log cannot be written: ENOSPC';
  await clock.moveTo('2026-01-12T10:05:00Z');
  expect(alerts.take()).toEqual(['+ log-unwritable']);
  file.fault = null;
  await clock.moveTo('2026-01-12T10:10:00Z');
  expect(alerts.take()).toEqual(['- log-unwritable: the log is written again']);
  await settled();
  await schedule.stop('test');
});
