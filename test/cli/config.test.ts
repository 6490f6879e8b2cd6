import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type Configuration, type Flags, readConfiguration } from '../../src/service/config.ts';
import { durationText, parseDuration } from '../../src/service/duration.ts';
import { parsePolicy } from '../../src/service/policy/settings.ts';
import { CommandLine } from './command-line.ts';

const home = mkdtempSync(join(tmpdir(), 'trueup-config-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
let folders = 0;

interface Given {
  readonly flags?: Flags;
  readonly environment?: Readonly<Record<string, string>>;
  readonly project?: string;
  readonly user?: string;
  /** Else JSON. */
  readonly yaml?: boolean;
}

function configured({ flags = {}, environment = {}, project, user, yaml = false }: Given) {
  const ending = yaml ? 'yaml' : 'json';
  folders += 1;
  const folder = join(home, String(folders));
  const place = { project: join(folder, `trueup.${ending}`), user: join(folder, 'home') };
  mkdirSync(folder);
  const userFile = join(place.user, '.config', 'trueup', `config.${ending}`);
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
    const numbers = '{"policy":{"takingBack":{"repairsPerDay":5}}}';
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

describe('CF4 config', () => {
  const cli = new CommandLine();
  afterAll(() => cli.remove());
  beforeEach(() => {
    for (const name of ['trueup.yaml', '.config/trueup/config.yaml']) cli.file(name, '');
  });
  const settings = [
    'account: main',
    'policy:',
    '  rows: { valuePerDay: 100.50 }',
    'venues:',
    '  main:',
    '    exchange: bybit',
    '    account: main',
    '    exits: { enabled: true }',
    'alerts:',
    '  channels:',
    '    - { name: ops, type: webhook, url: "https://hooks.example.org/marker-of-a-secret" }',
  ].join('\n');

  test('X4 CF4 show says what holds, and by which flag, variable, file and line', async () => {
    cli.file('trueup.yaml', settings);
    cli.file('.config/trueup/config.yaml', 'account: theirs\nserve:\n  port: 9000\n');
    const variables = { TRUEUP_BOOK: 'environment.db', TRUEUP_POLICY_STOPPED: 'true' };
    const words = 'config show --origin --mark-max-age 5m';
    const { out, err, code } = await cli.run(words, { environment: variables });
    expect([code, err]).toEqual([0, '']);
    const rows = out.split('\n').map((line) => line.trim().split(/ {2,}/));
    const rowOf = (name: string) => rows.find(([first]) => first === name)?.slice(1);
    const project = `project file ${join(cli.folder, 'trueup.yaml')}`;
    const own = `user file ${join(cli.folder, '.config', 'trueup', 'config.yaml')}`;
    expect(rowOf('book')).toEqual(['environment.db', 'environment TRUEUP_BOOK']);
    expect(rowOf('markMaxAge')).toEqual(['5m', 'flag --mark-max-age']);
    expect(rowOf('account')).toEqual(['main', `${project}:1`]);
    expect(rowOf('policy.rows.valuePerDay')).toEqual(['100.50', `${project}:3`]);
    expect(rowOf('policy.stopped')).toEqual(['true', 'environment TRUEUP_POLICY_STOPPED']);
    expect(rowOf('policy.alertAbove')).toEqual(['1000', 'default']);
    expect(rowOf('venues.main.exchange')).toEqual(['bybit', `${project}:6`]);
    expect(rowOf('venues.main.readOnly')).toEqual(['true', 'default']);
    expect(rowOf('venues.main.exits.enabled')).toEqual(['true', `${project}:8`]);
    expect(rowOf('alerts.channels[0].name')).toEqual(['ops', `${project}:11`]);
    expect(rowOf('alerts.channels[0].url')).toEqual([
      ...['https://hooks.example.org/…', `${project}:11`],
    ]);
    expect(rowOf('serve.port')).toEqual(['9000', `${own}:3`]);
    expect(rowOf('serve.host')).toEqual(['127.0.0.1', 'default']);
    expect(out).not.toContain('marker-of-a-secret');
  });

  test('CF4 show says the same as a document', async () => {
    cli.file('trueup.yaml', settings);
    const document = await cli.json<{ settings: object[] }>('config show');
    expect(document.settings).toContainEqual({
      ...{ name: 'policy.rows.valuePerDay', value: '100.50', origin: 'project file' },
      ...{ where: join(cli.folder, 'trueup.yaml'), line: 3 },
    });
    expect(JSON.stringify(document)).not.toContain('marker-of-a-secret');
  });

  test('CF4 check says that settings can be used', async () => {
    cli.file('trueup.yaml', settings);
    const { out, code } = await cli.run('config check');
    expect([code, out]).toEqual([0, expect.stringContaining('✓ the settings can be used: read ')]);
  });

  test.each([
    ['a first key', 'acount: main\n', 'did you mean account?'],
    ['a venue', 'venues:\n  main:\n    exchange: bybit\n', 'trueup.yaml:2'],
    ['a limit', '\n\npolicy: { alertAbove: 1e3 }\n', 'trueup.yaml:3'],
    ['serve', 'serve:\n  port: 70000\n', 'trueup.yaml:2'],
    ['a key', 'alerts: { treshold: 5 }\n', 'did you mean threshold?'],
  ])('CF4 check refuses %s that is wrong, with its place', async (_what, text, says) => {
    cli.file('trueup.yaml', text);
    const { err, code } = await cli.run('config check');
    expect([code, err]).toEqual([2, expect.stringContaining(says)]);
  });

  const main = 'venues: { main: { exchange: bybit, account: main } }\n';
  const tls = 'serve:\n  tls: { certificate: none.crt, key: none.key }\n';

  test.each([
    [
      'a venue',
      `${main}serve:\n  venues: [main, ghost]\n`,
      /trueup.yaml:3: there is no venue "ghost"/,
    ],
    ['a venue of none', 'serve:\n  venues: [ghost]\n', /trueup.yaml:2: there is no venue "ghost"/],
    ['a key', tls, /trueup.yaml:2: .*none.key cannot be read/],
    ['a network', 'serve:\n\n  host: 0.0.0.0\n', /trueup.yaml:3: .* without encryption/],
  ])('CF9 check and serve refuse %s alike, with the line', async (_what, text, says) => {
    cli.file('trueup.yaml', text);
    const [checked, served] = [await cli.run('config check'), await cli.run('serve --port 0')];
    expect([checked.code, served.code]).toEqual([2, 2]);
    expect(checked.err).toMatch(says);
    expect(served.err).toBe(checked.err);
  });

  test('CF9 check reads no key, and finds no fault with one that can be used', async () => {
    cli.file('trueup.yaml', tls.replaceAll('none', 'own'));
    for (const name of ['own.crt', 'own.key']) cli.file(name, 'no certificate');
    chmodSync(join(cli.folder, 'own.key'), 0o644);
    expect((await cli.run('config check')).err).toContain('chmod 600');
    chmodSync(join(cli.folder, 'own.key'), 0o600);
    expect((await cli.run('config check')).code).toBe(0);
  });

  test.each([
    ['serve: { port: 99999 }', 'serve.port in FILE is 99999, which is not allowed'],
    ['serve: { listen: 7 }', 'serve.listen in FILE is 7, which is not allowed'],
    ['serve: { report: { at: null } }', 'serve.report.at in FILE is null, which is not allowed'],
    ['serve: { tls: { key: a } }', 'serve.tls.certificate in FILE is missing'],
    ['serve: { repair: hunter2 }', 'serve.repair in FILE is not allowed'],
    ['serve: { port: 12345678 }', 'serve.port in FILE is not allowed'],
    ['venues: { a: { exchange: bybit } }', 'venues.a.account in FILE is missing'],
    ['alerts: { channels: [{ name: 5 }] }', 'alerts.channels[0]'],
  ])('CF10 %s: %s', async (text, says) => {
    cli.file('trueup.yaml', text);
    const { err, code } = await cli.run('config check');
    const file = join(cli.folder, 'trueup.yaml');
    expect([code, err]).toEqual([2, expect.stringContaining(says.replace('FILE', file))]);
    expect(err).not.toContain('hunter2');
  });

  test('CF4 check looks at what another file hides, and names all that is wrong', async () => {
    cli.file('trueup.yaml', 'policy: { stopped: maybe }\n');
    cli.file('.config/trueup/config.yaml', 'policy: { roundingSteps: many }\n');
    const { err, code } = await cli.run('config check');
    expect([code, err]).toEqual([
      ...[2, expect.stringMatching(/policy\.stopped.*; and policy\.roundingSteps/s)],
    ]);
  });

  test('CF4 show shows nothing of settings that are wrong: it may be a secret', async () => {
    cli.file('trueup.yaml', 'alerts: { channels: [{ name: a, type: slack, secret: hunter2 }] }\n');
    const { out, err, code } = await cli.run('config show');
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/alerts\.channels\[0\]\.secret/);
    expect(err).not.toContain('hunter2');
  });
});

describe('CF5 a variable wins over a file', () => {
  const variable = (name: string, value: string) => ({ environment: { [name]: value } });

  test.each<[string, string, string, (read: Configuration) => unknown, unknown]>([
    [
      'a limit',
      'TRUEUP_POLICY_ALERT_ABOVE',
      '5',
      ({ policy }) => policy?.value,
      { alertAbove: '5', stopped: true },
    ],
    [
      'a switch',
      'TRUEUP_POLICY_STOPPED',
      'false',
      ({ policy }) => policy?.value,
      { stopped: false },
    ],
    [
      'no limit',
      'TRUEUP_POLICY_ROWS_VALUE_PER_DAY',
      'null',
      ({ policy }) => policy?.value,
      { stopped: true, rows: { valuePerDay: null } },
    ],
    ['a port', 'TRUEUP_SERVE_PORT', '0', ({ serve }) => serve?.value, { port: 0 }],
    [
      'a list',
      'TRUEUP_SERVE_VENUES',
      'main, other',
      ({ serve }) => serve?.value,
      { venues: ['main', 'other'] },
    ],
    ['none', 'TRUEUP_SERVE_PORT', '', ({ serve }) => serve, null],
  ])('CF5 %s', (_what, name, value, of, expected) => {
    const given = { project: 'policy: {stopped: true}', ...variable(name, value), yaml: true };
    expect(of(valuesOf(given))).toEqual(expected);
  });

  test('CF5 its path is one of the working folder, beside one of the file', () => {
    const given = { project: 'serve: {port: 1}', yaml: true };
    const { folder, read } = configured({
      ...given,
      ...variable('TRUEUP_SERVE_LOG_FILE', 'x.log'),
    });
    expect(read).toMatchObject({ value: { serve: { value: { logFile: join(folder, 'x.log') } } } });
  });

  test.each([
    ['TRUEUP_POLICY_STOPPED', 'yes'],
    ['TRUEUP_SERVE_PORT', 'http'],
    ['TRUEUP_POLICY_ROUNDING_STEPS', '-1'],
  ])('CF5 %s=%s is refused by its name', (name, value) => {
    expect(configured(variable(name, value)).read).toMatchObject({
      refusal: { code: 'variable-bad', where: { field: name } },
    });
  });

  test('CF5 one that looks like a setting and is none is told; a channel’s secret is none', () => {
    const environment = {
      TRUEUP_POLICY_STOPED: 'true',
      ...{ TRUEUP_ALERTS_PHONE: 'x', TRUEUP_ALERTS_PHONE_FILE: 'x', TRUEUP_OTHER: 'x' },
    };
    const project = 'alerts: {channels: [{name: a, type: slack, secret: TRUEUP_ALERTS_PHONE}]}';
    expect(valuesOf({ environment, project, yaml: true }).warnings).toMatchObject([
      { code: 'variable-unknown', hint: 'did you mean TRUEUP_POLICY_STOPPED?' },
    ]);
  });

  test('CF5 a value that is wrong is refused with the variable beside the file', () => {
    const { policy } = valuesOf(variable('TRUEUP_POLICY_ALERT_ABOVE', 'much'));
    expect(parsePolicy(policy!.value, policy!.file)).toMatchObject({
      refusal: { where: { file: 'TRUEUP_POLICY_ALERT_ABOVE', field: 'policy.alertAbove' } },
    });
  });
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
