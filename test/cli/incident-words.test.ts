/** The second incident, sentence by sentence, where only the commands can show it. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { statementText } from '../../src/model/write-statement.ts';
import { createIncidentDatabase } from '../../src/sources/monitoring/incident-database.ts';
import { instruments, statement } from '../service/source/positions-kit.ts';
import { CommandLine } from './command-line.ts';

const lines: CommandLine[] = [];
afterAll(() => {
  for (const one of lines) one.remove();
});

const looked = '--source sqlite:bot.db --statement bybit.json';

/** The database of the incident, an empty book, and what the exchange says. */
async function incident() {
  const cli = new CommandLine();
  lines.push(cli);
  createIncidentDatabase(join(cli.folder, 'bot.db'));
  const known = instruments.map((one) => ({
    ...{ kind: 'instrument', venue: 'bybit', instrument: one.name, symbol: one.symbol },
    ...{ type: 'linear', base: one.base, quote: 'USDT', settle: 'USDT', lotSize: '0.01' },
  }));
  await cli.book([
    { kind: 'account', account: 'main', venue: 'bybit', currency: 'USDT' },
    ...known,
  ]);
  cli.file('bybit.json', statementText(statement()));
  return cli;
}

const digestOf = (path: string): string =>
  createHash('sha256').update(readFileSync(path)).digest('hex');

/** The bot's files, by name. */
const filesOf = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.startsWith('bot.db'))
    .map((name) => `${name} ${digestOf(join(folder, name))}`);

interface Printed {
  readonly breaks: readonly {
    readonly id: string;
    readonly lines: readonly { readonly key: string; readonly oursParty: string }[];
  }[];
  readonly accepted: readonly object[];
}

test('VC27 no look, and no plan, writes a byte into the database of a bot', async () => {
  const cli = await incident();
  const before = filesOf(cli.folder);
  expect(before).toHaveLength(1);
  for (const words of [`check ${looked}`, `investigate ${looked}`, `sync ${looked}`, 'gate']) {
    expect((await cli.run(words)).code, words).toBe(3);
    expect(filesOf(cli.folder), words).toEqual(before);
  }
  const fromStore = 'audit source --source sqlite:bot.db';
  expect((await cli.run(fromStore)).code).toBe(0);
  expect(filesOf(cli.folder)).toEqual(before);
});

test('PO13 a row is left different knowingly: with a reason, a sum and an end', async () => {
  const cli = await incident();
  await cli.run('sync --statement bybit.json --apply');
  const { breaks } = await cli.json<Printed>(`check ${looked}`);
  const isRow = (one: Printed['breaks'][number]) => one.lines[0]!.oursParty === 'source';
  const hnt = breaks.find((one) => isRow(one) && one.lines[0]!.key === 'HNT/USDT:USDT')!;
  const terms = '--until 7d --cap 1 --reason dust --by Ada';
  expect((await cli.run(`accept ${hnt.id} ${terms}`)).code).toBe(0);
  const { accepted } = await cli.json<Printed>(`check ${looked}`);
  expect(accepted).toMatchObject([{ id: hnt.id, gross: '0.2796' }]);
  const synced = await cli.run(`sync ${looked} --apply --auto`);
  expect(synced.out).toContain('2 updated');
  expect(synced.err).not.toContain('HNTUSDT');
  const shown = await cli.run(`check ${looked}`);
  expect(shown.out).toMatch(/accepted {2}BRK-.*\n.*accepted up to 1 until .*: dust/);
  expect((await cli.run(`accept ${hnt.id} --end`)).code).toBe(0);
  expect((await cli.run(`check ${looked}`)).code).toBe(3);
  expect((await cli.run(`sync ${looked} --apply --auto`)).err).toContain(
    'Synced HNTUSDT quantity: 60 -> 59.88',
  );
});
