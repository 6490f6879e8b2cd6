/** The balance sheet of a source: what counts, what is unknown, when a stored total is right. */
import { describe, expect, test } from 'vitest';
import { decimal, toText, toTextOrNull } from '../../src/decimal/text.ts';
import { addMilliseconds, instant } from '../../src/model/instant.ts';
import type { NumberStorage, SourceFault } from '../../src/model/source.ts';
import { noPricing, type Pricing, sourceAsOf } from '../../src/reconcile/source/pricing.ts';
import { type BalanceSheet, sheetsOf } from '../../src/reconcile/source/sheet.ts';
import { matchOf } from '../../src/reconcile/source/storage.ts';
import {
  type AccountParts,
  accountOf,
  incident,
  looked,
  noGuard,
  position,
  priced,
  record,
  snapshotOf,
} from './source-kit.ts';

const sheetOf = (
  parts: AccountParts,
  pricing: Partial<Pricing> = {},
  source: Parameters<typeof snapshotOf>[1] = {},
): BalanceSheet =>
  sheetsOf(snapshotOf([accountOf(parts)], source), { ...noPricing, ...pricing }).sheets[0]!;

/** In the order in which an operator reads them. */
const figures = (sheet: BalanceSheet) =>
  [sheet.cash, sheet.positionsValue, sheet.calculated, sheet.stored, sheet.difference].map(
    toTextOrNull,
  );

test('H1 H8 the incident: 1,058.70 + 9,152.99 = 10,211.69, stored 10,000.00', () => {
  const { asOf, sheets } = sheetsOf(incident(), noPricing);
  const [sheet] = sheets;
  expect(figures(sheet!)).toEqual(['1058.7', '9152.99', '10211.69', '10000', '211.69']);
  expect(sheet).toMatchObject({ match: 'different', unpriced: [] });
  expect(sheet!.rows).toHaveLength(9);
  // -59.38 / 9,212.37 = -0.64 %; 211.69 / 10,000.00 = 2.1169 %
  expect([sheet!.costBasis, sheet!.unrealisedPnl, sheet!.percent].map(toTextOrNull)).toEqual([
    ...['9212.37', '-59.38', '2.1169'],
  ]);
  expect(asOf).toBe(instant('2026-01-12T21:00:04.57785Z'));
});

describe('H2 what counts', () => {
  const cases: readonly (readonly [string, AccountParts, string])[] = [
    ['no positions', { cash: '100.5' }, '100.5'],
    ['quantity zero without a price', { cash: '5', positions: [position('A', '0', null)] }, '5'],
    ['quantity zero with a price', { cash: '5', positions: [position('A', '0.0', '9')] }, '5'],
    ['a short', { cash: '1000', positions: [position('A', '-3', '100')] }, '700'],
    ['negative cash', { cash: '-200', positions: [position('A', '3', '100')] }, '100'],
    ['a price of zero', { cash: '7', positions: [position('A', '3', '0')] }, '7'],
    ['a negative price', { cash: '100', positions: [position('CL', '1', '-37.63')] }, '62.37'],
    ['many digits', { cash: '0', positions: [position('A', '0.12345678', '0.1')] }, '0.012345678'],
  ];
  test.each(cases)('H2 %s', (_, parts, calculated) => {
    const sheet = sheetOf(parts);
    expect([toTextOrNull(sheet.calculated), toText(sheet.known)]).toEqual([calculated, calculated]);
  });

  test('H2 a short gains when its price falls: -10 at 100, now 90, is +100', () => {
    const [row] = sheetOf({ positions: [position('A', '-10', '90', { entry: '100' })] }).rows;
    expect([row!.value, row!.costBasis, row!.unrealisedPnl].map(toTextOrNull)).toEqual([
      ...['-900', '-1000', '100'],
    ]);
  });
});

