/** The book on one side, the statement on the other: who has a partner, and who has none. */
import { afterEach, expect, test } from 'vitest';
import { instant } from '../../../src/model/instant.ts';
import type { SidePair, SidesAnswer } from '../../../src/service/serving/documents/sides.ts';
import type { VenueDesk } from '../../../src/service/venues/desk.ts';
import {
  at,
  balances,
  cash,
  closeDesks,
  fill,
  held,
  type Json,
  list,
  openDesk,
  says,
} from '../../service/reconcile/desk.ts';
import { ask, partsOn, problemAt } from './asking.ts';
import { openMorning } from './rich-book.ts';

afterEach(closeDesks);

const url = '/api/v1/accounts/main/side-by-side';
const perp = 'BTC/USDT:USDT';
const order = (orderId: string, changes: Json = {}): Json => ({
  ...{ orderId, instrument: perp, leg: 'net', side: 'buy', type: 'limit', quantity: '2' },
  ...{ filled: '0', price: '90', status: 'open', time: at('09:30'), ...changes },
});

/** Ours: 1,000 paid in, 1 bought at 100 with a fee of 0.1, an order of 2 at 90. */
const ours: readonly Json[] = [
  cash('deposit', 'd1', '1000'),
  fill('e1'),
  { ...order('o1'), kind: 'order', account: 'main', reduceOnly: false },
];
const deposit = cash('deposit', 'd1', '1000');
/** Theirs, alike in all of it. */
const alike = {
  positions: held([{ instrument: perp, leg: 'net', quantity: '1', averagePrice: '100' }]),
  balances: balances({ USDT: '999.9' }),
  orders: held([order('o1')]),
  executions: list([fill('e1')]),
  cashFlows: list([deposit]),
};

interface Case {
  readonly told?: readonly Json[];
  readonly says: Json;
  /** What stands on top. */
  readonly first: object;
  /** Of all pairs. */
  readonly counts: Partial<SidesAnswer['counts']>;
}

const cases: Readonly<Record<string, Case>> = {
  'all of it is alike': {
    says: {},
    first: { section: 'balances', key: 'USDT', state: 'equal', matchedBy: 'name', difference: '0' },
    // A balance, a position and its price, an order, a fill, a deposit.
    counts: { different: 0, equal: 6 },
  },
  'they list a fill that is not booked': {
    says: { executions: list([fill('e1'), fill('e2', { quantity: '3', time: at('09:10') })]) },
    first: {
      ...{ what: 'fill', key: 'e2', state: 'different', ours: null, matchedBy: null },
      ...{ theirs: { amount: '3', id: 'e2' }, difference: '3', note: 'not booked' },
    },
    counts: { different: 1, equal: 6 },
  },
  'one fill is booked under two ids': {
    told: [fill('tq-e1', { time: at('09:00:00.5') })],
    says: {},
    first: {
      ...{ key: 'tq-e1', state: 'different', theirs: null, difference: '-1' },
      note: 'not listed: the same as entry 4 but for its id',
    },
    // 2 held and 999.8 left, by the book; an average price stands where quantities agree.
    counts: { different: 3, equal: 3 },
  },
  'they have it under another id': {
    says: { executions: list([fill('e9')]) },
    first: {
      ...{ state: 'different', matchedBy: 'content', note: 'the same but for its id' },
      ...{ ours: { id: 'e1', sequence: 4 }, theirs: { id: 'e9', sequence: null } },
      ...{ fields: [{ field: 'id', ours: 'e1', theirs: 'e9' }], difference: '0' },
    },
    counts: { different: 1, equal: 5 },
  },
  'they tell another price': {
    says: { executions: list([fill('e1', { price: '101' })]) },
    first: {
      ...{ key: 'e1', state: 'different', matchedBy: 'id', difference: '0' },
      fields: [{ field: 'price', ours: '100', theirs: '101' }],
    },
    counts: { different: 1, equal: 5 },
  },
  'they list one id with two contents': {
    says: { executions: list([fill('e1'), fill('e1', { price: '101' })]) },
    first: {
      ...{ key: 'e1', state: 'unknown', note: 'listed twice with different content' },
      ...{ matchedBy: null },
    },
    counts: { different: 0, unknown: 1, equal: 5 },
  },
  'their list was cut, and ours lies inside it': {
    says: {
      executions: list(
        [
          fill('e0', { time: at('08:30'), quantity: '2' }),
          fill('e5', { side: 'sell', quantity: '2', time: at('10:30') }),
        ],
        { complete: false },
      ),
    },
    first: { key: 'e5', note: 'not booked' },
    counts: { different: 2, unknown: 1, equal: 5 },
  },
  'an order is open there that is not ours': {
    says: { orders: held([order('o1'), order('o2', { quantity: '5' })]) },
    first: {
      ...{ what: 'order', key: 'o2', ours: null, difference: '5' },
      theirs: { words: 'buy limit 5 at 90, 0 of it filled, open' },
      note: expect.stringContaining('not ours'),
    },
    counts: { different: 1, equal: 6 },
  },
  'ours is not open there': {
    says: { orders: held([]) },
    first: { what: 'order', key: 'o1', theirs: null, difference: '-2', state: 'different' },
    counts: { different: 1, equal: 5 },
  },
  'it is filled there': {
    says: { orders: held([order('o1', { filled: '0.5', price: '91' })]) },
    first: {
      ...{ what: 'order', key: 'o1', matchedBy: 'id', difference: null },
      fields: [
        { field: 'price', ours: '90', theirs: '91' },
        { field: 'filled', ours: '0', theirs: '0.5' },
      ],
    },
    counts: { different: 1, equal: 5 },
  },
  'nobody said which orders are open': {
    says: { orders: held([], { complete: false, error: 'HTTP 503' }) },
    first: { what: 'order', state: 'unknown', theirs: null, note: 'HTTP 503' },
    counts: { unknown: 1, equal: 5 },
  },
  'they hold a coin that the book never had': {
    says: { balances: balances({ USDT: '999.9', ETH: '2' }) },
    first: { key: 'ETH', state: 'foreign', ours: null, theirs: { amount: '2' }, difference: '2' },
    counts: { different: 0, foreign: 1, equal: 6 },
  },
  'a whole list leaves out what the book holds': {
    says: { positions: held([]) },
    first: {
      ...{ what: 'position', state: 'different', difference: '-1', ours: { amount: '1' } },
      theirs: { amount: '0', words: 'left out of the whole list' },
    },
    counts: { different: 1, equal: 4 },
  },
  'a balance is off': {
    says: { balances: balances({ USDT: '990' }) },
    first: { key: 'USDT', state: 'different', difference: '-9.9', breakId: expect.any(String) },
    counts: { different: 1, equal: 5 },
  },
};

