/** What is proof of a row, and what only looks like it. */
import { describe, expect, test } from 'vitest';
import { toText, toTextOrNull } from '../../../src/decimal/text.ts';
import type { Fill } from '../../../src/model/fact.ts';
import type { StoredOrder } from '../../../src/model/position-source.ts';
import type { SourceAuditRow } from '../../../src/model/source.ts';
import { legId } from '../../../src/reconcile/positions/stated.ts';
import {
  at,
  breakOf,
  checked,
  fill,
  held,
  repairOf,
  row,
  says,
  sinceAlways,
  snapshot,
  storedOrder,
  truth,
} from './kit.ts';

const [hnt, agi] = ['HNT/USDT:USDT', 'AGI/USDT:USDT'] as const;
const bought = fill('13:08:34', 'buy', '60', hnt, '2.35');
const rowOf = (quantity: string, updatedAt = '15:21:00') =>
  row('274', 'HNTUSDT', 'long', quantity, '13:08:35', { updatedAt: at(updatedAt) });

/** Something else is held, too: an answer that is empty is another story. */
const flat = (fills: readonly Fill[], parts: object = {}) =>
  truth(says([held(agi, '1')]), { fills, ...sinceAlways, ...parts });

const holding = (quantity: string, fills: readonly Fill[]) =>
  truth(says([held(hnt, quantity)]), { fills, ...sinceAlways });

describe('SP80 which executions a row lacks', () => {
  const first = fill('14:20:00', 'sell', '30', hnt, '2.3');
  const second = fill('15:20:00', 'sell', '30', hnt, '2.6');
  const filled = (orderId: string): StoredOrder => ({
    ...storedOrder('5', '274', 'HNTUSDT', { orderId }),
    ...{ side: 'sell', quantity: first.quantity, filled: first.quantity, statusText: 'filled' },
  });
  const of = (orders: readonly StoredOrder[], fills = [bought, first, second]) =>
    checked(snapshot([rowOf('30')], { orders }), flat(fills));

  test('SP80 either of two of one size: likely, both are told, and a person decides', () => {
    const one = breakOf(of([]), hnt)!;
    expect(one).toMatchObject({ reason: 'POSITION_PHANTOM', confidence: 'likely' });
    const told = one.explanation.candidates!.map(({ sentence }) => sentence).join('; ');
    expect(told).toContain('sell 30 @ 2.3');
    expect(told).toContain('sell 30 @ 2.6');
    expect(repairOf(of([]), hnt)!.needsApproval).toBe(true);
  });

  test('SP80 the one whose order the store has as filled is not the one that it lacks', () => {
    const found = of([filled(second.orderId!)]);
    const one = breakOf(found, hnt)!;
    expect(one.confidence).toBe('proven');
    expect(one.explanation.evidence.map(({ id }) => id)).toEqual([first.executionId]);
    const { close } = repairOf(found, hnt)!.changes[0]!;
    expect(toTextOrNull(close!.exitPrice)).toBe('2.3');
    // 30 x (2.3 - 2.35) + 30 x (2.6 - 2.35) = -1.5 + 7.5
    expect(toTextOrNull(close!.realisedPnl)).toBe('6');
    expect(close!.at).toBe(second.time);
  });

  test('SP80 and the other way round it is the later one, as any row that is behind', () => {
    const found = of([filled(first.orderId!)]);
    expect(breakOf(found, hnt)!.confidence).toBe('proven');
    expect(toTextOrNull(repairOf(found, hnt)!.changes[0]!.close!.exitPrice)).toBe('2.6');
  });

  test('SP80 two of one instant are no more certain', () => {
    const twins = [first, { ...second, time: first.time }];
    expect(breakOf(of([], [bought, ...twins]), hnt)!.confidence).toBe('likely');
  });

  test('SP80 two of one price and order are the same to the row', () => {
    const twin = { ...second, price: first.price, orderId: first.orderId };
    const found = of([], [bought, first, twin]);
    expect(breakOf(found, hnt)!.confidence).toBe('proven');
    expect(repairOf(found, hnt)!.needsApproval).toBe(false);
  });

  test('SP80 what all of them lead to is written: only a closing depends on which', () => {
    const fills = [
      bought,
      fill('14:00:00', 'sell', '10', hnt, '2.4'),
      fill('15:00:00', 'sell', '10', hnt, '2.5'),
    ];
    const found = checked([rowOf('50')], holding('40', fills));
    expect(breakOf(found, hnt)!.confidence).toBe('likely');
    const { needsApproval, changes } = repairOf(found, hnt)!;
    expect([needsApproval, toText(changes[0]!.quantity!)]).toEqual([false, '40']);
  });

  test('SP80 all reductions of a row that knows none of them are those that it lacks', () => {
    // Forty of one size: too many to try every part of them, and no part but all gives 60.
    const many = Array.from({ length: 40 }, (_, index) =>
      fill(`14:${String(index + 10)}:00`, 'sell', '1.5', hnt, '2.4'),
    );
    const found = checked([rowOf('60')], flat([bought, ...many]));
    expect(breakOf(found, hnt)!.confidence).toBe('proven');
    expect(repairOf(found, hnt)!.needsApproval).toBe(false);
  });
});

