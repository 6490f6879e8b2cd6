/** The duty that leaves aged positions: a paper exchange of now, and a book beside it. */

import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { dutyTable } from '../../../src/service/duties/duty-table.ts';
import { leaveAged } from '../../../src/service/duties/exit-duty.ts';
import { openForWriting } from '../../../src/service/open-for-writing.ts';
import { readerOnce } from '../../../src/service/reading.ts';
import { systemClock } from '../../../src/service/system-clock.ts';
import { VenueDesk } from '../../../src/service/venues/desk.ts';
import { parseVenueSettings } from '../../../src/service/venues/settings.ts';
import { Ground, refuses } from '../exiting/double.ts';
import { bookPath, markMaxAgeMs } from '../held-book.ts';
import { dutyBench, dutyOptions, fakeSource, gone } from './duty-kit.ts';

const paths: string[] = [];
afterAll(() => {
  for (const path of paths) rmSync(dirname(path), { recursive: true, force: true });
});

function stand(
  hours: number,
  changes: object = { exits: { enabled: true, ownOrders: ['entry'] } },
) {
  const market = new Ground('-4160', { lives: { clock: systemClock, sinceHours: hours } });
  market.wait(hours);
  const main = { exchange: 'bybit', account: 'main', readOnly: false, confirm: '1ms', ...changes };
  const read = parseVenueSettings({ main }, 'x');
  if (!read.ok) throw new Error(read.refusal.message);
  const book = bookPath();
  paths.push(book);
  const holding = { clock: systemClock, holder: 'test', programVersion: 'test', markMaxAgeMs };
  const desk = new VenueDesk({
    ...{ name: 'paper', opened: { venue: market.venue, settings: read.value['main']! }, book },
    ...{ markMaxAgeMs, clock: systemClock, programVersion: 'test' },
    reader: readerOnce(book, systemClock),
    openWriter: () => openForWriting(book, { ...holding, create: true }),
  });
  const bench = dutyBench(fakeSource(gone()));
  const run = () => leaveAged(desk).run(bench.context);
  return { market, desk, run, ...bench };
}

test('EX22 it leaves what is aged, and says so', async () => {
  const { market, run, log, alerts } = stand(7);
  const sentence = expect.stringMatching(/^paper: 1 aged, AGI\/USDT:USDT create placed$/);
  expect(await run()).toEqual({ exitCode: 0, sentence });
  expect(market.open()).toEqual(['buy 4160 of 4160 @ 0.05025']);
  expect(log.said().at(-1)).toMatch(/^exits.done: paper: 1 aged/);
  expect(await run()).toMatchObject({ exitCode: 0, sentence: 'paper: 1 aged, nothing was done' });
  expect(alerts.take()).toEqual([]);
});

test('EX22 a refused order, or a paused position, is one case until it is not', async () => {
  const { market, run, alerts } = stand(7);
  market.hooks = { 'place 1': refuses('110007', 'not enough'), 'place 2': refuses('10024', 'law') };
  expect((await run()).exitCode).toBe(1);
  expect(alerts.take()).toEqual(['+ exit-not-made']);
  expect((await run()).exitCode).toBe(0);
  const [told] = [...alerts.cases.values()];
  expect(told!.lines.join('\n')).toMatch(/AGI\/USDT:USDT net is paused until .*: law \(10024\)/);
});

test('EX22 it is there only where orders may be sent, every hour, after the pull', () => {
  const exits = { enabled: true };
  const names = (changes: object) => {
    const { desk } = stand(1, changes);
    const venues = { desks: [desk], intervalMinutes: 5, checkIntervalMinutes: 5, listen: false };
    return dutyTable(dutyOptions({ hasSource: false, venues })).map(({ name }) => name);
  };
  expect(names({ exits })).toEqual(['venue-update paper', 'check paper', 'exit paper', 'report']);
  expect(names({ exits, readOnly: true })).toEqual(['venue-update paper', 'check paper', 'report']);
  expect(names({ exits: { enabled: false } })).toEqual([
    'venue-update paper',
    'check paper',
    'report',
  ]);
  expect(names({})).toEqual(['venue-update paper', 'check paper', 'report']);
  expect(leaveAged(stand(1).desk).timetable).toEqual({ kind: 'every', ms: 3_600_000 });
});
