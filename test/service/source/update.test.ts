import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isZero } from '../../../src/decimal/decimal.ts';
import { balanceStatus } from '../../../src/report/source-balance-document.ts';
import { priceSource } from '../../../src/service/source/prices.ts';
import { Ground } from './kit.ts';

const statusOf = async (ground: Ground, wish = {}) => (await ground.update(wish)).status;

describe('what an update writes', () => {
  test('N6 is the sum of what the source says inside its transaction', async () => {
    const ground = new Ground();
    const { status, document, backup } = await ground.update();
    expect([status, ground.total()]).toEqual(['written', 10_211.69]); // 1,058.70 + 9,152.99
    expect(existsSync(backup!)).toBe(true);
    expect(document).toMatchObject({
      accounts: [{ total: { before: '10000', after: '10211.69' }, difference: '211.69' }],
      audit: { id: 1, actor: 'trueup', action: 'update' },
      verdict: 'break',
      left: [{ reason: 'PERFORMANCE_STALE' }],
    });
    expect(await statusOf(ground)).toBe('nothing');
  });

  test('N6 two at once write once', async () => {
    const ground = new Ground();
    const both = await Promise.all([statusOf(ground), statusOf(ground)]);
    expect(both.toSorted()).toEqual(['nothing', 'written']);
    expect(ground.rows('falcon', 'source-write')).toHaveLength(1);
  });

  test('N6 with a record it is one transaction, and one row of the log', async () => {
    const ground = new Ground();
    const { document, after } = await ground.update({ record: true });
    expect(document).toMatchObject({ audit: { changes: [{}, {}] }, verdict: 'true', left: [] });
    expect(after?.verdict).toBe('true');
    expect(ground.one('SELECT total_value FROM performance ORDER BY timestamp DESC')).toBe(
      10_211.69,
    );
  });

  test('N6 N14 a sum that no column holds is written as the nearest, and accurate', async () => {
    const ground = new Ground();
    const price = 'quantity = 0.1, current_price = 0.123456789012345';
    ground.bot(`UPDATE positions SET ${price} WHERE symbol = 'F'`);
    const { after } = await ground.update({ record: true });
    const sheet = after!.sheets[0]!;
    expect([after!.verdict, sheet.match, balanceStatus(sheet)]).toEqual([
      'true',
      'nearest',
      'accurate',
    ]);
    expect(isZero(sheet.difference!)).toBe(false);
    expect(await statusOf(ground)).toBe('nothing');
  });

  test('N6 an empty total is written too', async () => {
    const ground = new Ground();
    ground.bot('UPDATE account SET total_value = NULL');
    const { document } = await ground.update();
    expect(document).toMatchObject({ accounts: [{ total: { before: null, after: '10211.69' } }] });
  });

  test('N8 a dry run is told, and writes nothing anywhere', async () => {
    const ground = new Ground();
    const { status, document } = await ground.update({ dryRun: true, record: true });
    expect(status).toBe('would-write');
    expect(document).toMatchObject({
      accounts: [{ total: { after: '10211.69' }, record: { total: '10211.69' } }],
      ...{ audit: null, backup: null, undo: null },
    });
    expect([ground.total(), ground.tables(), existsSync(ground.book)]).toEqual([
      10_000,
      null,
      false,
    ]);
    expect(existsSync(join(ground.folder, 'trueup-backups'))).toBe(false);
  });

  test('N11 a database without a stored total says so; a record can be appended', async () => {
    const ground = new Ground('cash-only');
    const { status, document } = await ground.update();
    expect(status).toBe('nothing');
    expect(document).toMatchObject({ notes: [expect.stringMatching(/no stored total/), {}] });
    expect(await statusOf(ground, { record: true })).toBe('written');
  });
});

describe('what an update refuses', () => {
  test.each([
    ['a price is missing', "UPDATE positions SET current_price = NULL WHERE symbol = 'ACI'", 'ACI'],
    ['a quantity is no number', "UPDATE positions SET quantity = 'many' WHERE symbol = 'F'", 'F'],
    ['the cash is empty', 'UPDATE account SET cash = NULL', 'cash'],
  ])('N7 nothing is written while %s', async (_why, statement, what) => {
    const ground = new Ground();
    ground.bot(statement, "DELETE FROM orders WHERE symbol = 'ACI'");
    const { status, exitCode, document } = await ground.update({ record: true });
    expect([status, exitCode]).toEqual(['cannot-say', 5]);
    expect(document).toMatchObject({ unknown: [{ what }], audit: null, backup: null });
    expect([ground.total(), ground.tables()]).toEqual([10_000, null]);
    expect(existsSync(join(ground.folder, 'trueup-backups'))).toBe(false);
    expect(ground.rows('falcon', 'source-write')).toEqual([]);
  });

  test('N7 a price that is older than was allowed is no price', async () => {
    const ground = new Ground();
    const given = { markMaxAgeGiven: true, markMaxAgeMs: 60_000 };
    const request = { record: false, prices: null, dryRun: false, actor: null } as const;
    const { status } = await ground.at((desk) => desk.update(request), given);
    expect(status).toBe('cannot-say');
  });

  test('N12 an undo of what was overwritten since', async () => {
    const ground = new Ground();
    await ground.update();
    ground.bot('UPDATE account SET total_value = 12345');
    const undo = ground.at((desk) => desk.undo({ auditId: 1, actor: 'ann' }));
    await expect(undo).rejects.toMatchObject({ code: 'source-overwritten' });
    expect(ground.total()).toBe(12_345);
  });
});

