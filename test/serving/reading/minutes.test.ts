import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toTextOrNull } from '../../../src/decimal/text.ts';
import type { Verdict } from '../../../src/reconcile/verdict.ts';
import {
  percentTrue,
  SpansBuilder,
  timeTrue,
} from '../../../src/service/serving/views/minutes-true.ts';

const second = 1_000_000_000n;
const minute = 60n * second;
const day = 1_440n * minute;

interface Check {
  readonly minute: number;
  readonly verdict: Verdict;
}

/** Percent of a day; a check counts as fresh for five minutes. */
function percentOf(checks: readonly Check[], now = day): string | null {
  const builder = new SpansBuilder(300_000);
  for (const one of checks) builder.add({ at: BigInt(one.minute) * minute, verdict: one.verdict });
  return toTextOrNull(percentTrue(timeTrue(builder.upTo(now), 0n, day)));
}

const every = (verdict: Verdict, from: number, to: number): Check[] =>
  Array.from({ length: to - from }, (_, index) => ({ minute: from + index, verdict }));

test.each<[string, readonly Check[], string | null]>([
  ['nobody checked', [], null],
  ['true all day', every('true', 0, 1_440), '100'],
  // 1,438 of 1,440 minutes: 99.8611..., cut
  ['two minutes of a break', [...every('break', 0, 2), ...every('true', 2, 1_440)], '99.8611'],
  // Silence counts neither way: 5 minutes are known, and all of them were true.
  ['one check, then silence', [{ minute: 0, verdict: 'true' }], '100'],
  ['a check that could not say', [{ minute: 0, verdict: 'cannot-say' }], null],
  // 5 true + 5 break, with silence between them
  [
    'half of what is known',
    [
      { minute: 0, verdict: 'true' },
      { minute: 60, verdict: 'break' },
    ],
    '50',
  ],
  // What nobody could say ends what was said before it: 1 of 1 + 5 minutes.
  [
    'an answer that failed',
    [
      { minute: 0, verdict: 'true' },
      { minute: 1, verdict: 'cannot-say' },
      { minute: 2, verdict: 'break' },
    ],
    '16.6666',
  ],
])('RD6 percent of the time that is known: %s', (_, checks, percent) => {
  expect(percentOf(checks)).toBe(percent);
});

test('RD6 what is not wholly true is never shown as 100', () => {
  const builder = new SpansBuilder(300_000);
  builder.add({ at: 0n, verdict: 'true' });
  for (let at = minute; at < day; at += minute) builder.add({ at, verdict: 'true' });
  builder.add({ at: day - 1n, verdict: 'break' });
  const share = percentTrue(timeTrue(builder.upTo(day), 0n, day));
  expect(toTextOrNull(share)).toBe('99.9999');
});

test('RD6 days add up to the time that holds them, however it is cut', () => {
  const verdicts = fc.constantFrom<Verdict>('true', 'break', 'cannot-say');
  const checks = fc.array(fc.tuple(fc.integer({ min: 1, max: 900 }), verdicts), { maxLength: 40 });
  fc.assert(
    fc.property(checks, fc.integer({ min: 1, max: 20_000 }), (gaps, cut) => {
      const builder = new SpansBuilder(300_000);
      let at = 0n;
      for (const [gap, verdict] of gaps) {
        at += BigInt(gap) * second;
        builder.add({ at, verdict });
      }
      const [middle, end] = [BigInt(cut) * second, at + 600n * second];
      const spans = builder.upTo(end);
      const [first, rest] = [timeTrue(spans, 0n, middle), timeTrue(spans, middle, end + middle)];
      const whole = timeTrue(spans, 0n, end + middle);
      expect(first.known + rest.known).toBe(whole.known);
      expect(first.true + rest.true).toBe(whole.true);
      expect(whole.true <= whole.known && whole.known <= end).toBe(true);
    }),
    { numRuns: 200 },
  );
});
