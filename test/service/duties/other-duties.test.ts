import { readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { instant } from '../../../src/model/instant.ts';
import { dayReporter } from '../../../src/service/duties/day-reporter.ts';
import type { DayReporter, Duty } from '../../../src/service/duties/duty.ts';
import { dutyTable } from '../../../src/service/duties/duty-table.ts';
import { performDuty } from '../../../src/service/duties/performing.ts';
import { dayBefore, writeReport } from '../../../src/service/duties/report-duty.ts';
import { recordPerformance, refreshPrices } from '../../../src/service/duties/source-duties.ts';
import { timetableText } from '../../../src/service/duties/timetable.ts';
import { sourceAccountFact } from '../../../src/service/source/source-book.ts';
import { accountOf, incident, position, snapshotOf } from '../../reconcile/source-kit.ts';
import { holdBook } from '../held-book.ts';
import { dutyBench, dutyOptions, fakeSource } from './duty-kit.ts';

const prices = { name: 'quotes.csv', prices: async () => [] };

const tableOf = (parts: Parameters<typeof dutyOptions>[0]): readonly Duty[] =>
  dutyTable(dutyOptions(parts));

test('O9 the table: every duty has its times, and a reason', () => {
  const table = tableOf({ prices, repair: 'auto' });
  expect(table.map(({ name, timetable }) => `${name}, ${timetableText(timetable)}`)).toEqual([
    ...['prices, every 5 minutes', 'balance, every 5 minutes'],
    ...['performance, every 15 minutes', 'report, daily at 00:05 UTC'],
  ]);
  for (const { rationale } of table) expect(rationale).toMatch(/^[A-Z].{30,}\.$/);
});

test('O9 prices are written only where writing was allowed, and else only used', async () => {
  expect(tableOf({ prices, repair: 'never' }).map(({ name }) => name)).not.toContain('prices');
  expect(tableOf({ prices: null, repair: 'auto' }).map(({ name }) => name)).not.toContain('prices');
  for (const [repair, calls] of [
    ['never', ['check with quotes.csv', 'close', 'record with quotes.csv', 'close']],
    ['auto', ['update with quotes.csv', 'close', 'check', 'close', 'record', 'close']],
  ] as const) {
    // 10 x 5 + 1,000
    const right = accountOf({ cash: '1000', total: '1050', positions: [position('A', '10', '5')] });
    const source = fakeSource(snapshotOf([right]));
    const { context } = dutyBench(source, { prices, repair });
    for (const duty of tableOf({ prices, repair })) {
      if (duty.name !== 'report') await duty.run(context);
    }
    expect(source.calls).toEqual(calls);
  }
});

test('O13 a record and refreshed prices say what they wrote, or what they cannot say', async () => {
  const source = fakeSource(incident());
  const { context } = dutyBench(source, { prices, repair: 'auto' });
  expect(await recordPerformance(context)).toEqual({
    exitCode: 0,
    sentence: 'Performance recorded: total 10211.69',
  });
  const unpriced = accountOf({ cash: '1', total: '1', positions: [position('ACI', '10', null)] });
  source.seen = snapshotOf([unpriced]);
  expect(await refreshPrices(context)).toEqual({
    exitCode: 5,
    sentence: 'CANNOT SAY: nothing was written, unknown: ACI',
  });
});

test('O13 a record that fails is told at once, and cleared by the next that does not', async () => {
  const source = fakeSource(incident());
  source.failing.record = new Error('the disk is full');
  const { context, alerts } = dutyBench(source);
  const duty = tableOf({}).find(({ name }) => name === 'performance')!;
  expect((await performDuty(duty, context, null, 0)).exitCode).toBe(1);
  expect(alerts.take()).toEqual(['+ performance-not-recorded']);
  source.failing = {};
  await performDuty(duty, context, null, 1);
  expect(alerts.take()).toEqual([
    '- performance-not-recorded: performance did what it is for again',
  ]);
});

test.each([
  // slot, zone, the day that ended
  ['2026-01-12T00:05:00Z', 'UTC', '2026-01-11'],
  ['2026-01-12T23:55:00Z', 'UTC', '2026-01-11'],
  ['2026-03-01T00:05:00Z', 'UTC', '2026-02-28'],
  ['2026-01-11T23:05:00Z', 'Europe/Berlin', '2026-01-11'], // 00:05 of the 12th there
  ['2026-01-12T05:05:00Z', 'America/New_York', '2026-01-11'], // 00:05
  ['2026-03-29T22:05:00Z', 'Europe/Berlin', '2026-03-29'], // after a day of 23 hours
  ['2018-11-04T03:05:00Z', 'America/Sao_Paulo', '2018-11-03'], // a day without a midnight
])('O14 the report at %s %s is of %s', (slot, zone, day) => {
  expect(dayBefore(instant(slot), zone)).toBe(day);
});

test('O14 of a day that the book knows, in three forms; of a day before it, none', async () => {
  const held = holdBook(); // on 2026-01-12
  await held.book.record(sourceAccountFact('falcon', 'USD'));
  const folder = join(dirname(held.path), 'reports');
  const { path: book, clock } = held;
  const reporter = dayReporter({ book, clock, zone: 'UTC', folder });
  expect(await reporter.stateOf('2026-01-11')).toBe('before-book');
  expect(await reporter.stateOf('2026-01-12')).toBe('missing');
  const files = await reporter.write('2026-01-12');
  expect(files.map((file) => basename(file))).toEqual([
    ...['report-2026-01-12.md', 'report-2026-01-12.html', 'report-2026-01-12.json'],
  ]);
  expect(await reporter.stateOf('2026-01-12')).toBe('written');
  const bytes = files.map((file) => readFileSync(file, 'utf8'));
  rmSync(files[1]!);
  expect(await reporter.stateOf('2026-01-12')).toBe('missing');
  await reporter.write('2026-01-12');
  expect(files.map((file) => readFileSync(file, 'utf8'))).toEqual(bytes);
  await held.book.close();
});

test('O14 a report is written once', async () => {
  const { context } = dutyBench(fakeSource(incident()));
  const written: string[] = [];
  const reporter: DayReporter = {
    stateOf: async (day) => (written.includes(day) ? 'written' : 'missing'),
    write: async (day) => {
      written.push(day);
      return [`${day}.md`, `${day}.html`, `${day}.json`];
    },
  };
  const first = await writeReport({ ...context, reporter });
  expect(first.sentence).toBe(
    'Report of 2026-01-11 written: 2026-01-11.md, 2026-01-11.html, 2026-01-11.json',
  );
  const second = await writeReport({ ...context, reporter });
  expect(second.sentence).toBe('The report of 2026-01-11 is written already');
  expect(written).toEqual(['2026-01-11']);
  const young: DayReporter = { ...reporter, stateOf: async () => 'before-book' };
  const third = await writeReport({ ...context, reporter: young });
  expect(third.sentence).toBe('No report of 2026-01-11: the book begins later');
});
