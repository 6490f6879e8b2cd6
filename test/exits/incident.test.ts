/** The figures of the incident by these rules: what fits them, and what does not. */
import { describe, expect, test } from 'vitest';
import {
  add,
  divideHalfEven,
  fromInteger,
  multiply,
  one,
  roundHalfEven,
} from '../../src/decimal/decimal.ts';
import { decimal, toText } from '../../src/decimal/text.ts';
import { phaseAt, toleratedLoss, usualExitRules } from '../../src/exits/rules.ts';
import { fromMilliseconds, instant } from '../../src/model/instant.ts';
import { roundPrice } from '../../src/model/steps.ts';

const seen = instant('2025-10-13T15:24:49Z');
const minutes = (count: number) => fromMilliseconds(count * 60_000);

/** In hours, to two digits. */
const hoursOf = (age: bigint) =>
  toText(divideHalfEven(fromInteger(age), fromInteger(minutes(60)), 2));

describe('ages at the moment at which the difference was seen', () => {
  test.each([
    // 15:24:49 - 00:50:07 = 14 h 34 min 42 s; less 6 h: 8.578333 h x 0.5 % = 4.289 %
    ['SCA', '2025-10-13T00:50:07Z', '14.58', 'liquidation', '4.2892'],
    // to 15:24:49 the next day: 19 h 26 min 4 s; less 6 h: 13.434444 x 0.5 % + 3.434444 x 0.1 %
    ['AGI', '2025-10-12T19:58:45Z', '19.43', 'liquidation', '7.0607'],
    // 2 h 16 min 14 s: not aged, whatever the report said of 6 h
    ['HNT', '2025-10-13T13:08:35Z', '2.27', 'young', null],
  ])('EX14 %s opened at %s: %s h, %s', (_symbol, openedAt, hours, phase, percent) => {
    const age = seen - instant(openedAt);
    const at = phaseAt(age, usualExitRules);
    const loss = at.loss === null ? null : multiply(at.loss, decimal('100'));
    expect([hoursOf(age), at.phase]).toEqual([hours, phase]);
    expect(loss === null ? null : toText(roundHalfEven(loss, 4))).toBe(percent);
  });

  test('EX14 read by the log, four hours ahead, HNT would be aged: the clocks decide it', () => {
    const age = instant('2025-10-13T19:24:49Z') - instant('2025-10-13T13:08:35Z');
    expect([hoursOf(age), phaseAt(age, usualExitRules).phase]).toEqual(['6.27', 'liquidation']);
  });
});

describe('the limits that rested', () => {
  const quoted = (entry: string, openedAt: string, after: bigint) => {
    const age = instant(openedAt) + after;
    const loss = toleratedLoss(age - instant(openedAt) - minutes(360), usualExitRules);
    const limit = multiply(decimal(entry), add(one, loss));
    return toText(roundPrice(limit, 'buy', decimal('0.00001')));
  };
  const age = (openedAt: string, at: string) => instant(at) - instant(openedAt);
  const sca = '2025-10-13T00:50:07Z';
  const agi = '2025-10-12T19:58:45Z';

  test('EX14 the entries that they stand for, rounded to the tick, give them back', () => {
    // SCA: 0.09476 / 1.042944 = 0.090858...; AGI: 0.04784 / 1.070669 = 0.044682...
    expect(quoted('0.090862', sca, age(sca, '2025-10-13T15:25:28Z'))).toBe('0.09476');
    expect(quoted('0.044686', agi, age(agi, '2025-10-13T15:25:29Z'))).toBe('0.04784');
  });

  test('EX14 SCA fits again 67 minutes later, not an hour; AGI does after 56', () => {
    const first = age(sca, '2025-10-13T15:25:28Z');
    expect(quoted('0.090862', sca, first + minutes(60))).toBe('0.09521');
    expect(quoted('0.090862', sca, first + minutes(67))).toBe('0.09527');
    const second = age(agi, '2025-10-13T15:25:29Z');
    // An hour of the faster steps is 0.6 %: 0.044686 x 1.076669 = 0.048112...
    expect(quoted('0.044686', agi, second + minutes(60))).toBe('0.04811');
    expect(quoted('0.044686', agi, second + minutes(56))).toBe('0.04809');
  });
});
