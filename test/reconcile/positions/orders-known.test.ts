/** What a row of an order, executions and reports know is not taken back by a list. */
import { describe, expect, test } from 'vitest';
import { decimal } from '../../../src/decimal/text.ts';
import { section } from '../kit.ts';
import {
  at,
  checked,
  fill,
  held,
  instrumentNamed,
  listed,
  looked,
  says,
  sinceAlways,
  truth,
} from './kit.ts';
import { agi, of, order, report, seen, store, there, told, written } from './order-kit.ts';

const filledRow = { statusText: 'filled', filled: decimal('4160'), isOver: true } as const;
const executed = (quantity: string, time = '14:24:45') =>
  fill(time, 'buy', quantity, agi, '0.0478', { orderId: 'exit-1' });

describe('SP99 the list of open orders has what the row, or more, says is done', () => {
  test('SP99 a row that is filled is not opened by a list that may be older', () => {
    // The row has no stamp: nobody knows which of the two is younger.
    const found = seen([order(filledRow)], [there()], {}, { settleMs: 60_000 });
    expect(told(found)).toEqual(['break', 'ORDER_LOST likely']);
    expect(written(found)).toEqual(['open 0 asks']);
  });

  test('SP99 nor by one that is older: nothing can be said', () => {
    const young = order({ ...filledRow, updatedAt: looked + 1n });
    expect(told(seen([young], [there()]))).toEqual([
      'cannot-say',
      'their rows are younger than the list of open orders',
    ]);
  });

  test('SP99 a stamp in a zone that is assumed is no proof that it is younger', () => {
    const over = order({ statusText: 'canceled', isOver: true, updatedAt: at('12:30:00') });
    expect(written(seen([over], [there()]))).toEqual(['open 0 auto']);
    const zone = { name: 'UTC', known: 'assumed', because: 'nothing tells' } as const;
    const statement = says([held(agi, '-4160')], { orders: section([there()]) });
    const bare = store([over], { zone });
    expect(written(checked(bare, truth(statement, { instruments: listed(agi) })))).toEqual([
      'open 0 asks',
    ]);
    // Clocks differ: half a minute before the list is not surely before it.
    const near = order({ ...over, updatedAt: looked - 30_000_000_000n });
    expect(written(seen([near], [there()]))).toEqual(['open 0 asks']);
  });

  test('SP99 executions of all of it, or a younger report of its end, say it is over', () => {
    const fills = [executed('4160')];
    const ordersOf = () => [report('filled', '4160', { time: at('14:24:45') })];
    const filled = seen([order(filledRow)], [there()], { fills, ...sinceAlways, ordersOf });
    expect(told(filled)).toEqual(['true']);
    // Open in the store: the end of it is written.
    const open = seen([order()], [there()], { fills, ...sinceAlways, ordersOf });
    expect(written(open)).toEqual(['filled 4160 auto']);
    // Without the report a person decides: the list may be right, of an order that was amended.
    expect(written(seen([order()], [there()], { fills, ...sinceAlways }))).toEqual([
      'filled 4160 asks',
    ]);
    const after = () => [report('cancelled', '0', { time: looked + 1n })];
    const cancelled = seen([order()], [there()], { ...sinceAlways, ordersOf: after });
    expect(written(cancelled)).toEqual(['cancelled 0 auto']);
    expect(told(seen([order()], [there()], { ...sinceAlways, ordersOf: of('0') }))).toEqual([
      'cannot-say',
      'the list of open orders has it, and a report that it is cancelled',
    ]);
  });

  test('SP99 what is filled by the row is not lowered without a person', () => {
    const row = order({ filled: decimal('1000') });
    const there500 = there({ filled: decimal('500') });
    expect(told(seen([row], [there500]))).toEqual(['break', 'LATE_ARRIVAL likely']);
    expect(written(seen([row], [there500]))).toEqual(['- 500 asks']);
    // 500 by the list, and 1000 were executed: the row is right.
    const fills = [executed('500', '13:00:00'), executed('500', '13:01:00')];
    expect(told(seen([row], [there500], { fills }))).toEqual(['true']);
    const ended = seen([row], [], { ...sinceAlways, fills: [], ordersOf: of('0') });
    expect(written(ended)).toEqual(['cancelled 0 asks']);
  });

  test('SP99 an order settles by the youngest thing that is known of it', () => {
    const young = order({ statusText: 'canceled', isOver: true, updatedAt: at('15:23:00') });
    const state = (settleMs: number) =>
      seen([young], [there()], {}, { settleMs }).reconciled.breaks.map((one) => one.state);
    // 15:23:00 to 15:24:49 are 109 s; the order was placed at 12:00.
    expect(state(110_000)).toEqual(['SETTLING']);
    expect(state(109_000)).toEqual(['EXPLAINED']);
  });

  test('SP99 an order that is over by its executions is none that the store lost', () => {
    const lost = there({ orderId: 'x9', clientOrderId: 'bot-9' });
    const fills = [fill('15:00:00', 'buy', '4160', agi, '0.0478', { orderId: 'x9' })];
    const own = { ownOrderPrefixes: ['bot-'] };
    expect(told(seen([order()], [there(), lost], { fills }, own))).toEqual(['true']);
  });
});

