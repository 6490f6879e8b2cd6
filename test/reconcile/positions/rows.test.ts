/** Which instrument and leg a row is about, and rows of which nothing can be said. */
import { describe, expect, test } from 'vitest';
import { decimal, toTextOrNull } from '../../../src/decimal/text.ts';
import type { SourceAuditRow } from '../../../src/model/source.ts';
import { section } from '../kit.ts';
import {
  at,
  breakOf,
  checked,
  fill,
  held,
  instrumentNamed,
  listed,
  minus,
  repairOf,
  row,
  says,
  sinceAlways,
  snapshot,
  storedOrder,
  truth,
} from './kit.ts';

const [hnt, agi] = ['HNT/USDT:USDT', 'AGI/USDT:USDT'] as const;

describe('SP13 symbols are the exchange’s or unified names, never stripped', () => {
  const shib = instrumentNamed('1000SHIB/USDT:USDT', '1', '1000SHIBUSDT');
  const dashed = instrumentNamed('HIGH/USDT:USDT', '1', 'HIGH-USDT-SWAP');
  const instruments = listed(hnt, 'HNT/USDT', shib, dashed);
  const seen = (symbol: string, direction: 'long' | 'short', parts = {}, more = {}) => {
    const stored = [row('1', symbol, direction, '60', '13:08:35', parts)];
    return checked(
      stored,
      truth(says([held(hnt, direction === 'long' ? '60' : '-60')]), { instruments, ...more }),
    );
  };

  test('SP13 one that fits spot and perpetual alike is unknown, and said', () => {
    const { reconciled, counts } = seen('HNTUSDT', 'long');
    expect(reconciled.verdict).toBe('cannot-say');
    expect(reconciled.unknown[0]).toMatchObject({
      scope: 'HNTUSDT (row 1)',
      why: 'HNTUSDT fits HNT/USDT:USDT and HNT/USDT: not guessed',
    });
    // Nor is the position there called foreign: it may be the row's.
    expect(counts).toMatchObject({ stored: 1, verified: 0, foreign: 0 });
  });

  test.each([
    ['a short cannot be spot', seen('HNTUSDT', 'short')],
    ['what is levered is no spot', seen('HNTUSDT', 'long', { leverage: decimal('10') })],
    [
      'nothing else of that symbol',
      seen('HNTUSDT', 'long', {}, { fills: [fill('13:08:34', 'buy', '60', hnt)], ...sinceAlways }),
    ],
  ])('SP13 it is decided, and said why, where %s', (why, found) => {
    expect(found.counts.verified).toBe(1);
    expect(found.reconciled.verdict).toBe('true');
    expect(found.hints.join()).toContain(why);
  });

  test('SP13 an order of the row that the exchange knows decides', () => {
    const orders = [storedOrder('5', '1', 'HNTUSDT', { orderId: 'o-13:08:34' })];
    const store = snapshot([row('1', 'HNTUSDT', 'long', '60', '13:08:35')], { orders });
    const fills = [fill('13:08:34', 'buy', '60', hnt), fill('09:00:00', 'buy', '1', 'HNT/USDT')];
    const found = checked(store, truth(says([held(hnt, '60')]), { instruments, fills }));
    expect(found.hints.join()).toContain('an order of the row is one of it');
  });

  test.each([
    ['HNT/USDT:USDT', 'true'],
    ['SHIBUSDT', 'cannot-say'],
    ['HIGHUSDT', 'cannot-say'],
    ['NOSUCH', 'cannot-say'],
  ])('SP13 %s: %s', (symbol, verdict) => {
    expect(seen(symbol, 'long').reconciled.verdict).toBe(verdict);
  });

  test.each([
    ['SHIBUSDT', '1000SHIBUSDT is another one, sizes differ'],
    ['HIGHUSDT', 'stripped it would fit HIGH/USDT:USDT: not guessed'],
  ])('SP13 %s: %s', (symbol, why) => {
    expect(seen(symbol, 'long').reconciled.unknown[0]!.why).toContain(why);
  });

  test('SP13 rows of another exchange are not compared, and said', () => {
    const stored = [row('1', 'HNTUSDT', 'short', '60', '13:08:35', { exchange: 'binance' })];
    const found = checked(stored, truth(says([])));
    expect(found.counts.stored).toBe(0);
    expect(found.reconciled.unknown).toMatchObject([{ section: 'source', scope: 'binance' }]);
  });
});