describe('H3 what is unknown', () => {
  const fault = (key: string, role: 'quantity' | 'cash'): SourceFault => ({
    ...{ table: 'positions', key, column: role, value: 'n/a', why: 'is no number', role },
  });
  const held = position('A', '2', '10');
  const cases: readonly (readonly [
    string,
    AccountParts,
    readonly SourceFault[],
    object,
    string,
  ])[] = [
    [
      'a position without a price',
      { cash: '5', positions: [held, position('B', '1', null)] },
      [],
      { what: 'B', why: 'its stored price is empty', reason: 'MARK_MISSING' },
      '25',
    ],
    [
      'a position without a quantity',
      { cash: '5', positions: [held, position('B', null, '3')] },
      [],
      { what: 'B', why: 'its quantity is not known', reason: null },
      '25',
    ],
    [
      'a quantity that nobody can read',
      { cash: '5', positions: [position('B', null, '3')] },
      [fault('B', 'quantity')],
      { what: 'B', why: 'quantity holds "n/a", which is no number', reason: null },
      '5',
    ],
    [
      'empty cash',
      { cash: null, positions: [held] },
      [],
      { what: 'cash', why: 'it is empty', reason: null },
      '20',
    ],
    [
      'cash that nobody can read',
      { cash: null, positions: [held] },
      [fault('1', 'cash')],
      { what: 'cash', why: 'cash holds "n/a", which is no number', reason: null },
      '20',
    ],
  ];
  test.each(cases)('H3 %s', (_, parts, faults, part, known) => {
    const sheet = sheetOf({ ...parts, total: '25' }, {}, { faults });
    expect(sheet).toMatchObject({ calculated: null, difference: null, match: 'unknown' });
    expect([sheet.unpriced, toText(sheet.known)]).toEqual([[part], known]);
  });

  test('H3 cash alone being unknown leaves the positions known', () => {
    const sheet = sheetOf({ cash: null, positions: [held] });
    expect(toTextOrNull(sheet.positionsValue)).toBe('20');
  });

  test('H3 an entry price that is missing hides the cost, not the total', () => {
    const sheet = sheetOf({ cash: '5', positions: [held] });
    expect(sheet).toMatchObject({ costBasis: null, unrealisedPnl: null });
    expect(toTextOrNull(sheet.calculated)).toBe('25');
  });
});

describe('H4 where prices come from', () => {
  const given = new Map([['A', { price: decimal('1'), at: looked }]]);
  const book = new Map([['A', { price: decimal('3'), at: priced }]]);
  const traded = { price: decimal('4'), at: null };
  const full = position('A', '1', '2', { traded });
  const bare = position('A', '1', null, { traded });
  const cases: readonly (readonly [string, typeof full, Partial<Pricing>, string, string])[] = [
    ['given before all', full, { given, book }, '1', 'given'],
    ['then stored', full, { book }, '2', 'stored'],
    ['then the book’s', bare, { book }, '3', 'book'],
    ['then the last traded', bare, {}, '4', 'traded'],
  ];
  test.each(cases)('H4 %s', (_, one, pricing, price, priceFrom) => {
    const [row] = sheetOf({ positions: [one] }, pricing, { keepsPrices: false }).rows;
    expect([toTextOrNull(row!.price), row!.priceFrom]).toEqual([price, priceFrom]);
  });

  test('H4 an empty stored price is filled by a given one alone: the source leaves it out', () => {
    const [row] = sheetOf({ positions: [bare] }, { book }).rows;
    expect(row).toMatchObject({ price: null, why: 'its stored price is empty' });
    expect(sheetOf({ positions: [bare] }, { given, book }).rows[0]!.priceFrom).toBe('given');
  });

  test('H4 an unreadable stored price gives way to a given one, not to a lesser one', () => {
    const cell = { table: 'positions', key: 'A', column: 'current_price', role: 'price' } as const;
    const faults = [{ ...cell, value: '?', why: 'is no number' }];
    const why = 'current_price holds "?", which is no number';
    expect(sheetOf({ positions: [bare] }, { book }, { faults }).rows[0]).toMatchObject({ why });
    expect(sheetOf({ positions: [bare] }, { given }, { faults }).rows[0]!.why).toBeNull();
  });
});

describe('H3 cells that nobody can read', () => {
  const bad = { table: 'POS', key: 'A', column: 'px', value: 'n/a', why: 'is no number' } as const;
  const seen = (faults: readonly SourceFault[], price: string | null = null) => {
    const [one, two] = [
      accountOf({ id: '1', cash: '1', positions: [position('A', '1', price)] }),
      accountOf({ id: '2', cash: '1', positions: [position('A', '1', '7')] }),
    ];
    return sheetsOf(snapshotOf([one, two], { faults }), noPricing).sheets;
  };
  const whysOf = (faults: readonly SourceFault[], price: string | null = null) =>
    seen(faults, price).map(({ rows: [row] }) => row!.why);
  const why = 'px holds "n/a", which is no number';

  test('H3 one of another account leaves the same symbol here as it is', () => {
    expect(whysOf([{ ...bad, role: 'price', accountId: '1' }])).toEqual([why, null]);
    const [one, two] = seen([{ ...bad, role: 'price', accountId: '1' }]);
    expect([one!.calculated, toTextOrNull(two!.calculated)]).toEqual([null, '8']);
  });

  test('H3 one of no account is no account’s, and one that does not say is everybody’s', () => {
    expect(whysOf([{ ...bad, role: 'price', accountId: null }], '5')).toEqual([null, null]);
    expect(whysOf([{ ...bad, role: 'price' }])).toEqual([why, why]);
  });

  test.each(['entry', 'time', 'total', 'cash', 'traded'] as const)(
    'H3 one that keeps a %s unprices nothing, whatever its column is called',
    (role) => {
      const named = { ...bad, column: 'mark_price_qty', accountId: '1', role };
      expect(whysOf([named], '5')).toEqual([null, null]);
    },
  );

  test('H3 H4 a last trade that nobody can read prices nothing, a mark of the book does', () => {
    const faults = [{ ...bad, role: 'traded', accountId: '1' } as const];
    const account = accountOf({ positions: [position('A', '1', null)] });
    const rowOf = (pricing: Partial<Pricing>) =>
      sheetsOf(snapshotOf([account], { faults, keepsPrices: false, totalStorage: null }), {
        ...noPricing,
        ...pricing,
      }).sheets[0]!.rows[0]!;
    expect(rowOf({})).toMatchObject({ why, value: null });
    const book = new Map([['A', { price: decimal('3'), at: priced }]]);
    expect(rowOf({ book })).toMatchObject({ why: null, priceFrom: 'book' });
  });
});

