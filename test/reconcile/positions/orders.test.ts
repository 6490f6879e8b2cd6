/** Orders that a bot stores, beside what the exchange and the book know of them. */
import { describe, expect, test } from 'vitest';
import { decimal } from '../../../src/decimal/text.ts';
import type { SourceAuditRow } from '../../../src/model/source.ts';
import { section } from '../kit.ts';
import {
  at,
  checked,
  fill,
  held,
  listed,
  looked,
  row,
  says,
  sinceAlways,
  snapshot,
  truth,
} from './kit.ts';
import { agi, of, order, report, seen, store, there, told, written } from './order-kit.ts';

describe('SP93 the store believes that an order is open', () => {
  test('SP93 it rests there, as it is stored', () => {
    expect(told(seen([order()], [there()]))).toEqual(['true']);
  });

  test('SP93 it rests there with 1000 executed: the row gets them', () => {
    const found = seen([order()], [there({ filled: decimal('1000') })]);
    expect(told(found)).toEqual(['break', 'LATE_ARRIVAL proven']);
    expect(written(found)).toEqual(['- 1000 auto']);
    expect(found.reconciled.breaks[0]!.lines[0]).toMatchObject({
      ...{ what: 'order', key: 'exit-1', oursText: 'open', theirsText: 'open' },
      difference: decimal('1000'),
    });
  });

  test('SP93 it is cancelled by a report, and its executions say the same: proven', () => {
    const fills = [fill('13:00:00', 'buy', '1000', agi, '0.0478', { orderId: 'exit-1' })];
    const found = seen([order()], [], { fills, ...sinceAlways, ordersOf: of('1000') });
    expect(told(found)).toEqual(['break', 'ORDER_GHOST proven']);
    expect(written(found)).toEqual(['cancelled 1000 auto']);
    expect(found.reconciled.breaks[0]!.lines[0]).toMatchObject({
      ...{ oursText: 'open, 0 executed', theirsText: 'cancelled, 1000 executed' },
      ...{ ours: null, theirs: null, difference: null },
    });
  });

  test('SP93 a report and the executions that do not agree prove nothing', () => {
    const fills = [fill('13:00:00', 'buy', '900', agi, '0.0478', { orderId: 'exit-1' })];
    const found = seen([order()], [], { fills, ...sinceAlways, ordersOf: of('1000') });
    expect(told(found)).toEqual(['break', 'ORDER_GHOST likely']);
    expect(written(found)).toEqual(['cancelled 900 asks']);
  });

  test('SP93 all of it was executed: 1000 + 3160 = 4160', () => {
    const fills = [
      fill('13:00:00', 'buy', '1000', agi, '0.0478', { orderId: 'exit-1' }),
      fill('13:01:00', 'buy', '3160', agi, '0.0478', { orderId: 'exit-1' }),
    ];
    const ordersOf = () => [report('open', '1000')];
    const found = seen([order()], [], { fills, ordersOf });
    expect(told(found)).toEqual(['break', 'ORDER_GHOST proven']);
    expect(written(found)).toEqual(['filled 4160 auto']);
    // Only the row says that no more was asked for: it may have been made larger since.
    expect(told(seen([order()], [], { fills }))).toEqual(['break', 'ORDER_GHOST likely']);
    expect(told(seen([order()], null, { fills }))).toEqual(['break', 'ORDER_GHOST likely']);
  });

  test('SP93 it does not rest there, and nobody told how it ended: a person decides', () => {
    const fills = [fill('13:00:00', 'buy', '1000', agi, '0.0478', { orderId: 'exit-1' })];
    const found = seen([order()], [], { fills, ...sinceAlways });
    expect(told(found)).toEqual(['break', 'ORDER_GHOST likely']);
    expect(written(found)).toEqual(['cancelled 1000 asks']);
    // Without a list of executions there is nothing to write: how much was executed is not known.
    const bare = seen([order()], []);
    expect(told(bare)).toEqual(['break', 'ORDER_GHOST likely']);
    expect(bare.repairs).toEqual([]);
  });

  test.each([
    ['no list of open orders', null, 'the list of open orders: not stated'],
    ['an incomplete one', section([], { complete: false }), 'the list of open orders: incomplete'],
    ['one that failed', section([], { error: 'timeout' }), 'the list of open orders: timeout'],
    [
      'one of other contracts',
      section([], { scope: ['linear:USDC'] }),
      'the list of open orders: outside its scope',
    ],
  ])('SP93 %s proves nothing: unknown', (_, orders, why) => {
    const statement = says([held(agi, '-4160')], { orders });
    const found = checked(store([order()]), truth(statement, { instruments: listed(agi) }));
    expect(told(found)).toEqual(['cannot-say', why]);
    expect(found.reconciled.unknown[0]!.scope).toBe('1 order');
  });

  test('SP93 one that was placed after the answer is not known yet', () => {
    const young = order({ createdAt: looked + 1_000_000_000n });
    expect(told(seen([young], []))).toEqual([
      'cannot-say',
      'it is younger than the list of open orders',
    ]);
  });

  test('SP93 without an id, or of no one instrument, it is unknown', () => {
    expect(told(seen([order({ orderId: null })], []))).toEqual([
      'cannot-say',
      'no id of them is stored',
    ]);
    expect(told(seen([order({ symbol: 'AGI' })], []))).toEqual([
      'cannot-say',
      'their symbols fit no instrument, or several',
    ]);
  });

  test('SP93 an order of another account is not this one’s; of nobody’s it is unknown', () => {
    const far = order({ exchange: 'binance' });
    const others = [{ account: 'far', names: ['binance'] }];
    const asked = [{ account: 'main', names: ['bybit'] }];
    expect(told(seen([far], [], {}, { accounts: { asked, others } }))).toEqual(['true']);
    expect(told(seen([far], []))).toEqual(['cannot-say', 'the book has no account of binance']);
    const two = { asked: [...asked, { account: 'sub', names: ['bybit'] }], others: [] };
    const why = 'bybit fits several: it may be of main or sub; --account NAME says whose it is';
    // The row of the position, and that of the order: and no break of either.
    expect(told(seen([order()], [there()], {}, { accounts: two }))).toEqual([
      'cannot-say',
      why,
      why,
    ]);
  });

  test.each(['STOP_MARKET', 'stop_limit', 'trailing_stop', 'take_profit'])(
    'SP93 a %s that no list of open orders has may wait all the same',
    (type) => {
      const found = seen([order({ type })], []);
      expect(told(found)[0]).toBe('cannot-say');
      // Its end by a report is as good as that of any other.
      const ended = seen([order({ type })], [], { ...sinceAlways, ordersOf: of('0') });
      expect(told(ended)).toEqual(['break', 'ORDER_GHOST proven']);
    },
  );

  test('SP93 a table without a status believes nothing', () => {
    const plain = { ...store([order()]), keeps: snapshot([]).keeps };
    const statement = says([held(agi, '-4160')], { orders: section([]) });
    expect(told(checked(plain, truth(statement, { instruments: listed(agi) })))).toEqual(['true']);
  });

  test('SP93 a young one may settle by itself', () => {
    const young = there({ filled: decimal('1000'), time: looked - 5_000_000_000n });
    const found = seen([order()], [young], {}, { settleMs: 60_000 });
    expect(found.reconciled.breaks[0]!.state).toBe('SETTLING');
    expect(found.repairs).toEqual([]);
  });
});

