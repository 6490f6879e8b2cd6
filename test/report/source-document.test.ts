/** The document of check and investigate on a bot's database. */
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/decimal/text.ts';
import { moneyText, percentText } from '../../src/model/amount.ts';
import { instant } from '../../src/model/instant.ts';
import type { SourceSnapshot } from '../../src/model/source.ts';
import { checkSource } from '../../src/reconcile/source/check-source.ts';
import { sourceDocument } from '../../src/report/source-document.ts';
import {
  accountOf,
  incident,
  inputOf,
  looked,
  noGuard,
  position,
  record,
  snapshotOf,
} from '../reconcile/source-kit.ts';

const documentOf = (
  snapshot: SourceSnapshot,
  parts: Partial<Parameters<typeof sourceDocument>[1]> = {},
) =>
  sourceDocument(checkSource(inputOf(snapshot)), {
    ...{ document: 'check', strict: false, failAbove: null, breakId: null, currency: 'USD' },
    ...{ sequenceOf: () => 12, trueSinceOf: () => null, hints: ['next'], ...parts },
  });

const sourceOf = (snapshot: SourceSnapshot) =>
  documentOf(snapshot).json['source'] as { accounts: object[] } & object;

describe('H18 the incident', () => {
  const { json, verdict, exitCode } = documentOf(incident());

  test('H18 verdict, parties, sums and lines', () => {
    expect([verdict, exitCode]).toEqual(['break', 3]);
    expect(json).toMatchObject({
      ...{ schema: 'trueup.check/1', parties: ['source', 'source'], sequence: 12 },
      ...{ asOf: '2026-01-12T21:00:04.57785Z', hints: ['next'] },
      atStake: { gross: '211.69', net: '211.69', currency: 'USD' },
      // The total and the history differ; nine positions are priced.
      accounts: [
        { account: 'paper', lines: 11, exact: 9, different: 2, unknown: 0, dataAgeSeconds: 295 },
      ],
    });
  });

  test('H18 under source every figure is exact text', () => {
    expect(json['source']).toMatchObject({
      identity: { schema: 'falcon', engine: 'sqlite', location: 'sqlite:paper_trading.db' },
      ...{ currency: 'USD', keepsTotal: true, keepsPrices: true, takenAt: '2026-01-12T21:05:00Z' },
      orders: { count: 21, newestAt: '2026-01-10T21:05:12.123456Z' },
      accounts: [
        {
          ...{ id: '1', account: 'paper', cash: '1058.7', positionsValue: '9152.99' },
          ...{ costBasis: '9212.37', unrealisedPnl: '-59.38', unrealisedPercent: '-0.6446' },
          ...{ calculated: '10211.69', known: '10211.69', stored: '10000', match: 'different' },
          ...{ difference: '211.69', differencePercent: '2.1169' },
          // 47 d 23:55:04 to the prices, 48 d 00:00 to the look.
          performance: { count: 1, ageSeconds: 4_146_904, stale: true },
          drift: { basis: { kind: 'opening', total: '10000' }, residual: '0' },
        },
      ],
    });
    const [account] = sourceOf(incident()).accounts as { positions: object[] }[];
    expect(account!.positions[1]).toEqual({
      ...{ symbol: 'ACI', quantity: '62.5', entryPrice: '16.88', price: '16' },
      ...{ priceFrom: 'stored', priceAt: '2026-01-12T21:00:03.37742Z', value: '1000' },
      ...{ costBasis: '1055', unrealisedPnl: '-55', why: null, reason: null },
    });
  });

  test('H18 ages count to the prices and to the clock', () => {
    const [account] = sourceOf(incident()).accounts as { ages: object }[];
    expect(account!.ages).toEqual({
      asOf: { oldestPrice: 1, youngestPrice: 0, stored: 172_492, record: 4_146_904 },
      now: { oldestPrice: 296, youngestPrice: 295, stored: 172_787, record: 4_147_199 },
    });
  });

  test('H18 it is JSON: no value is lost when it is written and read', () => {
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });

  test.each([
    ['211.69', 0],
    ['211.68', 3],
  ])('H18 a difference of 211.69 against --fail-above %s exits with %i', (failAbove, code) => {
    // The history is at no stake: it alone fails no build that lets a sum pass.
    expect(documentOf(incident(), { failAbove: decimal(failAbove) }).exitCode).toBe(code);
  });
});