describe('H5 prices that are too old', () => {
  const hour = 3_600_000;
  const old = position('OLD', '1', '10', { updatedAt: addMilliseconds(priced, -2 * hour) });
  const young = position('NEW', '1', '5');
  const undated = position('UND', '1', '7', { updatedAt: null });
  const far = addMilliseconds(priced, 48 * hour);
  const cases: readonly (readonly [string, readonly (typeof old)[], Partial<Pricing>, string[]])[] =
    [
      ['not judged', [old, young], {}, []],
      ['one that stopped while another moved', [old, young], { markMaxAgeMs: hour }, ['OLD']],
      ['exactly as old as allowed', [old, young], { markMaxAgeMs: 2 * hour }, []],
      ['all equally old: as of then', [old], { markMaxAgeMs: hour }, []],
      ['against now', [old, young], { markMaxAgeMs: hour, freshAt: far }, ['NEW', 'OLD']],
      ['without a time, against the rest', [undated, young], { markMaxAgeMs: hour }, []],
      ['without a time, against now', [undated], { markMaxAgeMs: hour, freshAt: far }, ['UND']],
      [
        'without a time, accepted against now',
        [undated],
        { markMaxAgeMs: hour, freshAt: far, undated: 'accepted' },
        [],
      ],
    ];
  test.each(cases)('H5 %s', (_, positions, pricing, stale) => {
    const sheet = sheetOf({ positions, total: '15' }, pricing);
    expect(sheet.unpriced.map(({ what }) => what)).toEqual(stale);
    expect(sheet.unpriced.every(({ reason }) => reason === 'MARK_STALE')).toBe(true);
    expect(sheet.calculated === null).toBe(stale.length > 0);
  });

  test('H5 a last traded price is old by nature: it is judged against now only', () => {
    const traded = { price: decimal('4'), at: addMilliseconds(priced, -hour * 24) };
    const none = { keepsPrices: false };
    const own = { positions: [position('T', '1', null, { traded })] };
    expect(sheetOf(own, { markMaxAgeMs: hour }, none).unpriced).toEqual([]);
    const strict = sheetOf(own, { markMaxAgeMs: hour, freshAt: priced }, none);
    expect(strict.unpriced).toMatchObject([
      { what: 'T', why: 'its price of 2026-01-11 21:00:00Z is 1 day old' },
    ]);
  });
});

describe('H6 as of when', () => {
  const at = (text: string) => instant(`2026-01-${text}Z`);
  const older = position('A', '1', '1', { updatedAt: at('10T10:00:00') });
  const lastTraded = position('A', '1', null, {
    traded: { price: decimal('1'), at: at('05T00:00:00') },
  });
  const cases: readonly (readonly [string, ReturnType<typeof snapshotOf>, string])[] = [
    ['the youngest price', snapshotOf([accountOf({ positions: [older] })]), '10T10:00:00'],
    [
      'of open positions only',
      snapshotOf([accountOf({ positions: [older, position('B', '0', '1')] })]),
      '10T10:00:00',
    ],
    [
      'else the newest order',
      snapshotOf([accountOf({ performance: [record(at('02T00:00:00'), '1')] })], {
        orders: { count: 1, newestAt: at('03T00:00:00') },
      }),
      '03T00:00:00',
    ],
    [
      'or record',
      snapshotOf([accountOf({ performance: [record(at('04T00:00:00'), '1')] })], {
        orders: { count: 1, newestAt: at('03T00:00:00') },
      }),
      '04T00:00:00',
    ],
    [
      'a last trade is no price of now',
      snapshotOf([accountOf({ positions: [lastTraded] })], {
        orders: { count: 1, newestAt: at('03T00:00:00') },
      }),
      '03T00:00:00',
    ],
    ['else the look', snapshotOf([accountOf({})]), '12T21:05:00'],
    [
      'never later than the look',
      snapshotOf([accountOf({ positions: [{ ...older, updatedAt: at('31T00:00:00') }] })]),
      '12T21:05:00',
    ],
  ];
  test.each(cases)('H6 %s', (_, snapshot, wanted) => {
    expect(sourceAsOf(snapshot, noPricing)).toBe(at(wanted));
  });
});

