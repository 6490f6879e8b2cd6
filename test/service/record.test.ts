import { describe, expect, test } from 'vitest';
import type { Fact } from '../../src/model/fact.ts';
import type { Outcome } from '../../src/service/outcome.ts';
import { faultsOf, replayFaults } from './book-checks.ts';
import { type HeldBook, holdBook } from './held-book.ts';
import { fact } from './random-facts.ts';
import { reversalOf } from './simulation.ts';

const time = (second: number) => `2024-01-01T00:${String(second).padStart(2, '0')}:00Z`;
const account = fact({ kind: 'account', account: 'main', currency: 'USDT' });

const fill = (id: string, changes: Readonly<Record<string, unknown>> = {}): Fact =>
  fact({
    kind: 'fill',
    account: 'main',
    instrument: 'BTC/USDT',
    side: 'buy',
    quantity: '1',
    price: '100',
    fee: '0.1',
    feeCurrency: 'USDT',
    executionId: id,
    time: time(1),
    ...changes,
  });

async function opened(): Promise<HeldBook> {
  const held = holdBook();
  await held.book.record(account);
  return held;
}

const statuses = (outcomes: readonly Outcome[]) => outcomes.map(({ status }) => status);
const entryKinds = ({ file }: HeldBook, number = 1) =>
  [...file.entries(number)].map(({ kind }) => kind);
const positionsOf = ({ file }: HeldBook) =>
  file.positions(1).map(({ pool, quantity }) => `${pool} ${quantity}`);
const reverse = (held: HeldBook, sequence: number) =>
  held.book.apply({
    account: 'main',
    expectedSequence: held.file.head(1).sequence,
    entries: [{ draft: reversalOf({ sequence }, held.clock.now()) }],
  });

async function expectSound(held: HeldBook): Promise<void> {
  expect(faultsOf(held.path)).toEqual([]);
  expect(await replayFaults(held.path)).toEqual([]);
}

describe('exactly once', () => {
  const stream = fill('7', { fee: null });
  const rest = fill('7', { orderId: 'o1', time: '2024-01-01T00:01:00.4Z' });
  const file = fill('7', { strategy: 'trend', fee: null });

  test.each([
    [[stream, rest, file]],
    [[stream, file, rest]],
    [[rest, stream, file]],
    [[rest, file, stream]],
    [[file, stream, rest]],
    [[file, rest, stream]],
  ])('W4 one fill from three sources is one fill, in any order (%#)', async (sources) => {
    const held = await opened();
    const { outcomes } = await held.book.recordAll(sources);
    expect(statuses(outcomes)[0]).toBe('booked');
    expect(statuses(outcomes)).not.toContain('conflict');
    expect(held.file.balances(1).map(({ currency, total }) => `${currency} ${total}`)).toEqual([
      'BTC 1',
      'USDT -100.1',
    ]);
    await expectSound(held);
  });

  test('W5 other content under a known identity is one conflict, told how often', async () => {
    const held = await opened();
    await held.book.record(fill('1'));
    const others = [fill('1', { price: '101' }), fill('1', { quantity: '2' })];
    const outcomes: Outcome[] = [];
    for (const one of [...others, ...others]) outcomes.push(await held.book.record(one));
    expect(statuses(outcomes)).toEqual(['conflict', 'conflict', 'conflict', 'conflict']);
    expect(entryKinds(held)).toEqual(['account', 'instrument', 'fill', 'conflict', 'conflict']);
    expect(positionsOf(held)).toEqual(['coin:BTC 1']);
    await expectSound(held);
  });
});

