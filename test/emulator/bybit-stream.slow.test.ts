/** The private stream, through the real ccxt client and through a bare socket. */
import { afterEach, expect, test } from 'vitest';
import WebSocket from 'ws';
import { signatureOf } from '../../emulator/door/keys.ts';
import { btc, eth, inverse, openStand, type Stand, scriptOf, spot } from './stand.ts';

let stand: Stand;
afterEach(() => stand.close());

type Client = Awaited<ReturnType<Stand['client']>>;

async function quoted(...faults: readonly object[]): Promise<Client> {
  stand = await openStand({ script: scriptOf(...faults) });
  for (const [name, price] of [
    [btc, '60000'],
    [eth, '3000'],
    [inverse, '60000'],
    [spot, '60000'],
  ] as const)
    stand.quote(name, price);
  const client = await stand.client();
  await client.loadMarkets();
  return client;
}

const number = (text: string) => text as unknown as number;
const buy = (client: Client, amount = '0.1') =>
  client.createOrder(btc, 'market', 'buy', number(amount));

interface Frame {
  readonly topic?: string;
  readonly op?: string;
  readonly success?: boolean;
  readonly ret_msg?: string;
  readonly data?: readonly Record<string, unknown>[];
}

/** A bare socket: what comes, word for word. */
async function listen(topics: readonly string[] = ['execution', 'order', 'position', 'wallet']) {
  const socket = new WebSocket(`ws://127.0.0.1:${stand.emulator.port}/v5/private`);
  const frames: Frame[] = [];
  const waiting: (() => void)[] = [];
  let closed: number | null = null;
  const wake = () => {
    for (const one of waiting.splice(0)) one();
  };
  socket.on('message', (text) => {
    frames.push(JSON.parse(String(text)) as Frame);
    wake();
  });
  socket.on('close', (code) => {
    closed = code;
    wake();
  });
  await new Promise((resolve) => socket.once('open', resolve));
  const say = (said: object) => socket.send(JSON.stringify(said));
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const count = (topic: string) => frames.filter((one) => one.topic === topic).length;
  const answered = async (op: string) => {
    const before = frames.filter((one) => one.op === op).length;
    await until(() => frames.filter((one) => one.op === op).length > before);
    return frames.findLast((one) => one.op === op)!;
  };
  const login = async () => {
    const expires = Date.now() + 10_000;
    const sign = signatureOf('trader-secret', `GET/realtime${expires}`);
    say({ op: 'auth', args: ['trader', expires, sign] });
    await answered('auth');
    say({ op: 'subscribe', args: topics });
    await answered('subscribe');
  };
  return { socket, frames, say, until, count, answered, login, closed: () => closed };
}

const executionIds = (frames: readonly Frame[]) =>
  frames.filter(({ topic }) => topic === 'execution').map(({ data }) => data![0]!.execId);

const tradedIds = () => stand.emulator.exchange.fills().map(({ executionId }) => executionId);

/** A round trip: whatever was sent before has come. */
async function settled({ say, answered }: Awaited<ReturnType<typeof listen>>) {
  say({ op: 'ping' });
  await answered('pong');
}

test('EM9 the client is told of executions, orders, positions and the wallet', async () => {
  const client = await quoted();
  // Else its first call answers from REST, and subscribes to nothing.
  client.options['watchPositions'] = { fetchPositionsSnapshot: false };
  const told = Promise.all([
    client.watchMyTrades(),
    client.watchOrders(),
    client.watchPositions(),
    client.watchBalance(),
  ]);
  const bare = await listen();
  await bare.login();
  await subscribed(5);
  await buy(client);
  const [trades, orders, positions, balance] = await told;
  expect(trades).toMatchObject([{ symbol: btc, amount: '0.1', price: '60000.1' }]);
  expect(orders).toMatchObject([{ symbol: btc, filled: '0.1', status: 'closed' }]);
  expect(positions.filter(({ contracts }) => String(contracts) !== '0')).toMatchObject([
    { symbol: btc, side: 'long', contracts: '0.1' },
  ]);
  // 100000 - 0.1 x 60000.1 x 0.00055 = 99996.6999945; the client's total of the stream is
  // equity: - 0.1 x (60000.1 - 60000)
  expect(balance['USDT']).toMatchObject({ total: '99996.6899945' });
  await settled(bare);
  const topics = bare.frames.flatMap(({ topic }) => topic ?? []);
  expect(topics.filter((topic, i) => topic !== topics[i - 1])).toEqual([
    'execution',
    'order',
    'position',
    'wallet',
  ]);
});