test.each(Object.entries(cases))('RD40 side by side: %s', async (_, one) => {
  const desk = await openDesk(...ours, ...(one.told ?? []));
  desk.clock.set(instant(at('12:00:01')));
  await desk.check(says({ ...alike, ...one.says }));
  const told = await ask<SidesAnswer>(partsOn(desk), url);
  expect(told.items[0]).toMatchObject(one.first);
  expect(told.counts).toMatchObject(one.counts);
  expect(Object.values(told.counts).reduce((sum, each) => sum + each)).toBe(told.items.length);
  expect(told).toMatchObject({
    statementAt: at('12:00'),
    party: 'statement',
    fresh: true,
    why: null,
  });
});

test('RD40 what has no partner stands first, then what differs, each with its break', async () => {
  const desk = await openMorning();
  const told = await ask<SidesAnswer>(partsOn(desk), url.replace('main', 'kraken-spot'));
  const seen = told.items.map(({ key, state, ours: book, theirs }) => [
    ...[key, state, book?.amount ?? null, theirs?.amount ?? null],
  ]);
  expect(seen).toEqual([
    ['TQ7K-88231', 'different', '0.0124', null],
    ['USD', 'different', '12406.1153', '13167.59'],
    ['BTC', 'different', '0.5124', '0.5'],
    ['k1', 'equal', '13929.0647', '13929.0647'],
    ['k2', 'equal', '0.4876', '0.4876'],
    ['88231', 'equal', '0.0124', '0.0124'],
  ]);
  const [{ breakId }] = told.items as [SidePair];
  expect(breakId).toMatch(/^BRK-/);
  expect(told.items.map((one) => one.breakId)).toEqual([
    ...[breakId, breakId, breakId, null, null, null],
  ]);
});

test('RD40 once it is repaired nothing differs, though nobody was asked again', async () => {
  const desk = await openDesk(...ours);
  const e2 = fill('e2', { time: at('09:10') });
  const document = says({
    ...alike,
    positions: held([{ instrument: perp, leg: 'net', quantity: '2', averagePrice: '100' }]),
    balances: balances({ USDT: '999.8' }),
    executions: list([fill('e1'), e2]),
  });
  desk.clock.set(instant(at('12:00:01')));
  await desk.check(document);
  const parts = partsOn(desk);
  const before = await ask<SidesAnswer>(parts, url);
  expect(before).toMatchObject({ verdict: 'break', counts: { different: 3, equal: 3 } });
  await desk.tell(e2);
  const after = await ask<SidesAnswer>(parts, url);
  expect(after).toMatchObject({
    ...{ verdict: 'break', sequence: before.sequence },
    counts: { different: 0, unknown: 0, equal: 7 },
  });
});

test('RD40 what differs since the last check is no break before the next one says so', async () => {
  const desk = await openDesk(...ours);
  desk.clock.set(instant(at('12:00:01')));
  await desk.check(says(alike));
  await desk.tell({
    kind: 'bust',
    account: 'main',
    bustId: 'b1',
    executionId: 'e1',
    time: at('12:00'),
  });
  const told = await ask<SidesAnswer>(partsOn(desk), url);
  expect(told).toMatchObject({ verdict: 'true', counts: { different: 0, settling: 3 } });
  expect(told.items[0]).toMatchObject({ key: 'USDT', note: expect.stringContaining('no check') });
  await desk.check(says(alike));
  expect(await ask(partsOn(desk), url)).toMatchObject({
    ...{ verdict: 'break', counts: { different: 3, settling: 0 } },
  });
});