describe('SP100 a row of another size than the venue has', () => {
  const fills = [executed('3', '13:00:00')];
  const thin = order({ quantity: decimal('0.05') });
  const five = there({ quantity: decimal('5'), filled: decimal('3') });

  test('SP100 in an unknown unit what is filled is not known, and nothing is written of it', () => {
    expect(told(seen([thin], [five], { fills }))).toEqual([
      'cannot-say',
      'in which unit their rows count is not known',
    ]);
    const ordersOf = () => [report('cancelled', '3', { quantity: decimal('5') })];
    const ended = seen([thin], [], { fills, ...sinceAlways, ordersOf });
    expect(told(ended)).toEqual(['break', 'ORDER_GHOST likely']);
    expect(written(ended)).toEqual(['cancelled  asks']);
  });

  test('SP100 a row in coins gets coins: 3 of 5 contracts of 0.01 are 0.03', () => {
    const instruments = listed({ ...instrumentNamed(agi), multiplier: decimal('0.01') });
    const found = seen([thin], [five], { fills, instruments });
    expect(written(found)).toEqual(['- 0.03 auto']);
    // Nobody says of how many contracts it was: neither is it over, nor is a count written.
    const gone = seen([thin], [], { fills, ...sinceAlways, instruments });
    expect(told(gone)).toEqual(['break', 'ORDER_GHOST likely']);
    expect(gone.repairs).toEqual([]);
  });

  test('SP100 by the size of the row alone it is likely only', () => {
    const half = order({ quantity: decimal('3') });
    const found = seen([half], [], { fills, ...sinceAlways });
    expect(told(found)).toEqual(['break', 'ORDER_GHOST likely']);
    expect(written(found)).toEqual(['filled 3 asks']);
    // More than it asks for: it counts in another unit, and may be over with a part of it.
    const more = seen([thin], [], { fills, ...sinceAlways });
    expect(told(more)).toEqual(['break', 'ORDER_GHOST likely']);
    expect(more.reconciled.breaks[0]!.lines[0]!.theirsText).toBe('not open');
    expect(more.repairs).toEqual([]);
  });

  test('SP100 a report that is older than an amendment proves no end: 4160 of 8000', () => {
    const ordersOf = () => [report('open', '0')];
    const amended = order({ quantity: decimal('8000') });
    const better = { fills: [executed('4160')], ...sinceAlways, ordersOf };
    for (const open of [null, []]) {
      expect(told(seen([amended], open, better))).toEqual(['break', 'ORDER_GHOST likely']);
    }
    // Row and report name one size.
    expect(told(seen([order()], null, better))).toEqual(['break', 'ORDER_GHOST proven']);
  });

  test('SP100 a lost order of a contract that is no coin is added by a person', () => {
    const instruments = listed({ ...instrumentNamed(agi), multiplier: decimal('0.01') });
    const lost = there({ orderId: 'x9', clientOrderId: 'bot-9' });
    const own = { ownOrderPrefixes: ['bot-'] };
    const needs = (known: typeof instruments) =>
      seen([order()], [there(), lost], { instruments: known }, own).repairs.map(
        ({ needsApproval }) => needsApproval,
      );
    expect([needs(instruments), needs(listed(agi))]).toEqual([[true], [false]]);
  });
});

describe('SP101 silence ends no break of an order', () => {
  const own = { ownOrderPrefixes: ['bot-'] };
  const lost = there({ orderId: 'x9', clientOrderId: 'bot-9' });
  const over = { ordersOf: of('0'), ...sinceAlways };
  const states = ({ reconciled }: ReturnType<typeof seen>) =>
    reconciled.breaks.map(({ state }) => state);
  const saying = (orders: ReturnType<typeof section>, more = {}) =>
    checked(
      store([order()]),
      truth(says([held(agi, '-4160')], { orders: orders as never }), {
        instruments: listed(agi),
      }),
      more,
    );

  test('SP101 a list that does not speak for its instrument', () => {
    const known = seen([order()], [there(), lost], {}, own).reconciled.breaks;
    const spot = section([], { scope: ['spot'] });
    expect(states(saying(spot, { ...own, known }))).toEqual(['EXPLAINED']);
    const whole = section([there()], { scope: ['linear'] });
    expect(states(saying(whole as never, { ...own, known }))).toEqual(['SELF_CLEARED']);
  });

  test('SP101 a row of which is not certain any more whose it is', () => {
    const known = seen([order()], [], over).reconciled.breaks;
    const asked = ['main', 'sub'].map((account) => ({ account, names: ['bybit'] }));
    const found = seen([order()], [], over, { known, accounts: { asked, others: [] } });
    expect([told(found)[0], states(found)]).toEqual(['break', ['EXPLAINED']]);
  });

  test('SP101 a row that is not shown, unless the store was asked for it', () => {
    const known = seen([order()], [], over).reconciled.breaks;
    expect(states(seen([], [], over, { known }))).toEqual(['EXPLAINED']);
    const askedOrders = new Set(['exit-1']);
    expect(states(seen([], [], over, { known, askedOrders }))).toEqual(['SELF_CLEARED']);
    const done = order({ isOver: true, statusText: 'canceled' });
    const older = { known, askedOrders, olderOrders: [done] };
    expect(states(seen([], [], over, older))).toEqual(['SELF_CLEARED']);
    // It is shown, and is still open.
    expect(states(seen([], [], over, { ...older, olderOrders: [order()] }))).toEqual(['EXPLAINED']);
  });

  test('SP101 a row that is closed while a list that is cut off does not have its order', () => {
    const row = order({ isOver: true, statusText: 'canceled', updatedAt: at('12:30:00') });
    const known = seen([row], [there()]).reconciled.breaks;
    expect(known.map(({ reason }) => reason)).toEqual(['ORDER_LOST']);
    expect(states(seen([row], null, {}, { known }))).toEqual(['EXPLAINED']);
    expect(states(seen([row], [], {}, { known }))).toEqual(['SELF_CLEARED']);
  });

  test('SP101 more open rows than are shown are unknown', () => {
    const cut = { ...store([order()]), ordersCut: 10_000 };
    const statement = says([held(agi, '-4160')], { orders: section([there()]) });
    expect(told(checked(cut, truth(statement, { instruments: listed(agi) })))).toEqual([
      'cannot-say',
      'more than 10000 of them are not over: older ones are not shown',
    ]);
  });
});

