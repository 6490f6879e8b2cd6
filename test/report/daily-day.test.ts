import { expect, test } from 'vitest';
import { instantText } from '../../src/model/instant.ts';
import { dayOf } from '../../src/report/daily-report-day.ts';

test.each([
  ['UTC', '2026-03-29', '2026-03-29T00:00:00Z', 24],
  ['Europe/Berlin', '2026-03-28', '2026-03-27T23:00:00Z', 24],
  ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00Z', 23],
  ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00Z', 25],
  ['America/New_York', '2026-03-08', '2026-03-08T05:00:00Z', 23],
  ['America/New_York', '2026-11-01', '2026-11-01T04:00:00Z', 25],
  // Clocks go from 24:00 to 01:00: the day has no midnight.
  ['Asia/Beirut', '2026-03-29', '2026-03-28T22:00:00Z', 23],
  // And from 24:00 back to 23:00.
  ['Asia/Beirut', '2026-10-24', '2026-10-23T21:00:00Z', 25],
  ['Australia/Lord_Howe', '2026-04-05', '2026-04-04T13:00:00Z', 24.5],
  ['Asia/Kathmandu', '2026-01-12', '2026-01-11T18:15:00Z', 24],
  ['+04:00', '2026-01-12', '2026-01-11T20:00:00Z', 24],
  // The whole island went over the date line: this day never was.
  ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00Z', 0],
  ['UTC', '2024-02-29', '2024-02-29T00:00:00Z', 24],
])('A24 in %s %s begins at %s and has %d hours', (zone, date, from, hours) => {
  const day = dayOf(date, zone)!;
  expect(instantText(day.from)).toBe(from);
  expect(Number(day.to - day.from) / 3.6e12).toBe(hours);
});

test.each([
  ['2026-02-29', 'UTC'],
  ['2026-13-01', 'UTC'],
  ['2026-1-1', 'UTC'],
  ['today', 'UTC'],
  ['2026-01-12', 'Europe/Nowhere'],
  ['2026-01-12', ''],
])('A24 %s in %j is no day', (date, zone) => {
  expect(dayOf(date, zone)).toBeNull();
});
