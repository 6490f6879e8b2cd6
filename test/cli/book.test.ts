import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { amountText, partsOf } from '../../src/cli/render/amount.ts';
import { tableLines } from '../../src/cli/render/table.ts';
import { account, CommandLine, deposit, fill, mark } from './command-line.ts';

const cli = new CommandLine();
afterAll(() => cli.remove());

const noon = '2026-11-02T12:00:00Z';

beforeAll(async () => {
  await cli.book([
    account,
    deposit,
    fill('e1'),
    fill('e2', { side: 'sell', quantity: '0.5', price: '61000', time: '2026-11-02T10:00:00Z' }),
    fill('e3', { instrument: 'SOL/USDT', quantity: '3', price: '150', fee: null }),
    { ...deposit, currency: 'XRP', amount: '7', id: 'd2' },
    mark('SOL/USDT', '152.5', noon),
  ]);
});

interface Position {
  readonly asset: string | null;
  readonly instrument: string;
}

const assetsOf = (book: { readonly positions?: readonly Position[] }) =>
  book.positions?.map(({ asset, instrument }) => asset ?? instrument);

describe('the document', () => {
  test('X11 leaves flat positions out unless --all keeps them', async () => {
    expect(assetsOf(await cli.json('book'))).toEqual(['SOL', 'XRP']);
    expect(assetsOf(await cli.json('book --all'))).toEqual(['BTC/USDT:USDT', 'SOL', 'XRP']);
  });

  test('X11 says null where something is unknown, and why', async () => {
    const book = await cli.json<{ positions: readonly object[] }>('book');
    expect(book.positions[1]).toMatchObject({
      asset: 'XRP',
      averagePrice: null,
      costBasis: null,
      unknownQuantity: '7',
      mark: null,
      unrealisedPnl: null,
      unrealisedWhy: 'no-mark',
    });
    expect(book).toMatchObject({
      equity: {
        total: null,
        known: '10474.5',
        cash: '10017',
        positionsValue: null,
        unrealisedPnl: null,
        rates: [{ currency: 'SOL', price: '152.5', instrument: 'SOL/USDT', time: noon }],
        unpriced: [{ what: 'XRP', quantity: '7', why: 'no-mark' }],
      },
      realisedPnl: { gross: '500', fees: null, net: null, unknown: ['deposits', 'fees'] },
    });
  });

  test('X11 is the same bytes for the same book', async () => {
    expect((await cli.run('book --json')).out).toBe((await cli.run('book --json')).out);
  });

  test('X11 looks back by when facts happened and by when they were known', async () => {
    const earlier = await cli.json<Record<string, object>>('book --as-of 2026-11-02T09:30:00Z');
    expect(earlier['asOf']).toBe('2026-11-02T09:30:00Z');
    expect(earlier['positions']).toMatchObject([
      { instrument: 'BTC/USDT:USDT', quantity: '0.5' },
      {},
      {},
    ]);
    expect(await cli.json('book --known-at 2')).toMatchObject({
      sequence: 2,
      balances: [{ currency: 'USDT', total: '10000' }],
    });
  });
});

test('X11 X18 the screen shows the same: unknown as ?, with its reason', async () => {
  const { out } = await cli.run('book');
  expect(out).toContain('book main · as of 2026-11-02 12:00:00Z · sequence 8');
  expect(out).toMatch(/^ {2}XRP +net +7 +\? +\? +\? +0$/m);
  expect(out).toContain('  ? 7 XRP: no price is known\n');
  expect(out).toContain('  ? 7 XRP: its cost was never stated\n');
  expect(out).toContain('  ? fees: some are not known yet\n');
});

describe('amounts on the screen', () => {
  test.each([
    ['1234567.891', {}, '1,234,567.891'],
    ['-0.5', {}, '−0.5'],
    ['12', { signed: true }, '+12'],
    ['0', { signed: true }, '0'],
    ['0.123456789123', { digits: 8 }, '0.12345678…'],
    ['0.1239', { digits: 4 }, '0.1239'],
    [null, { signed: true }, '?'],
  ])('X18 %j with %j is %j', (amount, how, shown) => {
    expect(amountText(amount, how)).toBe(shown);
  });

  test('X18 are never rounded: a digit that is not shown leaves its mark', () => {
    expect(partsOf({ amount: '0.999999999', digits: 8 })).toEqual({
      whole: '0',
      fraction: '99999999…',
    });
  });

  const rows = [
    ['a', { amount: '1234.5' }],
    ['b', { amount: '-2' }],
    ['c', { amount: null }],
  ] as const;

  test('X18 are aligned on their point', () => {
    const plain = { isTty: false, style: (_style: string, text: string) => text };
    expect(tableLines(plain, ['WHAT', 'AMOUNT'], rows)).toEqual([
      '  WHAT   AMOUNT',
      '  a     1,234.5',
      '  b        −2',
      '  c         ?',
    ]);
  });

  test('X18 where a person looks, dimmed zeros fill the digits up', () => {
    const person = { isTty: true, style: (style: string, text: string) => `<${style} ${text}>` };
    expect(tableLines(person, ['WHAT', 'AMOUNT'], rows).slice(1)).toEqual([
      '  a     1,234.5',
      '  b        −2<dim .0>',
      '  c         ?',
    ]);
  });
});

test('colours are for people, and never against NO_COLOR or --no-color', async () => {
  const loud = { environment: { NO_COLOR: '', FORCE_COLOR: '1' } };
  expect((await cli.run('book', loud)).out).toContain('\u001b[');
  expect((await cli.run('book --no-color', loud)).out).not.toContain('\u001b[');
  expect((await cli.run('book')).out).not.toContain('\u001b[');
});
