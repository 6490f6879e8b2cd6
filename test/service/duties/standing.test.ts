import { expect, test } from 'vitest';
import { Standing, type StandingDuty } from '../../../src/service/duties/standing.ts';
import { VenueRefused } from '../../../src/service/venues/refused.ts';
import { rememberedAlerts, rememberedLog } from './duty-kit.ts';
import { ManualClock, settled } from './manual-clock.ts';

type Run = StandingDuty['run'];

/** Until it is stopped, as a listener that is well. */
const well: Run = ({ signal }) =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

const fails = (error: Error): Run => {
  return () => Promise.reject(error);
};

function bench(run: (times: number) => Run) {
  const clock = new ManualClock('2026-01-12T10:00:00Z');
  const [log, alerts] = [rememberedLog(), rememberedAlerts()];
  let times = 0;
  const duty: StandingDuty = {
    ...{ name: 'listen main', alert: 'listener-down', rationale: '' },
    run(context) {
      times += 1;
      return run(times)(context);
    },
  };
  const standing = new Standing({ clock, log, alerts, source: 'x', duties: [duty] });
  const ended = standing.run();
  return { clock, log, alerts, standing, ended, times: () => times };
}

test('O27 what goes on all the time ends with the service, and not before', async () => {
  const { clock, standing, ended, times, log } = bench(() => well);
  await clock.moveTo('2026-01-12T12:00:00Z');
  expect([times(), log.said()]).toEqual([1, []]);
  standing.stop();
  await ended;
});

test('O27 what dies is begun anew, after pauses that grow up to five minutes', async () => {
  const { clock, standing, ended, times } = bench(() => fails(new RangeError('the line broke')));
  const beginnings: string[] = [];
  for (let seen = 0; beginnings.length < 9; ) {
    if (times() > seen) beginnings.push(clock.text().slice(14, 19));
    seen = times();
    await clock.moveTo(new Date(Number(clock.now() / 1_000_000n) + 1_000).toISOString());
  }
  // 5, 10, 20, 40, 80, 160 seconds later, and then every 300.
  expect(beginnings).toEqual([
    ...['00:00', '00:05', '00:15', '00:35', '01:15', '02:35', '05:15', '10:15', '15:15'],
  ]);
  standing.stop();
  await ended;
});

test('O27 a person is told when it dies the third time, and when it goes on again', async () => {
  const { clock, standing, ended, alerts } = bench((times) =>
    times < 4 ? fails(new VenueRefused(refusal, 1)) : well,
  );
  await clock.moveTo('2026-01-12T10:00:14Z');
  expect(alerts.take()).toEqual([]);
  await clock.moveTo('2026-01-12T10:00:20Z');
  expect(alerts.take()).toEqual(['+ listener-down']);
  await clock.moveTo('2026-01-12T10:03:00Z');
  expect(alerts.take()).toEqual(['- listener-down: listen main goes on again']);
  standing.stop();
  await ended;
});

test('O27 what only a person can mend is told at once, with what to do', async () => {
  const { standing, ended, alerts } = bench(() => fails(new VenueRefused(refusal, 4)));
  await settled();
  const [told] = alerts.cases.values();
  expect(told).toMatchObject({
    title: 'listen main ended: no',
    lines: ['mend it', expect.any(String)],
  });
  standing.stop();
  await ended;
});

const refusal = { code: 'x', message: 'no', where: {}, rule: 'r', hint: 'mend it' };
