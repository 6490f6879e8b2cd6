import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createIncidentDatabase,
  writeAsTheBot,
} from '../../src/sources/falcon/incident-database.ts';
import { CommandLine } from './command-line.ts';

const cli = new CommandLine();
afterAll(() => cli.remove());

const database = join(cli.folder, 'paper_trading.db');
const source = `--source sqlite:paper_trading.db --source-timezone America/New_York`;
beforeAll(() => createIncidentDatabase(database));

describe('adopt', () => {
  test('I5 a dry run tells and makes no book', async () => {
    const { code, out, err } = await cli.run(`adopt ${source} --dry-run`);
    expect(code).toBe(0);
    expect(out).toContain('21 read: would be 21 booked');
    expect(err).toContain('dry run: nothing was written');
    expect(await cli.run('book')).toMatchObject({ code: 2 });
  });

  test('I4 book then shows the exact equity of the incident', async () => {
    const adopted = await cli.run(`adopt ${source}`);
    expect(adopted).toMatchObject({ code: 0 });
    expect(adopted.out).toContain('all explained by the orders');
    expect(await cli.json('book')).toMatchObject({
      account: 'falcon',
      equity: { cash: '1058.7', positionsValue: '9152.99', total: '10211.69' },
      realisedPnl: { gross: '271.07', fees: '0' },
      positions: { length: 9 },
    });
    // 10,000 at 2025-11-25 16:05 in New York, as our own orders say it was
    expect(await cli.json('performance')).toMatchObject({
      records: [{ time: '2025-11-25T21:05:00.318204Z', totalValue: '10000', restated: '10000' }],
    });
  });

  test('I5 adopted again, only what is new is booked', async () => {
    writeAsTheBot(database, [
      'UPDATE account SET cash = 1158.70',
      `INSERT INTO orders VALUES (22, 'F', 'sell', 8, 12.50, '2026-01-12T10:00:00', -7.36)`,
      `UPDATE positions SET quantity = 72 WHERE symbol = 'F'`,
    ]);
    expect(await cli.json(`adopt ${source}`)).toMatchObject({
      schema: 'trueup.adopt/1',
      exitCode: 0,
      accounts: [{ fills: { booked: 1, duplicate: 21 }, cash: { ours: '1158.7', ties: true } }],
    });
  });

  test('I8 what the orders do not explain ends with 3 and is shown', async () => {
    writeAsTheBot(database, [`UPDATE positions SET quantity = 70 WHERE symbol = 'F'`]);
    const { code, out } = await cli.run(`adopt ${source}`);
    expect(code).toBe(3);
    expect(out).toContain('F is 70, the orders give 72: −2 is not explained');
  });

  test('I6 an opening that is none is refused', async () => {
    const { code, err } = await cli.run(`adopt ${source} --opening 10000@yesterday`);
    expect(code).toBe(2);
    expect(err).toContain('write amount and time, such as 10000@2025-11-25T21:05:00Z');
  });

  test('I8 a database that is not there is told', async () => {
    const { code, err } = await cli.run('adopt --source sqlite:absent.db');
    expect(code).toBe(2);
    expect(err).toContain('absent.db');
  });
});
