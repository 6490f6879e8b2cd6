import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/decimal/text.ts';
import { draftOf, factOf, instantMax, isStorable, ratesOf } from '../../src/journal/codec.ts';
import { type JournalFact, timeOf } from '../../src/journal/encode.ts';
import { keyOf, sameKey } from '../../src/journal/key.ts';
import { type Upcasters, upcast, versionOf } from '../../src/journal/upcast.ts';
import type { EntryRow, Rate } from '../../src/model/entry.ts';
import type { CashFact, Fill, OrderReport } from '../../src/model/fact.ts';
import { instant } from '../../src/model/instant.ts';
import { facts, rates } from './arbitrary-facts.ts';

const time = instant('2026-01-12T10:15:30.123456789Z');

const fill: Fill = {
  kind: 'fill',
  account: 'main',
  instrument: 'BTC/USDT:USDT',
  leg: 'net',
  side: 'buy',
  quantity: decimal('0.5'),
  price: decimal('60000.1'),
  fees: [{ currency: 'USDT', amount: decimal('0.03') }],
  liquidity: null,
  executionId: 'e1',
  orderId: 'o1',
  clientOrderId: null,
  strategy: null,
  cause: 'trade',
  venueSequence: null,
  provisional: false,
  time,
};

const deposit: CashFact = {
  kind: 'deposit',
  account: 'main',
  currency: 'USDT',
  amount: decimal('10000'),
  id: 'd1',
  instrument: null,
  leg: null,
  cost: null,
  fee: null,
  state: 'booked',
  counterAccount: null,
  reason: null,
  venueSequence: null,
  time,
};

const order: OrderReport = {
  kind: 'order',
  account: 'main',
  instrument: 'BTC/USDT',
  leg: 'net',
  orderId: 'o1',
  clientOrderId: null,
  side: 'buy',
  type: 'limit',
  quantity: decimal('1'),
  price: decimal('100'),
  filled: decimal('0'),
  averagePrice: null,
  status: 'open',
  reduceOnly: false,
  time,
};

const rowOf = (fact: JournalFact, at = timeOf(fact) ?? time, valuedAt: readonly Rate[] = []) => ({
  ...draftOf(fact, at, valuedAt),
  sequence: 1,
});

describe('a fact and its entry', () => {
  test('J1 every fact comes back from its entry as it was told', () => {
    const at = fc.bigInt({ min: -(10n ** 18n), max: 9n * 10n ** 18n });
    fc.assert(
      fc.property(facts, fc.option(at), fc.array(rates), (fact, effectiveAt, valuedAt) => {
        const row = rowOf(fact, effectiveAt ?? undefined, valuedAt);
        expect(factOf(row, 'main')).toEqual(fact);
        expect(ratesOf(row)).toEqual(valuedAt);
      }),
      { numRuns: 2000 },
    );
  });

  test('J2 a typical fill needs no body', () => {
    expect(draftOf(fill, time, [])).toEqual({
      v: 1,
      effectiveAt: time,
      kind: 'fill',
      id: 'e1',
      instrument: 'BTC/USDT:USDT',
      side: 'buy',
      leg: 'net',
      quantity: '0.5',
      price: '60000.1',
      amount: '0.03',
      currency: 'USDT',
      orderId: 'o1',
      body: null,
      causedBy: null,
    });
  });

  test.each([
    ['unknown', null, { amount: null, currency: null, body: null }],
    ['none', [], { amount: '0', currency: null, body: null }],
    [
      'several',
      [
        { currency: 'USDT', amount: decimal('1') },
        { currency: 'BNB', amount: decimal('0.1') },
      ],
      {
        amount: null,
        currency: null,
        body: '{"fees":[{"amount":"1","currency":"USDT"},{"amount":"0.1","currency":"BNB"}]}',
      },
    ],
  ])('J3 a fee that is %s is stored as such', (_what, fees, columns) => {
    expect(draftOf({ ...fill, fees }, time, [])).toMatchObject(columns);
  });

  test('J4 one value has one stored form', () => {
    const wide = { ...fill, quantity: { coefficient: 5000, scale: 4 } };
    expect(draftOf(wide, time, [])).toEqual(draftOf(fill, time, []));
    const body = draftOf({ ...fill, strategy: 's', liquidity: 'maker' }, time, []).body;
    expect(body).toBe('{"liquidity":"maker","strategy":"s"}');
  });

  test.each<[string, Partial<EntryRow>]>([
    ['a quantity', { quantity: '1e5' }],
    ['a side', { side: 'up' }],
    ['a body', { body: '{' }],
    ['a member of the body', { body: '{"strategy":7}' }],
    ['a missing price', { price: null }],
    ['a version', { v: 9 }],
  ])('J5 a damaged entry throws and never reads as another fact: %s', (_what, damage) => {
    expect(() => factOf({ ...rowOf(fill), ...damage }, 'main')).toThrow();
  });

  test('J6 an instant that no file can hold is told apart', () => {
    expect(isStorable(instantMax)).toBe(true);
    expect(isStorable(instant('2262-04-12T00:00:00Z'))).toBe(false);
    expect(() => draftOf(fill, instantMax + 1n, [])).toThrow('no storable time');
  });
});

