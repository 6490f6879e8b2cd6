import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instant, instantText, instantTextOrNull } from '../../src/model/instant.ts';
import { isZone } from '../../src/model/zone.ts';
import { zoneOfFile } from '../../src/sources/sqlite/zone-of-file.ts';
import { instantOfText, isNaive, textOfInstant, timeFormOf } from '../../src/sources/time-text.ts';

const utcOf = (text: string, zone = 'UTC') => instantTextOrNull(instantOfText(text, zone));

test.each([
  ['2026-01-10T16:05:12.123456+00:00', '2026-01-10T16:05:12.123456Z'],
  ['2026-01-10 16:05:12Z', '2026-01-10T16:05:12Z'],
  ['2026-01-10 16:05:12+04', '2026-01-10T12:05:12Z'],
  ['2026-01-10 16:05:12 -0530', '2026-01-10T21:35:12Z'],
  ['2026-01-10 16:05', '2026-01-10T16:05:00Z'],
  ['2026-01-10', '2026-01-10T00:00:00Z'],
  ['1768061112', '2026-01-10T16:05:12Z'],
  ['1768061112.5', '2026-01-10T16:05:12.5Z'],
  ['1768061112123', '2026-01-10T16:05:12.123Z'],
  ['1768061112123456', '2026-01-10T16:05:12.123456Z'],
  ['1768061112123456789', '2026-01-10T16:05:12.123456789Z'],
  ['2026-02-30 00:00:00', null],
  ['2026', null],
  ['20260110', null],
  ['yesterday', null],
  ['', null],
])('Q11 %j is %s', (text, at) => {
  expect(utcOf(text)).toBe(at);
});

describe('zones', () => {
  test.each([
    // 29 March 2026: Berlin goes from 02:00 (+01:00) to 03:00 (+02:00)
    ['2026-03-29 01:59:59', 'Europe/Berlin', '2026-03-29T00:59:59Z'],
    ['2026-03-29 02:30:00', 'Europe/Berlin', '2026-03-29T01:30:00Z'], // skipped: 02:30 - 1 h
    ['2026-03-29 03:00:00', 'Europe/Berlin', '2026-03-29T01:00:00Z'],
    // 25 October 2026: from 03:00 (+02:00) back to 02:00 (+01:00)
    ['2026-10-25 02:30:00', 'Europe/Berlin', '2026-10-25T00:30:00Z'], // twice: the first
    ['2026-10-25 03:00:00', 'Europe/Berlin', '2026-10-25T02:00:00Z'],
    // New York: 8 March and 1 November 2026
    ['2026-03-08 02:15:00', 'America/New_York', '2026-03-08T07:15:00Z'],
    ['2026-11-01 01:15:00', 'America/New_York', '2026-11-01T05:15:00Z'],
    // Lord Howe changes by half an hour: from 02:00 (+10:30) to 02:30 (+11:00)
    ['2026-10-04 02:15:00', 'Australia/Lord_Howe', '2026-10-03T15:45:00Z'],
    ['2026-01-10 12:00:00', '+05:45', '2026-01-10T06:15:00Z'],
    ['2026-01-10 12:00:00', '-0930', '2026-01-10T21:30:00Z'],
    ['2026-01-10', 'Asia/Tokyo', '2026-01-09T15:00:00Z'],
  ])('Q22 %s in %s is %s', (text, zone, at) => {
    expect(utcOf(text, zone)).toBe(at);
  });

  test('Q11 an offset in the text needs no zone', () => {
    expect(utcOf('2026-01-10 12:00:00+01:00', 'Asia/Tokyo')).toBe('2026-01-10T11:00:00Z');
    expect(isNaive('2026-01-10 12:00:00+01:00')).toBe(false);
    expect(['2026-01-10', '2026-01-10 12:00:00'].every(isNaive)).toBe(true);
  });

  test('Q11 zones are names and offsets that exist', () => {
    expect(['UTC', 'Europe/Berlin', '+04:00', '-0330'].every(isZone)).toBe(true);
    expect(['', 'Mars', '+99:00', '4', 'Europe/Nowhere'].some(isZone)).toBe(false);
  });

  test('Q12 what is written in a form is the same moment when it is read', () => {
    const forms = [
      '2026-01-10T16:05:12.123456',
      '2026-01-10 16:05:12.123456789+04:00',
      '2026-01-10T16:05:12.123Z',
      '1768061112123456789',
    ];
    const seconds = fc.integer({ min: 1_000_000_000, max: 4_000_000_000 });
    const zones = fc.constantFrom('UTC', '+05:45', 'Asia/Tokyo', 'Africa/Abidjan');
    fc.assert(
      fc.property(fc.constantFrom(...forms), seconds, zones, (like, second, zone) => {
        const at = BigInt(second) * 1_000_000_000n + 123_000_000n;
        const text = textOfInstant(at, timeFormOf(like)!, zone);
        expect(instantOfText(text, zone)).toBe(at);
        expect(timeFormOf(text)).toEqual(timeFormOf(like));
      }),
    );
  });

  test.each([
    ['2026-01-10', '2026-01-13'],
    ['2026-01-10 16:05:12', '2026-01-13 06:00:00'],
    ['2026-01-10T16:05:12.123456', '2026-01-13T06:00:00.250000'],
    ['2026-01-10T16:05:12Z', '2026-01-12T21:00:00Z'],
    ['2026-01-10T16:05:12.123456+00:00', '2026-01-12T21:00:00.250000+00:00'],
    ['2026-01-10 16:05:12-05', '2026-01-12 16:00:00-05'],
    ['1768061112', '1768251600'],
    ['1768061112.75', '1768251600.25'],
    ['1768061112123', '1768251600250'],
  ])('Q12 in a column of %s it is %s', (present, written) => {
    const at = instant('2026-01-12T21:00:00.25Z');
    expect(textOfInstant(at, timeFormOf(present)!, 'Asia/Tokyo')).toBe(written);
  });
});

