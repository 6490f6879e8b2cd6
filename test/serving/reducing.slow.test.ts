/** Orders that only reduce, as they reach Bybit's protocol through the real client library. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decimal } from '../../src/decimal/text.ts';
import { systemClock } from '../../src/service/system-clock.ts';
import { ccxtVenue } from '../../src/venues/ccxt/ccxt-venue.ts';
import type { OrderRequest, Venue } from '../../src/venues/venue.ts';
import { btc, openStand, type Stand, spot } from '../emulator/stand.ts';
import { type Served, serve } from './served.ts';

let stand: Stand;
let venue: Venue;
let served: Served;
let sent: OrderRequest[];

const wait = (ms: number) => new Promise<void>((resolve) => systemClock.after(ms, resolve));

beforeEach(async () => {
  stand = await openStand();
  for (const name of [btc, spot]) stand.quote(name, '60000');
  venue = await ccxtVenue({
    ...{ exchange: 'bybit', name: 'paper', account: 'main', local: stand.origin },
    credentials: { key: 'trader', secret: 'trader-secret' },
    ...{ clock: systemClock, wait, paceMs: 0.1, timeoutMs: 1_500, trading: true, lagMs: 100 },
  });
  sent = [];
  const place = venue.place.bind(venue);
  venue.place = (request) => {
    sent.push(request);
    return place(request);
  };
  served = await serve({ exchange: venue });
});

afterEach(async () => {
  await served.close();
  await venue.close();
  await stand.close();
});

const order = (side: string, quantity: string, more: object = {}) =>
  served.post('/api/order', { symbol: btc, side, quantity, ...more });

/** What the exchange itself holds. */
async function held(): Promise<string> {
  const answer = await venue.statement();
  if (answer.status !== 'answered') throw new Error(answer.why);
  const { items } = answer.value.positions!;
  return items.map(({ quantity }) => String(quantity.coefficient)).join(' ');
}

test('SV23 on Bybit a denied gate lets nothing through that opens', async () => {
  expect((await order('buy', '0.2')).body).toMatchObject({ status: 'success' });
  await wait(300);
  await served.check();
  expect((await served.get('/api/v1/gate/main')).body).toMatchObject({ gate: 'allow' });
  stand.emulator.exchange.deposit('USDT', decimal('1'));
  await served.post('/api/v1/checks');
  expect((await served.get('/api/v1/gate/main')).body).toMatchObject({ gate: 'deny' });
  const before = await held();
  const opening = [
    await order('buy', '7', { reduceOnly: true }),
    await order('buy', '7', { reduceOnly: true, leg: 'long' }),
    await order('sell', '0.201', { reduceOnly: true }),
    await order('buy', '7', { reduceOnly: true, symbol: spot }),
    await order('sell', '0.1', { reduceOnly: true, symbol: spot }),
  ];
  expect(opening.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400]);
  expect([sent.length, await held()]).toEqual([1, before]);
  expect((await order('sell', '0.2', { reduceOnly: true })).body).toMatchObject({
    status: 'success',
  });
  await wait(300);
  expect(await held()).toBe('');
});