describe('SP81 what a position came to', () => {
  test('SP81 is no proof where its beginning is not listed: a person decides', () => {
    const sold = fill('15:20:00', 'sell', '60', hnt, '2.3');
    const late = flat([sold], { fillsCompleteSince: at('13:00:00') });
    const found = checked([rowOf('60')], late);
    const one = breakOf(found, hnt)!;
    expect(one).toMatchObject({ reason: 'POSITION_PHANTOM', confidence: 'likely' });
    expect(one.explanation.sentence).toContain('The beginning of the position is not listed');
    const { needsApproval, changes } = repairOf(found, hnt)!;
    expect(needsApproval).toBe(true);
    expect(changes[0]!.close).toMatchObject({ realisedPnl: null, fees: null });
    expect(toTextOrNull(changes[0]!.close!.exitPrice)).toBe('2.3');
  });
});

describe('SP82 a position that others made larger, and that is over', () => {
  // 60 x (2.3 - 2.35) = -3; with what was added, 40 x (2.3 - 5) = -108 more.
  const added = fill('15:00:00', 'buy', '40', hnt, '5', { orderId: 'by-hand' });
  const sold = fill('15:20:00', 'sell', '100', hnt, '2.3');
  const closed = (orders: readonly StoredOrder[]) =>
    checked(snapshot([rowOf('60')], { orders }), flat([bought, added, sold]));

  test('SP82 is closed only if a person says so', () => {
    const found = closed([]);
    expect(repairOf(found, hnt)!.needsApproval).toBe(true);
    expect(breakOf(found, hnt)!.explanation.sentence).toContain('a person decides');
  });

  test('SP82 where the bot’s own order did it nobody is asked', () => {
    const found = closed([storedOrder('5', '274', 'HNTUSDT', { orderId: 'by-hand' })]);
    expect(repairOf(found, hnt)!.needsApproval).toBe(false);
    expect(toTextOrNull(repairOf(found, hnt)!.changes[0]!.close!.realisedPnl)).toBe('-111');
  });
});

const image = (quantity: string, status = 'active') => ({ quantity, status });
const wrote = (before: object, after: object): SourceAuditRow => ({
  ...{ id: 12, at: at('14:30:00'), actor: 'trueup', action: 'update', why: null, undoes: null },
  changes: [
    {
      ...{ table: 'positions', key: '274', role: 'position' },
      columns: { quantity: 'quantity', status: 'status' },
      ...{ before, after },
    },
  ] as SourceAuditRow['changes'],
});

