/** How much of a database's history is unproven. */
import { expect, test } from 'vitest';
import { decimal, toText } from '../../../src/decimal/text.ts';
import type { StoredPosition, StoredTrade } from '../../../src/model/position-source.ts';
import { auditHistory, type HistoryFlaw } from '../../../src/reconcile/positions/history-audit.ts';
import { at, row, storedOrder } from './kit.ts';

const closed = (id: string, pnl: string | null, parts: Partial<StoredPosition> = {}) =>
  row(id, 'HNTUSDT', 'long', '10', '10:00:00', {
    ...{ status: 'closed', closedAt: at('12:00:00'), entryPrice: decimal('2') },
    realisedPnl: pnl === null ? null : decimal(pnl),
    exitPrice: decimal('2.1'),
    ...parts,
  });

const trade = (side: 'buy' | 'sell', time: string): StoredTrade => ({
  ...{ id: time, symbol: 'HNTUSDT', exchange: 'bybit', orderId: null, side },
  ...{ quantity: null, price: null, fee: null, feeCurrency: null, at: at(time) },
});

const entry = trade('buy', '10:00:05');
const exit = trade('sell', '11:59:58');

const flawsOf = (one: StoredPosition, trades: readonly StoredTrade[]): readonly HistoryFlaw[] =>
  auditHistory([one], [], trades).flaws.flatMap(({ flaw, count }) => (count > 0 ? [flaw] : []));

test.each([
  ['a whole story', closed('1', '1'), [entry, exit], []],
  ['no exit', closed('1', '1'), [entry], ['closed-without-exit-fill']],
  [
    'an exit an hour too late',
    closed('1', '1'),
    [entry, trade('sell', '13:00:00')],
    ['closed-without-exit-fill'],
  ],
  [
    'a buy is no exit of a long',
    closed('1', '1'),
    [entry, trade('buy', '11:00:00')],
    ['closed-without-exit-fill'],
  ],
  ['profit 0', closed('1', '0'), [entry, exit], ['closed-with-profit-0']],
  ['profit unknown is not 0', closed('1', null), [entry, exit], ['closed-with-unknown-profit']],
  [
    'no exit price',
    closed('1', '1', { exitPrice: null }),
    [entry, exit],
    ['closed-without-exit-price'],
  ],
  ['no entry', closed('1', '1'), [exit], ['entry-without-order']],
  [
    'never touched',
    closed('1', '1', { updatedAt: at('10:00:00') }),
    [entry, exit],
    ['never-updated'],
  ],
  ['active', row('1', 'HNTUSDT', 'long', '10', '10:00:00'), [entry], []],
] as const)('SP20 %s', (_, one, trades, flaws) => {
  expect(flawsOf(one, trades)).toEqual(flaws);
});

test('SP20 an order of the row proves its entry, one that was never filled does not', () => {
  const orderOf = (filled: string) => ({
    ...storedOrder('5', '1', 'HNTUSDT', { orderId: 'o' }),
    ...{ side: 'buy' as const, filled: decimal(filled) },
  });
  const count = (filled: string) =>
    auditHistory([closed('1', '1')], [orderOf(filled)], [exit]).flaws.find(
      ({ flaw }) => flaw === 'entry-without-order',
    )!.count;
  expect([count('10'), count('0')]).toEqual([0, 1]);
});

test('SP20 counted and summed as quantity x entry price, what has none of the two apart', () => {
  const rows = [
    closed('1', '0'),
    closed('2', '0', { quantity: decimal('5') }),
    closed('3', '0', { entryPrice: null }),
    closed('4', '1'),
    row('5', 'HNTUSDT', 'long', '10', '10:00:00'),
  ];
  const audited = auditHistory(rows, [], [entry, exit]);
  expect(audited).toMatchObject({ rows: 5, closed: 4, active: 1, trades: 2, unproven: 3 });
  const zero = audited.flaws.find(({ flaw }) => flaw === 'closed-with-profit-0')!;
  // 10 x 2 + 5 x 2
  expect({ ...zero, notional: toText(zero.notional) }).toEqual({
    ...{ flaw: 'closed-with-profit-0', count: 3, notional: '30', unvalued: 1 },
    rows: ['1', '2', '3'],
  });
});
