import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decimal, toText } from '../../../src/decimal/text.ts';
import type { CashFact } from '../../../src/model/fact.ts';
import { fromMilliseconds } from '../../../src/model/instant.ts';
import { type CcxtVenueSettings, ccxtVenue } from '../../../src/venues/ccxt/ccxt-venue.ts';
import { instrumentIndex } from '../../../src/venues/ccxt/instrument-index.ts';
import { mapUnifiedMarkets, mapUnifiedTrades } from '../../../src/venues/ccxt/mapping/unified.ts';
import {
  mapUnifiedFunding,
  mapUnifiedLedger,
  mapUnifiedMovements,
  mapUnifiedTransfers,
} from '../../../src/venues/ccxt/mapping/unified-cash.ts';
import { toTheEnd, value } from './binance-stand.ts';
import { wait } from './bybit-stand.ts';
import { venueTime } from './fake-bybit.ts';
import { type FakeExchange, fakeExchange } from './fake-exchange.ts';
import { fakeOkx, told } from './fake-okx.ts';

let server: FakeExchange;
beforeEach(async () => {
  server = await fakeOkx();
});
afterEach(() => server.close());

const open = (more: Partial<CcxtVenueSettings> = {}) =>
  ccxtVenue({
    ...{ exchange: 'okx', name: 'okx', account: 'main', local: server.url, wait, paceMs: 0.1 },
    credentials: { key: 'the-key', secret: 'the-secret', passphrase: 'the-phrase' },
    clock: { now: () => fromMilliseconds(venueTime) },
    ...more,
  });
const tells = (path: string, ...rows: readonly unknown[]) =>
  server.tell((asked) => (asked.path.endsWith(path) ? told(...rows) : undefined));
const since = fromMilliseconds(venueTime - 60_000);

const fill = (more: Readonly<Record<string, string>> = {}) => ({
  ...{ instType: 'SWAP', instId: 'BTC-USDT-SWAP', tradeId: '7', ordId: '8', billId: '9' },
  ...{ fillPx: '60000.1', fillSz: '3', side: 'sell', posSide: 'net', execType: 'T' },
  ...{ feeCcy: 'USDT', fee: '-0.9', ts: String(venueTime - 500), ...more },
});

describe('an exchange that no mapping of ours knows', () => {
  test('CX40 CX3 one coin in a pair, perpetuals and dated contracts: six names', async () => {
    const names = value(await (await open()).instruments()).map(({ name }) => name);
    expect(names.toSorted()).toEqual([
      'BTC/USD:BTC',
      'BTC/USD:BTC-251226',
      'BTC/USDC',
      'BTC/USDT',
      'BTC/USDT:USDT',
      'BTC/USDT:USDT-251226',
    ]);
  });

  test('CX40 CX4 contracts are units of the base, dollars where coins settle them', async () => {
    const held = { mgnMode: 'cross', posSide: 'net', lever: '10', uTime: String(venueTime) };
    tells(
      '/account/positions',
      { ...held, instType: 'SWAP', instId: 'BTC-USDT-SWAP', pos: '-3', avgPx: '60000' },
      { ...held, instType: 'SWAP', instId: 'BTC-USD-SWAP', pos: '5', avgPx: '60000' },
      { ...held, instType: 'SWAP', instId: 'DOGE-USDT-SWAP', pos: '5', avgPx: '1' },
    );
    tells('/trade/fills-history', fill());
    const venue = await open();
    const { positions } = value(await venue.statement());
    expect(positions?.items.map((one) => [one.instrument, toText(one.quantity)])).toEqual([
      ['BTC/USDT:USDT', '-0.03'],
      ['BTC/USD:BTC', '500'],
    ]);
    // Of the third nobody knows what a contract of it is.
    expect(positions).toMatchObject({ complete: false });
    expect(positions?.error).toMatch(/is not listed/);
    const { facts } = await toTheEnd((cursor) => venue.executions(cursor, since));
    expect(facts).toMatchObject([
      {
        ...{ instrument: 'BTC/USDT:USDT', side: 'sell', quantity: decimal('0.03') },
        ...{ price: decimal('60000.1'), executionId: '7', orderId: '8', liquidity: 'taker' },
        fees: [{ currency: 'USDT', amount: decimal('0.9') }],
      },
    ]);
  });

  test('CX40 CX31 nothing of it is whole, and it says of each part why', async () => {
    tells('/account/positions');
    const venue = await open({ trading: true });
    expect(venue.capabilities).toMatchObject({
      ...{ executions: { complete: false }, cashFlows: { complete: false } },
      ...{ amend: false, hedge: false, triggers: false },
      streams: { executions: false, orders: false, positions: false, balances: false },
    });
    const { positions, balances, orders, executions, cashFlows } = value(await venue.statement());
    // The library's total is equity here, 900 in cash and 50 of profit: why none of it is proven.
    expect(balances?.items.map((one) => [one.currency, toText(one.total)])).toEqual([
      ['USDT', '950'],
    ]);
    for (const part of [positions, balances, orders, executions, cashFlows]) {
      expect(part).toMatchObject({ complete: false });
      expect(part?.error).toMatch(/not verified|does not list all/);
    }
  });

  test('CX40 trades are asked for by the symbols that are named', async () => {
    server.tell(({ path, query }) =>
      path.endsWith('/trade/fills-history')
        ? query['instId'] === 'BTC-USD-SWAP'
          ? told(fill({ instId: 'BTC-USD-SWAP', tradeId: '12', feeCcy: 'BTC' }))
          : told(fill())
        : undefined,
    );
    const venue = await open({ symbols: ['BTC/USDT:USDT', 'BTC/USD:BTC'] });
    const { facts } = await toTheEnd((cursor) => venue.executions(cursor, since));
    expect(facts.map((one) => `${one.instrument} ${toText(one.quantity)}`)).toEqual([
      'BTC/USDT:USDT 0.03',
      'BTC/USD:BTC 300',
    ]);
  });

  test('CX40 what the library cannot do is said, and is no empty list', async () => {
    const venue = await open({ positionMode: 'hedge' });
    tells('/trade/fills-history', fill());
    const { facts, faults } = await toTheEnd((cursor) => venue.executions(cursor, since));
    expect([facts, faults.join()]).toEqual([[], 'trades here tell no leg']);
    tells('/account/positions', { instId: 'BTC-USDT-SWAP', instType: 'SWAP', pos: 'many' });
    const { positions } = value(await venue.statement());
    expect(positions).toMatchObject({ complete: false, items: [] });
  });
});

