import { describe, expect, test } from 'vitest';
import { decimal, toText } from '../../../src/decimal/text.ts';
import { fromMilliseconds } from '../../../src/model/instant.ts';
import { asked, at, open, position, server, standing, value } from './bybit-stand.ts';
import { execution, page, refused, reply, usdt, venueTime, walletOf } from './fake-bybit.ts';

standing();

describe('a statement', () => {
  test('CX15 asks for positions of every settle coin and of inverse contracts', async () => {
    await (await open()).statement();
    const queries = asked('/v5/position/list').map((one) => [
      one.query['category'],
      one.query['settleCoin'],
    ]);
    expect(queries).toEqual([
      ['linear', 'USDT'],
      ['linear', 'USDC'],
      ['inverse', undefined],
    ]);
  });

  test('CX23 is whole when every section is; empty lists are when the venue says so', async () => {
    const statement = value(await (await open()).statement());
    const { positions, balances, orders, executions, cashFlows } = statement;
    for (const section of [positions, balances, orders, executions, cashFlows]) {
      expect(section).toMatchObject({ complete: true, error: null });
    }
    expect(positions?.scope).toEqual(['linear:USDT', 'linear:USDC', 'inverse']);
    expect(balances?.items).toMatchObject([{ currency: 'USDT', total: decimal('10000') }]);
    expect(statement.asOf).toBe(fromMilliseconds(venueTime));
  });

  test.each([
    { since: 10 * 60_000, ranges: 'what was since then', ms: 10 * 60_000 },
    { since: null, ranges: 'the last hour', ms: 3_600_000 },
    { since: 7_200_000, ranges: 'the last hour, where that was earlier', ms: 3_600_000 },
  ])('VC34 lists $ranges', async ({ since, ms }) => {
    const told = since === null ? {} : { since: fromMilliseconds(venueTime - since) };
    const { executions, cashFlows } = value(await (await open()).statement(told));
    const from = fromMilliseconds(venueTime - ms);
    expect([executions?.from, cashFlows?.from]).toEqual([from, from]);
  });

  test('CX14 reads page after page to the end', async () => {
    server.tell(
      at('/v5/position/list', (one) =>
        one.query['settleCoin'] !== 'USDT'
          ? undefined
          : one.query['cursor'] === undefined
            ? page(one, [position()], 'two')
            : page(one, [position({ symbol: 'ETHUSDT', side: 'Sell' })]),
      ),
    );
    const { positions } = value(await (await open()).statement());
    expect(positions?.items.map((item) => [item.instrument, toText(item.quantity)])).toEqual([
      ['BTC/USDT:USDT', '0.5'],
      ['ETH/USDT:USDT', '-0.5'],
    ]);
  });

  test.each([
    ['an error of the server', { status: 500, body: 'oops' }],
    ['HTML', { body: '<html>Bad gateway</html>' }],
    ['a page that was cut', { body: '{"retCode":0,"result":{"list":[{"symbol":"BT' }],
    ['an answer without its list', reply({ category: 'linear', nextPageCursor: '' })],
    ['a list that does not say it ends', reply({ category: 'linear', list: [] })],
    ['another category', reply({ category: 'spot', list: [], nextPageCursor: '' })],
    ['a refusal', refused(10001, 'params error')],
    ['a broken line', { drop: true as const }],
  ])('CX2 CX23 %s is no empty section', async (_case, told) => {
    server.tell(at('/v5/position/list', () => told));
    const statement = value(await (await open()).statement());
    expect(statement.positions).toMatchObject({ complete: false, items: [] });
    expect(statement.positions?.error).not.toBeNull();
    expect(statement.balances?.complete).toBe(true);
  });

  test('CX23 a page that fails makes its section incomplete, whatever came before', async () => {
    server.tell(
      at('/v5/position/list', (one) =>
        one.query['cursor'] === undefined
          ? page(one, [position()], 'two')
          : { status: 500, body: '' },
      ),
    );
    expect(value(await (await open()).statement()).positions?.complete).toBe(false);
  });

  test('CX23 a row that cannot be read makes its section incomplete, others stay', async () => {
    server.tell(
      at('/v5/position/list', (one) =>
        one.query['settleCoin'] === 'USDT'
          ? page(one, [position({ size: '' }), position()])
          : undefined,
      ),
    );
    const { positions } = value(await (await open()).statement());
    expect(positions).toMatchObject({ complete: false, error: expect.stringMatching(/size/) });
    expect(positions?.items).toHaveLength(1);
  });

  test('CX24 a coin that the wallet leaves out is asked for by name, and missed', async () => {
    const venue = await open();
    await venue.statement();
    const btc = { ...usdt, coin: 'BTC', walletBalance: '1' };
    let alone = walletOf();
    server.tell(
      at('/v5/account/wallet-balance', (one) =>
        reply(one.query['coin'] === undefined ? walletOf(btc) : alone),
      ),
    );
    const first = value(await venue.statement()).balances;
    expect(first).toMatchObject({
      complete: false,
      error: expect.stringMatching(/leaves out USDT/),
    });
    alone = walletOf({ ...usdt, walletBalance: '0', equity: '0' });
    const second = value(await venue.statement()).balances;
    expect(second?.complete).toBe(true);
    expect(second?.items.map((item) => [item.currency, toText(item.total)])).toEqual([
      ['BTC', '1'],
      ['USDT', '0'],
    ]);
  });

  test('CX50 a coin that somebody else knows of is asked for by name at once', async () => {
    const named = (rows: readonly (typeof usdt)[]) =>
      at('/v5/account/wallet-balance', (one) =>
        reply(walletOf(...(one.query['coin'] === 'XYZ' ? rows : [usdt]))),
      );
    const coins = ['XYZ', 'USDT'];
    const venue = await open();
    server.tell(named([]));
    const silent = value(await venue.statement({ coins })).balances;
    expect(silent).toMatchObject({ complete: false, error: expect.stringMatching(/out XYZ,/) });
    // Named by nobody, it was never there.
    expect(value(await venue.statement()).balances).toMatchObject({ complete: true });
    server.tell(named([{ ...usdt, coin: 'XYZ', walletBalance: '7', equity: '7' }]));
    const { balances } = value(await (await open()).statement({ coins }));
    expect(balances?.complete).toBe(true);
    expect(balances?.items.map((item) => [item.currency, toText(item.total)])).toEqual([
      ['USDT', '10000'],
      ['XYZ', '7'],
    ]);
  });

  test('CX24 a wallet without an account is no empty wallet', async () => {
    server.tell(at('/v5/account/wallet-balance', () => reply({ list: [] })));
    const { balances } = value(await (await open()).statement());
    expect(balances).toMatchObject({ complete: false, items: [] });
  });

  test('CX25 no positions, while the wallet holds margin for some, is not complete', async () => {
    const held = { ...usdt, totalPositionIM: '50' };
    server.tell(at('/v5/account/wallet-balance', () => reply(walletOf(held))));
    const { positions } = value(await (await open()).statement());
    expect(positions).toMatchObject({ complete: false, error: expect.stringMatching(/USDT/) });
  });

  test('CX25 no orders, while the wallet reserves for some, is not complete', async () => {
    const held = { ...usdt, totalOrderIM: '7' };
    server.tell(at('/v5/account/wallet-balance', () => reply(walletOf(held))));
    const { orders } = value(await (await open()).statement());
    expect(orders).toMatchObject({
      complete: false,
      error: expect.stringMatching(/reserves USDT/),
    });
  });

  test('CX25 executions that the log tells of and the list leaves out are missed', async () => {
    const row = { id: 'l', currency: 'USDT', type: 'TRADE', category: 'linear', tradeId: 'e9' };
    const money = { cashFlow: '0', funding: '', fee: '1', change: '-1', cashBalance: '9' };
    const told = { ...row, ...money, transactionTime: String(venueTime - 5) };
    server.tell(at('/v5/account/transaction-log', (one) => page(one, [told])));
    const { executions } = value(await (await open()).statement());
    expect(executions).toMatchObject({ complete: false, error: expect.stringMatching(/e9/) });
  });

  test('CX23 an execution between the answers tears the statement: it is taken again', async () => {
    let looks = 0;
    let tears = (look: number): boolean => look === 0;
    const late = execution({ execTime: String(venueTime + 5) });
    server.tell(
      at('/v5/execution/list', (one) =>
        one.query['category'] === 'linear' ? page(one, tears(looks++) ? [late] : []) : undefined,
      ),
    );
    expect(value(await (await open()).statement()).positions?.complete).toBe(true);
    expect(looks).toBe(2);
    tears = () => true;
    const torn = value(await (await open()).statement());
    expect(torn.positions).toMatchObject({
      complete: false,
      error: expect.stringMatching(/between/),
    });
  });
});
