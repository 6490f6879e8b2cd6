import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { instantText } from '../../src/model/instant.ts';
import { systemClock } from '../../src/service/system-clock.ts';
import { createIncidentDatabase } from '../../src/sources/falcon/incident-database.ts';
import * as monitoring from '../../src/sources/monitoring/incident-database.ts';
import { blocksOf } from '../house/documents.ts';
import { root } from '../house/sources.ts';
import { CommandLine } from './command-line.ts';
import { type Running, startCommand } from './running.ts';

/**
 * Examples in the reference are what the commands print for the example book. After a change that
 * is meant, UPDATE_DOCS=1 writes them anew.
 */
const reference = join(root, 'docs', 'reference');
const documents = join(reference, 'documents');
const pages = [
  ...readdirSync(documents).map((name) => join(documents, name)),
  join(reference, 'errors.md'),
];

const ground = new CommandLine();
const folders: CommandLine[] = [ground];
const emulators: Running[] = [];
const example = join(ground.folder, 'example.db');

beforeAll(async () => {
  const lines = readFileSync(join(root, 'examples', 'example.ndjson'), 'utf8').split('\n');
  const facts = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as object);
  await ground.book(facts, 'example.db');
});
afterAll(async () => {
  for (const one of emulators) {
    one.kill('SIGTERM');
    await one.ended;
  }
  for (const one of folders) one.remove();
});

/** A folder with a book of the example, a backup of it, and a bot's database. */
async function prepared(command: string): Promise<CommandLine> {
  const cli = new CommandLine();
  folders.push(cli);
  mkdirSync(join(cli.folder, 'data'));
  copyFileSync(example, join(cli.folder, 'data', 'example.db'));
  cpSync(join(root, 'examples'), join(cli.folder, 'examples'), { recursive: true });
  createIncidentDatabase(join(cli.folder, 'paper_trading.db'));
  monitoring.createIncidentDatabase(join(cli.folder, 'bot.db'));
  if (command.startsWith('restore')) await cli.run('backup saved.db', inExample);
  if (/\bvenue\b/.test(command)) await withVenue(cli);
  return cli;
}

/** An exchange of this machine, with 10,000 USDT and nothing else, as the venue `main`. */
async function withVenue(cli: CommandLine): Promise<void> {
  const words = 'emulator --data examples/ABC_USDT-1h.csv --port 0';
  const emulator = startCommand(cli.folder, words);
  emulators.push(emulator);
  await emulator.says('secret emulator-secret');
  const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(emulator.said())!;
  const key = JSON.stringify({ key: 'emulator', secret: 'emulator-secret' });
  writeFileSync(join(cli.folder, 'key.json'), key, { mode: 0o600 });
  const main = { exchange: 'bybit', account: 'main', keyFile: 'key.json', url };
  cli.file('trueup.json', JSON.stringify({ venues: { main } }));
}

/** The exchange lives now, whatever day the page shows. */
const sinceJustNow = (words: string): string =>
  words.replace(/--since \S+/, () => {
    const hourAgo = systemClock.now() - 3_600_000_000_000n;
    return `--since ${instantText(hourAgo)}`;
  });

const inExample = { environment: { TRUEUP_BOOK: 'data/example.db' } };

/** What differs from run to run and machine to machine. */
const names = [
  ...['recordedAt', 'takenAt', 'checkedAt', 'trueSince', 'now', 'last_updated', '\\w*ageSeconds'],
  ...['keptAside', 'hash', 'sha256', 'bytes', 'found', 'backup'],
  ...['journalUntil', 'isComplete', 'proof'],
];
const changing = new RegExp(`^(${names.join('|')})$`, 'i');

/** Of a venue, which lives now, or of the last days. */
const ofNow = /^(asOf|from|to|since|through|time)$/;

function steady(value: unknown, name = '', isVenue = isOfVenue(value)): unknown {
  const changes = changing.test(name) || (isVenue && ofNow.test(name));
  if (changes && value !== null) return `some ${name}`;
  if (Array.isArray(value)) return value.map((one) => steady(one, '', isVenue));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([key, one]) => [key, steady(one, key, isVenue)]);
  // A break is opened when the example is run, a position when its fill happened.
  if ('ageSeconds' in value) members.push(['openedAt', 'some time']);
  // What was done to a bot's database, and what was looked up there, is of now.
  if ('actor' in value || 'recorded' in value || 'undo' in value) members.push(['at', 'some time']);
  const { effectiveAt, kind, ...rest } = Object.fromEntries(members);
  // An account that is told without a time is there from when it was recorded.
  const at = kind === 'account' ? 'some time' : effectiveAt;
  return { ...rest, ...(kind === undefined ? {} : { kind }), ...(at === undefined ? {} : { at }) };
}

const isOfVenue = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'schema' in value &&
  /^trueup\.(venue|policy-test)/.test(String(value.schema));

describe.each(pages.map((path) => [path.slice(reference.length + 1), path]))(
  '%s',
  (_name, path) => {
    test('X20 shows what its command prints', async () => {
      const text = readFileSync(path, 'utf8');
      const blocks = blocksOf(text);
      const command = blocks.find(({ language }) => language === 'sh')!.text.trim();
      const shown = blocks.find(({ language, file }) => language === 'json' && file === undefined)!;
      const words = command.replace('trueup ', '').replace(' --json', '');
      const cli = await prepared(words);
      for (const { file, text: content } of blocks) {
        if (file !== undefined) cli.file(file, content);
      }
      const printed = await cli.json(sinceJustNow(words), inExample);
      if (process.env['UPDATE_DOCS'] !== undefined) {
        writeFileSync(path, text.replace(shown.text, `${JSON.stringify(printed, null, 2)}\n`));
      } else expect(steady(printed)).toEqual(steady(JSON.parse(shown.text)));
    }, 60_000);
  },
);

test('the list of documents names every page', () => {
  const list = readFileSync(join(reference, 'documents.md'), 'utf8');
  for (const name of readdirSync(documents)) expect(list).toContain(`(documents/${name})`);
});
