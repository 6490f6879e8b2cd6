import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Flags, readConfiguration } from '../../src/service/config.ts';
import { durationText, parseDuration } from '../../src/service/duration.ts';
import { CommandLine } from './command-line.ts';

const home = mkdtempSync(join(tmpdir(), 'trueup-config-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
let folders = 0;

interface Given {
  readonly flags?: Flags;
  readonly environment?: Readonly<Record<string, string>>;
  readonly project?: string;
  readonly user?: string;
}

function configured({ flags = {}, environment = {}, project, user }: Given) {
  folders += 1;
  const folder = join(home, String(folders));
  const place = { project: join(folder, 'trueup.json'), user: join(folder, 'home') };
  mkdirSync(folder);
  const userFile = join(place.user, '.config', 'trueup', 'config.json');
  for (const [path, text] of [
    [place.project, project],
    [userFile, user],
  ] as const) {
    if (text === undefined) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return { folder, read: readConfiguration(flags, { environment, folder, home: place.user }) };
}

function valuesOf(given: Given) {
  const { read } = configured(given);
  if (!read.ok) throw new Error(read.refusal.message);
  return read.value;
}

const project = '{"book":"project.db"}';
const user = '{"book":"~/user.db","account":"theirs"}';
const environment = { TRUEUP_BOOK: 'environment.db' };

describe('X4 a setting comes', () => {
  test.each<[string, Given, string, string]>([
    ['from a flag', { flags: { book: 'f.db' }, environment, project, user }, 'f.db', 'flag'],
    ['from the environment', { environment, project, user }, 'environment.db', 'environment'],
    ['from the project file', { project, user }, 'project.db', 'project file'],
    ['else from a default', {}, './trueup.db', 'default'],
  ])('X4 %s', (_how, given, book, origin) => {
    const { settings, book: chosen } = valuesOf(given);
    expect(chosen).toBe(book);
    expect(settings[0]).toMatchObject({ name: 'book', value: book, origin });
  });

  test("X4 from the user's file, where paths are relative to home or the file", () => {
    const { folder, read } = configured({ user });
    expect(read).toMatchObject({
      ok: true,
      value: { book: join(folder, 'home', 'user.db'), account: 'theirs' },
    });
    const other = configured({ user: '{"book":"b.db"}' });
    const beside = join(other.folder, 'home', '.config', 'trueup', 'b.db');
    expect(other.read).toMatchObject({ ok: true, value: { book: beside } });
  });

  test('X4 each by itself', () => {
    const { settings } = valuesOf({ project, user });
    expect(settings.slice(0, 3).map(({ origin }) => origin)).toEqual([
      'project file',
      'user file',
      'default',
    ]);
  });

  test('X4 an empty variable is none', () => {
    expect(valuesOf({ environment: { TRUEUP_BOOK: '' } }).book).toBe('./trueup.db');
  });
});

describe('X23 what stands twice', () => {
  const main = (url: string) => `"main":{"exchange":"bybit","account":"main","url":"${url}"}`;

  test.each([
    ['a setting', '{"book":"a.db","book":"b.db"}', 'book'],
    ['a venue', `{"venues":{${main('http://127.0.0.1:1')},${main('http://[::1]:2')}}}`, 'main'],
    [
      'a key of a venue',
      '{"venues":{"main":{"exchange":"bybit","exchange":"binance"}}}',
      'exchange',
    ],
  ])('X23 %s is refused by its name', (_what, text, field) => {
    for (const given of [{ project: text }, { user: text }]) {
      expect(configured(given).read).toMatchObject({
        ...{ ok: false },
        refusal: {
          code: 'config-key-twice',
          message: expect.stringContaining(`"${field}" stands twice`),
          where: { field, file: expect.stringMatching(/json$/) },
        },
      });
    }
  });

  test('X23 the same key in two objects stands once in each', () => {
    const text = '{"venues":{"one":{"exchange":"bybit","account":"a"},"two":{"exchange":"okx"}}}';
    expect(valuesOf({ project: text }).venues?.value).toEqual(JSON.parse(text).venues);
    const numbers = '{"policy":{"takingBack":{"repairsPerDay":5,"share":0.25}}}';
    expect(valuesOf({ project: numbers }).policy?.value).toEqual(JSON.parse(numbers).policy);
  });
});

describe('X4 what is wrong', () => {
  test('X4 a key that is no setting is told, with what was meant', () => {
    expect(valuesOf({ project: '{"bok":"x.db"}' }).warnings).toMatchObject([
      { code: 'config-key-unknown', hint: 'did you mean book?' },
    ]);
  });

  test.each<[string, Given]>([
    ['config-not-json', { project: '{' }],
    ['config-not-json', { user: '[]' }],
    ['config-not-text', { project: '{"book":1}' }],
    ['book-on-server', { environment: { TRUEUP_BOOK: 'postgresql://host/x' } }],
    ['book-empty', { flags: { book: '' } }],
    ['duration-bad', { flags: { markMaxAge: '1.5h' } }],
  ])('X4 is refused: %s', (code, given) => {
    expect(configured(given).read).toMatchObject({ ok: false, refusal: { code } });
  });
});

test('X4 config show says what holds and where it comes from', async () => {
  const cli = new CommandLine();
  cli.file('trueup.json', '{"account":"main","acount":"x"}');
  const { out, err } = await cli.run('config show --origin', { environment });
  expect(out).toMatch(/^ {2}book +environment.db +environment TRUEUP_BOOK$/m);
  expect(out).toMatch(/^ {2}account +main +project file .*trueup.json$/m);
  expect(err).toContain('did you mean account?');
  expect(await cli.json('config show --mark-max-age 5m')).toMatchObject({
    settings: [{}, {}, { name: 'markMaxAge', value: '5m', origin: 'flag' }, {}, {}],
  });
  cli.remove();
});

test.each([
  ['30s', 30_000],
  ['5m', 300_000],
  ['24h', 86_400_000],
  ['250ms', 250],
])('the duration %s', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
  expect(parseDuration(durationText(ms))).toBe(ms);
});

test.each(['', '5', 'm', '-5m', '5 m', '1e3s'])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeNull();
});
