import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import {
  createIncidentDatabase,
  writeAsTheBot,
} from '../../src/sources/falcon/incident-database.ts';
import { account, CommandLine, deposit } from './command-line.ts';

const folders: CommandLine[] = [];
afterAll(() => {
  for (const one of folders) one.remove();
});

function prepared(): CommandLine {
  const cli = new CommandLine();
  folders.push(cli);
  createIncidentDatabase(join(cli.folder, 'paper_trading.db'));
  return cli;
}

const source = '--source sqlite:paper_trading.db --source-timezone America/New_York';

test('N34 the history of a database is filed with its line', async () => {
  const cli = prepared();
  await cli.run(`update --record ${source}`);
  const filed = await cli.run(`performance --report html --out equity.html ${source}`);
  expect(filed).toMatchObject({ code: 0, out: '', err: 'written equity.html\n' });
  const html = readFileSync(join(cli.folder, 'equity.html'), 'utf8');
  // A year lies between the two records: no line is drawn across it.
  expect(html).toContain('<circle cx="10" cy="200" r="3"');
  expect(html).toContain('<circle cx="710" cy="30" r="3"');
  expect(html).toContain('<td>10,211.69</td>');
  const whole = await cli.run(`performance --report md --performance-max-age 36500d ${source}`);
  expect(whole.out).toContain('<polyline points="10,200 710,30"');
  expect(whole.out).toContain('| +211.69 | +2.12 % |');
  expect((await cli.run(`performance --report pdf ${source}`)).code).toBe(2);
});

test('N34 that of our own book is filed alike', async () => {
  const cli = prepared();
  await cli.book([account, deposit]);
  await cli.run('performance --record');
  const { code, out } = await cli.run('performance --report md');
  expect(code).toBe(0);
  expect(out).toContain('# Performance of main');
  expect(out).toContain('| recorded | total in USDT | cash | positions |');
});

test('N31 N33 records that name no account: told by all, and refused by a dry run', async () => {
  const cli = prepared();
  writeAsTheBot(join(cli.folder, 'paper_trading.db'), [
    "INSERT INTO account VALUES (2, 5, 5, '2026-01-10T16:05:12')",
    'DELETE FROM positions',
  ]);
  const told = '1 record that names no account: a column account_id would tell whose';
  expect((await cli.run(`performance ${source}`)).out).toContain(told);
  expect((await cli.run(`check ${source}`)).out).toContain(
    '1 performance record names no account: a column account_id would tell whose',
  );
  for (const words of ['update --record --dry-run', 'update --record']) {
    const { code, err } = await cli.run(`${words} ${source}`);
    expect([code, err]).toEqual([2, expect.stringContaining('does not say whose a record is')]);
  }
});
