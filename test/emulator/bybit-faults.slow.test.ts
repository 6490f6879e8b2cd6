/** Each fault of requests and of the exchange bites the real ccxt client. */
import { ExchangeNotAvailable, NetworkError, RateLimitExceeded, RequestTimeout } from 'ccxt';
import { afterEach, expect, test } from 'vitest';
import { decimal, toText } from '../../src/decimal/text.ts';
import { btc, eth, openStand, type Stand, scriptOf } from './stand.ts';

let stand: Stand;
afterEach(() => stand.close());

async function quoted(...faults: readonly object[]) {
  stand = await openStand({
    script: scriptOf(...faults),
    deposits: [
      ['USDT', decimal('100000')],
      ['BTC', decimal('1')],
      ['BNB', decimal('10')],
    ],
  });
  stand.quote(btc, '60000');
  stand.quote(eth, '3000');
  const client = await stand.client();
  client.timeout = 400;
  await client.loadMarkets();
  return client;
}

type Client = Awaited<ReturnType<typeof quoted>>;

const number = (text: string) => text as unknown as number;

const market = (client: Client, symbol: string, side: 'buy' | 'sell', amount: string) =>
  client.createOrder(symbol, 'market', side, number(amount));

const resting = (client: Client, amount = '0.4', clientOrderId = 'mine') =>
  client.createOrder(btc, 'limit', 'buy', number(amount), number('59000'), { clientOrderId });

interface Raw {
  readonly result: {
    readonly list: readonly Record<string, string>[];
    readonly nextPageCursor: string;
  };
}

const executions = async (client: Client) =>
  ((await client.privateGetV5ExecutionList({ category: 'linear' })) as Raw).result.list;

const transactions = async (client: Client) =>
  ((await client.privateGetV5AccountTransactionLog({ limit: 50 })) as Raw).result.list;

const sizes = async (client: Client) =>
  (await client.fetchPositions()).map(({ symbol, contracts }) => [symbol, contracts]);

const stated = (currency: string) => {
  const { balances } = stand.emulator.exchange.statement();
  return toText(balances!.items.find((one) => one.currency === currency)!.total);
};

test.each([
  ['the code 10006', { fault: 'rate-limit' }, RateLimitExceeded],
  ['status 429', { fault: 'rate-limit', status: 429 }, RateLimitExceeded],
  ['status 503', { fault: 'server-error', status: 503 }, ExchangeNotAvailable],
  ['a page of status 502', { fault: 'html', status: 502 }, NetworkError],
  ['silence', { fault: 'no-answer' }, RequestTimeout],
])('EM18 %s is an error of the client, never an empty answer', async (_how, fault, expected) => {
  const client = await quoted({ ...fault, path: '/v5/position/list', when: { nth: 1 } });
  await market(client, btc, 'buy', '0.1');
  await expect(client.fetchPositions()).rejects.toThrow(expected);
  expect(await sizes(client)).toEqual([[btc, '0.1']]);
});

test.each([
  ['half of the JSON', { fault: 'cut-json' }],
  ['a page for people', { fault: 'html' }],
])('EM18 of %s the client makes an empty list: nothing follows from it', async (_how, fault) => {
  const client = await quoted({ ...fault, path: '/v5/position/list', when: { nth: 1 } });
  await market(client, btc, 'buy', '0.1');
  expect(await sizes(client)).toEqual([]);
  expect(await sizes(client)).toEqual([[btc, '0.1']]);
});

test('EM36 a burst of orders runs into a limit, which holds for a while', async () => {
  const client = await quoted({
    fault: 'order-rate',
    perSecond: 2,
    forMs: 60_000,
    when: { nth: 1 },
  });
  await client.fetchBalance();
  const place = () =>
    client.createOrder(btc, 'limit', 'buy', number('0.1'), number('50000'), { timeInForce: 'GTC' });
  await place();
  const { id } = await place();
  await expect(place()).rejects.toThrow(RateLimitExceeded);
  // Cancels are counted by themselves, and what was refused is not there.
  await client.cancelOrder(id!, btc);
  expect(await client.fetchOpenOrders(btc)).toHaveLength(1);
});

