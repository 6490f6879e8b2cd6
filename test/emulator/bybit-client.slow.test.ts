/** The real ccxt client, unmodified, on the emulator. */
import { AuthenticationError, InvalidNonce, OrderNotFound } from 'ccxt';
import { afterEach, expect, test } from 'vitest';
import { signatureOf } from '../../emulator/door/keys.ts';
import { decimal, toText } from '../../src/decimal/text.ts';
import { btc, eth, inverse, openStand, paper, type Stand, scriptOf, spot } from './stand.ts';

let stand: Stand;
afterEach(() => stand.close());

async function quoted(options: Parameters<typeof openStand>[0] = {}) {
  stand = await openStand(options);
  stand.quote(btc, '60000');
  stand.quote(eth, '3000');
  stand.quote(inverse, '60000');
  stand.quote(spot, '60000');
  return stand.client();
}

const number = (text: string) => text as unknown as number;

test('EM1 the client loads markets, prices, the book and candles', async () => {
  const client = await quoted();
  const markets = await client.loadMarkets();
  expect(Object.keys(markets).sort()).toEqual([inverse, spot, btc, eth].sort());
  expect(client.market(btc)).toMatchObject({ linear: true, settle: 'USDT', contractSize: '1' });
  expect(client.market(inverse)).toMatchObject({ inverse: true, settle: 'BTC' });
  expect(await client.fetchTicker(btc)).toMatchObject({ symbol: btc, bid: '60000' });
  expect(await client.fetchTicker(spot)).toMatchObject({ symbol: spot, ask: '60000.01' });
  expect((await client.fetchOrderBook(btc)).bids[0]).toEqual([60000, 1000]);
  stand.trade(btc, '60000.1', '0.5', 'buy');
  const [candle] = await client.fetchOHLCV(btc, '1m');
  expect(candle?.slice(1)).toEqual(['60000.1', '60000.1', '60000.1', '60000.1', '0.5']);
  expect(Math.abs((await client.fetchTime())! - Date.now())).toBeLessThan(5_000);
});

test('EM2 orders are created, amended and cancelled; the answer carries ids alone', async () => {
  const client = await quoted();
  const order = await client.createOrder(btc, 'limit', 'buy', number('0.3'), number('59000'), {
    clientOrderId: 'one',
    postOnly: true,
  });
  expect(order).toMatchObject({ clientOrderId: 'one', filled: undefined, status: undefined });
  const [open] = await client.fetchOpenOrders(btc);
  expect(open).toMatchObject({ id: order.id!, amount: '0.3', price: '59000', postOnly: true });
  await client.editOrder(order.id!, btc, 'limit', 'buy', number('0.4'), number('59500'));
  const get = () => client.fetchOrder(order.id!, btc, { acknowledged: true });
  expect(await get()).toMatchObject({ amount: '0.4', price: '59500', status: 'open' });
  await client.cancelOrder(order.id!, btc);
  expect(await get()).toMatchObject({ status: 'canceled', filled: '0', remaining: '0' });
  await expect(client.cancelOrder(order.id!, btc)).rejects.toThrow(OrderNotFound);
  await client.createOrder(btc, 'limit', 'buy', number('0.3'), number('59000'));
  await client.createOrder(btc, 'limit', 'buy', number('0.1'), number('58000'));
  await client.cancelAllOrders(btc);
  expect(await client.fetchOpenOrders(btc)).toEqual([]);
  const history = await client.fetchCanceledAndClosedOrders(btc);
  expect(history.map(({ clientOrderId }) => clientOrderId ?? '')).toEqual(['one', '', '']);
});

test('EM2 a cancelled order that filled in part is told as the venue does', async () => {
  const client = await quoted();
  for (const symbol of [btc, spot]) {
    const order = await client.createOrder(symbol, 'limit', 'buy', number('0.4'), number('59000'));
    stand.trade(symbol, '58999', '0.1', 'sell');
    await client.cancelOrder(order.id!, symbol);
    const found = await client.fetchOrder(order.id!, symbol, { acknowledged: true });
    // 'closed' on spot, 'canceled' on contracts, and 0.1 filled on both.
    expect(found).toMatchObject({
      status: symbol === spot ? 'closed' : 'canceled',
      filled: '0.1',
      average: '59000',
    });
  }
});

