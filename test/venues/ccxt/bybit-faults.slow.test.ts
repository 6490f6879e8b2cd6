/** The venue on an emulator that lies, stutters and is late: nothing false is ever complete. */
import { afterEach, expect, test } from 'vitest';
import type { FaultScript } from '../../../emulator/faults/script.ts';
import { decimal, toText } from '../../../src/decimal/text.ts';
import { addMilliseconds } from '../../../src/model/instant.ts';
import type { Statement } from '../../../src/model/statement.ts';
import { systemClock } from '../../../src/service/system-clock.ts';
import { type CcxtVenueSettings, ccxtVenue } from '../../../src/venues/ccxt/ccxt-venue.ts';
import type { OrderRequest, Venue } from '../../../src/venues/venue.ts';
import { btc, eth, openStand, type Stand, scriptOf } from '../../emulator/stand.ts';
import { value } from '../venue-cases.ts';

let stand: Stand;
let venue: Venue;

afterEach(async () => {
  await venue.close();
  await stand.close();
});

const wait = (ms: number) => new Promise<void>((resolve) => systemClock.after(ms, resolve));

async function open(script?: FaultScript, more: Partial<CcxtVenueSettings> = {}) {
  stand = await openStand(script === undefined ? {} : { script });
  stand.quote(btc, '60000');
  stand.quote(eth, '3000');
  venue = await ccxtVenue({
    exchange: 'bybit',
    name: 'bybit',
    account: 'main',
    credentials: { key: 'trader', secret: 'trader-secret' },
    local: stand.origin,
    clock: systemClock,
    wait,
    paceMs: 0.1,
    timeoutMs: 500,
    trading: true,
    ...more,
  });
}

const market = (clientOrderId: string, more: Partial<OrderRequest> = {}): OrderRequest => ({
  clientOrderId,
  instrument: btc,
  leg: 'net',
  side: 'buy',
  type: 'market',
  quantity: decimal('0.1'),
  price: null,
  timeInForce: 'ioc',
  reduceOnly: false,
  trigger: null,
  ...more,
});

const once = { when: { times: 1 } };

const incomplete = (statement: Statement) =>
  (['positions', 'balances', 'orders', 'executions', 'cashFlows'] as const).filter(
    (name) => statement[name]?.complete !== true,
  );

const held = (statement: Statement) =>
  statement.positions?.items.map((item) => `${item.instrument} ${toText(item.quantity)}`);

test.each([
  ['positions', '/v5/position/list'],
  ['executions', '/v5/execution/list'],
  ['orders', '/v5/order/realtime'],
] as const)('CX25 %s that come back empty, with success, are not complete', async (name, path) => {
  await open();
  await venue.place(market('one'));
  const limit = { type: 'limit', price: decimal('50000'), timeInForce: 'gtc' } as const;
  await venue.place(market('two', limit));
  expect(incomplete(value(await venue.statement()))).toEqual([]);
  stand.emulator.strike({ fault: 'empty-list', path });
  expect(incomplete(value(await venue.statement()))).toEqual([name]);
});

test.each([
  ['html', {}],
  ['cut-json', {}],
  ['server-error', { status: 503 }],
  ['rate-limit', {}],
  ['no-answer', {}],
] as const)(
  'CX2 CX23 %s instead of positions makes them unknown, not flat',
  async (fault, more) => {
    await open();
    await venue.place(market('one'));
    await venue.statement();
    stand.emulator.strike({ fault, path: '/v5/position/list', ...once, ...more });
    expect(incomplete(value(await venue.statement()))).toEqual(['positions']);
    const after = value(await venue.statement());
    expect([incomplete(after), held(after)]).toEqual([[], [`${btc} 0.1`]]);
  },
);

test.each([
  ['no-answer', true, 'accepted'],
  ['html', true, 'accepted'],
  ['server-error', true, 'accepted'],
  ['no-answer', false, 'unknown'],
] as const)(
  'CX17 an order answered by %s, carried out %s, is %s',
  async (fault, executed, status) => {
    await open();
    await venue.instruments();
    stand.emulator.strike({ fault, path: '/v5/order/create', executed, ...once });
    expect(await venue.place(market('one'))).toMatchObject({ status });
    expect(held(value(await venue.statement()))).toEqual(executed ? [`${btc} 0.1`] : []);
  },
);

test('CX1 numbers of forty digits and ids above 2^53 arrive as they were told', async () => {
  await open(scriptOf({ fault: 'wide-numbers' }));
  await venue.place(market('one'));
  const statement = value(await venue.statement());
  expect(incomplete(statement)).toEqual([]);
  expect(held(statement)).toEqual([`${btc} 0.1`]);
  const listed = value(await venue.executions(null, addMilliseconds(systemClock.now(), -60_000)));
  expect(listed.facts.map((fill) => fill.executionId)).toEqual(
    statement.executions?.items.map((fill) => fill.executionId),
  );
});

test('CX21 a venue whose clock is ten minutes off is signed for in its time', async () => {
  await open();
  stand.emulator.strike({ fault: 'skew-clock', ms: -600_000 });
  expect(incomplete(value(await venue.statement()))).toEqual([]);
  expect(await venue.place(market('one'))).toMatchObject({ status: 'accepted' });
  // And again, when it changes while we look: the order is refused for its time, then sent anew.
  stand.emulator.strike({ fault: 'skew-clock', ms: -1_200_000 });
  expect(await venue.place(market('two'))).toMatchObject({ status: 'accepted' });
});

test('CX5 a liquidation and a deleveraging are told by what they are', async () => {
  await open();
  await venue.place(market('one'));
  stand.emulator.strike({ fault: 'deleverage', instrument: btc, share: '0.5' });
  await venue.place(market('two', { instrument: eth, quantity: decimal('1') }));
  stand.emulator.strike({ fault: 'liquidate', instrument: eth });
  const since = addMilliseconds(systemClock.now(), -60_000);
  const fills = value(await venue.executions(null, since)).facts;
  expect(fills.map((fill) => fill.cause).sort()).toEqual(['adl', 'liquidation', 'trade', 'trade']);
});

test('CX21 CX27 a line that broke stands again, also where the venue moved its clock', async () => {
  await open();
  const abort = new AbortController();
  let stood = 0;
  for await (const event of venue.events(abort.signal)) {
    if (event.kind !== 'connected' || event.stream !== 'wallet') continue;
    stood += 1;
    if (stood === 2) abort.abort();
    else {
      stand.emulator.strike({ fault: 'skew-clock', ms: 3_600_000 });
      stand.emulator.strike({ fault: 'close', when: { times: 1 } });
      await venue.place(market('c1'));
    }
  }
  expect(stood).toBe(2);
});