describe('SP14 sides and legs', () => {
  test('SP14 a stored long against a short of the same size is a break', () => {
    const found = checked(
      [row('1', 'HNTUSDT', 'long', '60', '13:08:35')],
      truth(says([held(hnt, '-60')])),
    );
    const one = breakOf(found, hnt)!;
    expect(toTextOrNull(one.lines[0]!.difference)).toBe('-120');
    expect(found.counts).toMatchObject({ different: 1, verified: 0 });
    expect(one.confidence).not.toBe('proven');
    expect(found.repairs).toEqual([]);
  });

  test('SP14 in hedge mode each leg is its own line, and equal in size is not equal', () => {
    const shortLeg = held(hnt, '-60', { leg: 'short' });
    const rows = [row('1', 'HNTUSDT', 'long', '60', '13:08:35')];
    const one = breakOf(checked(rows, truth(says([shortLeg]))), hnt)!;
    expect(one).toMatchObject({ reason: 'SIGN_WRONG', confidence: 'likely' });
    expect(one.lines[0]).toMatchObject({ leg: 'long', theirs: { coefficient: 0 } });
  });

  test('SP14 both legs of one instrument are two rows that agree', () => {
    const legs = [held(hnt, '60', { leg: 'long' }), held(hnt, '-20', { leg: 'short' })];
    const rows = [
      row('1', 'HNTUSDT', 'long', '60', '13:08:35'),
      row('2', 'HNTUSDT', 'short', '20', '13:09:35'),
    ];
    const { counts, reconciled } = checked(rows, truth(says(legs)));
    expect(counts).toMatchObject({ stored: 2, verified: 2, foreign: 0 });
    expect(reconciled.verdict).toBe('true');
  });
});

describe('SP15 rows of which nothing can be said', () => {
  const better = truth(says([held(hnt, '60')]));
  test.each([
    ['no quantity', row('1', 'HNTUSDT', 'long', null, '13:08:35'), 'no quantity is stored'],
    ['no side', row('1', 'HNTUSDT', null, '60', '13:08:35'), 'neither long nor short'],
    [
      'an unknown status',
      row('1', 'HNTUSDT', 'long', '60', '13:08:35', { status: 'unknown', statusText: 'odd' }),
      'status "odd" is no known one',
    ],
    [
      'a negative quantity',
      { ...row('1', 'HNTUSDT', 'long', '1', '13:08:35'), quantity: minus('60') },
      'is -60',
    ],
  ])('SP15 %s is unknown, never zero', (_, one, why) => {
    const { reconciled, repairs } = checked([one], better);
    expect(reconciled.verdict).toBe('cannot-say');
    expect(reconciled.unknown.map((each) => each.why).join()).toContain(why);
    expect(repairs).toEqual([]);
  });

  test('SP15 a stored zero is a number: nothing of 60 is known to the store', () => {
    const found = checked([row('1', 'HNTUSDT', 'long', '0', '13:08:35')], better);
    expect(found.counts).toMatchObject({ different: 1 });
    expect(found.hints.join()).toContain('active with quantity 0');
  });

  test.each([
    ['60, 60', ['60', '60'], 'break', 'FILL_DUPLICATED'],
    ['60, 5', ['60', '5'], 'break', 'UNEXPLAINED'],
    ['40, 20', ['40', '20'], 'cannot-say', null],
  ])('SP15 two rows for one leg are not added up: %s of 60', (_, sizes, verdict, reason) => {
    const rows = sizes.map((size, i) => row(`${i}`, 'HNTUSDT', 'long', size, '13:08:35'));
    const found = checked(rows, better);
    expect(found.reconciled.verdict).toBe(verdict);
    expect(breakOf(found, hnt)?.reason ?? null).toBe(reason);
    expect(found.repairs).toEqual([]);
    expect(found.counts).toMatchObject({ stored: 2, verified: 0, foreign: 0 });
  });
});

describe('SP16 tolerance', () => {
  const rows = [row('1', 'HNTUSDT', 'long', '60', '13:08:35')];
  test.each([
    [0, '59.99', 'break'],
    [1, '59.99', 'true'],
    [1, '59.98', 'break'],
  ])('SP16 %s lots of 0.01: 60 beside %s', (toleranceSteps, quantity, verdict) => {
    const better = truth(says([held(hnt, quantity)]));
    expect(checked(rows, better, { toleranceSteps }).reconciled.verdict).toBe(verdict);
  });

  test.each([
    ['59.88', 'true'],
    ['59.01', 'true'],
    ['59', 'break'],
  ])('SP16 a column of whole numbers cannot hold %s: %s', (quantity, verdict) => {
    const bare = snapshot(rows);
    const coarse = { ...bare, keeps: { ...bare.keeps, quantityScale: 0 } };
    const found = checked(coarse, truth(says([held(hnt, quantity)])));
    expect(found.reconciled.verdict).toBe(verdict);
    expect(found.hints.join()).toContain('differences up to 0.99 cannot be seen');
  });
});