describe('keys', () => {
  test('J7 a fill is its execution, instrument, side and leg, whatever else is told', () => {
    const retold = { ...fill, price: decimal('1'), orderId: null, time: time + 1n };
    expect(keyOf(retold)).toEqual(keyOf(fill));
    for (const other of [
      { ...fill, side: 'sell' as const },
      { ...fill, leg: 'long' as const },
      { ...fill, instrument: 'ETH/USDT' },
      { ...fill, executionId: 'e2' },
    ]) {
      expect(sameKey(keyOf(other), keyOf(fill))).toBe(false);
    }
  });

  test('J8 a cash fact is its kind, id and instrument, not its currency or leg', () => {
    const retold = { ...deposit, currency: 'BTC', leg: 'long' as const };
    expect(keyOf(retold)).toEqual(keyOf(deposit));
    expect(sameKey(keyOf({ ...deposit, kind: 'withdrawal' }), keyOf(deposit))).toBe(false);
    expect(sameKey(keyOf({ ...deposit, instrument: 'X/Y' }), keyOf(deposit))).toBe(false);
  });

  test('J9 each distinct report of an order is an entry, the same report is one', () => {
    expect(keyOf({ ...order, filled: { coefficient: 0, scale: 3 } })).toEqual(keyOf(order));
    expect(sameKey(keyOf({ ...order, filled: decimal('0.5') }), keyOf(order))).toBe(false);
    expect(keyOf(order).id).toMatch(/^o1:[0-9a-f]{16}$/);
  });

  test('J10 the key of a fact is in the columns of its entry', () => {
    fc.assert(
      fc.property(facts, (fact) => {
        const { kind, id, instrument, side, leg } = rowOf(fact);
        const columns = {
          kind,
          id,
          instrument: instrument ?? '',
          side: side ?? '',
          leg: leg ?? '',
        };
        expect(columns).toEqual(keyOf(fact));
        expect(keyOf(factOf(rowOf(fact), 'main'))).toEqual(keyOf(fact));
      }),
      { numRuns: 500 },
    );
  });

  test('J11 half a surrogate pair is replaced before it is keyed, stored and hashed', () => {
    const broken = { ...fill, executionId: 'e\ud800', orderId: 'o\udfff' };
    expect(draftOf(broken, time, [])).toMatchObject({ id: 'e\ufffd', orderId: 'o\ufffd' });
    expect(keyOf(broken).id).toBe('e\ufffd');
  });
});

describe('upcasting', () => {
  const planted: Upcasters = {
    fill: [
      (row) => ({ ...row, orderId: row.orderId ?? 'none' }),
      (row) => ({ ...row, price: `${row.price}0` }),
    ],
  };

  test('J12 an old entry passes every step from its version to the present one', () => {
    const row = { ...rowOf(fill), orderId: null };
    expect(upcast(row, planted)).toEqual({ ...row, v: 3, orderId: 'none', price: '60000.10' });
    expect(upcast({ ...row, v: 2 }, planted)).toEqual({ ...row, v: 3, price: '60000.10' });
    expect(upcast({ ...row, v: 3 }, planted)).toEqual({ ...row, v: 3 });
    expect(versionOf('fill', planted)).toBe(3);
    expect(versionOf('deposit', planted)).toBe(1);
  });

  test.each([0, 2, 1.5])('J13 version %s is refused where 1 is the newest', (v) => {
    expect(() => upcast({ ...rowOf(fill), v })).toThrow('no version');
  });
});
