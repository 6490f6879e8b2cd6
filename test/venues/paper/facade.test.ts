/** What its users see of the exchange: events in order, its assumptions, time. */
import { expect, test } from 'vitest';
import { InvariantError } from '../../../src/model/result.ts';
import { at, Bench, linear } from './paper-kit.ts';

test('PX22 events come in the order in which things happened, and a listener may trade', () => {
  const b = new Bench(linear);
  const told: string[] = [];
  const end = b.exchange.listen((event) => {
    told.push(event.kind === 'order' ? `order ${event.order.status}` : event.kind);
    if (event.kind === 'fill' && event.fill.clientOrderId === 'c1') {
      b.submit('sell', { price: '102' });
    }
  });
  b.touch('100 9', '101 9');
  b.submit('buy', {});
  expect(told).toEqual([
    ...['order new', 'order filled', 'fill', 'position'],
    ...['order new', 'order open'],
  ]);
  end();
  b.trade('102.1 5', 'buy');
  expect(told.length).toBe(6);
  expect(b.fills()).toEqual(['c1 buy 1 @ 101 taker', 'c2 sell 1 @ 102 maker']);
});

test('PX22 time does not go back', () => {
  const b = new Bench(linear);
  b.touch('100 9', '101 9', at(5));
  expect(() => b.touch('100 9', '101 9', at(4))).toThrow(InvariantError);
  expect(() => b.exchange.elapse(at(4))).toThrow(InvariantError);
  expect(b.exchange.now()).toBe(at(5));
});

test('PX22 every output carries the same assumptions', () => {
  const { assumptions } = new Bench(linear, { latencyMs: 40, seed: 3 }).exchange;
  expect(assumptions).toMatchObject({ mode: 'PAPER', seed: 3, latencyMs: 40 });
  const text = [assumptions.queue, assumptions.fees, ...assumptions.notes].join('\n');
  for (const word of ['queue', 'maker', 'bars', 'funding', 'liquidation', 'latency']) {
    expect(text).toContain(word);
  }
});

test('PX24 what is held alone is what the statement says', () => {
  const b = new Bench(linear);
  b.touch('100 9', '101 9');
  b.submit('buy', {});
  const { positions, balances } = b.exchange.statement();
  const held = b.exchange.holdings();
  expect(held).toEqual({ positions: positions?.items, balances: balances?.items });
  expect(held.positions).toHaveLength(1);
  // Once told it stays as it was: what follows is told anew.
  b.submit('buy', {});
  expect(held.positions).toEqual(positions?.items);
  expect(b.exchange.holdings().positions).not.toEqual(held.positions);
});
