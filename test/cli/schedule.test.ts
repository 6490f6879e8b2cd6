import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createIncidentDatabase } from '../../src/sources/falcon/incident-database.ts';
import { account, CommandLine, deposit } from './command-line.ts';
import { type Running, startCommand } from './running.ts';

let cli: CommandLine;
const running: Running[] = [];
const servers: Server[] = [];

beforeEach(() => {
  cli = new CommandLine();
  createIncidentDatabase(join(cli.folder, 'paper_trading.db'));
});
afterEach(async () => {
  for (const one of running.splice(0)) {
    one.kill('SIGKILL');
    await one.ended;
  }
  for (const one of servers.splice(0)) one.close();
  cli.remove();
});

/** Its prices are of January 2026: how old one may be has to be said. */
const database = '--source sqlite:paper_trading.db --source-timezone America/New_York';
const source = `${database} --mark-max-age 36500d`;

function start(words: string, environment: Readonly<Record<string, string>> = {}): Running {
  const one = startCommand(cli.folder, `schedule ${words}`, environment);
  running.push(one);
  return one;
}

/** Prices that are asked for and not given until `release` is called. */
async function slowPrices() {
  let release = () => undefined as unknown;
  const released = new Promise<void>((resolve) => {
    release = () => resolve();
  });
  let asked = () => undefined as unknown;
  const isAsked = new Promise<void>((resolve) => {
    asked = () => resolve();
  });
  const server = createServer(async (_request, answer) => {
    asked();
    await released;
    answer.end('symbol,price\nACI,16\n');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}/`, isAsked, release };
}

const linesOf = (path: string): readonly { event: string; msg: string; level: string }[] =>
  readFileSync(join(cli.folder, path), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

function storedTotal(): unknown {
  const file = new DatabaseSync(join(cli.folder, 'paper_trading.db'), { readOnly: true });
  try {
    return file.prepare('SELECT total_value FROM account').get()!['total_value'];
  } finally {
    file.close();
  }
}

describe('O8 once, for cron', () => {
  test('O8 ends as the check does, and says what it did', async () => {
    const first = await cli.run(`schedule --once ${source}`);
    expect(first.code).toBe(3);
    expect(first.out).toContain('BREAK: Discrepancy: $211.69');
    expect(storedTotal()).toBe(10000);
    const second = await cli.run(`schedule --once --repair auto ${source}`);
    expect([second.code, storedTotal()]).toEqual([0, 10211.69]);
    const third = await cli.json<{ duties: { name: string; last: object | null }[] }>(
      `schedule --once ${source}`,
    );
    expect(third).toMatchObject({ schema: 'trueup.schedule/1', exitCode: 0 });
    expect(third.duties.find(({ name }) => name === 'balance')?.last).toMatchObject({
      ...{ exitCode: 0, sentence: 'TRUE: [OK] Balance is accurate', missed: null },
    });
  });

  test('O24 prices of long ago are not true, and no record of now is made of them', async () => {
    expect((await cli.run(`update --record ${database}`)).code).toBe(0);
    const records = () => {
      const file = new DatabaseSync(join(cli.folder, 'paper_trading.db'), { readOnly: true });
      const row = file.prepare('SELECT count(*) AS n FROM performance').get();
      file.close();
      return row!['n'];
    };
    expect(records()).toBe(2);
    const { code, out, err } = await cli.run(`schedule --once ${database}`);
    expect([code, records()]).toEqual([5, 2]);
    expect(out).toContain('CANNOT SAY: [UNKNOWN] AAPL: its price of 2026-01-12');
    expect(out).not.toContain('TRUE:');
    expect(err).toContain('Prices are too old to value with: AAPL, ACI, BAC, CSCO, F');
    const allowed = await cli.run(`schedule --once ${source}`);
    expect(allowed.out).toContain('TRUE: [OK] Balance is accurate');
  });

  test('O8 of a database that does not answer ends with 5, of a missing one with 2', async () => {
    const away = 'postgres://bot:hunter2secret@127.0.0.1:1/falcon';
    const environment = { TRUEUP_SOURCE: away };
    const ended = await cli.run('schedule --once --log-file schedule.log', { environment });
    expect(ended.code).toBe(5);
    expect(ended.out).toContain('CANNOT SAY');
    expect(linesOf('schedule.log').some(({ event }) => event === 'source.unreachable')).toBe(true);
    const missing = await cli.run('schedule --once --source sqlite:none.db');
    expect([missing.code, existsSync(join(cli.folder, 'none.db'))]).toEqual([2, false]);
    // O17: wherever something is kept or said
    for (const text of [ended.out, ended.err]) expect(text).not.toContain('hunter2secret');
    const kept = readdirSync(cli.folder).map((name) => join(cli.folder, name));
    expect(kept.length).toBeGreaterThan(3);
    for (const path of kept) {
      const isFile = !path.endsWith('reports') && !path.endsWith('trueup-backups');
      if (isFile) expect(readFileSync(path, 'latin1'), path).not.toContain('hunter2secret');
    }
  });
});

describe('O7 a service that is stopped', () => {
  test('O7 finishes the run that goes on, ends with 0 and gives the book back', async () => {
    const prices = await slowPrices();
    const one = start(`${source} --prices ${prices.address}`);
    await prices.isAsked;
    one.kill('SIGTERM');
    await one.says('schedule.stopping');
    prices.release();
    const { code, err, out } = await one.ended;
    expect([code, err]).toEqual([0, expect.stringContaining('balance is finished first')]);
    expect(err).toContain('"event":"source.checked"');
    expect(out).toMatch(/balance +1 +0 +0 /);
    const book = new DatabaseSync(join(cli.folder, 'trueup.db'), { readOnly: true });
    expect(book.prepare('SELECT holder FROM book_lease').get()).toEqual({ holder: null });
    book.close();
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('O7 by %s, and again, ends at once with %i', async (signal, code) => {
    const prices = await slowPrices();
    const one = start(`${source} --prices ${prices.address}`);
    await prices.isAsked;
    one.kill(signal);
    await one.says('schedule.stopping');
    one.kill(signal);
    expect((await one.ended).code).toBe(code);
    expect((await cli.run('verify')).code).toBe(0);
  });

  test('O7 that is killed is taken over by the next, which knows what ran', async () => {
    const one = start(source);
    await one.says('"duty.ran"', 3);
    one.kill('SIGKILL');
    await one.ended;
    const next = await cli.run(`schedule --once ${source}`);
    expect([next.code, next.out]).toEqual([3, expect.stringMatching(/performance +0 .*not due/)]);
  });
});

describe('O15 while the service runs', () => {
  test('O15 others write through it, and a second one like it is refused', async () => {
    const one = start(source);
    await one.says('"duty.ran"', 3);
    cli.file('facts.ndjson', [account, deposit]);
    expect((await cli.run('import facts.ndjson')).out).toBe('facts.ndjson: 2 booked\n');
    expect((await cli.run('doctor')).out).toContain(
      'trueup schedule of sqlite:paper_trading.db (process',
    );
    const second = await cli.run(`schedule ${source}`);
    expect([second.code, second.err]).toEqual([7, expect.stringContaining('schedule-runs')]);
    const beside = await cli.run(`schedule --once --repair auto ${source}`);
    expect([beside.code, storedTotal()]).toEqual([0, 10211.69]);
    one.kill('SIGINT');
    expect((await one.ended).code).toBe(0);
  });
});

test('CF8 a service takes a policy over while it runs, and no file that is wrong', async () => {
  cli.file('trueup.yaml', 'policy: { alertAbove: 100.50 }\n');
  const one = start(`${source} --log-file schedule.log`);
  const events = () =>
    existsSync(join(cli.folder, 'schedule.log')) ? linesOf('schedule.log') : [];
  const logged = async (event: string) => {
    let found = events().find((line) => line.event === event);
    for (; found === undefined; found = events().find((line) => line.event === event)) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return found.msg;
  };
  await logged('duty.ran');
  cli.file('trueup.yaml', 'policy: { alertAbove: 1e3 }\n');
  one.kill('SIGHUP');
  expect(await logged('settings.refused')).toMatch(/as before: policy\.alertAbove .*\(line 1\)/);
  cli.file('trueup.yaml', 'policy: { alertAbove: 200 }\nserve: { port: 9000 }\n');
  // Nobody says a word: the file is looked at.
  expect(await logged('settings.applied')).toBe('Holds from now on: policy.alertAbove');
  expect(await logged('settings.later')).toBe('Takes effect at the next start: serve.port');
  one.kill('SIGTERM');
  expect((await one.ended).code).toBe(0);
});

describe('O18 the log file of a service', () => {
  test('O18 is opened anew by SIGHUP, and nothing is lost', async () => {
    const log = join(cli.folder, 'schedule.log');
    appendFileSync(log, '');
    const one = start(`${source} --log-file schedule.log`);
    while (readFileSync(log, 'utf8').split('duty.ran').length < 4) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    renameSync(log, `${log}.1`);
    one.kill('SIGHUP');
    while (!existsSync(log)) await new Promise((resolve) => setTimeout(resolve, 20));
    one.kill('SIGTERM');
    const { code, err } = await one.ended;
    expect([code, err]).toEqual([0, '']);
    const [before, after] = [linesOf('schedule.log.1'), linesOf('schedule.log')];
    for (const name of ['schedule.started', 'balance.wrong', 'performance.recorded']) {
      expect(before.map(({ event }) => event)).toContain(name);
    }
    expect(after.map(({ event }) => event)).toEqual(['schedule.stopping', 'schedule.stopped']);
  });

  test('O18 in a folder that is not there, or on a full disk', async () => {
    const refused = await cli.json(`schedule --once ${source} --log-file none/x.log`);
    expect(refused).toMatchObject({ exitCode: 2, code: 'log-folder-missing' });
    if (!existsSync('/dev/full')) return;
    const full = await cli.run(`schedule --once ${source} --log-file /dev/full`);
    expect([full.code, full.err]).toEqual([3, expect.stringMatching(/ENOSPC.*the duties go on/)]);
  });
});

test('O20 O21 systemd is told: ready, the verdict, signs of life, stopping', async () => {
  mkdirSync(join(cli.folder, 'bin'));
  const told = join(cli.folder, 'told');
  cli.file('bin/systemd-notify', `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >> ${told}\n`);
  chmodSync(join(cli.folder, 'bin/systemd-notify'), 0o755);
  const one = start(source, {
    PATH: `${join(cli.folder, 'bin')}:${process.env['PATH']}`,
    NOTIFY_SOCKET: '/run/test/notify',
    WATCHDOG_USEC: '400000',
  });
  const lines = () => (existsSync(told) ? readFileSync(told, 'utf8').trimEnd().split('\n') : []);
  const count = (words: string) => lines().filter((line) => line.includes(words)).length;
  while (count(' READY=1') < 1 || count(' WATCHDOG=1') < 2) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  one.kill('SIGTERM');
  expect((await one.ended).code).toBe(0);
  const all = lines().map((line) => line.replace('/run/test/notify ', ''));
  const others = all.filter((line) => line !== 'WATCHDOG=1');
  expect(others.at(-1)).toBe('STOPPING=1');
  expect(others.filter((line) => line.startsWith('READY=1'))).toEqual([
    'READY=1 STATUS=BREAK: Discrepancy: $211.69',
  ]);
});

describe('O19 what is asked for wrongly', () => {
  test.each([
    ['--interval 0', 'minutes-bad'],
    ['--interval 1441', 'minutes-bad'],
    ['--performance-interval x', 'count-bad'],
    ['--repair maybe', 'repair-bad'],
    ['--report-at 24:00', 'time-bad'],
    ['--report-zone Mars/Olympus', 'zone-bad'],
    ['--alert-above -1', 'amount-bad'],
  ])('O19 %s', async (words, code) => {
    expect(await cli.json(`schedule --once ${source} ${words}`)).toMatchObject({
      ...{ exitCode: 2, code, hint: expect.stringMatching(/./) },
    });
  });
});
