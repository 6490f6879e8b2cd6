import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../house/sources.ts';
import { CommandLine } from './command-line.ts';

let cli: CommandLine;

beforeAll(() => {
  cli = new CommandLine();
});
afterAll(() => cli.remove());

const owner = '--user games --source sqlite:paper_trading.db';

const unitOf = async (words: string): Promise<string> =>
  (await cli.run(`service unit ${words}`)).out;

const linesOf = (unit: string, name: string): readonly string[] =>
  unit
    .split('\n')
    .flatMap((line) => (line.startsWith(`${name}=`) ? [line.split(/=(.*)/)[1]!] : []));

/** What systemd fills in, of the environment file. */
const fromFile = ['$', '{TRUEUP_PRICES}'].join('');

describe('O22 a unit for systemd', () => {
  test('O22 runs this installation, with absolute paths and the options given', async () => {
    cli.file('trueup.json', '{"source": "sqlite:paper_trading.db"}');
    const unit = await unitOf(
      '--user games --repair auto --interval 10 --log-file log/x.log --prices quotes.csv',
    );
    const { folder } = cli;
    expect(linesOf(unit, 'ExecStart')).toEqual([
      `${join(root, 'bin', 'trueup')} schedule --book ${folder}/trueup.db` +
        ` --source sqlite:${folder}/paper_trading.db --interval 10 --repair auto` +
        ` --prices ${folder}/quotes.csv --log-file ${folder}/log/x.log`,
    ]);
    expect(linesOf(unit, 'User')).toEqual(['games']);
    expect(linesOf(unit, 'WorkingDirectory')).toEqual([folder]);
    // the log's folder lies inside it
    expect(linesOf(unit, 'ReadWritePaths')[0]!.split(' ')).toContain(folder);
    expect(linesOf(unit, 'ExecReload')).toEqual(['/bin/kill -HUP $MAINPID']);
    for (const line of [
      ...['Type=notify', 'NotifyAccess=all', 'WatchdogSec=120', 'Restart=on-failure'],
      ...['ProtectSystem=strict', 'NoNewPrivileges=yes', 'CapabilityBoundingSet=', 'UMask=0077'],
      ...['SystemCallFilter=@system-service', 'MemoryDenyWriteExecute=no'],
    ]) {
      expect(unit.split('\n')).toContain(line);
    }
  });

  test('O22 O24 how old a price may be is what the unit was made with', async () => {
    const unit = await unitOf('--user games --source sqlite:bot.db --mark-max-age 96h');
    expect(linesOf(unit, 'ExecStart')[0]).toContain(' --mark-max-age 96h');
    const bare = await unitOf('--user games --source sqlite:bot.db');
    expect(linesOf(bare, 'ExecStart')[0]).not.toContain('mark-max-age');
  });

  test('O22 a password stands in no unit', async () => {
    const unit = await unitOf('--user games --source postgres://bot:hunter2@db/falcon');
    expect(unit).not.toContain('hunter2');
    expect(unit).toContain('postgres://bot@db/falcon');
    expect(linesOf(unit, 'ExecStart')[0]).not.toContain('--source');
    expect(linesOf(unit, 'EnvironmentFile')).toEqual(['-/etc/trueup/trueup.env']);
    // without one there is nothing to hide
    const bare = await unitOf('--user games --source postgres://db/falcon');
    expect(linesOf(bare, 'ExecStart')[0]).toContain('--source postgres://db/falcon');
  });

  test('O22 what systemd would read otherwise is quoted', async () => {
    const unit = await unitOf('--user games --source sqlite:/data/50%$"x.db');
    expect(linesOf(unit, 'ExecStart')[0]).toContain('--source "sqlite:/data/50%%$$\\"x.db"');
  });

  test.each([
    [5, ['OnCalendar=*:0/5']],
    [15, ['OnCalendar=*:0/15']],
    [7, ['OnCalendar=*:0/7']],
    [600, ['00:00', '10:00', '20:00'].map((time) => `OnCalendar=*-*-* ${time} UTC`)],
    [1440, ['OnCalendar=*-*-* 00:00 UTC']],
  ])('O22 a timer every %i minutes', async (minutes, lines) => {
    const { files } = await cli.json<{ files: { name: string; text: string }[] }>(
      `service unit ${owner} --timer --interval ${minutes}`,
    );
    expect(files.map(({ name }) => name)).toEqual(['trueup.service', 'trueup.timer']);
    expect(linesOf(files[0]!.text, 'ExecStart')[0]).toContain(' schedule --once ');
    const timer = files[1]!.text.split('\n');
    expect(timer.filter((line) => /^On/.test(line))).toEqual(lines);
    // It has a meaning only beside times of the calendar.
    expect(timer).toContain('Persistent=true');
  });

  test.each([
    ['https://quotes.example/T0ken-4711/all?s={symbols}', fromFile],
    ['https://quotes.example/q?apikey=T0ken-4711', fromFile],
    ['http://127.0.0.1:9/quotes?s={symbols}', '"http://127.0.0.1:9/quotes?s={symbols}"'],
  ])('O22 an address of prices with a key stands in no unit: %s', async (prices, shown) => {
    const { out, err } = await cli.run(`service unit ${owner} --prices ${prices}`);
    expect(linesOf(out, 'ExecStart')[0]).toContain(`--prices ${shown}`);
    expect(out + err).not.toContain('T0ken-4711');
    expect(err.includes('TRUEUP_PRICES')).toBe(shown.startsWith('$'));
  });

  test('O22 whoever would run it as root is warned', async () => {
    const { code, out, err } = await cli.run(`service unit --source sqlite:paper_trading.db`);
    const isRoot = userInfo().uid === 0;
    expect([code, err.includes('--user')]).toEqual([0, isRoot]);
    expect(linesOf(out, 'User')).toEqual(isRoot ? [] : [userInfo().username]);
  });

  test('O22 no database, no unit', async () => {
    const empty = new CommandLine();
    expect(await empty.json('service unit')).toMatchObject({ exitCode: 2, code: 'source-missing' });
    expect(await empty.json(`service unit ${owner} --name a/b`)).toMatchObject({
      code: 'name-bad',
    });
    empty.remove();
  });
});

