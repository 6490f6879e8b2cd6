/** The real client trades under scripts nobody thought of; afterwards the lists are the truth. */
import { afterEach, expect, test } from 'vitest';
import { randomScript } from '../../emulator/faults/random-script.ts';
import { faultNames } from '../../emulator/faults/table.ts';
import { decimal, toText } from '../../src/decimal/text.ts';
import { Draws } from '../../src/venues/paper/random.ts';
import { btc, eth, inverse, openStand, type Stand, spot } from './stand.ts';

const seeds = Number(process.env['TRUEUP_EMULATOR_SEEDS'] ?? 2);
const quietMs = 1_500;
const names = [btc, eth, inverse, spot];

let stand: Stand;
afterEach(() => stand.close());

type Client = Awaited<ReturnType<Stand['client']>>;
type Row = Readonly<Record<string, string>>;

const number = (text: string) => text as unknown as number;
const plain = (text: string) => toText(decimal(text));
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Listens, so that there are frames to lose. */
async function listen(client: Client, endsAt: number) {
  while (performance.now() < endsAt) {
    try {
      await Promise.race([client.watchMyTrades(), sleep(100)]);
    } catch {
      await sleep(20); // the connection was ended: it is opened again
    }
  }
}

/** Places, cancels some, reads; what fails is what faults are for. */
async function trade(client: Client, draws: Draws, endsAt: number): Promise<void> {
  const below = (n: number) => Math.floor(draws.next() * n);
  while (performance.now() < endsAt) {
    const name = names[below(names.length)]!;
    const price = (name === eth ? 3_000 : 60_000) + below(20);
    stand.quote(name, String(price));
    const side = below(2) === 0 ? 'buy' : 'sell';
    const amount = name === inverse ? String(1 + below(50)) : `0.0${1 + below(9)}`;
    try {
      const type = below(3) === 0 ? 'limit' : 'market';
      const at = type === 'limit' || name === spot ? number(String(price)) : undefined;
      const order = await client.createOrder(name, type, side, number(amount), at);
      stand.trade(name, String(price - 1), '0.01', 'sell');
      if (type === 'limit') await client.cancelOrder(order.id!, name);
      if (below(3) === 0) await client.fetchPositions();
      if (below(3) === 0) await client.fetchBalance();
      if (below(3) === 0) await client.fetchMyTrades(btc);
    } catch {
      await sleep(1); // refused or lost: the exchange knows which
    }
  }
}

async function all(client: Client, path: 'ExecutionList' | 'AccountTransactionLog', of: object) {
  const rows: Row[] = [];
  let cursor = '';
  do {
    const request = { ...of, limit: 50, ...(cursor === '' ? {} : { cursor }) };
    const page = await client[`privateGetV5${path}`](request);
    const { list, nextPageCursor } = page.result as { list: Row[]; nextPageCursor: string };
    rows.push(...list);
    cursor = nextPageCursor;
  } while (cursor !== '');
  return rows;
}

const drawn = Array.from({ length: seeds }, (_, seed) => seed);

test.each(drawn)(
  'EM35 seed %i: the lists tell what the exchange states',
  async (seed) => {
    const of = faultNames.filter((name) => name !== 'rename' && name !== 'skew-clock');
    const script = randomScript({ seed, untilMs: quietMs, instruments: [btc, eth], of });
    const deposits = ['USDT', 'BTC', 'BNB'].map((coin) => [coin, decimal('50000')] as const);
    stand = await openStand({ script, deposits });
    for (const name of names) stand.quote(name, name === eth ? '3000' : '60000');
    const client = await stand.client();
    client.timeout = 250;
    client.options['adjustForTimeDifference'] = true;
    const endsAt = performance.now() + quietMs;
    await client.loadMarkets();
    await Promise.all([listen(client, endsAt), trade(client, new Draws(seed), endsAt)]);
    // What is late comes at most two seconds later.
    await sleep(2_200);
    await client.loadTimeDifference();
    const { positions, balances, executions } = stand.emulator.exchange.statement();
    expect(executions!.items.length).toBeGreaterThan(5);
    expect(stand.emulator.applied.length).toBeGreaterThan(0);
    const coins = (await client.privateGetV5AccountWalletBalance({ accountType: 'UNIFIED' }))
      .result as { list: [{ coin: Row[] }] };
    expect(
      coins.list[0].coin.map(({ coin, walletBalance }) => [coin, plain(walletBalance!)]),
    ).toEqual(balances!.items.map(({ currency, total }) => [currency, toText(total)]));
    const held: [string, string][] = [];
    for (const query of [{ category: 'linear', settleCoin: 'USDT' }, { category: 'inverse' }]) {
      const { list } = (await client.privateGetV5PositionList(query)).result as { list: Row[] };
      for (const { symbol, side, size } of list)
        held.push([symbol!, `${side === 'Sell' ? '-' : ''}${plain(size!)}`]);
    }
    const symbols: Record<string, string> = { [btc]: 'BTCUSDT', [eth]: 'ETHUSDT' };
    expect(held.sort()).toEqual(
      positions!.items
        .map((one) => [symbols[one.instrument] ?? 'BTCUSD', toText(one.quantity)])
        .sort(),
    );
    const told = [];
    for (const category of ['spot', 'linear', 'inverse'])
      told.push(...(await all(client, 'ExecutionList', { category })));
    const fills = told.filter(({ execType }) => execType !== 'Funding');
    expect(fills).toHaveLength(executions!.items.length);
    expect(new Set(fills.map(({ execId }) => execId)).size).toBe(fills.length);
    for (const { currency, total } of balances!.items) {
      const [last] = await all(client, 'AccountTransactionLog', { currency });
      expect([currency, plain(last!['cashBalance']!)]).toEqual([currency, toText(total)]);
    }
  },
  60_000,
);
