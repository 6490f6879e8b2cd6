/** Performance histories that stopped or cannot be true, and what is told beside numbers. */
import { describe, expect, test } from 'vitest';
import { toTextOrNull } from '../../src/decimal/text.ts';
import { addMilliseconds } from '../../src/model/instant.ts';
import type { SourceAccount } from '../../src/model/source.ts';
import { checkSource } from '../../src/reconcile/source/check-source.ts';
import {
  accountOf,
  checkedOf,
  inputOf,
  looked,
  noGuard,
  priced,
  record,
  snapshotOf,
} from './source-kit.ts';

const day = 86_400_000;
const fresh = record(priced, '1');

describe('H13 H14 the history', () => {
  const history = (performance: SourceAccount['performance'], parts = {}) =>
    checkedOf(snapshotOf([accountOf({ cash: '10', total: '10', performance })]), parts);
  const hour = 3_600_000;
  const at = (ms: number) => addMilliseconds(looked, ms);

  test.each([
    ['a day', -day, false],
    ['a day and a millisecond', -day - 1, true],
  ])('H13 a record older than a day by %s', (_, age, stale) => {
    const found = history([record(at(age), '10', '10', '0')]);
    expect(found.performanceStale).toBe(stale);
    expect(found.reconciled.verdict).toBe(stale ? 'break' : 'true');
  });

  test('H13 an empty table is a hint and no break', () => {
    const checked = checkSource(inputOf(snapshotOf([accountOf({ cash: '1', total: '1' })])));
    expect(checked.accounts[0]!.reconciled).toMatchObject({ verdict: 'true', breaks: [] });
    expect(checked.hints).toContain(
      'account 1 has no performance record: performance --record adds one',
    );
  });

  test('H13 ages that are not judged are no break', () => {
    const found = history([record(at(-90 * day), '10')], { performanceMaxAgeMs: null });
    expect(found.reconciled.verdict).toBe('true');
  });

  test('H13 gaps before a stale end are counted', () => {
    const times = [-9 * day, -9 * day + hour, -5 * day, -3 * day];
    const found = history(times.map((ms) => record(at(ms), '10', '10', '0')));
    expect(found.reconciled.breaks[0]!.explanation.sentence).toContain('has 2 gaps');
  });

  test.each([
    // Floats of four bytes: 9,152.99 + 1,058.70 = 10,211.69, each read within 2^-11 of itself.
    ['10211.69', '1058.7', '9152.9902', []],
    ['10211.692', '1058.7', '9152.9902', []],
    // 0.02 is more than they are off by.
    ['10211.71', '1058.7', '9152.99', ['UNEXPLAINED']],
  ])('H14 a record in floats of four bytes: %s of %s and %s', (total, cash, positions, found) => {
    const one = { ...record(at(-hour), total, cash, positions), storage: { kind: 'binary32' } };
    const { breaks } = history([one as SourceAccount['performance'][0]]).reconciled;
    expect(breaks.map(({ reason }) => reason)).toEqual(found);
    const double = history([record(at(-hour), total, cash, positions)]).reconciled;
    expect(double.breaks.length).toBe(1);
  });

  const cases: readonly (readonly [string, SourceAccount['performance'], string, string])[] = [
    ['falsified: 9 + 1 is not 12', [record(at(-hour), '12', '9', '1')], 'UNEXPLAINED', '-2'],
    ['off by a cent', [record(at(-hour), '10.01', '9', '1')], 'ROUNDING_ACCUMULATED', '-0.01'],
    [
      'off by the most that rounding leaves',
      [record(at(-hour), '10.015', '9', '1')],
      'ROUNDING_ACCUMULATED',
      '-0.015',
    ],
    ['off by more', [record(at(-hour), '10.016', '9', '1')], 'UNEXPLAINED', '-0.016'],
    ['of tomorrow', [record(at(day), '10', '10', '0')], 'CLOCK_SKEW', 'null'],
    [
      'twice at one time, with two totals',
      [record(at(-hour), '10', '10', '0'), record(at(-hour), '11', '11', '0')],
      'UNEXPLAINED',
      '-1',
    ],
  ];
  test.each(cases)('H14 a record %s', (_, performance, reason, difference) => {
    const { breaks, verdict } = history(performance).reconciled;
    expect([verdict, breaks.map((one) => one.reason)]).toEqual(['break', [reason]]);
    expect(String(toTextOrNull(breaks[0]!.lines[0]!.difference))).toBe(difference);
  });

  test('H14 what binary floats or missing parts leave is no fault', () => {
    const records = [
      record(at(-3 * hour), '0.30000000000000004', '0.1', '0.2'),
      record(at(-2 * hour), '10', null, null),
      record(at(-hour), '10', '10', '0'),
      record(at(-hour), '10', '10', '0'),
    ];
    expect(history(records).reconciled).toMatchObject({ verdict: 'true', breaks: [] });
  });
});

test('H16 an altered guard and unlogged totals are told, and are no difference of numbers', () => {
  const account = accountOf({ cash: '5', total: '5', performance: [fresh] });
  const guard = {
    ...noGuard,
    ...{ state: 'altered' as const, findings: ['a trigger is gone'], audited: true },
    unlogged: ['account 1 went from 4 to 5'],
  };
  const checked = checkSource(inputOf(snapshotOf([account], { guard })));
  expect(checked.accounts[0]!.reconciled.verdict).toBe('true');
  expect(checked.hints).toEqual([
    'the guard was altered: a trigger is gone',
    'changed without a row in the log: account 1 went from 4 to 5',
    'trueup guard install --source sqlite:paper_trading.db puts the guard back',
  ]);
});