describe('what it leaves out', () => {
  const listing = (contractSize: unknown) =>
    mapUnifiedMarkets('okx', [
      { symbol: 'BTC/USDT', id: 'BTC-USDT', spot: true, base: 'BTC', quote: 'USDT' },
      {
        ...{ symbol: 'BTC/USDT:USDT', id: 'BTC-USDT-SWAP', linear: true, base: 'BTC' },
        ...{ quote: 'USDT', settle: 'USDT', contractSize },
      },
    ]);
  const trade = (fees: readonly object[]) => ({
    ...{ id: '1', symbol: 'BTC/USDT:USDT', side: 'buy', amount: '3', price: '60000' },
    ...{ timestamp: String(venueTime), fees },
  });
  const traded = (fees: readonly object[], contractSize = '0.01') => {
    const { items } = listing(contractSize);
    const index = instrumentIndex('okx', items, () => null);
    const context = { account: 'main', positionMode: 'net', index } as const;
    return mapUnifiedTrades(context, [trade(fees)]);
  };

  test.each([
    ['0.01', ['BTC/USDT', 'BTC/USDT:USDT'], ''],
    [undefined, ['BTC/USDT'], 'BTC/USDT:USDT tells no contract size'],
    ['', ['BTC/USDT'], 'BTC/USDT:USDT tells no contract size'],
    ['0', ['BTC/USDT'], 'BTC/USDT:USDT tells no contract size'],
  ])('CX49 of contracts of size %j, %j are instruments', (contractSize, names, fault) => {
    const { items, faults } = listing(contractSize);
    expect(items.map(({ instrument }) => instrument.name)).toEqual(names);
    expect(faults.join()).toContain(fault);
  });

  const usdt = { currency: 'USDT', cost: '1.5' };
  const bnb = { currency: 'BNB', cost: '0.002' };
  test.each<[string, readonly object[], readonly string[] | null]>([
    ['one', [usdt], ['1.5 USDT']],
    ['several', [usdt, bnb], ['1.5 USDT', '0.002 BNB']],
    ['one of nothing', [usdt, { currency: 'BNB', cost: '0' }], ['1.5 USDT']],
    ['one without an amount', [usdt, { currency: 'BNB' }], null],
    ['one without a coin', [usdt, { cost: '0.002' }], null],
    ['none', [], null],
  ])('CX49 of fees, %s', (_what, told, expected) => {
    const [fill] = traded(told).items;
    const fees = fill!.fees?.map(({ amount, currency }) => `${toText(amount)} ${currency}`);
    expect(fees ?? null).toEqual(expected);
    expect(toText(fill!.quantity)).toBe('0.03');
  });

  test('CX49 of a contract without a size nothing is booked, and that is told', () => {
    expect(traded([usdt], '')).toMatchObject({
      ...{ items: [], faults: [expect.stringMatching(/is not listed/)] },
    });
  });
});

