/** What runs: venues by what they answered, duties with their runs, exits by their age. */
import { afterEach, expect, test } from 'vitest';
import { instant } from '../../../src/model/instant.ts';
import type { DutyShown } from '../../../src/service/duties/control.ts';
import type { ServingParts } from '../../../src/service/serving/parts.ts';
import {
  at,
  balances,
  cash,
  closeDesks,
  fill,
  held,
  type Json,
  mark,
  openDesk,
  says,
} from '../../service/reconcile/desk.ts';
import { ask, partsOn, problemAt } from './asking.ts';

afterEach(closeDesks);

const perp = 'BTC/USDT:USDT';

function withVenues(parts: ServingParts): ServingParts {
  const main = { exchange: 'bybit', account: 'main', mode: 'live' };
  const value = { bybit: main, other: { ...main, account: 'nobody' } };
  return {
    ...parts,
    configuration: { ...parts.configuration, venues: { file: 'trueup.json', value } },
  };
}

const whole = {
  positions: held([{ instrument: perp, leg: 'net', quantity: '1', averagePrice: '100' }]),
  ...{ balances: balances({ USDT: '999.9' }), orders: held([]) },
};

test('RD24 a venue shows how far it was heard; one never asked is not well', async () => {
  const desk = await openDesk(cash('deposit', 'd1', '1000'), fill('e1'));
  const parts = withVenues(partsOn(desk));
  const venues = async () => (await ask<{ items: readonly Json[] }>(parts, '/api/v1/venues')).items;
  expect((await venues())[0]).toMatchObject({ name: 'bybit', answering: null, lastError: null });
  await desk.check(says({ ...whole, takenAt: at('12:00') }));
  expect((await venues())[0]).toMatchObject({ answering: true, lastAnswerAt: at('12:00') });
  const gap = { venue: 'bybit', account: 'main', stream: 'executions', from: null };
  await desk.writer.keep([], {
    feeds: [
      {
        ...{ venue: 'bybit', account: 'main', section: 'executions', cursor: null, since: null },
        ...{ through: instant(at('11:59')), unfinished: false },
      },
    ],
    opened: [{ ...gap, to: instant(at('11:58')), why: 'the line broke' }],
  });
  const [bybit, other] = await venues();
  expect(bybit).toMatchObject({
    streams: [
      { name: 'executions', state: 'gap', openGaps: 1, reconnects: 1, watermark: at('11:59') },
    ],
  });
  expect(other).toMatchObject({ name: 'other', answering: null, streams: [] });
});

test('RD24 a stream is connected while its own listener hears it, and no gap is open', async () => {
  const desk = await openDesk(cash('deposit', 'd1', '1000'));
  const now = desk.clock.now();
  const listener = { ...duty, name: 'listen bybit', standing: true, running: true };
  const shown = async (duties: readonly DutyShown[], minutesLater = 0) => {
    const clock = { ...desk.clock, now: () => now + BigInt(minutesLater) * 60_000_000_000n };
    const control = { status: () => duties, runNow: () => true };
    const changes = { clock, duties: { ...control, pause: () => true, resume: () => true } };
    const parts = withVenues(partsOn(desk, changes as Partial<ServingParts>));
    const [bybit] = (await ask<{ items: readonly Json[] }>(parts, '/api/v1/venues')).items;
    return (bybit!['streams'] as readonly { name: string; state: string }[]).map(
      ({ name, state }) => `${name} ${state}`,
    );
  };
  const message = { venue: 'bybit', account: 'main', stream: 'orders', text: '{}' };
  await desk.writer.keep([], { messages: [{ ...message, receivedAt: now }] });
  expect(await shown([listener])).toEqual(['orders connected']);
  // One of a venue whose name ends alike is somebody else's.
  expect(await shown([{ ...listener, name: 'listen my-bybit' }])).toEqual(['orders not-listening']);
  expect(await shown([{ ...listener, running: false }])).toEqual(['orders not-listening']);
  // Five minutes without a word: the line may be dead.
  expect(await shown([listener], 4)).toEqual(['orders connected']);
  expect(await shown([listener], 5)).toEqual(['orders silent']);
  const gap = { venue: 'bybit', account: 'main', stream: 'all streams', from: null };
  await desk.writer.keep([], { opened: [{ ...gap, to: now, why: 'nobody listened' }] });
  expect(await shown([listener])).toEqual(['orders gap', 'all streams gap']);
});

test('RD54 what a listener heard is shown, however many messages of others there are', async () => {
  const desk = await openDesk(cash('deposit', 'd1', '1000'));
  const now = desk.clock.now();
  const message = { venue: 'bybit', account: 'main', stream: 'orders', text: '{}' };
  await desk.writer.keep([], { messages: [{ ...message, receivedAt: now - 1_000_000_000n }] });
  const chatter = { ...message, venue: 'other', account: 'chatty', receivedAt: now };
  await desk.writer.keep([], { messages: Array.from({ length: 2_000 }, () => chatter) });
  const listener = { ...duty, name: 'listen bybit', standing: true, running: true };
  const duties = { status: () => [listener] } as unknown as ServingParts['duties'];
  const shown = async (streams: readonly object[]) => {
    const venue = { name: 'bybit', account: 'main', health: { streams } };
    const desks = [venue] as unknown as ServingParts['desks'];
    const parts = withVenues(partsOn(desk, { duties, desks }));
    return (await ask<{ items: readonly Json[] }>(parts, '/api/v1/venues')).items[0]!['streams'];
  };
  const heard = { stream: 'orders', lastEventAt: now - 1_000_000_000n, lastEventAgeMs: 1_000 };
  expect(await shown([{ ...heard, silent: false }])).toMatchObject([
    { name: 'orders', state: 'connected', lastMessageAt: at('11:59:59') },
  ]);
  expect(await shown([{ ...heard, silent: true }])).toMatchObject([{ state: 'silent' }]);
});