test('RD41 an account that nobody was compared with has nobody beside it', async () => {
  const parts = partsOn(await openDesk(deposit));
  expect(await ask(parts, url)).toMatchObject({
    ...{ why: 'nobody was ever compared with main', items: [], sections: [], fresh: false },
    ...{ statementAt: null, sequence: null, verdict: null, party: null },
  });
});

test('RD41 what a check that says true does not keep is said, and is no empty side', async () => {
  const desk = await openDesk(...ours);
  desk.clock.set(instant(at('12:00:01')));
  const { executions: _, cashFlows: __, ...left } = alike;
  await desk.check(says(left));
  const sectionsOf = async (desks: readonly Pick<VenueDesk, 'account'>[]) => {
    const told = await ask<SidesAnswer>(
      partsOn(desk, { desks: desks as readonly VenueDesk[] }),
      url,
    );
    expect(told).toMatchObject({ verdict: 'true', counts: { different: 0, equal: 4 } });
    return told.sections.map(({ section, told: much, why }) => [section, much, why]);
  };
  const whole = ['balances', 'positions', 'orders'].map((name) => [name, 'whole', null]);
  expect(await sectionsOf([{ account: 'main' }])).toEqual([
    ...whole,
    ['cashFlows', 'nothing', expect.stringContaining('not kept a second time')],
    ['executions', 'nothing', expect.stringContaining('not kept a second time')],
  ]);
  // A document that has no such section said nothing of it.
  expect(await sectionsOf([])).toEqual([
    ...whole,
    ...[
      ['cashFlows', 'nothing', 'not stated'],
      ['executions', 'nothing', 'not stated'],
    ],
  ]);
});

test('RD41 of an instant that is past it is the statement of then', async () => {
  const desk = await openDesk(...ours);
  const told = (time: string, total: string) =>
    says({ ...alike, asOf: at(time), balances: balances({ USDT: total }) });
  for (const [time, total] of [
    ['12:10', '990'],
    ['12:40', '999.9'],
  ] as const) {
    desk.clock.set(instant(at(time)));
    await desk.check(told(time, total));
  }
  desk.clock.set(instant(at('13:00')));
  const parts = partsOn(desk);
  const then = (time: string) => ask<SidesAnswer>(parts, `${url}?as_of=${at(time)}`);
  // The break of then, closed by now.
  expect(await then('12:11')).toMatchObject({
    ...{ statementAt: at('12:10'), verdict: 'break', fresh: true, counts: { different: 1 } },
    items: [{ key: 'USDT', breakId: expect.stringMatching(/^BRK-/) }, ...Array(5).fill({})],
  });
  // Half an hour later it says nothing any more.
  expect(await then('12:39')).toMatchObject({ statementAt: at('12:10'), fresh: false });
  expect(await then('12:41')).toMatchObject({ statementAt: at('12:40'), counts: { different: 0 } });
  expect(await ask(parts, url)).toMatchObject({ statementAt: at('12:40'), fresh: false });
  expect(await then('12:09')).toMatchObject({
    ...{ statementAt: null, items: [] },
    why:
      `no statement of main was on record at ${at('12:09')}: ` +
      `the first one was recorded at ${at('12:10')}`,
  });
});

test('RD41 what was compared before the service started says nothing of now', async () => {
  const desk = await openDesk(...ours);
  desk.clock.set(instant(at('12:00:01')));
  await desk.check(says(alike));
  const told = (startedAt: string) =>
    ask(partsOn(desk, { startedAt: instant(at(startedAt)) }), url);
  expect(await told('11:59')).toMatchObject({ fresh: true, complete: true, verdict: 'true' });
  expect(await told('12:00:01')).toMatchObject({ fresh: false, counts: { equal: 6 } });
});

test('RD41 what was noted since the venue was asked is not held against it', async () => {
  const desk = await openDesk(...ours);
  desk.clock.set(instant(at('12:00:01')));
  await desk.check(says(alike));
  await desk.tell(fill('e7', { quantity: '5', time: at('12:00:30') }));
  expect(await ask(partsOn(desk), url)).toMatchObject({
    ...{ statementAt: at('12:00'), counts: { different: 0, equal: 6 } },
  });
});

test('RD13 pages of side by side are the whole list, of one instant', async () => {
  const desk = await openDesk(...ours);
  await desk.check(says({ ...alike, balances: balances({ USDT: '990' }) }));
  const parts = partsOn(desk);
  const whole = await ask<SidesAnswer>(parts, url);
  const paged: SidePair[] = [];
  for (let next: string | null = ''; next !== null; ) {
    const cursor: string = next === '' ? '' : `&cursor=${next}`;
    const page: SidesAnswer = await ask<SidesAnswer>(parts, `${url}?limit=4${cursor}`);
    paged.push(...page.items);
    next = page.next;
  }
  expect(paged).toEqual(whole.items);
  const { next } = await ask<SidesAnswer>(parts, `${url}?limit=4`);
  const problem = await problemAt(parts, `${url}?as_of=${at('11:00')}&cursor=${next}`);
  expect(problem.message).toContain('cursor');
});
