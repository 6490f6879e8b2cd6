import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { toTextOrNull } from '../../src/decimal/text.ts';
import { type Balance, type BalanceError, balance } from '../../src/service/source/balance.ts';
import { createIncidentDatabase } from '../../src/sources/falcon/incident-database.ts';

let folder: string;
let file: string;
let bot: DatabaseSync;
let stored: Balance;
let errors: BalanceError[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trueup-balance-'));
  file = join(folder, 'paper_trading.db');
  createIncidentDatabase(file);
  bot = new DatabaseSync(file, { timeout: 5_000 });
  errors = [];
  stored = opened(`sqlite:${file}`);
});
afterEach(async () => {
  await stored.close();
  bot.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

const opened = (source: string): Balance =>
  balance(source, {
    book: join(folder, 'trueup.db'),
    timezone: 'America/New_York',
    onError: (error) => errors.push(error),
  });

const storedTotal = (): unknown =>
  bot.prepare('SELECT total_value AS total FROM account WHERE id = 1').get()?.['total'];

/** One order of the bot: what it writes is right but for the total, which it never writes. */
function buy(symbol: string, quantity: string, price: string): void {
  bot.exec(`BEGIN;
    UPDATE account SET cash = round(cash - ${quantity} * ${price}, 2);
    INSERT INTO positions VALUES ('${symbol}', ${quantity}, ${price}, ${price},
      '2026-01-12T16:10:00', '2026-01-12T16:10:00');
    COMMIT`);
}

describe('balance', () => {
  test('I12 brings the stored total to the truth after every order and price', async () => {
    const first = await stored.update();
    expect(first.status).toBe('written');
    expect(first.sheets.map(({ calculated }) => toTextOrNull(calculated))).toEqual(['10211.69']);
    expect(storedTotal()).toBe(10211.69);
    expect(await stored.update()).toMatchObject({ status: 'nothing' });
    buy('DIS', '1', '110'); // the total stays: 110.00 of cash became 110.00 of DIS
    expect(await stored.update()).toMatchObject({ status: 'nothing' });
    bot.exec(`UPDATE positions SET current_price = 112.5 WHERE symbol = 'DIS'`);
    expect(await stored.check()).toMatchObject({ verdict: 'break' });
    expect(await stored.update()).toMatchObject({ status: 'written' });
    expect(storedTotal()).toBe(10214.19); // 10211.69 + 2.50
    expect(errors).toEqual([]);
  });

  test('I12 a burst of calls sees the last of its changes', async () => {
    const calls: Promise<unknown>[] = [];
    for (let cents = 1; cents <= 200; cents += 1) {
      bot.exec(`UPDATE positions SET current_price = 16 + ${cents} * 0.01 WHERE symbol = 'ACI'`);
      calls.push(stored.update());
    }
    await Promise.all(calls);
    expect(storedTotal()).toBe(10336.69); // 10211.69 + 62.5 x 2.00
  });

  test('I12 says what it cannot say, and writes nothing', async () => {
    bot.exec(`INSERT INTO positions (symbol, quantity) VALUES ('NEW', 1)`); // nobody prices it
    const { status, sheets } = await stored.update();
    expect(status).toBe('cannot-say');
    expect(sheets[0]?.unpriced).toMatchObject([{ what: 'NEW' }]);
    expect(storedTotal()).toBe(10000);
  });

  test('I13 a database that is not there rejects with its code and hint, each time', async () => {
    const absent = opened(`sqlite:${join(folder, 'absent.db')}`);
    for (let time = 1; time <= 2; time += 1) {
      await expect(absent.update()).rejects.toMatchObject({
        name: 'BalanceError',
        code: 'source-missing',
        retry: false,
      });
    }
    expect(errors.map(({ code }) => code)).toEqual(['source-missing', 'source-missing']);
    await absent.close();
    await expect(absent.update()).rejects.toMatchObject({ code: 'closed' });
  });

  test('I12 I14 closing waits for all that was asked, also behind a run under way', async () => {
    const first = stored.update();
    bot.exec(`UPDATE positions SET current_price = 16.16 WHERE symbol = 'ACI'`);
    const second = stored.update();
    const looked = stored.check();
    const closed = stored.close();
    await expect(stored.update()).rejects.toMatchObject({ code: 'closed' });
    await closed;
    expect(storedTotal()).toBe(10221.69); // 10211.69 + 62.5 x 0.16
    expect(await first).toMatchObject({ status: expect.stringMatching(/written|nothing/) });
    expect(await second).toMatchObject({ sheets: [{ match: 'exact' }] });
    expect(await looked).toMatchObject({ sheets: [{}] });
    expect(errors.map(({ code }) => code)).toEqual(['closed']);
  });
});

test('N23 the library judges the age of a record as commands do', async () => {
  // 30 hours before the newest price, which is of 16:00:05: more than a day, less than two.
  bot.exec("UPDATE performance SET timestamp = '2026-01-11T10:00:00'");
  await stored.update();
  await expect(stored.check()).resolves.toMatchObject({ verdict: 'break' });
  bot.exec("UPDATE performance SET timestamp = '2026-01-11T17:00:00'");
  await expect(stored.check()).resolves.toMatchObject({ verdict: 'true' });
});
