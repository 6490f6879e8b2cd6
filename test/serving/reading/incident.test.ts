/** The routes that the dashboard of the first incident used, with the figures of that day. */
import { afterEach, expect, test } from 'vitest';
import {
  at,
  cash,
  closeDesks,
  fill,
  type Json,
  mark,
  account as named,
  openDesk,
} from '../../service/reconcile/desk.ts';
import { ask, partsOn, problemAt } from './asking.ts';

afterEach(closeDesks);

const usd = { account: 'main', currency: 'USDT' };
const coin = (name: string, quantity: string, price: string) =>
  fill(`buy-${name}`, {
    instrument: `${name}/USDT`,
    quantity,
    price,
    fee: '0',
    feeCurrency: 'USDT',
  });

const book = () =>
  openDesk(
    cash('deposit', 'd1', '10000', usd),
    coin('ACI', '10', '100'),
    coin('XYZ', '4', '50'),
    mark('ACI/USDT', '101', at('11:30')),
  );

test('RD7 a total with a part that has no price is null, and says what is missing', async () => {
  const parts = partsOn(await book());
  // cash 10000 - 1000 - 200 = 8800; ACI 10 x 101 = 1010; XYZ has no price
  expect(await ask(parts, '/api/account')).toMatchObject({
    ...{ account: 'main', totalValue: null, cash: '8800', positionsValue: null },
    ...{ initialBalance: '10000', known: '9810', verdict: 'cannot-say' },
    unpriced: [{ what: 'XYZ', quantity: '4', why: expect.any(String) }],
  });
  expect(await ask(parts, '/api/positions')).toEqual([
    { symbol: 'ACI', quantity: '10', avgPrice: '100', currentPrice: '101', stopLoss: null },
    { symbol: 'XYZ', quantity: '4', avgPrice: '50', currentPrice: null, stopLoss: null },
  ]);
});

test('RD7 with every price the total is exact', async () => {
  const desk = await book();
  await desk.tell(mark('XYZ/USDT', '49.99', at('11:30')));
  // 8800 + 10 x 101 + 4 x 49.99 = 10009.96
  expect(await ask(partsOn(desk), '/api/account')).toMatchObject({
    ...{ totalValue: '10009.96', cash: '8800', positionsValue: '1209.96', unpriced: [] },
  });
});

test('RD7 trades, the newest first, and records of performance', async () => {
  const parts = partsOn(await book());
  expect(await ask(parts, '/api/trades?limit=1')).toEqual([
    {
      ...{ id: 'buy-XYZ', symbol: 'XYZ/USDT', side: 'buy', quantity: '4', price: '50', fee: '0' },
      timestamp: '2026-11-20T09:00:00Z',
    },
  ]);
  expect(await ask(parts, '/api/performance')).toEqual([]);
  expect(await ask(parts, '/health')).toEqual({ status: 'ok', version: 'test' });
});

test('RD8 of several accounts one is named: they are never added up', async () => {
  const desk = await book();
  await desk.tell(
    named({ account: 'paper', venue: 'paper', mode: 'paper' }),
    cash('deposit', 'p1', '77', { ...usd, account: 'paper' }),
  );
  const parts = partsOn(desk);
  for (const path of ['/api/account', '/api/positions', '/api/trades', '/api/performance']) {
    const { kind, more } = await problemAt(parts, path);
    expect(kind.code).toBe('request-invalid');
    expect(more['accounts']).toEqual(['main', 'paper']);
  }
  expect(await ask(parts, '/api/account?account=paper')).toMatchObject({ totalValue: '77' });
  const { configuration } = parts;
  const chosen = partsOn(desk, { configuration: { ...configuration, account: 'paper' } });
  expect(await ask(chosen, '/api/account')).toMatchObject({ account: 'paper', totalValue: '77' });
  const { kind, more } = await problemAt(parts, '/api/account?account=nobody');
  expect([kind.code, more['accounts']]).toEqual(['not-found', ['main', 'paper']]);
});

test('RD7 where nobody said what the book began with, the reason stands beside it', async () => {
  const began = async (...facts: readonly Json[]) =>
    ask(partsOn(await openDesk(...facts)), '/api/account');
  expect(await began(cash('deposit', 'd1', '5', usd))).toMatchObject({
    ...{ initialBalance: '5', initialBalanceWhy: null },
  });
  expect(await began(cash('interest', 'i1', '5', usd))).toMatchObject({
    ...{ initialBalance: null, initialBalanceWhy: 'no opening and no deposit is booked' },
  });
  const btc = cash('deposit', 'd1', '1', { ...usd, currency: 'BTC' });
  expect(await began(btc)).toMatchObject({
    ...{ initialBalance: null },
    initialBalanceWhy: 'its first deposit was of BTC, not of USDT',
  });
});
