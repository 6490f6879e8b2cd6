import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Big from 'big.js';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { adoptDocument } from '../../src/report/adopt-document.ts';
import { bookDocument } from '../../src/report/book-document.ts';
import { adopt } from '../../src/service/adopting.ts';
import { adoptedSymbol } from '../../src/service/adopting-symbols.ts';
import { BookReader } from '../../src/service/reading.ts';
import { systemClock } from '../../src/service/system-clock.ts';
import { type MemoryDatabase, type MemoryOrder, memorySource } from './memory-source.ts';

const folder = mkdtempSync(join(tmpdir(), 'trueup-histories-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const markMaxAgeMs = 86_400_000;
const settings = {
  clock: systemClock,
  programVersion: 'test',
  markMaxAgeMs,
  account: null,
  sourceAccount: null,
  currency: null,
  tell: () => undefined,
  opening: null,
  dryRun: false,
};

const newBook = (): string => join(mkdtempSync(join(folder, 'in-')), 'book.db');

async function adoptedBook(database: MemoryDatabase, path = newBook()) {
  const adoption = await adopt(
    memorySource(() => database),
    { ...settings, path },
  );
  const reader = new BookReader(path, systemClock);
  try {
    const books = adoption.accounts.map(({ account }) => {
      const look = reader.look(reader.file.accountNamed(account)!, {
        ...{ asOf: null, knownAt: null, markMaxAgeMs },
      });
      return bookDocument(look, { all: false });
    });
    return { document: adoptDocument(adoption), books };
  } finally {
    reader.close();
  }
}

/** What a bot of that family does with its two tables at every order: nothing is shared with us. */
function model(opening: string, orders: readonly MemoryOrder[]) {
  let cash = new Big(opening);
  const held = new Map<string, Big>();
  for (const { symbol, side, quantity, price } of orders) {
    const units = new Big(quantity!).times(side === 'buy' ? 1 : -1);
    cash = cash.minus(units.times(price!));
    held.set(symbol, (held.get(symbol) ?? new Big(0)).plus(units));
  }
  const open = [...held].filter(([, units]) => !units.eq(0)).sort(([a], [b]) => (a < b ? -1 : 1));
  return { cash: cash.toFixed(), held: open.map(([symbol, units]) => [symbol, units.toFixed()]) };
}

const text = (digits: number, max: number) =>
  fc
    .integer({ min: 1, max: max * 10 ** digits })
    .map((n) => new Big(n).div(10 ** digits).toFixed());

const histories = fc
  .array(
    fc.record({
      symbol: fc.constantFrom('ACI', 'AAPL', 'BRK.B', 'F', 'KO'),
      side: fc.constantFrom('buy' as const, 'sell' as const),
      quantity: text(4, 50),
      price: text(2, 500),
      minute: fc.integer({ min: 0, max: 60 }), // several at the same minute, and out of order
    }),
    { maxLength: 40 },
  )
  .map((rows) =>
    rows.map(({ minute, ...row }, at): MemoryOrder => {
      const [hour, rest] = [14 + Math.floor(minute / 60), String(minute % 60).padStart(2, '0')];
      return { ...row, id: String(at + 1), at: `2026-01-05T${hour}:${rest}:00Z` };
    }),
  );

describe('any history', () => {
  test('I9 folds to the cash and quantities of an independent model', async () => {
    await fc.assert(
      fc.asyncProperty(histories, text(2, 10_000), async (orders, opening) => {
        const { cash, held } = model(opening, orders);
        const database: MemoryDatabase = {
          accounts: [
            {
              cash,
              positions: held.map(([symbol, quantity]) => ({
                ...{ symbol: symbol!, quantity: quantity!, price: '20' },
                updatedAt: '2026-01-06T00:00:00Z',
              })),
              performance: [['2026-01-01T00:00:00Z', opening, opening]],
            },
          ],
          orders,
        };
        const path = newBook();
        const { document, books } = await adoptedBook(database, path);
        expect(document).toMatchObject({ exitCode: 0, accounts: [{ fees: 'none' }] });
        expect(new Big(books[0]!.equity.cash).toFixed()).toBe(cash);
        const ours = books[0]!.positions.map(({ asset, quantity }) => [asset, quantity]);
        expect(ours.sort()).toEqual(held);
        // In two parts, the book is the same.
        const half = newBook();
        const parts = { ...database, orders: orders.slice(0, orders.length / 2) };
        await adoptedBook(parts, half);
        const { books: whole } = await adoptedBook(database, half);
        expect({ ...whole[0], head: null, sequence: null }).toEqual({
          ...{ ...books[0], head: null, sequence: null },
        });
      }),
      { numRuns: 25 },
    );
  });
});

describe('symbols', () => {
  test.each([
    ['AAPL', 'AAPL/USD', 'equity', null],
    ['BRK-B', 'BRK-B/USD', 'equity', null],
    ['BRK B', 'BRK.B/USD', 'equity', null],
    ['BTC/USD', 'BTC/USD', 'crypto', null],
    ['BTC/USDT', 'BTC/USD', 'crypto', 'USDT'],
    ['BTC/USDT:USDT', 'BTC/USD', 'crypto', 'USDT'],
    ['BTCUSDT', 'BTC/USD', 'crypto', 'USDT'],
    ['BTC-USD', 'BTC/USD', 'crypto', null],
    ['ETH_BTC', 'ETH/USD', 'crypto', 'BTC'],
  ])('I10 %s is %s in an account of USD', (symbol, name, kind, quotedIn) => {
    expect(adoptedSymbol(symbol, 'USD', 'manual')).toMatchObject({
      instrument: { name, symbol, class: kind, type: 'spot', quote: 'USD', settle: 'USD' },
      quotedIn,
    });
  });

  test('I10 BTC/USDT keeps its name in an account of USDT, and no currency buys itself', () => {
    expect(adoptedSymbol('BTCUSDT', 'USDT', 'manual')?.instrument.name).toBe('BTC/USDT');
    expect(adoptedSymbol('USD', 'USD', 'manual')).toBeNull();
  });

  test('I10 two names of one coin are one position, and its other quote is told', async () => {
    const order = { side: 'buy', quantity: '1', price: '100' } as const;
    const { document, books } = await adoptedBook({
      accounts: [
        {
          cash: '800',
          positions: [
            { symbol: 'BTCUSDT', quantity: '2', price: '110', updatedAt: '2026-01-06T00:00:00Z' },
          ],
          performance: [['2026-01-01T00:00:00Z', '1000', '1000']],
        },
      ],
      orders: [
        { ...order, id: '1', symbol: 'BTC/USDT', at: '2026-01-05T14:00:00Z' },
        { ...order, id: '2', symbol: 'BTCUSDT', at: '2026-01-05T15:00:00Z' },
        { ...order, id: '3', symbol: 'USD', at: '2026-01-05T16:00:00Z' },
      ],
    });
    expect(books[0]!.equity).toMatchObject({ cash: '800', positionsValue: '220', total: '1020' });
    expect(document.accounts[0]!.notProved.map(({ code, key }) => [code, key])).toEqual([
      ['executions-unknown', null],
      ['order-left-out', 'the currency itself as symbol'],
      ['quote-differs', 'BTC/USDT'],
      ['quote-differs', 'BTCUSDT'],
      ['records-stated', null],
    ]);
  });
});

describe('several accounts', () => {
  const order = { symbol: 'ACI', side: 'buy', quantity: '1', price: '100' } as const;
  const database: MemoryDatabase = {
    accounts: [
      {
        id: '1',
        cash: '900',
        positions: [
          { symbol: 'ACI', quantity: '1', price: '100', updatedAt: '2026-01-06T00:00:00Z' },
        ],
      },
      { id: '2', cash: '400', positions: [] },
    ],
    orders: [
      { ...order, id: '1', account: '1', at: '2026-01-05T14:00:00Z' },
      { ...order, id: '2', account: '2', at: '2026-01-05T15:00:00Z' },
      { ...order, id: '3', account: '2', side: 'sell', at: '2026-01-05T16:00:00Z' },
    ],
  };

  test('I11 are accounts of their own in our book', async () => {
    const { document, books } = await adoptedBook(database);
    expect(document.accounts.map(({ account }) => account)).toEqual(['falcon-1', 'falcon-2']);
    expect(document).toMatchObject({
      accounts: [{ fills: { booked: 1 } }, { fills: { booked: 2 } }],
    });
    expect(books.map(({ equity }) => equity.cash)).toEqual(['900', '400']);
  });

  test('I11 orders that name no account are left out of both', async () => {
    const [first, ...others] = database.orders;
    const { account: _, ...nameless } = first!;
    const { document } = await adoptedBook({ ...database, orders: [nameless, ...others] });
    for (const { notProved } of document.accounts) {
      expect(notProved).toContainEqual({
        ...{ code: 'order-left-out', key: 'no account' },
        sentence: '1 order has no account and cannot be booked: 1',
      });
    }
    expect(document).toMatchObject({
      exitCode: 3,
      accounts: [{ positions: [{ difference: '1' }] }, {}],
    });
  });
});

test('I5 a symbol that came between the two readings is left for the next run', async () => {
  const orders = ['A', 'B'].map(
    (symbol, at): MemoryOrder => ({
      ...{ id: `${at}`, symbol, side: 'buy', quantity: '1', price: '2' },
      at: '2026-01-12T21:10:00Z',
    }),
  );
  const held = ['A', 'B'].map((symbol) => ({ symbol, quantity: '1', price: '2' }));
  const database = { accounts: [{ cash: '96', positions: held }], orders };
  const late: MemoryOrder = {
    ...{ id: '9', symbol: 'NEW', side: 'buy', quantity: '1', price: '2' },
    at: '2026-01-12T21:20:00Z',
  };
  // A table without a key that grows: it can only be read as a whole.
  let readings = 0;
  const source = memorySource(() => database);
  const growing: typeof source = {
    ...source,
    async *orders() {
      readings += 1;
      yield* source.orders();
      if (readings > 1) yield* memorySource(() => ({ ...database, orders: [late] })).orders();
    },
  };
  const adoption = adoptDocument(await adopt(growing, { ...settings, path: newBook() }));
  expect(readings).toBe(2);
  expect(adoption).toMatchObject({ exitCode: 0, accounts: [{ fills: { booked: 2 } }] });
});
