import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createIncidentDatabase } from '../../src/sources/falcon/incident-database.ts';
import { CommandLine } from './command-line.ts';
import { hasPython, ran } from './outside-program.ts';

let cli: CommandLine;
let file: string;

beforeEach(() => {
  cli = new CommandLine();
  file = join(cli.folder, 'paper_trading.db');
  createIncidentDatabase(file);
});
afterEach(() => cli.remove());

const source = '--source sqlite:paper_trading.db';

/** As the bot does; the total afterwards. */
function bot(statement: string): unknown {
  const database = new DatabaseSync(file);
  database.exec(statement);
  const [row] = database.prepare('SELECT total_value FROM account').all();
  database.close();
  return row?.['total_value'];
}

test('G14 G7 installed, a price alone keeps the total right; removed, it does not', async () => {
  const absent = await cli.run(`guard status ${source}`);
  expect(absent).toMatchObject({ code: 3, out: expect.stringContaining('there is no guard') });

  const installed = await cli.run(`guard install ${source}`);
  expect(installed.code).toBe(0);
  expect(installed.out).toContain('10,000.00 -> 10,211.69');
  expect(installed.out).toContain('within 0.000000050021 of the exact sum');

  // ACI +1 %: 62.5 x 0.16 = 10
  const risen = `UPDATE positions SET current_price = 16.16 WHERE symbol = 'ACI'`;
  expect(bot(risen)).toBe(10221.69);
  expect((await cli.run(`check --no-record ${source}`)).out).toContain('TRUE');
  expect((await cli.run(`guard status ${source}`)).code).toBe(0);

  expect((await cli.run(`guard remove ${source}`)).code).toBe(0);
  expect(bot(`UPDATE positions SET current_price = 16 WHERE symbol = 'ACI'`)).toBe(10221.69);
});

test('G14 G9 what was altered ends with 3, is named, and is put back by install', async () => {
  await cli.run(`guard install --audit ${source}`);
  bot('DROP TRIGGER trueup_guard_account_updated; UPDATE account SET total_value = 10000');
  const status = await cli.json(`guard status ${source}`);
  expect(status).toMatchObject({
    schema: 'trueup.guard/1',
    exitCode: 3,
    state: 'altered',
    audited: true,
    keeps: 'within-bound',
    findings: [
      'trigger trueup_guard_account_updated was dropped',
      'account 1 stores 10000 where the triggers keep 10211.69',
    ],
    unlogged: ['account 1 stores 10000, the log ends with 10211.69'],
  });
  const told = await cli.run(`guard status ${source}`);
  expect(told).toMatchObject({ code: 3, out: expect.stringContaining('the guard was altered') });
  const again = await cli.json(`guard install ${source}`);
  expect(again).toMatchObject({ exitCode: 0, found: 'altered', state: 'installed', audited: true });
  expect((await cli.run(`guard status ${source}`)).code).toBe(0);
});

test('G14 a dry run prints statements that make the guard, and runs none of them', async () => {
  const { out, code } = await cli.run(`guard install --dry-run ${source}`);
  expect(code).toBe(0);
  expect((await cli.json(`guard status ${source}`))['state']).toBe('absent');
  bot(out);
  expect(await cli.json(`guard status --sql ${source}`)).toMatchObject({
    state: 'installed',
    findings: [],
    statements: expect.arrayContaining([expect.stringContaining('CREATE TRIGGER trueup_guard_')]),
  });
});

test('G14 G6 a schema without a total is refused with what could be done', async () => {
  const newer = join(cli.folder, 'newer.db');
  createIncidentDatabase(newer, 'cash-only');
  const refused = await cli.json('guard install --source sqlite:newer.db');
  expect(refused).toMatchObject({
    schema: 'trueup.error/1',
    exitCode: 2,
    code: 'source-unsupported',
    message: expect.stringContaining('keeps no total'),
    hint: expect.stringContaining('ALTER TABLE "account" ADD COLUMN total_value REAL'),
  });
  expect((await cli.run('guard install --source sqlite:missing.db')).code).toBe(2);
});

test('G14 G4 a total that may not be empty and is not known ends the status with 5', async () => {
  bot(`ALTER TABLE account RENAME TO old;
    CREATE TABLE account (id INTEGER PRIMARY KEY, cash REAL, total_value REAL NOT NULL);
    INSERT INTO account SELECT id, cash, total_value FROM old; DROP TABLE old`);
  await cli.run(`guard install ${source}`);
  expect(bot(`UPDATE positions SET current_price = NULL WHERE symbol = 'ACI'`)).toBe(10211.69);
  const status = await cli.run(`guard status ${source}`);
  expect(status.code).toBe(5);
  expect(status.out).toContain(
    'the total of account 1 is unknown (1 open position without a price',
  );
});

const python = `
import sqlite3
bot = sqlite3.connect('paper_trading.db')
bot.execute('INSERT OR REPLACE INTO positions (symbol, quantity, current_price) VALUES (?, ?, ?)',
            ('ACI', 3, 7.77))
bot.execute('UPDATE account SET cash = cash - ?, total_value = ? WHERE id = 1', (23.31, 10000.0))
bot.commit()
print(bot.execute('SELECT total_value FROM account').fetchone()[0])
`;

const scenario = test.skipIf(!hasPython); // python3 is not everywhere

scenario('G1 G3 a bot in Python, with the library it has, is kept right', async () => {
  await cli.run(`guard install --audit ${source}`);
  const { out, err } = ran(cli.folder, 'python3', ['-c', python]);
  // 10211.69 - 62.5 x 16 for the old row; 3 x 7.77 is what the new one costs and is worth
  expect({ out, err }).toEqual({ out: '9211.69\n', err: '' });
  expect((await cli.run(`guard status ${source}`)).code).toBe(0);
});