describe('SP83 executions after our write are a cause of their own', () => {
  const cut = fill('14:20:00', 'sell', '10', hnt, '2.4');
  const writes = [wrote(image('60'), image('50'))];
  const store = snapshot([rowOf('60')], { writes });

  test('SP83 a row that was written over is closed once the position is over', () => {
    const end = fill('15:10:00', 'sell', '50', hnt, '2.5');
    const found = checked(store, flat([bought, cut, end]));
    expect(breakOf(found, hnt)).toMatchObject({
      ...{ reason: 'POSITION_PHANTOM', confidence: 'proven' },
    });
    expect(repairOf(found, hnt)!.needsApproval).toBe(false);
  });

  test('SP83 a position that went back to the old size was not written over', () => {
    const again = fill('15:00:00', 'buy', '10', hnt, '2.4');
    const more = fill('15:10:00', 'sell', '10', hnt, '2.5');
    const found = checked(store, holding('50', [bought, cut, again, more]));
    const one = breakOf(found, hnt)!;
    expect(one).toMatchObject({ reason: 'FILL_MISSING', confidence: 'likely' });
    expect(one.explanation.sentence).not.toContain('another program');
  });

  test('SP83 a row that is as we left it knows what we knew', () => {
    // 50 it was at 14:20 and at 14:50; ours was written in between.
    const fills = [
      ...[bought, fill('13:30:00', 'sell', '10', hnt), fill('13:40:00', 'buy', '10', hnt)],
      ...[cut, fill('15:00:00', 'sell', '10', hnt)],
    ];
    const left = snapshot([rowOf('50')], { writes });
    const one = breakOf(checked(left, holding('40', fills)), hnt)!;
    expect(one.confidence).toBe('proven');
    expect(one.explanation.evidence.map(({ id }) => id)).toEqual(['e-15:00:00']);
  });
});

describe('SP84 rows that we added', () => {
  const by = fill('14:00:00', 'buy', '40', hnt, '5', { orderId: 'by-hand' });
  const order = storedOrder('77', '274', 'HNTUSDT', { orderId: 'by-hand' });
  const needs = (addedOrders: ReadonlySet<string>) =>
    repairOf(
      checked(snapshot([rowOf('60')], { orders: [order] }), holding('100', [bought, by]), {
        addedOrders,
      }),
      hnt,
    )!.needsApproval;

  test('SP84 prove no ownership: what was by hand is still by hand', () => {
    expect(needs(new Set())).toBe(false);
    expect(needs(new Set(['76']))).toBe(false);
    expect(needs(new Set(['77']))).toBe(true);
  });
});

describe('SP88 the side', () => {
  test('SP88 of a row is part of its plan', () => {
    const hashOf = (direction: 'long' | 'short') => {
      const one = row('274', 'HNTUSDT', direction, '60', '13:08:35');
      return checked([one], truth(says([held(agi, '1')]))).reconciled;
    };
    const [long, short] = [hashOf('long'), hashOf('short')];
    expect(long.plan.repairs).toHaveLength(1);
    expect(short.plan.repairs).toHaveLength(1);
    expect(long.plan.hash).not.toBe(short.plan.hash);
    expect(long.plan.repairs[0]!.writes!.rows.changes[0]!.expected.direction).toBe('long');
  });
});

describe('SP86 a leg of which the better party is in doubt', () => {
  test('SP86 is not proven, whatever the rest of it is', () => {
    const fills = [bought, fill('15:00:00', 'sell', '10', hnt)];
    const better = holding('50', fills);
    const doubted = { ...better, doubted: new Set([legId(hnt, 'net')]) };
    const other = { ...better, doubted: new Set([legId(agi, 'net')]) };
    expect(breakOf(checked([rowOf('60')], other), hnt)!.confidence).toBe('proven');
    const found = checked([rowOf('60')], doubted);
    expect(breakOf(found, hnt)!.confidence).toBe('likely');
    expect(repairOf(found, hnt)!.needsApproval).toBe(true);
  });
});