describe('prices that are given', () => {
  const priced = (ground: Ground, text: string, wish = {}) => {
    const path = join(ground.folder, 'prices');
    writeFileSync(path, text);
    return ground.update({ prices: priceSource(path, ground.clock), ...wish });
  };

  test('N10 are written with the total that follows from them, in one transaction', async () => {
    const ground = new Ground();
    const { document } = await priced(ground, '{"ACI":"16.16"}');
    expect(document).toMatchObject({
      prices: [{ symbol: 'ACI', before: '16', after: '16.16' }],
      // 62.5 x 0.16 = 10 more than 10,211.69
      accounts: [{ total: { before: '10000', after: '10221.69' } }],
    });
    expect(ground.total()).toBe(10_221.69);
    expect(ground.one("SELECT current_price FROM positions WHERE symbol = 'ACI'")).toBe(16.16);
    const difference =
      'SELECT a.total_value - (a.cash + (SELECT SUM(quantity * current_price) FROM positions)) ';
    expect(Math.abs(Number(ground.one(`${difference} FROM account a`)))).toBeLessThan(1e-9);
  });

  test('N10 an older one than is stored is told and not used', async () => {
    const ground = new Ground();
    const old = '[{"symbol":"ACI","price":"99","time":"2026-01-12T20:00:00Z"}]';
    const { document } = await priced(ground, old);
    expect(document).toMatchObject({
      prices: [],
      accounts: [{ total: { after: '10211.69' } }],
      notes: [expect.stringMatching(/given for ACI is not used: .* older than the stored/)],
    });
  });

  test('N10 an older one is not used in the account alone that has a newer one', async () => {
    const ground = new Ground();
    ground.bot(
      'CREATE TABLE held (account_id INTEGER, symbol TEXT, quantity REAL, entry_price REAL,' +
        ' current_price REAL, entry_date TEXT, last_updated TEXT,' +
        ' PRIMARY KEY (account_id, symbol))',
      'INSERT INTO held SELECT 1, * FROM positions',
      'DROP TABLE positions',
      'ALTER TABLE held RENAME TO positions',
      'INSERT INTO account VALUES (2, 500, 500, NULL)',
      'INSERT INTO positions (account_id, symbol, quantity, current_price, last_updated)' +
        " VALUES (2, 'ACI', 10, 20, '2026-01-12T08:00:00')",
    );
    // Account 1 has its price of 16:00 in New York, which is 21:00 UTC; account 2 one of 13:00.
    const given = '[{"symbol":"ACI","price":"18","time":"2026-01-12T20:00:00Z"}]';
    const { document } = await priced(ground, given);
    expect(document).toMatchObject({
      prices: [{ symbol: 'ACI', before: '20', after: '18' }],
      accounts: [{ total: { after: '10211.69' } }, { total: { before: '500', after: '680' } }],
      notes: [expect.stringMatching(/given for ACI of account 1 is not used: .* older than/)],
    });
    const held = "SELECT group_concat(current_price) FROM positions WHERE symbol = 'ACI'";
    expect(ground.one(held)).toBe('16.0,18.0');
  });

  test('N10 a record alone writes no prices and no total', async () => {
    const ground = new Ground();
    await ground.at((desk) => desk.recordPerformance({ prices: null, actor: null }));
    expect(ground.total()).toBe(10_000);
    expect(ground.one('SELECT count(*) FROM performance')).toBe(2);
  });

  test('N10 where positions keep none they value the total, before the last trades', async () => {
    const ground = new Ground('cash-only');
    await ground.makeBook();
    const path = join(ground.folder, 'prices');
    writeFileSync(path, 'symbol,price\nACI,16\n');
    const prices = priceSource(path, ground.clock);
    const { sheets } = await ground.at((desk) => desk.check({ record: false, prices }));
    const from = Object.fromEntries(sheets[0]!.rows.map((row) => [row.symbol, row.priceFrom]));
    expect(from).toMatchObject({ ACI: 'given', F: 'traded' });
  });
});
