import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { add, multiply, total } from '../../src/decimal/decimal.ts';
import { decimal, toText } from '../../src/decimal/text.ts';
import { draftOfCompletion } from '../../src/journal/amendment-codec.ts';
import { draftOf } from '../../src/journal/codec.ts';
import type { EntryDraft } from '../../src/model/entry.ts';
import type { CashFact } from '../../src/model/fact.ts';
import type { PositionRow } from '../../src/store/query-tables.ts';
import { append, fillDraft, newBook, settings, start, type TestBook } from './new-book.ts';

/** The queries that the operators run, word by word. */
const accountQuery = 'SELECT id, cash, total_value, last_updated FROM account;';
const positionsQuery = `
  SELECT symbol, quantity, entry_price, current_price,
    quantity * current_price AS value,
    (current_price - entry_price) * quantity AS pnl
  FROM positions ORDER BY value DESC;`;
const balanceQuery = `
  SELECT cash,
    (SELECT COALESCE(SUM(quantity * current_price), 0) FROM positions) AS positions_value,
    cash + (SELECT COALESCE(SUM(quantity * current_price), 0) FROM positions) AS calculated_total,
    total_value AS stored_total,
    cash + (SELECT COALESCE(SUM(quantity * current_price), 0) FROM positions) - total_value
      AS discrepancy
  FROM account WHERE id = 1;`;
const joinedQuery = `
  SELECT a.cash, COALESCE(SUM(p.quantity * p.current_price), 0) AS positions_value,
    a.cash + COALESCE(SUM(p.quantity * p.current_price), 0) - a.total_value AS discrepancy
  FROM account a LEFT JOIN positions p GROUP BY a.id;`;
const performanceQuery = `
  SELECT timestamp, total_value, total_value - LAG(total_value) OVER (ORDER BY timestamp) AS change
  FROM performance ORDER BY timestamp DESC LIMIT 10;`;

/** Nine holdings worth 9152.99 that cost 9212.37, and 1058.70 in cash: 10211.69. */
const holdings: [string, string, string, string][] = [
  ['ACI', '63', '17.25', '17.11'],
  ['BMY', '19', '54.10', '53.87'],
  ['CAG', '58', '17.31', '17.02'],
  ['DOW', '41', '24.55', '24.73'],
  ['EIX', '17', '59.98', '59.20'],
  ['FLO', '91', '10.99', '10.87'],
  ['GIS', '22', '46.44', '46.15'],
  ['HRL', '44', '23.77', '23.64'],
  ['ISRG', '4', '249.97', '249.8525'],
];

const position = (asset: string, quantity: string, average: string): PositionRow => ({
  pool: asset,
  type: 'spot',
  instrument: `${asset}/USD`,
  asset,
  leg: 'net',
  quantity,
  averagePrice: average,
  costBasis: toText(multiply(decimal(quantity), decimal(average))),
  multiplier: '1',
  settle: 'USD',
  realised: '0',
  fees: '[]',
  funding: null,
  openedAt: start,
  updatedAt: start,
});

function priced(test: TestBook, instrument: string, price: string, time = start): void {
  test.book.write(test.epoch, (tx) =>
    tx.putMark({ kind: 'mark', instrument, price: decimal(price), source: 'venue', time }),
  );
}

/** A book in US dollars whose second account the views show. */
function operatorsBook(): TestBook {
  const test = newBook();
  const main = test.book.write(test.epoch, (tx) => {
    const account = tx.addAccount('stocks', { ...settings, currency: 'USD' });
    tx.setViewAccount('stocks');
    tx.touchBalance(account, { currency: 'USD', total: '1058.70', updatedAt: start });
    for (const [asset, quantity, average] of holdings) {
      tx.touchPosition(account, position(asset, quantity, average));
    }
    tx.touchPosition(account, { ...position('SOLD', '0', '5'), quantity: '0' });
    tx.touchPosition(test.main, position('NOISE', '1000', '1'));
    return account;
  });
  for (const [asset, , , price] of holdings) priced(test, `${asset}/USD`, price);
  return { ...test, main };
}

const rows = ({ path }: TestBook, sql: string): Record<string, unknown>[] => {
  const reader = new DatabaseSync(path, { readOnly: true });
  try {
    return reader
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }));
  } finally {
    reader.close();
  }
};

const exactTotal = () =>
  add(
    decimal('1058.70'),
    total(holdings.map(([, quantity, , price]) => multiply(decimal(quantity), decimal(price)))),
  );

