import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import Big from 'big.js';
import { afterAll, describe, expect, test } from 'vitest';
import {
  createIncidentDatabase,
  incidentSql,
  incidentTables,
} from '../../src/sources/falcon/incident-database.ts';

const folder = mkdtempSync(join(tmpdir(), 'trueup-incident-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Row = Readonly<Record<string, string>>;

/** The rows of a table by their column names. */
const rowsOf = (table: string): readonly Row[] => {
  const { columns, rows } = incidentTables('stored-total').find(({ name }) => name === table)!;
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, at) => [name, row[at]!])));
};
const sum = (terms: readonly Big[]): string =>
  terms.reduce((all, term) => all.plus(term), new Big(0)).toFixed(2);
const positions = rowsOf('positions');
const orders = rowsOf('orders');
const product = (a: string, b: string): Big => new Big(a).times(b);

describe('the incident in its rows', () => {
  test('I1 has exactly the figures that were reported', () => {
    expect(rowsOf('account')).toEqual([
      { id: '1', cash: '1058.70', total_value: '10000.00', last_updated: expect.any(String) },
    ]);
    expect(rowsOf('account')[0]?.last_updated).toMatch(/^2026-01-10T/);
    expect(positions.map(({ symbol }) => symbol)).toContain('ACI');
    expect(positions).toHaveLength(9);
    const value = sum(positions.map((one) => product(one.quantity!, one.current_price!)));
    const cost = sum(positions.map((one) => product(one.quantity!, one.entry_price!)));
    expect(value).toBe('9152.99');
    expect(cost).toBe('9212.37');
    expect(new Big(value).minus(cost).toFixed(2)).toBe('-59.38'); //       9152.99 - 9212.37
    expect(new Big('1058.70').plus(value).toFixed(2)).toBe('10211.69'); // 1058.70 + 9152.99
    expect(positions.every((one) => one.last_updated!.startsWith('2026-01-12T'))).toBe(true);
    expect(rowsOf('performance')).toEqual([
      {
        timestamp: expect.stringMatching(/^2025-11-25T/),
        total_value: '10000.00',
        cash: '10000.00',
        positions_value: '0.00',
      },
    ]);
  });

  test('I1 has orders that lead from the opening to its cash and positions', () => {
    let cash = new Big('10000.00');
    let realised = new Big(0);
    const held = new Map<string, { quantity: Big; cost: Big }>();
    for (const { symbol, side, quantity, price, pnl } of orders) {
      const { quantity: before, cost } = held.get(symbol!) ?? { quantity: Big(0), cost: Big(0) };
      const traded = product(quantity!, price!);
      cash = side === 'buy' ? cash.minus(traded) : cash.plus(traded);
      expect(cash.gte(0), `cash after ${symbol}`).toBe(true);
      if (side === 'buy') {
        held.set(symbol!, { quantity: before.plus(quantity!), cost: cost.plus(traded) });
        expect(pnl).toBeNull();
      } else {
        const part = cost.times(quantity!).div(before);
        expect(traded.minus(part).toFixed(2)).toBe(pnl);
        realised = realised.plus(pnl!);
        held.set(symbol!, { quantity: before.minus(quantity!), cost: cost.minus(part) });
      }
    }
    expect(cash.toFixed(2)).toBe('1058.70'); //     10000 - 9212.37 + 271.07
    expect(realised.toFixed(2)).toBe('271.07'); //  1058.70 + 9212.37 - 10000
    const open = [...held].filter(([, { quantity }]) => !quantity.eq(0)).sort();
    expect(
      open.map(([symbol, { quantity, cost }]) => [symbol, quantity.toFixed(4), cost.toFixed(2)]),
    ).toEqual(
      positions.map((one) => [
        one.symbol,
        new Big(one.quantity!).toFixed(4),
        product(one.quantity!, one.entry_price!).toFixed(2),
      ]),
    );
  });

  test('I1 has times in order, from the day after the record to the last write', () => {
    const times = orders.map(({ timestamp }) => timestamp!);
    expect(times).toEqual([...times].sort());
    expect(times[0]).toMatch(/^2025-11-26T/);
    expect(times.at(-1)).toBe(rowsOf('account')[0]?.last_updated);
    const opened = new Map(orders.toReversed().map((one) => [one.symbol, one.timestamp]));
    for (const { symbol, entry_date: entry } of positions) expect(entry).toBe(opened.get(symbol));
  });
});

describe('the incident as a database', () => {
  test('I1 is a SQLite file of the older generation, with a total and prices', () => {
    const path = join(folder, 'older.db');
    createIncidentDatabase(path);
    const file = new DatabaseSync(path, { readOnly: true });
    expect(file.prepare('SELECT id, cash, total_value, last_updated FROM account').all()).toEqual([
      { id: 1, cash: 1058.7, total_value: 10000, last_updated: '2026-01-10T16:05:12.123456' },
    ]);
    const aci = file.prepare(`SELECT quantity, current_price AS price FROM positions
      WHERE symbol = 'ACI'`);
    expect(aci.get()).toEqual({ quantity: 62.5, price: 16 }); // 1 % of 1,000.00 is 10.00
    expect(file.prepare('SELECT count(*) AS n FROM orders WHERE pnl IS NULL').get()).toEqual({
      n: 15,
    });
    file.close();
    expect(() => createIncidentDatabase(path)).toThrow('already exists');
  });

  test('I1 is a SQLite file of the newer generation, without either', () => {
    const path = join(folder, 'newer.db');
    createIncidentDatabase(path, 'cash-only');
    const file = new DatabaseSync(path, { readOnly: true });
    const columnsOf = (table: string) =>
      file.prepare(`SELECT name, type FROM pragma_table_info('${table}')`).all();
    expect(columnsOf('account').map(({ name }) => name)).toEqual(['id', 'cash', 'last_updated']);
    expect(columnsOf('positions')).toEqual([
      { name: 'symbol', type: 'TEXT' },
      { name: 'quantity', type: 'REAL' },
      { name: 'entry_price', type: 'REAL' },
      { name: 'entry_date', type: 'TEXT' },
      { name: 'last_updated', type: 'TEXT' },
    ]);
    file.close();
  });

  test('I1 is PostgreSQL with decimals of fixed digits', () => {
    const sql = incidentSql('postgresql', 'stored-total');
    expect(sql[0]).toBe(
      'CREATE TABLE account (id INTEGER PRIMARY KEY, cash DECIMAL(15,2), ' +
        'total_value DECIMAL(15,2), last_updated TIMESTAMP)',
    );
    expect(sql[1]).toBe(
      `INSERT INTO account VALUES (1, 1058.70, 10000.00, '2026-01-10T16:05:12.123456')`,
    );
    expect(sql).toHaveLength(4 + 1 + 9 + 21 + 1); // tables, then their rows
  });
});