describe('SP102 an order is lost where no row at all is about it', () => {
  test.each([
    ['two accounts of its exchange', 'bybit', ['main', 'sub']],
    ['an exchange that is nobody’s', 'Bybit Futures', ['main']],
  ])('SP102 a row of %s is about it', (_, exchange, names) => {
    const asked = names.map((account) => ({ account, names: ['bybit'] }));
    const found = seen([order({ exchange })], [there()], {}, { accounts: { asked, others: [] } });
    expect(found.reconciled.breaks).toEqual([]);
    expect(told(found)[0]).toBe('cannot-say');
  });

  test('SP102 one in an instrument that nobody knows is not passed over', () => {
    const lost = there({ orderId: 'x', clientOrderId: 'bot-x', instrument: 'NEW/USDT:USDT' });
    const found = seen([order()], [there(), lost], {}, { ownOrderPrefixes: ['bot-'] });
    expect(told(found)).toEqual([
      'cannot-say',
      'order x rests there under an id of the bot, in an instrument that is not known',
    ]);
    expect(found.reconciled.unknown).toMatchObject([{ section: 'orders', scope: 'NEW/USDT:USDT' }]);
  });
});

describe('SP103 a bot that writes a row for each state of an order', () => {
  const closed = order({
    id: '8',
    statusText: 'canceled',
    isOver: true,
    updatedAt: at('12:30:00'),
  });

  test('SP103 its closed row is no loss while another one says that it rests', () => {
    expect(told(seen([order(), closed], [there()]))).toEqual(['true']);
    // What is filled is of the open row, and a person decides.
    const found = seen([order(), closed], [there({ filled: decimal('10') })]);
    expect(written(found)).toEqual(['- 10 asks']);
  });

  test('SP103 where all are wrong a person decides of each', () => {
    const both = seen([order(), order({ id: '8' })], [], { ordersOf: of('0'), ...sinceAlways });
    expect(written(both)).toEqual(['cancelled 0 asks', 'cancelled 0 asks']);
    expect(written(seen([closed, { ...closed, id: '9' }], [there()]))).toEqual([
      'open 0 asks',
      'open 0 asks',
    ]);
  });
});

describe('SP104 a plan names all that it writes', () => {
  const own = { ownOrderPrefixes: ['bot-'] };
  const lost = there({ orderId: 'x9', clientOrderId: 'bot-9' });
  const hashOf = (parts: Parameters<typeof there>[0]) =>
    seen([order()], [there(), { ...lost, ...parts }], {}, own).reconciled.plan.hash;

  test.each([
    ['side', { side: 'sell' }],
    ['quantity', { quantity: decimal('9000') }],
    ['price', { price: decimal('1') }],
    ['name', { clientOrderId: 'bot-10' }],
    ['type', { type: 'market' }],
    ['time', { time: at('12:00:01') }],
  ] as const)('SP104 an order of another %s is another plan', (_, parts) => {
    expect(hashOf(parts)).not.toBe(hashOf({}));
    expect(hashOf({})).toBe(hashOf({}));
  });

  test('SP104 an order of which no time is told is the same plan in every look', () => {
    const untimed = { ...lost, time: null };
    const hashAt = (asOf: bigint) => {
      const orders = section([there(), untimed]);
      const statement = { ...says([held(agi, '-4160')], { orders }), asOf };
      const better = truth(statement, { instruments: listed(agi) });
      return checked(store([order()]), better, own).reconciled.plan.hash;
    };
    expect(hashAt(looked)).toBe(hashAt(looked - 1_000_000_000n));
  });
});