test('RD32 what a venue answered another process says nothing; its clock is compared', async () => {
  const desk = await openDesk(cash('deposit', 'd1', '1000'), fill('e1'));
  await desk.check(says({ ...whole, takenAt: at('12:00') }));
  const venue = { name: 'bybit', account: 'main', clockAheadMs: -120 };
  const shown = async (startedAt: string) => {
    const desks = [venue] as unknown as ServingParts['desks'];
    const parts = withVenues(partsOn(desk, { startedAt: instant(at(startedAt)), desks }));
    return (await ask<{ items: readonly Json[] }>(parts, '/api/v1/venues')).items;
  };
  const [before, other] = await shown('11:59');
  expect(before).toMatchObject({ answering: true, clockAheadMs: -120 });
  expect(other).toMatchObject({ clockAheadMs: null });
  expect((await shown('12:01'))[0]).toMatchObject({
    ...{ answering: null, lastAnswerAt: at('12:00'), lastError: null },
  });
});

const duty: DutyShown = {
  ...{ name: 'check bybit', timetable: { kind: 'every', ms: 300_000 }, rationale: 'What for.' },
  ...{ last: null, running: false, runs: 2, failures: 1, missed: 0, standing: false },
  next: instant(at('12:05')),
  paused: { since: instant(at('12:01')), by: 'Ada', reason: 'the venue migrates' },
};

test('RD24 a duty is shown with its timetable in words, who paused it, and its runs', async () => {
  const desk = await openDesk();
  const status = () => [duty];
  const control = { status, runNow: () => true, pause: () => true, resume: () => true };
  const parts = partsOn(desk, { duties: control });
  const insert = parts.file.driver.prepare(
    'INSERT INTO service_duty_runs VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  for (const [minute, code] of [
    [0, 3],
    [5, 0],
  ] as const) {
    const slot = instant(at(`11:0${minute}`));
    insert.run('check bybit', slot, slot, slot + 1_500_000_000n, code, 'main is TRUE', 0, null);
  }
  expect(await ask(parts, '/api/v1/duties')).toMatchObject({
    items: [
      {
        ...{ name: 'check bybit', timetable: 'every 5 minutes', next: '2026-11-20T12:05:00Z' },
        paused: { since: '2026-11-20T12:01:00Z', by: 'Ada', reason: 'the venue migrates' },
        last: { exitCode: 0, endedAt: '2026-11-20T11:05:01.5Z', askedBy: null },
      },
    ],
  });
  const runs = `/api/v1/duties/${encodeURIComponent('check bybit')}/runs`;
  const first = await ask<{ next: string }>(parts, `${runs}?limit=1`);
  expect(await ask(parts, `${runs}?limit=1&cursor=${first.next}`)).toMatchObject({
    items: [{ n: 1, exitCode: 3 }],
  });
  expect((await problemAt(parts, '/api/v1/duties/rest/runs')).more['names']).toEqual([duty.name]);
});

test('RD24 aged positions: phase, what comes next, and why nothing is sent', async () => {
  const desk = await openDesk(
    {
      ...{ kind: 'instrument', venue: 'bybit', instrument: perp, type: 'linear' },
      ...{ base: 'BTC', quote: 'USDT', settle: 'USDT', multiplier: '1' },
      ...{ tickSize: '0.1', lotSize: '0.001' },
    },
    cash('deposit', 'd1', '1000'),
    fill('e1'),
    mark(perp, '99', at('12:59')),
  );
  await desk.check(says(whole));
  // Opened at 09:00: aged at 12:00, and without a loss until 15:00.
  desk.clock.set(instant(at('13:00')));
  const exits = await ask<{ items: readonly Json[] }>(partsOn(desk), '/api/v1/exits');
  expect(exits).toMatchObject({
    ...{ acting: false, why: expect.stringContaining('exits'), asOf: at('12:00') },
    items: [
      {
        ...{ instrument: perp, ageSeconds: 14_400, phase: 'grace', quantity: '1' },
        ...{ nextPhaseAt: '2026-11-20T15:00:00Z', mark: '99', order: null },
        // 100 x (1 + 2 x 0.0005)
        targetPrice: '100.1',
      },
    ],
  });
});

test('RD24 the policy and what it spent, as the command prints them', async () => {
  const parts = partsOn(await openDesk());
  expect(await ask(parts, '/api/v1/policy')).toMatchObject({
    table: expect.arrayContaining([expect.objectContaining({ decision: 'book' })]),
    accounts: [{ account: 'main', stopped: null, lastDay: { rows: { count: 0 } } }],
  });
});