describe('its money that no trade tells', () => {
  const index = { byName: (name: string) => named(name) } as never;
  const named = (name: string) =>
    name === 'BTC/USDT:USDT' ? { instrument: { name, settle: 'USDT' } } : null;
  const context = { account: 'main', positionMode: 'net', index } as const;
  const said = ({ items }: { readonly items: readonly CashFact[] }) =>
    items.map(({ kind, amount, currency }) => `${kind} ${toText(amount)} ${currency}`);
  const row = { id: '1', timestamp: String(venueTime), currency: 'USDT', amount: '5' };

  test.each([
    ['transaction', 'in', ['deposit 5 USDT']],
    ['withdrawal', 'out', ['withdrawal 5 USDT']],
    ['transfer', 'in', ['transfer 5 USDT']],
    ['transfer', 'out', ['transfer -5 USDT']],
    ['funding', 'out', ['funding -5 USDT']],
    ['trade', 'out', []],
    ['fee', 'out', []],
  ])('CX40 a line of a ledger, %s %s, is %j', (type, direction, expected) => {
    expect(said(mapUnifiedLedger(context, [{ ...row, type, direction }]))).toEqual(expected);
  });

  test('CX40 a line of a ledger without a direction is told', () => {
    expect(mapUnifiedLedger(context, [{ ...row, type: 'rebate' }]).faults.join()).toMatch(
      /"" is no direction of 1/,
    );
  });

  test('CX40 without a ledger: funding, deposits and withdrawals that are done, transfers', () => {
    const paid = { symbol: 'BTC/USDT:USDT', amount: '-0.5', timestamp: row.timestamp };
    const funding = mapUnifiedFunding(context, [paid, { ...paid, amount: '0.25', id: '4' }]);
    expect(said(funding)).toEqual(['funding -0.5 USDT', 'funding 0.25 USDT']);
    expect(new Set(funding.items.map(({ id }) => id)).size).toBe(2);
    const fee = { currency: 'USDT', cost: '3' };
    const moved = mapUnifiedMovements(context, [
      { ...row, type: 'deposit', status: 'ok' },
      { ...row, type: 'deposit', status: 'pending' },
      { ...row, type: 'withdrawal', status: 'ok', fee },
      { ...row, type: 'withdrawal', status: 'failed' },
      { ...row, type: 'airdrop', status: 'ok' },
    ]);
    expect(said(moved)).toEqual(['deposit 5 USDT', 'withdrawal 5 USDT']);
    expect(moved.items[1]?.fee).toEqual({ currency: 'USDT', amount: decimal('3') });
    expect(moved.faults.join()).toMatch(/"airdrop" is neither/);
    const between = (fromAccount: string, toAccount: string) =>
      mapUnifiedTransfers('spot')(context, [{ ...row, status: 'ok', fromAccount, toAccount }]);
    expect(said(between('spot', 'swap'))).toEqual(['transfer -5 USDT']);
    expect(said(between('swap', 'spot'))).toEqual(['transfer 5 USDT']);
    expect(between('swap', 'margin').faults.join()).toMatch(/spot is one of neither/);
  });

  test('CX40 an exchange without a ledger is asked list by list; a refusal is told', async () => {
    await server.close();
    const status = { coin: 'USDT', network: 'TRX', address: 'a', insertTime: venueTime - 1000 };
    server = await fakeExchange(({ path }) => {
      if (path.endsWith('/time')) return { body: { serverTime: venueTime } };
      if (path.endsWith('/exchangeInfo')) return { body: { symbols: [] } };
      if (path.endsWith('/contract/detail')) return { body: { success: true, code: 0, data: [] } };
      if (path.endsWith('/deposit/hisrec')) {
        return { body: [{ ...status, amount: '9', status: 5, txId: 't1' }] };
      }
      if (path.endsWith('/withdraw/history')) return { body: [] };
      return { body: { success: true, code: 0, data: { resultList: [] } } };
    });
    const venue = await open({ exchange: 'mexc', name: 'mexc' });
    const { facts, faults } = await toTheEnd((cursor) => venue.cashFlows(cursor, since));
    expect([facts, faults]).toMatchObject([[{ kind: 'deposit', amount: decimal('9') }], []]);
    const { cashFlows } = value(await venue.statement());
    expect(cashFlows).toMatchObject({ complete: false });
    expect(cashFlows?.error).toMatch(/fetchTransfers: .*fromAccountType/);
  });
});