test('EM2 what the exchange refuses is refused in the codes of the venue', async () => {
  const client = await quoted();
  const place = (amount: string, params = {}) =>
    client.createOrder(btc, 'market', 'buy', number(amount), undefined, params);
  await place('0.1', { clientOrderId: 'twice' });
  await expect(place('0.1', { clientOrderId: 'twice' })).rejects.toThrow('"retCode":110072');
  await expect(place('900')).rejects.toThrow('"retCode":110007');
  await expect(place('0.1', { positionIdx: 1 })).rejects.toThrow('position idx not match');
  const reduce = client.createOrder(eth, 'market', 'sell', number('1'), undefined, {
    reduceOnly: true,
  });
  await expect(reduce).rejects.toThrow('"retCode":110017');
  await client.setLeverage(5, btc);
  await expect(client.setLeverage(5, btc)).rejects.toThrow('"retCode":110043');
});

test('EM3 lists page by cursor to the end, newest first, each row once', async () => {
  const client = await quoted();
  for (let i = 0; i < 23; i++)
    await client.createOrder(btc, 'market', i % 2 ? 'sell' : 'buy', number('0.01'));
  const lists: readonly (readonly [Fetch, object, string, number])[] = [
    [client.privateGetV5ExecutionList, { category: 'linear', limit: 5 }, 'execId', 23],
    [client.privateGetV5OrderHistory, { category: 'linear', limit: 7 }, 'orderId', 23],
    // The deposits of two coins, and one row for each execution.
    [client.privateGetV5AccountTransactionLog, { limit: 10 }, 'id', 25],
  ];
  for (const [list, request, key, count] of lists) {
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = (await list.call(
        client,
        cursor === '' ? request : { ...request, cursor },
      )) as Page;
      seen.push(...page.result.list.map((row) => row[key]!));
      cursor = page.result.nextPageCursor;
    } while (cursor !== '');
    expect([key, seen.length, new Set(seen).size]).toEqual([key, count, count]);
  }
});

type Fetch = (request: object) => Promise<unknown>;

interface Page {
  readonly result: {
    readonly list: readonly Record<string, string>[];
    readonly nextPageCursor: string;
  };
}

test('EM4 a window is at most seven days', async () => {
  const client = await quoted();
  await client.createOrder(btc, 'market', 'buy', number('0.01'));
  const now = Date.now();
  const day = 86_400_000;
  const list = (startTime?: number, endTime?: number) =>
    client.privateGetV5ExecutionList({
      category: 'linear',
      ...(startTime === undefined ? {} : { startTime }),
      ...(endTime === undefined ? {} : { endTime }),
    }) as Promise<Page>;
  await expect(list(now - 8 * day, now)).rejects.toThrow('7 days');
  expect((await list(now - 6 * day, now + 1_000)).result.list).toHaveLength(1);
  expect((await list()).result.list).toHaveLength(1);
  expect((await list(now - 8 * day)).result.list).toHaveLength(0);
});

test('EM6 positions: by symbol also flat, by settle coin only held', async () => {
  const client = await quoted();
  await client.createOrder(btc, 'market', 'sell', number('0.5'));
  await client.createOrder(inverse, 'market', 'buy', number('300'));
  const linear = await client.fetchPositions();
  expect(linear.map(({ symbol, side, contracts }) => [symbol, side, contracts])).toEqual([
    [btc, 'short', '0.5'],
  ]);
  const other = await client.fetchPositions(undefined, { subType: 'inverse' });
  expect(other.map(({ symbol, contracts }) => [symbol, contracts])).toEqual([[inverse, '300']]);
  expect(await client.fetchPosition(eth)).toMatchObject({ symbol: eth, side: undefined });
});

test('EM6 in hedge mode a symbol has two rows', async () => {
  const client = await quoted({ paper: { ...paper, positionMode: 'hedge' } });
  await client.createOrder(btc, 'market', 'buy', number('0.5'), undefined, { positionIdx: 1 });
  await client.createOrder(btc, 'market', 'sell', number('0.2'), undefined, { positionIdx: 2 });
  const rows = await client.fetchPositions([btc]);
  expect(rows.map(({ side, contracts, hedged }) => [side, contracts, hedged])).toEqual([
    ['long', '0.5', true],
    ['short', '0.2', true],
  ]);
});

test('EM7 EM12 the wallet has cash apart from unrealised profit, in text', async () => {
  const client = await quoted();
  await client.createOrder(btc, 'market', 'buy', number('0.5'));
  stand.quote(btc, '60100');
  const { info } = await client.fetchBalance();
  const coins = info.result.list[0].coin as Record<string, string>[];
  const usdt = coins.find(({ coin }) => coin === 'USDT')!;
  // 100000 - 0.5 x 60000.1 x 0.00055 = 99983.4999725; + 0.5 x (60100 - 60000.1) = 49.95
  expect(usdt).toMatchObject({ walletBalance: '99983.4999725', equity: '100033.4499725' });
  expect(usdt).toMatchObject({ totalPositionIM: '3000.005', availableToWithdraw: '' });
});

