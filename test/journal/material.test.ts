import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/decimal/text.ts';
import {
  completionOf,
  conflictOf,
  draftOfCompletion,
  draftOfConflict,
} from '../../src/journal/amendment-codec.ts';
import { draftOf } from '../../src/journal/codec.ts';
import {
  applyCompletion,
  applyCorrection,
  type Completion,
  completedRates,
  judge,
} from '../../src/journal/material.ts';
import type { Rate } from '../../src/model/entry.ts';
import type { CashFact, Correction, Fill } from '../../src/model/fact.ts';
import { instant } from '../../src/model/instant.ts';
import { cashFacts, facts, fills, rates } from './arbitrary-facts.ts';

const time = instant('2026-01-12T10:15:30Z');
const second = 1_000_000_000n;

const fill: Fill = {
  kind: 'fill',
  account: 'main',
  instrument: 'BTC/USDT',
  leg: 'net',
  side: 'buy',
  quantity: decimal('0.5'),
  price: decimal('60000'),
  fees: null,
  liquidity: null,
  executionId: 'e1',
  orderId: null,
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
  currency: 'BTC',
  amount: decimal('1'),
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

const rate: Rate = { currency: 'BTC', instrument: 'BTC/USDT', price: decimal('60000'), time };
const fees = [{ currency: 'USDT', amount: decimal('0.03') }];

const judged = (a: Fill | CashFact, b: Fill | CashFact, was: Rate[] = [], is: Rate[] = []) =>
  judge({ fact: a, rates: was }, { fact: b, rates: is });

describe('a fact told twice', () => {
  test('J14 the same content is the same fact, whatever kind it is', () => {
    fc.assert(
      fc.property(facts, fc.array(rates), (fact, valuedAt) => {
        const stated = { fact, rates: valuedAt };
        expect(judge(stated, structuredClone(stated))).toEqual({ verdict: 'same' });
      }),
    );
  });

  test.each<[string, Partial<Fill>]>([
    ['quantity', { quantity: decimal('0.50001') }],
    ['price', { price: decimal('60000.1') }],
    ['fees', { fees: [] }],
    ['fees', { fees: [{ currency: 'BNB', amount: decimal('0.03') }] }],
    ['orderId', { orderId: 'another' }],
    ['cause', { cause: 'adl' }],
    ['time', { time: time + second + 1n }],
    ['time', { time: time - second - 1n }],
  ])('J15 another %s of a fill is a conflict: %#', (field, change) => {
    const told: Fill = { ...fill, fees, orderId: 'o1', cause: 'liquidation' };
    expect(judged(told, { ...told, ...change })).toEqual({ verdict: 'conflict', fields: [field] });
  });

  test('J16 fees are compared as sums per currency, and a fee of nothing is none', () => {
    const split = [
      { currency: 'USDT', amount: decimal('0.01') },
      { currency: 'BNB', amount: decimal('0') },
      { currency: 'USDT', amount: decimal('0.02') },
    ];
    expect(judged({ ...fill, fees }, { ...fill, fees: split })).toEqual({ verdict: 'same' });
    const nothing = [{ currency: 'USDT', amount: decimal('0') }];
    expect(judged({ ...fill, fees: [] }, { ...fill, fees: nothing })).toEqual({ verdict: 'same' });
  });

  test.each<[Partial<Fill>]>([
    [{ fees }],
    [{ fees: [] }],
    [{ orderId: 'o1' }],
    [{ clientOrderId: 'c1' }],
    [{ liquidity: 'maker' }],
    [{ strategy: 's' }],
    [{ venueSequence: '7' }],
    [{ cause: 'liquidation' }],
  ])('J17 what was missing completes a fill, and its absence takes nothing away: %j', (set) => {
    const full = { ...fill, ...set };
    expect(judged(fill, full)).toEqual({ verdict: 'completes', set });
    expect(judged(full, fill)).toEqual({ verdict: 'same' });
    expect(applyCompletion(fill, set as Completion)).toEqual(full);
  });

  test('J18 labels keep their first value', () => {
    const a = { ...fill, strategy: 'a', clientOrderId: 'a', venueSequence: '1' };
    const b = { ...fill, strategy: 'b', clientOrderId: 'b', venueSequence: '2' };
    expect(judged(a, b)).toEqual({ verdict: 'same' });
  });

  test('J19 within a second the earlier time holds, whichever came first', () => {
    const earlier = { ...fill, time: time - second };
    expect(judged(fill, earlier)).toEqual({ verdict: 'completes', set: { time: time - second } });
    expect(judged(earlier, fill)).toEqual({ verdict: 'same' });
  });

  test('J20 a provisional fill becomes a real one, never the reverse', () => {
    const guess = { ...fill, provisional: true };
    expect(judged(guess, fill)).toEqual({ verdict: 'completes', set: { provisional: false } });
    expect(judged(fill, guess)).toEqual({ verdict: 'same' });
  });

  test('J21 a rate that was missing completes, a second one for the same coin does not', () => {
    expect(judged(fill, fill, [], [rate])).toEqual({
      verdict: 'completes',
      set: { rates: [rate] },
    });
    const other = { ...rate, price: decimal('1') };
    expect(judged(fill, fill, [rate], [other])).toEqual({ verdict: 'same' });
    expect(completedRates([rate], { rates: [{ ...rate, currency: 'ETH' }] })).toHaveLength(2);
  });

  test('J22 a conflict completes nothing', () => {
    const told = { ...fill, fees, price: decimal('1') };
    expect(judged(fill, told, [], [rate])).toEqual({ verdict: 'conflict', fields: ['price'] });
  });

  test('J23 pending to booked is progress to its time, the reverse is nothing new', () => {
    const pending: CashFact = { ...deposit, state: 'pending' };
    const later = { ...deposit, time: time + 3600n * second };
    const set = { state: 'booked' as const, time: later.time };
    expect(judged(pending, later)).toEqual({ verdict: 'completes', set });
    expect(applyCompletion(pending, set)).toEqual(later);
    expect(judged(later, pending)).toEqual({ verdict: 'same' });
    expect(judged(pending, { ...pending, time: later.time })).toEqual({ verdict: 'same' });
  });

  test.each<[string, Partial<CashFact>]>([
    ['currency', { currency: 'ETH' }],
    ['amount', { amount: decimal('1.1') }],
    ['fee', { fee: { currency: 'BTC', amount: decimal('0.1') } }],
    ['cost', { cost: decimal('2') }],
    ['time', { time: time + 2n * second }],
  ])('J24 another %s of a cash fact is a conflict', (field, change) => {
    const told: CashFact = {
      ...deposit,
      cost: decimal('1'),
      fee: { currency: 'BTC', amount: decimal('0') },
    };
    const verdict = judged(told, { ...told, ...change });
    expect(verdict).toEqual({ verdict: 'conflict', fields: [field] });
  });

  test('J25 other kinds are equal as a whole or name what differs', () => {
    const account = {
      kind: 'account' as const,
      account: 'main',
      venue: 'paper',
      currency: 'USD',
      costMethod: 'average' as const,
      feesInCost: false,
      mode: 'live' as const,
      positionMode: 'net' as const,
      time: null,
    };
    const states = (fact: typeof account | (Omit<typeof account, 'time'> & { time: bigint })) => ({
      fact,
      rates: [],
    });
    expect(judge(states(account), states({ ...account, time }))).toEqual({ verdict: 'same' });
    expect(
      judge(states(account), states({ ...account, venue: 'bybit', feesInCost: true })),
    ).toEqual({ verdict: 'conflict', fields: ['feesInCost', 'venue'] });
  });

  test('J26 a completed fact needs no second completion', () => {
    const pairs = fc.oneof(fc.tuple(fills, fills), fc.tuple(cashFacts, cashFacts));
    fc.assert(
      fc.property(pairs, fc.array(rates), ([a, b], valuedAt) => {
        const retold = { ...a, ...nullsOf(a, b) } as Fill | CashFact;
        const verdict = judged(retold, a, [], valuedAt);
        if (verdict.verdict !== 'completes') return;
        const full = applyCompletion(retold, verdict.set);
        expect(judged(full, a, [...completedRates([], verdict.set)], valuedAt)).toEqual({
          verdict: 'same',
        });
      }),
    );
  });
});

/** The null members of `b`: what a poorer report of the same fact would not say. */
const nullsOf = (a: object, b: object) =>
  Object.fromEntries(
    Object.entries(b).filter(([name, value]) => value === null && name in a && name !== 'kind'),
  );

describe('entries about entries', () => {
  const target = { ...draftOf(fill, time, []), sequence: 7 };

  test('J27 a completion and a conflict come back from their entries', () => {
    const set: Completion = { fees, time: time - 1n, provisional: false, rates: [rate] };
    const draft = draftOfCompletion(target, set);
    expect(draft).toMatchObject({ kind: 'fill-completed', causedBy: 7, effectiveAt: time - 1n });
    expect(completionOf({ ...draft, sequence: 8 })).toEqual(set);

    const incoming = { fact: { ...fill, price: decimal('1') }, rates: [rate] };
    const conflict = draftOfConflict(target, incoming, ['price']);
    expect(conflict).toMatchObject({ kind: 'conflict', causedBy: 7, instrument: 'BTC/USDT' });
    expect(conflictOf({ ...conflict, sequence: 9 }, 'main')).toEqual({
      fields: ['price'],
      incoming,
    });
  });

  test('J28 the same completion twice has one key, another has another', () => {
    const id = draftOfCompletion(target, { fees }).id;
    expect(draftOfCompletion({ ...target }, { fees: [...fees] }).id).toBe(id);
    expect(draftOfCompletion(target, { fees: [] }).id).not.toBe(id);
  });

  test('J29 every field of a completion survives', () => {
    const set: Required<Completion> = {
      fees,
      fee: fees[0]!,
      cost: decimal('12.5'),
      amount: decimal('-3'),
      currency: 'USDC',
      leg: 'long',
      orderId: 'o',
      clientOrderId: 'c',
      counterAccount: 'a',
      liquidity: 'taker',
      strategy: 's',
      reason: 'r',
      venueSequence: '1',
      cause: 'adl',
      provisional: false,
      state: 'booked',
      time,
      rates: [rate],
    };
    expect(completionOf({ ...draftOfCompletion(target, set), sequence: 8 })).toEqual(set);
  });

  test('J30 a correction changes only what it names', () => {
    const correction: Correction = {
      kind: 'correction',
      account: 'main',
      correctionId: 'k1',
      executionId: 'e1',
      instrument: null,
      side: null,
      leg: null,
      price: decimal('60001'),
      quantity: null,
      fees: null,
      time,
    };
    const corrected = applyCorrection({ ...fill, fees }, correction);
    expect(corrected).toEqual({ ...fill, fees, price: decimal('60001') });
    expect(() => applyCorrection({ ...fill, executionId: 'e2' }, correction)).toThrow('invariant');
  });
});