test('EM19 an order whose answer never came is there, under its client order id', async () => {
  const client = await quoted({
    ...{ fault: 'no-answer', path: '/v5/order/create', executed: true },
    when: { nth: 1 },
  });
  await expect(resting(client)).rejects.toThrow(RequestTimeout);
  const found = (await client.privateGetV5OrderRealtime({
    ...{ category: 'linear', symbol: 'BTCUSDT', orderLinkId: 'mine' },
  })) as Raw;
  expect(found.result.list).toMatchObject([{ orderLinkId: 'mine', orderStatus: 'New' }]);
  await expect(resting(client)).rejects.toThrow('110072');
});

test('EM19 an order that never arrived is not', async () => {
  const client = await quoted({ fault: 'no-answer', path: 'order/create', when: { nth: 1 } });
  await expect(resting(client)).rejects.toThrow(RequestTimeout);
  expect(await client.fetchOpenOrders(btc)).toEqual([]);
});

test('EM20 a cancel whose answer is lost was carried out', async () => {
  const client = await quoted({ fault: 'lose-cancel-answer', when: { nth: 1 } });
  const { id } = await resting(client);
  await expect(client.cancelOrder(id!, btc)).rejects.toThrow(RequestTimeout);
  await expect(client.cancelOrder(id!, btc)).rejects.toThrow('110001');
});

test('EM21 a list is empty, cut short, stale or torn, and says nothing of it', async () => {
  const client = await quoted(
    { fault: 'empty-list', path: '/v5/position/list', when: { nth: 1 } },
    { fault: 'short-page', path: '/v5/execution/list', rows: 1 },
    { fault: 'stale', path: '/v5/position/list', ageMs: 1_500, when: { nth: 2 } },
    { fault: 'torn', path: '/v5/position/list', ageMs: 1_500, when: { nth: 3 } },
  );
  await market(client, btc, 'buy', '0.1');
  await market(client, eth, 'buy', '1');
  await new Promise((resolve) => setTimeout(resolve, 1_600));
  await market(client, btc, 'buy', '0.1');
  await market(client, eth, 'buy', '1');
  expect(await sizes(client)).toEqual([]);
  expect(await sizes(client)).toEqual([
    [btc, '0.1'],
    [eth, '1'],
  ]);
  expect(new Set((await sizes(client)).map(([, size]) => size))).toEqual(new Set(['0.2', '1']));
  expect(await sizes(client)).toEqual([
    [btc, '0.2'],
    [eth, '2'],
  ]);
  const page = (await client.privateGetV5ExecutionList({ category: 'linear' })) as Raw;
  expect([page.result.list.length, page.result.nextPageCursor]).toEqual([1, '']);
});

test('EM22 a fill comes between the cancel and the next order', async () => {
  const client = await quoted({ fault: 'fill-before-cancel', share: '0.25' });
  const { id } = await resting(client, '0.4');
  await client.cancelOrder(id!, btc);
  const order = await client.fetchOrder(id!, btc, { acknowledged: true });
  expect(order).toMatchObject({ status: 'canceled', filled: '0.1', amount: '0.4' });
  expect(await sizes(client)).toEqual([[btc, '0.1']]);
});

test('EM23 a busted trade is gone, and position and wallet are as without it', async () => {
  const client = await quoted({ fault: 'bust', when: { nth: 2 } });
  await market(client, btc, 'buy', '0.1');
  const before = stated('USDT');
  await market(client, btc, 'buy', '0.3');
  while (stated('USDT') !== before) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await sizes(client)).toEqual([[btc, '0.1']]);
  expect(await executions(client)).toHaveLength(1);
  const [last] = await transactions(client);
  expect(last).toMatchObject({ type: 'TRADE', transSubType: 'TRADE_ROLLBACK', fee: '0' });
  // 0.3 x 60000.1 x 0.00055 comes back.
  expect(last!.change).toBe('9.9000165');
  expect(last!.cashBalance).toBe(before);
});