test('EM5 the ledger of the client ends at what the exchange states', async () => {
  const client = await quoted();
  await client.createOrder(btc, 'market', 'buy', number('0.5'));
  await client.createOrder(btc, 'market', 'sell', number('0.7'));
  await client.createOrder(spot, 'market', 'buy', number('0.1'), number('60000.01'));
  const ledger = await client.fetchLedger('USDT');
  const rows = ledger.map(({ info }) => info as Record<string, string>);
  const { balances } = stand.emulator.exchange.statement();
  const usdt = balances!.items.find(({ currency }) => currency === 'USDT')!;
  const last = rows.find(({ tradeId }) => tradeId === newest())!;
  expect(last.cashBalance).toBe(toText(usdt.total));
});

const newest = () => stand.emulator.exchange.fills().at(-1)!.executionId;

test('EM8 a request is checked: its key, its time, its signature, its permission', async () => {
  const client = await quoted();
  const ask = async (key: string, secret: string, ms: number, method = 'GET') => {
    const query = method === 'GET' ? 'accountType=UNIFIED' : '{}';
    const path = method === 'GET' ? 'account/wallet-balance' : 'order/create';
    const url = `${stand.origin}/v5/${path}`;
    const answer = await fetch(method === 'GET' ? `${url}?${query}` : url, {
      method,
      headers: {
        'X-BAPI-API-KEY': key,
        'X-BAPI-TIMESTAMP': String(ms),
        'X-BAPI-RECV-WINDOW': '5000',
        'X-BAPI-SIGN': signatureOf(secret, `${ms}${key}5000${query}`),
      },
      ...(method === 'GET' ? {} : { body: query }),
    });
    return [answer.status, ((await answer.json()) as { retCode: number }).retCode];
  };
  const now = Date.now();
  expect(await ask('trader', 'trader-secret', now)).toEqual([200, 0]);
  expect(await ask('nobody', 'trader-secret', now)).toEqual([200, 10003]);
  expect(await ask('trader', 'trader-secret', now - 5_500)).toEqual([200, 10002]);
  expect(await ask('trader', 'trader-secret', now + 3_000)).toEqual([200, 10002]);
  expect(await ask('trader', 'reader-secret', now)).toEqual([200, 10004]);
  expect(await ask('reader', 'reader-secret', now)).toEqual([200, 0]);
  expect(await ask('reader', 'reader-secret', now, 'POST')).toEqual([200, 10005]);
  client.secret = 'guessed';
  await expect(client.fetchBalance()).rejects.toThrow(AuthenticationError);
  await expect(client.watchMyTrades()).rejects.toThrow(AuthenticationError);
});

test('EM26 a clock that is wrong refuses requests until the client corrects its own', async () => {
  const client = await quoted();
  await client.fetchBalance();
  stand.emulator.strike({ fault: 'skew-clock', ms: -3_000 });
  await expect(client.fetchBalance()).rejects.toThrow(InvalidNonce);
  expect(Math.abs(Number(await client.loadTimeDifference()) - 3_000)).toBeLessThan(500);
  await client.fetchBalance();
});

test('EM29 numbers of 40 digits and ids beyond 2^53 are the same values', async () => {
  const client = await quoted({ script: scriptOf({ fault: 'wide-numbers' }) });
  const order = await client.createOrder(btc, 'limit', 'buy', number('0.3'), number('59000'));
  expect(BigInt(order.id!)).toBeGreaterThan(2n ** 53n);
  const { result } = (await client.privateGetV5OrderRealtime({
    category: 'linear',
    symbol: 'BTCUSDT',
  })) as Page;
  expect(result.list[0]!.price!.replace(/\D/g, '')).toHaveLength(40);
  expect(toText(decimal(result.list[0]!.price!))).toBe('59000');
  await client.cancelOrder(order.id!, btc);
  expect(await client.fetchOpenOrders(btc)).toEqual([]);
  await client.createOrder(btc, 'market', 'buy', number('0.3'));
  const text = await rawText(client, () => client.fetchMyTrades(btc));
  const [, seq] = /"seq":(\d+)/.exec(text)!;
  expect(BigInt(seq!)).toBeGreaterThan(2n ** 53n);
  expect(String(Number(seq))).not.toBe(seq);
});

/** The text of the answer behind a call. */
async function rawText(client: Awaited<ReturnType<typeof quoted>>, call: () => Promise<unknown>) {
  client.enableLastResponseHeaders = true;
  await call();
  return String(client.last_http_response);
}