describe('a group', () => {
  test('W6 reports that are not awaited one by one share commits', async () => {
    const held = await opened();
    const before = [...held.file.batches(1)].length;
    const facts = Array.from({ length: 2_000 }, (_, index) => fill(`e${index}`));
    const outcomes = await Promise.all(facts.map((one) => held.book.record(one)));
    expect(new Set(statuses(outcomes))).toEqual(new Set(['booked']));
    expect([...held.file.batches(1)].length - before).toBeLessThan(10);
    const alone = [...held.file.batches(1)].length;
    for (const id of ['a', 'b', 'c']) await held.book.record(fill(id));
    expect([...held.file.batches(1)].length - alone).toBe(3);
    await expectSound(held);
  });

  test('W7 a refused fact fails alone and leaves no trace', async () => {
    const held = await opened();
    const opening = {
      kind: 'opening',
      account: 'main',
      time: time(0),
      balances: [],
      positions: [{ instrument: 'ETH/USDT:USDT', quantity: '1', averagePrice: '1' }],
    };
    const [booked, unknown, late] = await Promise.all(
      [fill('1'), fill('2', { instrument: 'what' }), fact(opening)].map((one) =>
        held.book.record(one),
      ),
    );
    expect(statuses([booked!, unknown!, late!])).toEqual(['booked', 'refused', 'refused']);
    expect(entryKinds(held)).toEqual(['account', 'instrument', 'fill']);
    await expectSound(held);
  });

  test('W7 a refused fact does not decide what its account is', async () => {
    const held = holdBook();
    const refused = await held.book.record(fill('1', { instrument: 'what' }));
    expect(refused.status).toBe('refused');
    expect(held.file.accounts()).toEqual([]);
    expect(await held.book.record(account)).toEqual({ status: 'booked', sequence: 1 });
    const made = await held.book.recordAll([fill('2', { account: 'other' })]);
    expect(made.accountsMade).toEqual(['other']);
  });

  test('W8 an atomic report with a refused fact, and a rehearsal, write nothing', async () => {
    const held = await opened();
    const facts = [fill('1'), fill('2', { instrument: 'what' }), fill('3')];
    const atomic = await held.book.recordAll(facts, 'atomic');
    expect(atomic.written).toBe(false);
    expect(statuses(atomic.outcomes)).toEqual(['booked', 'refused', 'booked']);
    const rehearsed = await held.book.recordAll([fill('1'), fill('1')], 'rehearse');
    expect(rehearsed.written).toBe(false);
    expect(statuses(rehearsed.outcomes)).toEqual(['booked', 'duplicate']);
    expect(held.file.head(1).sequence).toBe(1);
    expect((await held.book.recordAll([fill('1'), fill('3')], 'atomic')).written).toBe(true);
  });

  test('W9 a plan onto a book that moved, or with a refused fact, writes nothing', async () => {
    const held = await opened();
    await held.book.record(fill('1'));
    const draft = reversalOf({ sequence: 3 }, held.clock.now());
    const plan = (expectedSequence: number, more: Fact[] = []) => ({
      account: 'main',
      expectedSequence,
      entries: [{ draft }, ...more.map((one) => ({ fact: one as never }))],
    });
    expect(await held.book.apply(plan(2))).toEqual({ status: 'moved', sequence: 3 });
    const bad = plan(3, [fill('2', { instrument: 'what' })]);
    expect((await held.book.apply(bad)).status).toBe('refused');
    expect(held.file.head(1).sequence).toBe(3);
    expect((await held.book.apply(plan(3, [fill('2')]))).status).toBe('written');
    expect(await held.book.apply(plan(5))).toEqual({
      status: 'written',
      outcomes: [{ status: 'duplicate', sequence: 4 }],
    });
    await expectSound(held);
  });
});