describe('the zone that a file tells', () => {
  const modified = (text: string) => Number(instant(text) / 1_000_000n);
  test.each([
    // stamped at 16:05:12 by its wall clock, written to the file seconds later
    ['2026-01-10 16:05:12', '2026-01-10T21:05:13Z', '-05:00'],
    ['2026-01-10T16:05:12.123', '2026-01-10T10:20:30Z', '+05:45'],
    ['2026-01-10 16:05:12', '2026-01-10T16:05:12Z', 'UTC'],
    ['2026-01-10 16:05:12', '2026-01-10T16:05:11Z', 'UTC'], // a clock a second apart
    ['2026-01-10 16:05:12', '2026-01-10T18:45:12Z', null], // 2:40 is nobody's offset
    ['2026-01-10 16:05:12', '2026-01-10T21:12:00Z', null], // written minutes after its stamp
    ['2026-01-10 16:05:12', '2026-01-10T17:20:13Z', null], // -01:15 is nobody's offset
    ['2026-01-10 16:05:12', '2026-01-12T16:05:12Z', null], // two days later
    ['2026-01-10', '2026-01-10T05:00:00Z', null], // a day tells no time
    ['nothing', '2026-01-10T05:00:00Z', null],
  ])('Q11 %s in a file of %s is in %s', (stamp, written, zone) => {
    const found = zoneOfFile(stamp, modified(written));
    expect(found?.name ?? null).toBe(zone);
    if (zone !== null) expect(found!.because).toContain(stamp);
  });

  test('Q11 no time, no zone', () => {
    expect(zoneOfFile(null, modified('2026-01-10T05:00:00Z'))).toBeNull();
    expect(instantText(instantOfText('2026-01-10', '-05:00')!)).toBe('2026-01-10T05:00:00Z');
  });
});