describe('the operators’ own queries', () => {
  test('S54 give the account with its true total', () => {
    const test = operatorsBook();
    const [row, ...others] = rows(test, accountQuery);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ id: 2, cash: 1058.7, last_updated: '2026-01-12T10:00:00.000Z' });
    expect(toText(exactTotal())).toBe('10211.69');
    expect(row!['total_value']).toBeCloseTo(10211.69, 9);
  });

  test('S55 find no difference at all between the stored and the calculated total', () => {
    const test = operatorsBook();
    const query = balanceQuery.replace('id = 1', 'id = 2');
    for (const price of ['17.11', '17.2811', '0.1', '123456.789']) {
      priced(test, 'ACI/USD', price);
      expect(rows(test, query)[0]).toHaveProperty('discrepancy', 0);
      expect(rows(test, joinedQuery)[0]).toHaveProperty('discrepancy', 0);
    }
  });

  test('S56 list positions with prices, the most valuable first, and none that is flat', () => {
    const listed = rows(operatorsBook(), positionsQuery);
    expect(listed).toHaveLength(9);
    expect(listed[0]).toMatchObject({ symbol: 'ACI', quantity: 63, entry_price: 17.25 });
    const sum = (column: string) => listed.reduce((all, row) => all + Number(row[column]), 0);
    expect(sum('value')).toBeCloseTo(9152.99, 9);
    expect(sum('pnl')).toBeCloseTo(-59.38, 9);
    expect(listed[0]!['pnl']).toBeCloseTo(-8.82, 9);
  });

  test('S57 are right without any position', () => {
    const test = operatorsBook();
    test.book.write(test.epoch, (tx) => {
      for (const [asset] of holdings) tx.removePosition(test.main, asset);
    });
    const [row] = rows(test, balanceQuery.replace('id = 1', 'id = 2'));
    expect(row).toMatchObject({ positions_value: 0, stored_total: 1058.7, discrepancy: 0 });
  });

  test('S58 show no total while a part has no price', () => {
    const test = operatorsBook();
    test.book.write(test.epoch, (tx) => tx.touchPosition(test.main, position('NEW', '1', '1')));
    expect(rows(test, accountQuery)[0]).toMatchObject({ cash: 1058.7, total_value: null });
    priced(test, 'NEW/USD', '1');
    expect(rows(test, accountQuery)[0]!['total_value']).not.toBeNull();
    test.book.write(test.epoch, (tx) =>
      tx.touchPosition(test.main, {
        ...position('X', '1', '1'),
        type: 'linear',
        asset: null,
        instrument: 'X/USD:USD',
      }),
    );
    expect(rows(test, accountQuery)[0]).toMatchObject({ cash: null, total_value: null });
  });

  test('S59 give the last performance records with their changes', () => {
    const test = operatorsBook();
    test.book.write(test.epoch, (tx) => {
      ['10000', '10211.69', null, '10200.5'].forEach((totalValue, index) => {
        const time = start + BigInt(index) * 1_000_000n;
        const record = { sequence: index, time, totalValue, cash: '1', positionsValue: null };
        tx.addPerformance(test.main, record);
      });
    });
    const [last, unpriced, second] = rows(test, performanceQuery);
    expect(last).toMatchObject({ timestamp: '2026-01-12T10:00:00.003Z', total_value: 10200.5 });
    expect(unpriced).toMatchObject({ total_value: null, change: null });
    expect(second!['change']).toBeCloseTo(211.69, 9);
  });
});

test('S60 cash holds what derivatives would bring: linear, inverse, and settled elsewhere', () => {
  const test = newBook();
  const { main } = test;
  const derivative = (pool: string, changes: Partial<PositionRow>): PositionRow => ({
    ...position(pool, '1', '100'),
    type: 'linear',
    asset: null,
    instrument: pool,
    settle: 'USDT',
    ...changes,
  });
  test.book.write(test.epoch, (tx) => {
    tx.touchBalance(main, { currency: 'USDT', total: '1000', updatedAt: start });
    tx.touchPosition(main, derivative('A', { quantity: '-5', multiplier: '10' }));
    tx.touchPosition(main, derivative('B', { settle: 'USDC' }));
    const inverse = { quantity: '100', costBasis: '2', averagePrice: '50', settle: 'C' } as const;
    tx.touchPosition(main, derivative('C', { ...inverse, type: 'inverse' }));
  });
  priced(test, 'A', '98');
  priced(test, 'B', '110');
  priced(test, 'C', '80');
  expect(rows(test, accountQuery)[0]).toMatchObject({ cash: null });
  priced(test, 'USDC/USDT', '0.5');
  // -5 x 10 x (98 - 100) = 100; 10 USDC at 0.5 = 5; (2 - 100 / 80) x 80 = 60
  expect(rows(test, accountQuery)[0]).toMatchObject({ cash: 1165, total_value: 1165 });
});