describe('SP94 the exchange has an order that the store lost', () => {
  const own = { ownOrderPrefixes: ['bot-'] };

  test('SP94 one that the store has as over is open again', () => {
    const updatedAt = at('12:30:00');
    const over = order({ statusText: 'canceled', isOver: true, updatedAt });
    const found = seen([over], [there()]);
    expect(told(found)).toEqual(['break', 'ORDER_LOST proven']);
    expect(written(found)).toEqual(['open 0 auto']);
    // Also where the snapshot does not show it: its position is closed.
    const older = seen([], [there()], {}, { olderOrders: [over] });
    expect(told(older)).toEqual(['break', 'ORDER_LOST proven']);
  });

  test('SP94 one under an id of the bot is added with its real id and its position', () => {
    const lost = there({ orderId: 'x9', clientOrderId: 'bot-9', filled: decimal('10') });
    const found = seen([order()], [there(), lost], {}, own);
    expect(told(found)).toEqual(['break', 'ORDER_LOST proven']);
    const [addition] = found.repairs.flatMap(({ orders }) => orders);
    expect(addition).toMatchObject({
      ...{ orderId: 'x9', clientOrderId: 'bot-9', positionId: '1', symbol: 'AGIUSDT' },
      ...{ exchange: 'bybit', statusText: 'open', filled: decimal('10') },
    });
  });

  test('SP94 one of somebody else is not the bot’s', () => {
    const foreign = there({ orderId: 'x9', clientOrderId: 'other-9' });
    expect(told(seen([order()], [there(), foreign], {}, own))).toEqual(['true']);
  });

  test('SP94 a bot that keeps no orders lost none', () => {
    const lost = there({ orderId: 'x9', clientOrderId: 'bot-9' });
    const empty = { ...store([]), counts: { active: 1, closed: 0, orders: 0, trades: 0 } };
    const statement = says([held(agi, '-4160')], { orders: section([lost]) });
    const found = checked(empty, truth(statement, { instruments: listed(agi) }), own);
    expect(told(found)).toEqual(['true']);
  });

  test('SP94 a row that cannot be added is left to a person', () => {
    const lost = there({ orderId: 'x9', clientOrderId: 'bot-9' });
    const { keeps, ...rest } = store([order()]);
    const refuses = { orders: 'orders is a view' };
    const statement = says([held(agi, '-4160')], { orders: section([there(), lost]) });
    const found = checked(
      { ...rest, keeps: { ...keeps, refuses } },
      truth(statement, { instruments: listed(agi) }),
      own,
    );
    expect(told(found)).toEqual(['break', 'ORDER_LOST proven']);
    expect(found.repairs).toEqual([]);
    expect(found.reconciled.breaks[0]!.explanation.sentence).toContain('orders is a view');
  });

  test('SP94 once the row is right the break is over; without an answer it stays', () => {
    const lost = there({ orderId: 'x9', clientOrderId: 'bot-9' });
    const known = seen([order()], [there(), lost], {}, own).reconciled.breaks;
    const after = [order(), order({ id: '8', orderId: 'x9' })];
    expect(told(seen(after, [there(), lost], {}, { ...own, known }))[0]).toBe('true');
    const silent = seen([order()], null, {}, { ...own, known });
    expect(silent.reconciled.breaks[0]!.state).toBe('EXPLAINED');
  });
});