test('EM11 liquidation and deleveraging are executions nobody ordered', async () => {
  const client = await quoted();
  await market(client, btc, 'buy', '0.4');
  stand.emulator.strike({ fault: 'deleverage', instrument: btc, share: '0.25' });
  stand.emulator.strike({ fault: 'liquidate', instrument: btc });
  const rows = (await executions(client)).map(({ execType, execQty, side }) => ({
    ...{ execType, execQty, side },
  }));
  expect(rows).toEqual([
    { execType: 'BustTrade', execQty: '0.3', side: 'Sell' },
    { execType: 'AdlTrade', execQty: '0.1', side: 'Sell' },
    { execType: 'Trade', execQty: '0.4', side: 'Buy' },
  ]);
  // The client's own list knows trades alone.
  expect(await client.fetchMyTrades(btc)).toHaveLength(1);
  const types = (await transactions(client)).map(({ type }) => type);
  expect(types.slice(0, 3)).toEqual(['LIQUIDATION', 'ADL', 'TRADE']);
  expect(await sizes(client)).toEqual([]);
});

test('EM10 EM24 funding of two symbols in one millisecond: paid is positive', async () => {
  const client = await quoted();
  await market(client, btc, 'buy', '0.05');
  await market(client, eth, 'buy', '1');
  stand.emulator.strike({ fault: 'funding', rate: '0.0001' });
  await client.loadTimeDifference();
  const rows = (await executions(client)).filter(({ execType }) => execType === 'Funding');
  // 0.05 x 60000 x 0.0001 = 1 x 3000 x 0.0001 = 0.3, at one time
  expect(rows.map(({ symbol, execFee }) => [symbol, execFee]).sort()).toEqual([
    ['BTCUSDT', '0.3'],
    ['ETHUSDT', '0.3'],
  ]);
  expect(new Set(rows.map(({ execTime }) => execTime)).size).toBe(1);
  const settled = (await transactions(client)).filter(({ type }) => type === 'SETTLEMENT');
  expect(settled.map(({ funding, change }) => [funding, change])).toEqual([
    ['-0.3', '-0.3'],
    ['-0.3', '-0.3'],
  ]);
});

test('EM25 a third coin pays the fees', async () => {
  const client = await quoted({ fault: 'third-coin-fees', coin: 'BNB', rate: '600' });
  await market(client, btc, 'buy', '0.1');
  const [row] = await executions(client);
  expect(row).toMatchObject({ feeCurrency: 'BNB' });
  const paid = decimal(row!.execFee!);
  const [fee] = await transactions(client);
  expect(fee).toMatchObject({ currency: 'BNB', cashFlow: '0', fee: toText(paid) });
  expect(fee!.cashBalance).toBe(stated('BNB'));
});

test('EM27 a symbol is called by another name, and the old one is unknown', async () => {
  const client = await quoted();
  await market(client, btc, 'buy', '0.1');
  stand.emulator.strike({ fault: 'rename', instrument: btc, to: 'XBTUSDT' });
  const { result } = (await client.privateGetV5PositionList({
    ...{ category: 'linear', settleCoin: 'USDT' },
  })) as Raw;
  expect(result.list.map(({ symbol }) => symbol)).toEqual(['XBTUSDT']);
  await expect(client.fetchPosition(btc)).resolves.toMatchObject({ contracts: undefined });
  await expect(market(client, btc, 'buy', '0.1')).rejects.toThrow('symbol invalid');
});

test('EM28 the wallet is told without a coin that it has', async () => {
  const client = await quoted({ fault: 'omit-coin', coin: 'BTC', when: { nth: 1 } });
  expect(Object.keys((await client.fetchBalance()).total!)).toEqual(['BNB', 'USDT']);
  expect(Object.keys((await client.fetchBalance()).total!)).toEqual(['BNB', 'BTC', 'USDT']);
});