describe('the truth as tables', () => {
  const deposit: CashFact = {
    kind: 'deposit',
    account: 'main',
    currency: 'USDT',
    amount: decimal('100.10'),
    id: 'd1',
    instrument: null,
    leg: null,
    cost: null,
    fee: null,
    state: 'pending',
    counterAccount: null,
    reason: null,
    venueSequence: null,
    time: start,
  };

  const amended = (test: TestBook, target: number, draft: EntryDraft): void => {
    append(test, test.main, [draft]);
    const { sequence } = test.book.head(test.main);
    test.book.write(test.epoch, (tx) => tx.addAmendment(test.main, target, sequence));
  };

  const about = (kind: 'bust' | 'reversal' | 'correction', id: string, price: string | null) => ({
    ...fillDraft(1),
    ...{ kind, id, price, instrument: null, side: null, leg: null, body: '{"executionId":"e"}' },
    ...{ quantity: null, amount: null, currency: null, orderId: null },
  });

  test('S61 fills are shown as completed and corrected, and not once they are taken back', () => {
    const test = newBook();
    const numbers = [1, 2, 3, 4];
    append(
      test,
      test.main,
      numbers.map((number) => fillDraft(number, { fees: null })),
    );
    const rowAt = (sequence: number) => test.book.entriesAt(test.main, [sequence])[0]!;
    const fees = [{ currency: 'BNB', amount: decimal('0.1') }];
    amended(test, 1, draftOfCompletion(rowAt(1), { fees, orderId: 'later' }));
    amended(test, 2, about('correction', 'k1', '61000.5'));
    amended(test, 3, about('bust', 'b1', null));
    amended(test, 4, about('bust', 'b2', null));
    amended(test, test.book.head(test.main).sequence, about('reversal', 'r1', null));
    const shown = rows(test, 'SELECT * FROM fills ORDER BY sequence');
    expect(shown.map((row) => row['sequence'])).toEqual([1, 2, 4]);
    expect(shown[0]).toMatchObject({
      account: 'main',
      execution_id: 'e000001',
      order_id: 'o1',
      instrument: 'BTC/USDT',
      quantity: '0.5',
      price: '60001',
      fee: '0.1',
      fee_currency: 'BNB',
      time: '2026-01-12T10:00:01.000Z',
    });
    expect(shown[1]).toMatchObject({ price: '61000.5', quantity: '0.5', fee: null });
  });

  test('S62 cash flows are shown exactly, with their state', () => {
    const test = newBook();
    append(test, test.main, [draftOf(deposit, start, [])]);
    const query = 'SELECT * FROM cash_flows';
    expect(rows(test, query)).toEqual([
      {
        account: 'main',
        sequence: 1,
        kind: 'deposit',
        id: 'd1',
        currency: 'USDT',
        amount: '100.1',
        instrument: null,
        state: 'pending',
        time: '2026-01-12T10:00:00.000Z',
      },
    ]);
    const [row] = test.book.entriesAt(test.main, [1]);
    amended(test, 1, draftOfCompletion(row!, { state: 'booked' }));
    expect(rows(test, query)[0]).toMatchObject({ state: 'booked' });
  });

  test('S63 orders carry the names that positions have', () => {
    const test = newBook();
    const order = {
      orderId: 'o1',
      instrument: 'ACI/USDT',
      side: 'buy',
      type: 'limit',
      quantity: '2',
      price: '17.5',
      filled: '1',
      status: 'open',
      reduceOnly: false,
      clientOrderId: null,
      time: start,
      sequence: 1,
    };
    test.book.write(test.epoch, (tx) => {
      tx.touchOrder(test.main, order);
      tx.touchOrder(test.main, { ...order, orderId: 'o2', instrument: 'ACI/USDT:USDT' });
    });
    const query =
      'SELECT id, symbol, side, quantity, price, timestamp, pnl, status FROM orders ORDER BY id';
    const listed = rows(test, query);
    expect(listed.map((row) => row['symbol'])).toEqual(['ACI', 'ACI/USDT:USDT']);
    expect(listed[0]).toMatchObject({ quantity: 2, price: 17.5, status: 'open', pnl: null });
  });
});