describe('taking back', () => {
  test('W10 rows go when the only fill behind them is taken back', async () => {
    const held = await opened();
    const contract = { instrument: 'ETH/USDT:USDT', feeCurrency: 'BNB' };
    await held.book.recordAll([fill('1', contract), fill('2')]);
    expect(positionsOf(held)).toEqual(['coin:BNB -0.1', 'coin:BTC 1', 'leg:ETH/USDT:USDT|net 1']);
    const bust = (id: string) =>
      fact({ kind: 'bust', account: 'main', bustId: `b${id}`, executionId: id, time: time(3) });
    await held.book.recordAll([bust('1'), bust('2')]);
    expect(positionsOf(held)).toEqual([]);
    expect(held.file.balances(1).map(({ currency }) => currency)).toEqual(['USDT']);
    await expectSound(held);
    await reverse(held, held.file.head(1).sequence);
    expect(positionsOf(held)).toEqual(['coin:BTC 1']);
    await expectSound(held);
  });

  test('W11 a reversed opening no longer swallows what came before it', async () => {
    const held = await opened();
    const balances = [{ currency: 'USDT', total: '5' }];
    const opening = { kind: 'opening', account: 'main', time: time(9), balances, positions: [] };
    await held.book.record(fact(opening));
    expect((await held.book.record(fill('1'))).status).toBe('before-opening');
    expect(entryKinds(held)).toEqual(['account', 'opening']);
    await reverse(held, 2);
    expect((await held.book.record(fill('1'))).status).toBe('booked');
    await expectSound(held);
    await reverse(held, 3);
    expect((await held.book.record(fill('2'))).status).toBe('before-opening');
    await expectSound(held);
  });

  test('W12 a book whose derived rows are gone has them again after any report', async () => {
    const held = await opened();
    await held.book.record(fill('1'));
    await held.book.close();
    const again = holdBook(held.path, held.clock);
    again.file.driver.exec('DELETE FROM book_groups; DELETE FROM book_positions');
    expect((await again.book.record(fill('1'))).status).toBe('duplicate');
    expect(positionsOf(again)).toEqual(['coin:BTC 1']);
    await expectSound(again);
  });
});

test('W13 opening a book goes through none of its fills', async () => {
  const held = await opened();
  await held.book.record(fill('1'));
  expect(held.file.entriesOfKind(1, 'instrument')).toHaveLength(1);
  held.file.driver.exec('DROP INDEX book_entry_kinds');
  expect(() => held.file.entriesOfKind(1, 'instrument')).toThrow('no such index');
});

test('W14 names follow each other as they took effect, whichever was told first', async () => {
  const at = (day: number) => `2024-01-0${day}T00:00:00Z`;
  const rename = (from: string, to: string, day: number) =>
    fact({ kind: 'rename', account: 'main', from, to, id: `${from}${to}`, time: at(day) });
  const facts = [
    fill('1', { instrument: 'AA/USDT', time: at(1) }),
    rename('AA', 'BB', 2),
    fill('2', { instrument: 'BB/USDT', time: at(3) }),
    rename('BB', 'CC', 4),
    fill('3', { instrument: 'CC/USDT', time: at(5) }),
  ];
  for (const told of [facts, facts.toReversed()]) {
    const held = await opened();
    await held.book.recordAll(told);
    const coins = held.file.balances(1).map(({ currency, total }) => `${currency} ${total}`);
    expect(coins).toEqual(['CC 3', 'USDT -300.3']);
    await expectSound(held);
  }
});

test('W15 legs delivered at once share a coin in one order, also after reopening', async () => {
  const held = holdBook();
  const settings = { currency: 'USDT', costMethod: 'lifo', positionMode: 'hedge' };
  const leg = (id: string, side: string, name: string, price: string) =>
    fill(id, { instrument: 'ETH/USD:ETH', side, leg: name, quantity: '600', price, fee: '0' });
  const coins = (id: string, cost: string) =>
    fact({
      kind: 'deposit',
      account: 'main',
      currency: 'ETH',
      amount: '1',
      cost,
      id,
      time: time(0),
    });
  await held.book.recordAll([
    fact({ kind: 'account', account: 'main', ...settings }),
    coins('1', '1000'),
    coins('2', '2000'),
    leg('1', 'sell', 'short', '3000'),
    leg('2', 'buy', 'long', '4000'),
  ]);
  await held.book.close();
  const again = holdBook(held.path, held.clock);
  const delivery = { kind: 'delivery', account: 'main', instrument: 'ETH/USD:ETH', id: 'd' };
  await again.book.record(fact({ ...delivery, price: '2000', time: time(9) }));
  await expectSound(again);
});