test('EM9 nothing is told before auth and subscription; pings are answered', async () => {
  const client = await quoted();
  const bare = await listen();
  bare.say({ op: 'subscribe', args: ['execution'] });
  expect(await bare.answered('subscribe')).toMatchObject({ success: false });
  await buy(client);
  await settled(bare);
  expect(bare.count('execution')).toBe(0);
  bare.say({ op: 'auth', args: ['trader', Date.now() - 1_000, ''] });
  expect(await bare.answered('auth')).toMatchObject({ success: false });
  await bare.login();
  await buy(client);
  await settled(bare);
  expect(bare.count('execution')).toBe(1);
});

test('EM15 a frame is dropped, sent twice, late, or after the next', async () => {
  const client = await quoted(
    { fault: 'drop', topic: 'execution', when: { nth: 1 } },
    { fault: 'duplicate', topic: 'execution', when: { nth: 2 } },
    { fault: 'reorder', topic: 'execution', when: { nth: 4 } },
    { fault: 'delay', topic: 'execution', ms: 200, when: { nth: 6 } },
  );
  const bare = await listen(['execution']);
  await bare.login();
  for (let i = 0; i < 7; i++) await buy(client);
  await bare.until(() => bare.count('execution') === 7);
  const [, b, c, d, e, f, g] = tradedIds();
  expect(executionIds(bare.frames)).toEqual([b, b, c, e, d, g, f]);
  const done = stand.emulator.applied.map(({ fault }) => fault);
  expect(done).toEqual(['drop', 'duplicate', 'reorder', 'delay']);
});

test('EM16 a silent stream answers pings; a half-open one does not', async () => {
  const client = await quoted(
    { fault: 'silence', forMs: 60_000, when: { nth: 2 } },
    { fault: 'half-open', when: { nth: 4 } },
  );
  const bare = await listen(['execution']);
  await bare.login();
  for (let i = 0; i < 3; i++) await buy(client);
  await settled(bare);
  expect(bare.count('execution')).toBe(1);
  await buy(client);
  let isPonged = false;
  bare.socket.on('pong', () => {
    isPonged = true;
  });
  bare.socket.ping();
  bare.say({ op: 'ping' });
  const before = bare.frames.length;
  await client.fetchTime();
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect([bare.frames.length, isPonged, bare.closed()]).toEqual([before, false, null]);
});

test('EM17 the connection ends in a burst; what was missed is in the list', async () => {
  const client = await quoted({ fault: 'close', code: 1006, topic: 'execution', when: { nth: 4 } });
  const bare = await listen(['execution']);
  await bare.login();
  for (let i = 0; i < 6; i++) await buy(client);
  await bare.until(() => bare.closed() !== null);
  expect(bare.closed()).toBe(1006);
  expect(executionIds(bare.frames)).toEqual(tradedIds().slice(0, 3));
  const again = await listen(['execution']);
  await again.login();
  await buy(client);
  await settled(again);
  expect(executionIds(again.frames)).toEqual(tradedIds().slice(6));
  expect((await client.fetchMyTrades(btc)).map(({ id }) => id)).toEqual(tradedIds());
});

test('EM17 the client reconnects by itself, and is not told what it missed', async () => {
  const client = await quoted({ fault: 'close', topic: 'execution', when: { nth: 2 } });
  const first = client.watchMyTrades();
  await subscribed(1);
  await buy(client);
  await first;
  const second = client.watchMyTrades();
  await buy(client);
  await expect(second).rejects.toThrow('1006');
  const third = client.watchMyTrades();
  await subscribed(2);
  await buy(client);
  expect((await third).map(({ id }) => id)).toContain(tradedIds()[2]);
  expect((await third).map(({ id }) => id)).not.toContain(tradedIds()[1]);
});

/** Until so many subscriptions were taken. */
async function subscribed(count: number) {
  for (let i = 0; i < 1_000 && stand.emulator.subscriptions < count; i++)
    await new Promise((resolve) => setTimeout(resolve, 5));
  expect(stand.emulator.subscriptions).toBe(count);
}
