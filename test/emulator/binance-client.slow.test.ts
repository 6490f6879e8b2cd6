/** The real ccxt client of Binance's USD-margined contracts, unmodified, on the emulator. */
import ccxt, { DDoSProtection, InvalidNonce, OrderNotFound, RequestTimeout } from 'ccxt';
import { afterEach, expect, test } from 'vitest';
import { decimal, toText } from '../../src/decimal/text.ts';
import { btc, eth, openStand, paper, type Stand, scriptOf } from './stand.ts';

let stand: Stand;
let client: Client;
afterEach(async () => {
  await client.close();
  await stand.close();
});

type Client = InstanceType<typeof ccxt.pro.binanceusdm>;

async function quoted(
  faults: readonly object[] = [],
  options: Parameters<typeof openStand>[0] = {},
): Promise<Client> {
  stand = await openStand({ script: scriptOf(...faults), ...options });
  stand.quote(btc, '60000');
  stand.quote(eth, '3000');
  const http = stand.origin;
  const ws = http.replace('http', 'ws');
  client = new ccxt.pro.binanceusdm({
    apiKey: 'trader',
    secret: 'trader-secret',
    timeout: 500,
    enableRateLimit: false,
    options: { fetchMarkets: { types: ['linear'] } },
    urls: {
      api: {
        ...{ fapiPublic: `${http}/fapi/v1`, fapiPublicV3: `${http}/fapi/v3` },
        ...{ fapiPrivate: `${http}/fapi/v1`, fapiPrivateV2: `${http}/fapi/v2` },
        ...{ fapiPrivateV3: `${http}/fapi/v3`, sapi: `${http}/sapi/v1` },
        ws: { future: `${ws}/ws` },
      },
    },
  } as never);
  client.has['fetchCurrencies'] = false;
  client.number = String as never;
  await client.loadHttpProxyAgent();
  await client.loadMarkets();
  return client;
}

const number = (text: string) => text as unknown as number;

const market = (side: 'buy' | 'sell', amount: string, symbol = btc, params = {}) =>
  client.createOrder(symbol, 'market', side, number(amount), undefined, params);

const stated = (currency: string) => {
  const { balances } = stand.emulator.exchange.statement();
  return toText(balances!.items.find((one) => one.currency === currency)!.total);
};

test('EM34 its client trades: markets, orders, trades, positions, wallet, income', async () => {
  await quoted();
  expect(Object.keys(client.markets!).sort()).toEqual([btc, eth].sort());
  await market('buy', '0.5');
  await market('sell', '0.7');
  const [first, second] = await client.fetchMyTrades(btc);
  expect(first).toMatchObject({ symbol: btc, side: 'buy', amount: '0.5', price: '60000.1' });
  // 0.5 x (60000 - 60000.1)
  expect(second!.info).toMatchObject({ realizedPnl: '-0.05', commissionAsset: 'USDT' });
  expect(await client.fetchPositions()).toMatchObject([
    { symbol: btc, side: 'short', contracts: '0.2', entryPrice: '60000' },
  ]);
  const { info } = await client.fetchBalance();
  const usdt = (info.assets as readonly Asset[]).find(({ asset }) => asset === 'USDT')!;
  expect(usdt.walletBalance).toBe(stated('USDT'));
  const income = await client.fapiPrivateGetIncome({ limit: 1000 });
  const rows = income as unknown as readonly { asset: string; income: string }[];
  const inUsdt = rows.filter(({ asset }) => asset === 'USDT').map((row) => Number(row.income));
  expect(inUsdt.reduce((a, b) => a + b, 0)).toBeCloseTo(Number(stated('USDT')), 6);
});

interface Asset {
  readonly asset: string;
  readonly walletBalance: string;
}

test('EM34 orders are placed, amended, cancelled and looked up', async () => {
  await quoted();
  const placed = await client.createOrder(btc, 'limit', 'buy', number('0.4'), number('59000'), {
    newClientOrderId: 'mine',
  });
  expect(placed).toMatchObject({ clientOrderId: 'mine', status: 'open', filled: '0' });
  await client.editOrder(placed.id!, btc, 'limit', 'buy', number('0.3'), number('59100'));
  expect(await client.fetchOpenOrders(btc)).toMatchObject([{ amount: '0.3', price: '59100' }]);
  stand.trade(btc, '59099', '0.1', 'sell');
  await client.cancelOrder(placed.id!, btc);
  const found = await client.fetchOrder(placed.id!, btc);
  expect(found).toMatchObject({ status: 'canceled', filled: '0.1', average: '59100' });
  await expect(client.cancelOrder('1000999', btc)).rejects.toThrow(OrderNotFound);
  expect(await client.fetchOrders(btc)).toHaveLength(1);
});

