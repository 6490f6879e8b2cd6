import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Instant, instant, instantText } from '../../../src/model/instant.ts';
import { isZone } from '../../../src/model/zone.ts';
import { isTimeOfDay } from '../../../src/service/duration.ts';
import {
  everyMinutes,
  nextSlot,
  slotAt,
  slotsBetween,
  type Timetable,
  timetableText,
} from '../../../src/service/duties/timetable.ts';

const daily = (at: string, zone: string): Timetable => ({ kind: 'daily', at, zone });

function slotsFrom(timetable: Timetable, from: string, count: number): readonly string[] {
  const slots: Instant[] = [];
  for (let at = instant(from); slots.length < count; ) {
    at = nextSlot(timetable, at);
    slots.push(at);
  }
  return slots.map(instantText);
}

describe('O1 slots are multiples of the interval on the clock, whenever the service began', () => {
  test.each([
    // interval, asked at, next three
    [5, '2026-01-12T10:00:00Z', ['10:05', '10:10', '10:15']],
    [5, '2026-01-12T10:03:17.123456789Z', ['10:05', '10:10', '10:15']],
    [5, '2026-01-12T10:04:59.999999999Z', ['10:05', '10:10', '10:15']],
    [15, '2026-01-12T10:01:00Z', ['10:15', '10:30', '10:45']],
    [1, '2026-01-12T10:00:30Z', ['10:01', '10:02', '10:03']],
    // 60 does not divide by 7: the multiples count from 1970, so that restarts agree
    [7, '2026-01-12T10:00:00Z', ['10:03', '10:10', '10:17']],
    [720, '2026-01-12T00:00:01Z', ['12:00', '00:00', '12:00']],
  ])('O1 every %i minutes after %s', (minutes, from, next) => {
    const slots = slotsFrom(everyMinutes(minutes), from, 3);
    expect(slots.map((slot) => slot.slice(11, 16))).toEqual(next);
  });
});

describe('O2 a daily time is that of its zone, through changes of clock', () => {
  test.each([
    // Berlin is +01:00, in summer +02:00: from 2026-03-29 02:00 to 2026-10-25 03:00
    ['00:05', 'UTC', '2026-01-11T12:00:00Z', ['2026-01-12T00:05:00Z', '2026-01-13T00:05:00Z']],
    [
      '00:05',
      'Europe/Berlin',
      '2026-03-28T12:00:00Z',
      ['2026-03-28T23:05:00Z', '2026-03-29T22:05:00Z'],
    ],
    [
      '00:05',
      'Europe/Berlin',
      '2026-10-24T12:00:00Z',
      ['2026-10-24T22:05:00Z', '2026-10-25T23:05:00Z'],
    ],
    // 02:30 is not there on the day the clocks go forward: it runs as the hour ends, once
    [
      '02:30',
      'Europe/Berlin',
      '2026-03-28T12:00:00Z',
      ['2026-03-29T01:00:00Z', '2026-03-30T00:30:00Z'],
    ],
    // 02:30 is there twice on the day they go back: it runs the first time only
    [
      '02:30',
      'Europe/Berlin',
      '2026-10-24T12:00:00Z',
      ['2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z'],
    ],
    // midnight itself was skipped: Sao Paulo, 2018-11-04 00:00 -> 01:00 (-03:00 to -02:00)
    [
      '00:05',
      'America/Sao_Paulo',
      '2018-11-03T12:00:00Z',
      ['2018-11-04T03:00:00Z', '2018-11-05T02:05:00Z'],
    ],
    ['23:45', 'Asia/Kathmandu', '2026-01-12T00:00:00Z', ['2026-01-12T18:00:00Z']],
  ])('O2 %s %s after %s', (at, zone, from, next) => {
    expect(slotsFrom(daily(at, zone), from, next.length)).toEqual(next);
  });
});

const timetables = fc.oneof(
  fc.integer({ min: 1, max: 1440 }).map(everyMinutes),
  fc
    .tuple(
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 0, max: 59 }),
      fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'),
    )
    .map(([h, m, zone]) =>
      daily(`${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`, zone),
    ),
);
const first = Number(instant('2025-01-01T00:00:00Z') / 1_000_000n);
const year = 366 * 86_400_000;
const instants = fc
  .tuple(fc.integer({ min: first, max: first + 2 * year }), fc.integer({ min: 0, max: 999_999 }))
  .map(([ms, ns]) => BigInt(ms) * 1_000_000n + BigInt(ns));

test('O1 O2 slot, instant and next slot are in this order, with none between', () => {
  fc.assert(
    fc.property(timetables, instants, (timetable, at) => {
      const [slot, next] = [slotAt(timetable, at), nextSlot(timetable, at)];
      expect(slot <= at && at < next).toBe(true);
      expect(slotAt(timetable, slot)).toBe(slot);
      expect(nextSlot(timetable, slot)).toBe(next);
      expect(slotsBetween(timetable, slot, next)).toBeNull();
    }),
    { numRuns: 300 },
  );
});

test('O4 slots between two instants are counted as they are listed', () => {
  fc.assert(
    fc.property(timetables, instants, fc.integer({ min: 0, max: 5 }), (timetable, at, count) => {
      const slots: Instant[] = [];
      let end = nextSlot(timetable, at);
      for (; slots.length < count; end = nextSlot(timetable, end)) slots.push(end);
      const between = slotsBetween(timetable, at, end);
      expect(between).toEqual(
        count === 0 ? null : { count, first: slots[0], last: slots[count - 1] },
      );
    }),
    { numRuns: 200 },
  );
});

test('O1 O2 a timetable in words, and what is none', () => {
  expect(timetableText(everyMinutes(5))).toBe('every 5 minutes');
  expect(timetableText(everyMinutes(1))).toBe('every minute');
  expect(timetableText(daily('00:05', 'Europe/Berlin'))).toBe('daily at 00:05 Europe/Berlin');
  expect(['00:05', '23:59', '24:00', '9:00', '12:60', ''].map(isTimeOfDay)).toEqual([
    ...[true, true, false, false, false, false],
  ]);
  expect(['UTC', 'Europe/Berlin', 'Mars/Olympus', ''].map(isZone)).toEqual([
    ...[true, true, false, false],
  ]);
});
