/** What holds of every plan, on a venue that does at once and wholly what it is told. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  absolute,
  add,
  compare,
  isNegative,
  isZero,
  subtract,
  zero,
} from '../../src/decimal/decimal.ts';
import { decimal } from '../../src/decimal/text.ts';
import type { ExitFacts, ExitLine } from '../../src/exits/facts.ts';
import { exitOrderId, isExitOrderId } from '../../src/exits/order-name.ts';
import { hasWork, planExits } from '../../src/exits/plan.ts';
import type { Leg, Side } from '../../src/model/fact.ts';
import type { StatementOrder } from '../../src/model/statement.ts';
import { agi, factsOf, order } from './kit.ts';

const amount = fc
  .tuple(fc.integer({ min: 1, max: 99_999 }), fc.integer({ min: 0, max: 4 }))
  .map(([n, scale]) => `${n}e-${scale}`)
  .map((text) => decimal(Number(text).toFixed(4)));

const anyOrder: fc.Arbitrary<StatementOrder> = fc
  .record({
    id: fc.constantFrom('tux-a-g-0', 'tux-a-p3-1', 'tux-b-m0-0', 'bot_1', 'mine'),
    side: fc.constantFrom<Side>('buy', 'sell'),
    quantity: amount,
    price: fc.option(amount),
    part: fc.constantFrom(0, 1, null),
    leg: fc.constantFrom<Leg>('net', 'net', 'net', 'long'),
    reduceOnly: fc.boolean(),
    n: fc.nat(9_999),
  })
  .map(({ id, side, quantity, price, part, leg, reduceOnly, n }) => ({
    ...order(id, side, '1', null, { leg, reduceOnly, orderId: `${id}/${n}`, quantity, price }),
    type: price === null ? 'market' : 'limit',
    filled: part === null ? null : part === 0 ? zero : decimal('0.0001'),
  }));

const anyFacts: fc.Arbitrary<ExitFacts> = fc
  .record({
    quantity: amount,
    isShort: fc.boolean(),
    entry: amount,
    price: amount,
    hours: fc.integer({ min: 0, max: 30 }),
    minutes: fc.integer({ min: 0, max: 59 }),
    orders: fc.uniqueArray(anyOrder, { maxLength: 5, selector: ({ orderId }) => orderId }),
    lot: fc.constantFrom('0.001', '0.1', '1', '100'),
    tick: fc.constantFrom('0.0001', '0.01', '1'),
    canAmend: fc.boolean(),
    trails: fc.boolean(),
    minimum: fc.constantFrom(null, decimal('5')),
  })
  .map((one) => {
    const quantity = one.isShort ? subtract(zero, one.quantity) : one.quantity;
    const { tick, lot, orders, canAmend } = one;
    const facts = factsOf({ age: `${one.hours}h${one.minutes}m`, tick, lot, orders });
    const prices = new Map([[agi, { ...facts.prices.get(agi)!, last: one.price }]]);
    const trailing = new Set(one.trails ? [`${agi}|net`] : []);
    const rules = { ...facts.rules, adopts: ['bot_'], minimumNotional: one.minimum };
    const [position] = facts.positions!;
    const [held] = facts.held;
    return {
      ...{ ...facts, canAmend, prices, trailing, rules },
      positions: [{ ...position!, quantity, averagePrice: one.entry }],
      held: [{ ...held!, quantity }],
    };
  });

/** The orders and the position after all of it was done. */
function carriedOut(facts: ExitFacts): ExitFacts {
  let orders = [...facts.orders!];
  let [position] = facts.positions!;
  for (const action of planExits(facts).lines.flatMap(({ actions }) => actions)) {
    if (action.do === 'cancel') orders = orders.filter((one) => one !== action.order);
    if (action.do === 'amend') {
      const { order: old, price, quantity } = action;
      const changed = { price: price ?? old.price, quantity: quantity ?? old.quantity };
      orders = orders.map((one) => (one === old ? { ...one, ...changed } : one));
    }
    if (action.do !== 'create') continue;
    const { side, quantity, price, stem } = action;
    const signed = side === 'buy' ? quantity : subtract(zero, quantity);
    if (price === null) position = { ...position!, quantity: add(position!.quantity, signed) };
    else {
      const name = exitOrderId(stem, 7);
      const of = { price, quantity, orderId: name };
      orders.push({ ...order(name, side, '1', null, of), type: 'limit' });
    }
  }
  return { ...facts, orders, positions: [position!] };
}

const netLine = (facts: ExitFacts): ExitLine =>
  planExits(facts).lines.find(({ leg }) => leg === 'net')!;

const all = (check: (facts: ExitFacts) => void) =>
  fc.assert(fc.property(anyFacts, check), { numRuns: 400 });

test('EX12 a plan that was carried out is empty when it is made again', () => {
  all((facts) => {
    expect(hasWork(planExits(carriedOut(facts)))).toBe(false);
  });
});

test('EX7 no plan adds to a position or turns it', () => {
  all((facts) => {
    const { quantity } = facts.positions![0]!;
    for (const action of netLine(facts).actions) {
      if (action.do !== 'create') continue;
      expect(action.side).toBe(isNegative(quantity) ? 'buy' : 'sell');
      expect(compare(action.quantity, absolute(quantity))).not.toBe(1);
    }
    const left = carriedOut(facts).positions![0]!.quantity;
    expect(isZero(left) || isNegative(left) === isNegative(quantity)).toBe(true);
  });
});

test('EX7 what an order still may fill is never more than is left', () => {
  all((facts) => {
    const { quantity } = facts.positions![0]!;
    for (const action of netLine(facts).actions) {
      if (action.do !== 'amend' || action.quantity === null) continue;
      const open = subtract(action.quantity, action.order.filled!);
      expect(compare(open, absolute(quantity))).not.toBe(1);
    }
  });
});

test('EX8 at most one order of ours is left, and no other one is touched', () => {
  all((facts) => {
    const line = netLine(facts);
    const after = carriedOut(facts);
    const isOurs = (one: StatementOrder) => isExitOrderId(one.clientOrderId) && one.leg === 'net';
    // What is too little for an order, or not known, is left as it is.
    if (line.standing !== 'dust' && line.standing !== 'unknown') {
      expect(after.orders!.filter(isOurs).length).toBeLessThanOrEqual(1);
    }
    const theirs = (one: StatementOrder) => one.clientOrderId === 'mine';
    expect(after.orders!.filter(theirs)).toEqual(facts.orders!.filter(theirs));
  });
});
