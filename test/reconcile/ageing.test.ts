/** Classes of age, and what danger to trading adds to severity. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { add, zero } from '../../src/decimal/decimal.ts';
import { decimal, toText } from '../../src/decimal/text.ts';
import type { Break, Line } from '../../src/model/break.ts';
import { agedOf, bucketOf } from '../../src/reconcile/ageing.ts';
import {
  severityByAge,
  severityByDanger,
  severityByValue,
  severityOf,
} from '../../src/reconcile/severity.ts';
import { at, checked, optionsAt } from './kit.ts';
import { ledgerOfStory, readStory, statementOf } from './scenario.ts';

const story = readStory('both deposit USDT 100 at 10\nsays balance USDT 97');
const [one] = checked(ledgerOfStory(story), statementOf(story), optionsAt(at(100))).breaks;

const aged = (seconds: number, changes: Partial<Break> = {}): Break => ({
  ...{ ...one!, openedAt: at(10_000_000 - seconds) },
  ...changes,
});
const now = at(10_000_000);

test.each([
  [0, '0-5 m'],
  [299, '0-5 m'],
  [300, '5-60 m'],
  [3_599, '5-60 m'],
  [3_600, '1-24 h'],
  [86_399, '1-24 h'],
  [86_400, '1-7 d'],
  [604_799, '1-7 d'],
  [604_800, '>7 d'],
  [-60, '0-5 m'], // a clock that was set back
])('PO11 a break of %i s is counted under %s', (seconds, bucket) => {
  expect(bucketOf(aged(seconds), now)).toBe(bucket);
});

test('PO11 what settles is counted apart, whatever its age', () => {
  expect(bucketOf(aged(700_000, { state: 'SETTLING' }), now)).toBe('settling');
});

test('PO11 every break is in one class, and the sums are those of all', () => {
  const ages = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { maxLength: 20 });
  fc.assert(
    fc.property(ages, (seconds) => {
      const all = agedOf(
        seconds.map((each) => aged(each)),
        now,
      );
      expect(all.map(({ bucket }) => bucket)).toEqual([
        ...['settling', '0-5 m', '5-60 m', '1-24 h', '1-7 d', '>7 d'],
      ]);
      expect(all.reduce((sum, { breaks }) => sum + breaks, 0)).toBe(seconds.length);
      const gross = all.reduce((sum, each) => add(sum, each.gross!), zero);
      expect(toText(gross)).toBe(String(3 * seconds.length));
    }),
  );
});

test('PO11 a sum of which a part has no price is unknown', () => {
  const [, young] = agedOf([aged(1), aged(2, { gross: null })], now);
  expect(young).toEqual({ bucket: '0-5 m', breaks: 2, gross: null });
});

const line = (what: Line['what'], ours = '1', theirs = '2'): Line => ({
  ...one!.lines[0]!,
  ...{ what, ours: decimal(ours), theirs: decimal(theirs) },
});

test.each([
  [[line('position', '4160', '3160')], 'medium', 'open, the same way'],
  [[line('position', '-5', '5')], 'high', 'the other way round'],
  [[line('position', '5', '0')], 'medium', 'a phantom'],
  [[line('balance')], 'medium', 'a balance'],
  [[line('order')], 'medium', 'an order'],
  [[line('total')], 'medium', 'a total'],
  [[line('fill')], 'medium', 'a fact, which moves what is held'],
  [[line('average-price')], 'low', 'an average price'],
  [[line('performance')], 'low', 'history'],
  [[line('price')], 'low', 'a price'],
  [[line('average-price'), line('position')], 'medium', 'beside a position'],
] as const)('PO11 of 150 at stake, young: %#', (lines, severity, why) => {
  expect([why, severityOf(decimal('150'), 0, lines)]).toEqual([why, severity]);
});

test('PO11 no row is without a reason, and severity stays within its levels', () => {
  const rows = [...severityByValue, ...severityByAge, ...severityByDanger];
  for (const { because } of rows) expect(because).not.toBe('');
  expect(severityOf(decimal('1'), 0, [line('price')])).toBe('low');
  expect(severityOf(decimal('99999'), 999_999, [line('position', '-5', '5')])).toBe('critical');
});