describe('SP95 a repair of an order that the bot wrote over', () => {
  const write: SourceAuditRow = {
    ...{ id: 3, at: at('14:30:00'), actor: 'trueup', action: 'update', why: null, undoes: null },
    changes: [
      {
        ...{ table: 'orders', key: '7', role: 'order', columns: { status: 'status' } },
        ...{ before: { status: 'open' }, after: { status: 'canceled' } },
      },
    ],
  };

  test('SP95 is its own break, and is not repeated without a person', () => {
    const statement = says([held(agi, '-4160')], { orders: section([]) });
    const better = truth(statement, { instruments: listed(agi), ordersOf: of('0') });
    const plain = { ...store([order()]), writes: [] };
    expect(written(checked(plain, better))).toEqual(['cancelled 0 auto']);
    const found = checked({ ...plain, writes: [write] }, better);
    expect(told(found)).toEqual(['break', 'REPAIR_OVERWRITTEN proven']);
    expect(written(found)).toEqual(['cancelled 0 asks']);
  });

  test('SP95 SP18 a write of an order is none of the position with the same key', () => {
    const stored = row('7', 'AGIUSDT', 'short', '4160', '10:00:00');
    const found = checked(
      snapshot([stored], { writes: [write] }),
      truth(says([held(agi, '-3160')]), { instruments: listed(agi) }),
    );
    expect(told(found)[1]).not.toContain('REPAIR_OVERWRITTEN');
  });
});