describe('H7 when a stored total is right', () => {
  const binary: NumberStorage = { kind: 'binary64' };
  const cents: NumberStorage = { kind: 'decimal', scale: 2 };
  const exact: NumberStorage = { kind: 'exact' };
  const single: NumberStorage = { kind: 'binary32' };
  const cases: readonly (readonly [NumberStorage, string, string, string])[] = [
    [binary, '10211.69', '10211.69', 'exact'],
    [binary, '10211.69', '10211.690000000000001', 'nearest'],
    [binary, '10211.69', '10211.6900000000005', 'nearest'],
    // 0.1 + 0.2 in binary floats is not the double nearest to 0.3.
    [binary, '0.30000000000000004', '0.3', 'different'],
    [binary, '0.3', '0.30000000000000001', 'nearest'],
    // 2^53 + 1 lies between two doubles: half-even takes the lower.
    [binary, '9007199254740992', '9007199254740993', 'nearest'],
    [binary, '9007199254740994', '9007199254740993', 'different'],
    [binary, '0.0000001', '0.00000010000000000000000000001', 'nearest'],
    [binary, '10211.7', '10211.69', 'different'],
    [cents, '10211.69', '10211.694', 'nearest'],
    [cents, '10211.69', '10211.6951', 'different'],
    // A tie: both neighbours are as near.
    [cents, '10211.69', '10211.695', 'nearest'],
    [cents, '10211.7', '10211.695', 'nearest'],
    [cents, '-10211.7', '-10211.695', 'nearest'],
    // Floats of four bytes near 10,211.69 are 2^-10 apart: 10211.69 is read as 10211.6904296875.
    [single, '10211.69', '10211.69', 'exact'],
    [single, '10211.69', '10211.6900001', 'nearest'],
    // The middle between it and the one above, ...6904296875 + 2^-11, is ...69091796875.
    [single, '10211.69', '10211.690917', 'nearest'],
    [single, '10211.69', '10211.69091796875', 'nearest'],
    [single, '10211.691', '10211.69091796875', 'nearest'],
    [single, '10211.69', '10211.69091796875000000001', 'different'],
    [single, '10211.691', '10211.69091796875000000001', 'nearest'],
    [single, '10211.69', '10211.691', 'different'],
    [single, '-10211.69', '-10211.6900001', 'nearest'],
    // 2^24 + 1 lies between two of them.
    [single, '16777216', '16777217', 'nearest'],
    [single, '16777218', '16777217', 'nearest'],
    [single, '16777220', '16777217', 'different'],
    [single, '0.1', '0.10000000149011612', 'nearest'],
    [single, '0', '0.0000000000000000001', 'different'],
    [exact, '10211.69', '10211.69', 'exact'],
    [exact, '10211.69', '10211.6900000001', 'different'],
  ];
  test.each(cases)('H7 %j holds %s for %s: %s', (storage, stored, calculated, match) => {
    const options = { storage, guardBound: null };
    expect(matchOf(decimal(stored), decimal(calculated), options)).toBe(match);
  });

  test('H7 the guard’s printed bound, and no more', () => {
    const options = { storage: binary, guardBound: decimal('0.000000045') };
    const of = (stored: string) => matchOf(decimal(stored), decimal('100'), options);
    expect(of('100.000000045')).toBe('guarded');
    expect(of('99.999999954')).toBe('different');
  });

  test('H7 a bound counts only while the guard is installed as it was', () => {
    const bound = decimal('1');
    const parts = { cash: '100', total: '100.5' };
    const guarded = (state: 'installed' | 'altered' | 'absent') =>
      sheetOf(parts, {}, { guard: { ...noGuard, state, bound } }).match;
    expect([guarded('installed'), guarded('altered'), guarded('absent')]).toEqual([
      ...['guarded', 'different', 'different'],
    ]);
  });

  test('H8 an empty total is unknown, none kept is told apart, and zero has no percentage', () => {
    expect(sheetOf({ cash: '5' })).toMatchObject({ match: 'unknown', stored: null, percent: null });
    expect(sheetOf({ cash: '5' }, {}, { totalStorage: null }).match).toBe('not-stored');
    expect(sheetOf({ cash: '5', total: '0' })).toMatchObject({ match: 'different', percent: null });
    const negative = sheetOf({ cash: '-90', total: '-100' });
    // 10 of |-100|
    expect([toTextOrNull(negative.difference), toTextOrNull(negative.percent)]).toEqual([
      '10',
      '10',
    ]);
  });
});