const hasSystemd = existsSync('/usr/bin/systemd-analyze');
const withSystemd = test.skipIf(!hasSystemd); // nothing else reads units
withSystemd('O22 systemd finds nothing wrong with them', async () => {
  for (const words of ['', '--timer --interval 7 --name once', '--timer --interval 600']) {
    const { out } = await cli.run(`service unit ${owner} --out units ${words}`);
    const paths = out.trim().split('\n');
    for (const path of paths) expect(readFileSync(join(cli.folder, path), 'utf8')).toMatch(/^\[Un/);
    const told = execFileSync('systemd-analyze', ['verify', ...paths], {
      cwd: cli.folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(told).toBe('');
  }
});

describe('O26 a unit for the listener of a venue', () => {
  const main = { exchange: 'bybit', account: 'main', keyFile: 'main-key.json' };

  test('O26 runs it where the settings stand, and is begun anew when it fails', async () => {
    cli.file('trueup.json', JSON.stringify({ venues: { main } }));
    const unit = await unitOf('--listen main --user games --name trueup-main');
    const { folder } = cli;
    expect(linesOf(unit, 'ExecStart')).toEqual([
      `${join(root, 'bin', 'trueup')} listen --venue main --book ${folder}/trueup.db`,
    ]);
    expect(linesOf(unit, 'WorkingDirectory')).toEqual([folder]);
    expect(linesOf(unit, 'ReadWritePaths')[0]!.split(' ')).toContain(folder);
    for (const line of [
      ...['Type=exec', 'User=games', 'Restart=on-failure', 'RestartPreventExitStatus=2 4'],
      ...['KillMode=mixed', 'UMask=0077', 'EnvironmentFile=-/etc/trueup/trueup-main.env'],
    ]) {
      expect(unit.split('\n')).toContain(line);
    }
    expect(unit).not.toMatch(/WatchdogSec|Type=notify/);
  });

  test.each([
    ['--listen mian', 'venue-unknown'],
    ['--listen main --timer', 'option-unfit'],
    ['--listen main --source sqlite:x.db', 'option-unfit'],
  ])('O26 "%s" is refused as %s', async (words, code) => {
    cli.file('trueup.json', JSON.stringify({ venues: { main } }));
    const { exitCode, ...said } = await cli.json(`service unit ${words}`);
    expect({ exitCode, code: said['code'] }).toEqual({ exitCode: 2, code });
  });
});