test('EM34 the user stream tells orders, trades and the account', async () => {
  await quoted();
  const told = Promise.all([client.watchMyTrades(), client.watchOrders()]);
  for (let i = 0; i < 1_000 && stand.emulator.subscriptions < 1; i++)
    await new Promise((resolve) => setTimeout(resolve, 5));
  await market('buy', '0.1');
  const [trades, orders] = await told;
  expect(trades).toMatchObject([{ symbol: btc, amount: '0.1', fee: { currency: 'USDT' } }]);
  expect(orders.at(-1)).toMatchObject({ symbol: btc });
  const balance = client.watchBalance();
  await new Promise((resolve) => setTimeout(resolve, 200));
  await market('sell', '0.1');
  expect((await balance)['USDT']).toMatchObject({ total: stated('USDT') });
});

test('EM34 funding is positive when received, and what is forced has orders', async () => {
  await quoted();
  await market('buy', '0.4');
  stand.emulator.strike({ fault: 'funding', rate: '0.0001' });
  await client.loadTimeDifference();
  // 0.4 x 60000 x 0.0001
  expect(await client.fetchFundingHistory(btc)).toMatchObject([{ amount: '-2.4', code: 'USDT' }]);
  stand.emulator.strike({ fault: 'deleverage', instrument: btc, share: '0.25' });
  stand.emulator.strike({ fault: 'liquidate', instrument: btc });
  const forced = await client.fapiPrivateGetForceOrders();
  const rows = forced as unknown as readonly { clientOrderId: string; origQty: string }[];
  expect(
    rows.map(({ clientOrderId, origQty }) => [clientOrderId.split(/_?\d/)[0], origQty]),
  ).toEqual([
    ['adl_autoclose', '0.1'],
    ['autoclose-', '0.3'],
  ]);
  expect(await client.fetchPositions()).toEqual([]);
});

test('EM34 hedge mode has a row for each side', async () => {
  await quoted([], { paper: { ...paper, positionMode: 'hedge' } });
  await market('buy', '0.5', btc, { positionSide: 'LONG' });
  await market('sell', '0.2', btc, { positionSide: 'SHORT' });
  const rows = await client.fetchPositions([btc]);
  expect(rows.map(({ side, contracts }) => [side, contracts])).toEqual([
    ['long', '0.5'],
    ['short', '0.2'],
  ]);
});

test('EM34 the faults are the same: rate limit, lost answer, clock, wide ids', async () => {
  await quoted([
    { fault: 'rate-limit', path: '/fapi/v1/openOrders', when: { nth: 1 } },
    { fault: 'no-answer', path: '/fapi/v1/order', executed: true, when: { nth: 1 } },
    { fault: 'wide-numbers' },
  ]);
  await expect(client.fetchOpenOrders(btc)).rejects.toThrow(DDoSProtection);
  await expect(
    client.createOrder(btc, 'limit', 'buy', number('0.4'), number('59000'), {
      newClientOrderId: 'mine',
    }),
  ).rejects.toThrow(RequestTimeout);
  const found = await client.fetchOrder('', btc, { origClientOrderId: 'mine' });
  expect(toText(decimal(found.info.origQty))).toBe('0.4');
  expect(Number(found.info.orderId)).toBeGreaterThan(Number.MAX_SAFE_INTEGER);
  stand.emulator.strike({ fault: 'skew-clock', ms: 20_000 });
  await expect(client.fetchBalance()).rejects.toThrow(InvalidNonce);
});

test('EM36 an order too many in a second is refused by HTTP, and cancels are not', async () => {
  await quoted([], { orderRate: 2 });
  const place = () => client.createOrder(btc, 'limit', 'buy', number('0.4'), number('59000'));
  await place();
  const { id } = await place();
  await expect(place()).rejects.toThrow(/Too many new orders; current limit is 2/);
  await client.cancelOrder(id!, btc);
  expect(await client.fetchOpenOrders(btc)).toHaveLength(1);
});