describe('H18 what else a source may be', () => {
  const history = [
    record('2026-01-10T21:00:00Z', '100', '100', '0'),
    record('2026-01-12T20:00:00Z', '99.5', '99.5', '0'),
    record('2026-01-12T21:00:00Z', '101', '101', '0'),
  ];

  test('H18 true: every line counted, since when is told', () => {
    const account = accountOf({ cash: '101', total: '101', performance: history });
    const since = instant('2026-01-11T00:00:00Z');
    const { json } = documentOf(snapshotOf([account]), { trueSinceOf: () => since });
    expect(json).toMatchObject({
      ...{ verdict: 'true', exitCode: 0, breaks: [] },
      accounts: [{ lines: 2, exact: 2, trueSince: '2026-01-11T00:00:00Z', gate: 'allow' }],
    });
  });

  test('H18 within the bound of the guard is a line within tolerance', () => {
    const guard = { ...noGuard, state: 'installed' as const, bound: decimal('0.00000001') };
    const account = accountOf({ cash: '1', total: '1.000000005', performance: history });
    expect(documentOf(snapshotOf([account], { guard })).json).toMatchObject({
      ...{ verdict: 'true', accounts: [{ exact: 1, withinTolerance: 1 }] },
      source: { guard: { state: 'installed', bound: '0.00000001' } },
    });
  });

  test('H18 changes between records, and gaps longer than a record may be old', () => {
    const account = accountOf({ cash: '101', total: '101', performance: history });
    const [told] = sourceOf(snapshotOf([account])).accounts as { performance: object }[];
    expect(told!.performance).toMatchObject({
      gaps: [{ from: '2026-01-10T21:00:00Z', to: '2026-01-12T20:00:00Z', seconds: 169_200 }],
      records: [{ change: null }, { change: '-0.5' }, { change: '1.5' }],
    });
  });

  test('H18 unknown: null with its reason, never zero, and no sum lets it pass', () => {
    const account = accountOf({ cash: '5', total: '5', positions: [position('A', '1', null)] });
    const { json } = documentOf(snapshotOf([account]), { failAbove: decimal('99') });
    expect(json).toMatchObject({
      ...{ verdict: 'cannot-say', exitCode: 5 },
      unknown: [{ section: 'positions', scope: 'A', reason: 'MARK_MISSING' }],
      source: {
        accounts: [
          {
            ...{ calculated: null, difference: null, known: '5', match: 'unknown' },
            unpriced: [{ what: 'A', why: 'its stored price is empty', reason: 'MARK_MISSING' }],
            performance: { count: 0, lastAt: null, ageSeconds: null, stale: false },
          },
        ],
      },
    });
  });

  test('H18 a source without an account is no proof of anything', () => {
    expect(documentOf(snapshotOf([])).json).toMatchObject({
      ...{ verdict: 'cannot-say', exitCode: 5, asOf: '2026-01-12T21:05:00Z' },
    });
  });

  test('H18 what the guard, the log and the last write say is told', () => {
    const guard = { ...noGuard, state: 'altered' as const, findings: ['gone'], unlogged: ['x'] };
    const lastWrite = {
      ...{ id: 4, at: looked, actor: 'trueup', action: 'update' as const, changes: [] },
      ...{ why: 'asked', undoes: null },
    };
    expect(sourceOf(snapshotOf([], { guard, lastWrite }))).toMatchObject({
      guard: { state: 'altered', findings: ['gone'], unlogged: ['x'] },
      lastWrite: { id: 4, at: '2026-01-12T21:05:00Z', why: 'asked' },
    });
  });

  test('H18 a price without a time has no age', () => {
    const account = accountOf({ positions: [position('A', '1', '1', { updatedAt: null })] });
    const [told] = sourceOf(snapshotOf([account])).accounts as { ages: object }[];
    expect(told!.ages).toMatchObject({ asOf: { oldestPrice: null, youngestPrice: null } });
  });
});

describe('H21 amounts for people', () => {
  test.each([
    ['10000', '10,000.00'],
    ['211.69', '211.69'],
    ['-59.38', '−59.38'],
    ['0.5', '0.50'],
    ['0', '0.00'],
    ['0.000000004', '0.000000004'],
    ['-0.00000000000000004', '−0.00000000000000004'],
    [null, '?'],
  ])('H21 %s is %s', (amount, text) => {
    expect(moneyText(amount)).toBe(text);
  });

  test.each([
    ['2.1169', '+2.12 %'],
    ['-0.6446', '−0.64 %'],
    ['0.0041', '+0.0041 %'],
    ['0', '0.00 %'],
    [null, '?'],
  ])('H21 a percentage of %s is %s', (percent, text) => {
    expect(percentText(percent)).toBe(text);
  });
});
