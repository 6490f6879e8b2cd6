import { describe, expect, test } from 'vitest';
import { scaleOf } from '../../dashboard/pages/equity/waterfall-scale.ts';
import { eventIn } from '../../dashboard/state/server-events.ts';
import { csvOf, ndjsonOf } from '../../dashboard/words/exports.ts';
import { absoluteText, clockText, relativeText, spanText } from '../../dashboard/words/times.ts';

test.each([
  [0.4, '0 s'],
  [59, '59 s'],
  [155, '2 m 35 s'],
  [842, '14 m'],
  [3_600, '1 h 00 m'],
  [532_800, '6 d 04 h'],
])('UI3 %d seconds are said as %s', (seconds, said) => {
  expect(spanText(seconds)).toBe(said);
});

test('UI3 a time is said from now, before and after', () => {
  const now = Date.parse('2026-11-20T06:41:07Z');
  expect(relativeText('2026-11-20T06:41:04Z', now)).toBe('3 s ago');
  expect(relativeText('2026-11-20T06:41:34Z', now)).toBe('in 27 s');
  expect(absoluteText('2026-11-19T00:00:00.123456Z', 'utc')).toBe('2026-11-19 00:00:00Z');
  expect(clockText('2026-11-20T06:38:02.114Z', 'utc', now)).toBe('06:38:02Z');
  expect(clockText('2026-11-19T06:38:02Z', 'utc', now)).toBe('2026-11-19 06:38');
});

describe('a server-sent event', () => {
  test.each([
    ['id: ab12-7\nevent: entry\ndata: {"a":1}', { id: 'ab12-7', name: 'entry', data: '{"a":1}' }],
    ['event: reset\ndata: {}', { id: null, name: 'reset', data: '{}' }],
    ['data: a\ndata: b', { id: null, name: 'message', data: 'a\nb' }],
    [': still here', null],
    ['retry: 2000', null],
  ])('UI7 %j is read', (block, event) => {
    expect(eventIn(block)).toEqual(event);
  });
});

test('UI2 an export holds each row as it is, and no cell that a sheet would run', () => {
  const row = {
    ...{ account: 'main', sequence: 7, recordedAt: '2026-11-20T06:41:07Z', effectiveAt: null },
    ...{ kind: 'remark', id: 'r1', what: '=1+1, "quoted"', reason: null, by: '-mara' },
    ...{ causedBy: null, hash: 'ab12' },
  };
  const [head, line] = csvOf([row]).split('\r\n');
  expect(head).toContain('"account","sequence","recordedAt"');
  expect(line).toBe(
    `"main","7","2026-11-20T06:41:07Z","","remark","r1","'=1+1, ""quoted""","","'-mara","","ab12"`,
  );
  expect(JSON.parse(ndjsonOf([row]))).toEqual(row);
});

describe('UI18 the bridge', () => {
  test.each([
    // 100 to 120, a quarter of the span below the least: 100 - 20 x 0.25.
    ['begins a little below', [100, 120, 120], [100, 120], { base: 95, least: 95, most: 120 }],
    ['stands on zero where an end is zero', [0, 50, 50], [0, 50], { base: 0, least: 0, most: 50 }],
    ['has no height where all is zero', [0, 0], [0, 0], { base: 0, least: 0, most: 0 }],
    ['hangs from zero', [-5, -20, 10], [-5, 10], { base: 0, least: -20, most: 10 }],
    ['hangs from zero below it', [-5, -20], [-5, -20], { base: 0, least: -20, most: 0 }],
    ['is seen where nothing happened', [8, 8], [8, 8], { base: 6, least: 6, most: 8 }],
  ])('UI18 %s', (_, values, ends, scale) => {
    expect(scaleOf(values, ends)).toEqual(scale);
  });
});