describe('SP17 spot is held against balances', () => {
  const instruments = listed('HNT/USDT');
  const rows = [row('1', 'HNT/USDT', 'long', '60', '13:08:35')];
  const balance = (total: string) => ({
    ...{ currency: 'HNT', total: decimal(total), available: null, equity: null, borrowed: null },
  });
  const spot = (total: string | null, parts = {}) => {
    const items = total === null ? [] : [balance(total)];
    return truth(says([], { positions: null, balances: section(items) }), {
      instruments,
      ...parts,
    });
  };

  test.each([
    ['60', 'true'],
    ['75', 'true'],
    ['59.88', 'break'],
    [null, 'break'],
  ])('SP17 60 stored, %s there: %s', (total, verdict) => {
    expect(checked(rows, spot(total)).reconciled.verdict).toBe(verdict);
  });

  test('SP17 a balance that nobody states is unknown', () => {
    const better = truth(says([], { positions: null }), { instruments });
    expect(checked(rows, better).reconciled.verdict).toBe('cannot-say');
  });

  test('SP17 the fee in the coin: bought 60, received 59.88', () => {
    const fee = [{ currency: 'HNT', amount: decimal('0.12') }];
    const bought = fill('13:08:34', 'buy', '60', 'HNT/USDT', '2', { fees: fee });
    const one = breakOf(
      checked(rows, spot('59.88', { fills: [bought], ...sinceAlways })),
      'HNT/USDT',
    )!;
    expect(one.confidence).not.toBe('unexplained');
    expect(one.explanation.sentence).toContain('fee');
  });
});

describe('SP18 a repair that the bot wrote over', () => {
  const image = (quantity: string, status = 'active') => ({ quantity, status });
  const write = (before: object, after: object): SourceAuditRow => ({
    ...{ id: 12, at: at('15:00:00'), actor: 'trueup', action: 'update', why: null, undoes: null },
    changes: [
      {
        ...{ table: 'positions', key: '274', role: 'position' },
        columns: { quantity: 'quantity', status: 'status' },
        ...{ before, after },
      },
    ] as SourceAuditRow['changes'],
  });
  const rows = [row('274', 'HNTUSDT', 'long', '60', '13:08:35')];
  const fills = [fill('13:08:34', 'buy', '60', hnt), fill('14:10:00', 'sell', '0.12', hnt)];
  const now = (quantity: string) =>
    truth(says([held(hnt, quantity), held(agi, '1')]), { fills, ...sinceAlways });

  test('SP18 its old value is back: proven, and not written again without a person', () => {
    const store = snapshot(rows, { writes: [write(image('60'), image('59.88'))] });
    const found = checked(store, now('59.88'));
    const one = breakOf(found, hnt)!;
    expect(one).toMatchObject({ reason: 'REPAIR_OVERWRITTEN', confidence: 'proven' });
    expect(one.explanation.sentence).toContain(
      'row 274 was set to 59.88 at 2025-10-13 15:00:00Z (trueup_audit 12), and is again 60',
    );
    expect(repairOf(found, hnt)!.needsApproval).toBe(true);
  });

  test('SP18 a row that we closed is active again', () => {
    const writes = [write(image('60'), image('60', 'closed'))];
    const sold = [fills[0]!, fill('14:30:00', 'sell', '60', hnt)];
    const better = truth(says([held(agi, '1')]), { fills: sold, ...sinceAlways });
    const one = breakOf(checked(snapshot(rows, { writes }), better), hnt)!;
    expect(one).toMatchObject({ reason: 'REPAIR_OVERWRITTEN', confidence: 'proven' });
  });

  test('SP18 likely where the position moved since', () => {
    const store = snapshot(rows, { writes: [write(image('60'), image('59.9'))] });
    expect(breakOf(checked(store, now('59.88')), hnt)!.confidence).toBe('likely');
  });

  test('SP18 another value than before is not ours undone', () => {
    const store = snapshot(rows, { writes: [write(image('61'), image('59.88'))] });
    expect(breakOf(checked(store, now('59.88')), hnt)!.reason).toBe('FILL_MISSING');
  });
});
