import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, test } from 'vitest';
import {
  createIncidentDatabase,
  writeAsTheBot,
} from '../../src/sources/falcon/incident-database.ts';
import { CommandLine } from './command-line.ts';

const folders: CommandLine[] = [];
afterAll(() => {
  for (const one of folders) one.remove();
});

const zone = '--source-timezone America/New_York';
const source = `--source sqlite:paper_trading.db ${zone}`;

/** A folder with the incident's database and no book. */
function incident(): CommandLine {
  const cli = new CommandLine();
  folders.push(cli);
  createIncidentDatabase(join(cli.folder, 'paper_trading.db'));
  return cli;
}

const bot = (cli: CommandLine, ...statements: string[]) =>
  writeAsTheBot(join(cli.folder, 'paper_trading.db'), statements);

function totalOf(cli: CommandLine): unknown {
  const file = new DatabaseSync(join(cli.folder, 'paper_trading.db'), { readOnly: true });
  const row = file.prepare('SELECT total_value FROM account').get();
  file.close();
  return row?.['total_value'];
}

const lastLine = (text: string) => text.trimEnd().split('\n').at(-1);

describe('the incident, from the command line', () => {
  test('N5 N6 N16 check 3, update, check 0; ACI 1 % higher: check 3, update, check 0', async () => {
    const cli = incident();
    const found = await cli.run(`check ${source}`);
    expect(found.code).toBe(3);
    expect(found.err).toContain('nothing was noted: there is no book');
    expect(found.out).toMatch(
      /cash +1,058.70\n +positions +9,152.99 .*unrealised −59.38 \(−0.64 % of cost\)\n/,
    );
    expect(found.out).toMatch(/calculated +10,211.69 .*\n +stored +10,000.00 .*\n/);
    expect(found.out).toMatch(/difference +\+211.69 +\+2.12 % of the stored total/);
    expect(found.out).toContain('then: trueup update --record --source sqlite:paper_trading.db');
    const verdict = '✗ NOT TRUE  2 breaks · 0 unknown · 211.69 USD at stake';
    expect(lastLine(found.out)).toMatch(
      new RegExp(`^${verdict} · prices as of 2026-01-12 .* ago$`),
    );
    expect(totalOf(cli)).toBe(10_000);
    const tolerated = await cli.json(`check --fail-above 211.69 ${source}`);
    expect(tolerated).toMatchObject({ verdict: 'break', exitCode: 0, toleratedForExit: '211.69' });
    expect((await cli.run(`check --fail-above 211.68 ${source}`)).code).toBe(3);

    const updated = await cli.run(`update --record ${source}`);
    expect(updated.code).toBe(0);
    expect(updated.out).toContain('wrote the total: 10,000.00 → 10,211.69');
    expect(updated.out).toMatch(/undo +trueup update --undo 1 --source sqlite:paper_trading.db/);
    expect(lastLine(updated.out)).toBe('written, and looked at again: ✓ TRUE');
    const right = await cli.run(`check ${source}`);
    expect(right.code).toBe(0);
    expect(lastLine(right.out)).toMatch(
      /^✓ TRUE {2}1 account · 11 lines, all equal · prices as of /,
    );

    bot(cli, "UPDATE positions SET current_price = 16.16 WHERE symbol = 'ACI'");
    const moved = await cli.json(`check ${source}`);
    // 1 % of 62.5 x 16.00
    expect(moved).toMatchObject({ exitCode: 3, atStake: { gross: '10' } });
    expect((await cli.run(`update ${source}`)).code).toBe(0);
    expect((await cli.run(`check ${source}`)).code).toBe(0);
    expect(totalOf(cli)).toBe(10_221.69);
  }, 20_000);

  test('N14 balance says it in the words that scripts look for', async () => {
    const cli = incident();
    const wrong = await cli.run(`balance --check ${source}`);
    expect(wrong.code).toBe(3);
    expect(wrong.out.split('\n').slice(-3)).toEqual([
      '[WARNING] Balance is not accurate',
      'Discrepancy: $211.69',
      '',
    ]);
    for (const [name, amount] of [
      ['Cash', '1,058.70'],
      ['Positions', '9,152.99'],
      ['Total', '10,211.69'],
      ['Stored', '10,000.00'],
      ['Difference', '+211.69 (+2.12 %)'],
    ]) {
      expect(wrong.out).toMatch(
        new RegExp(`^ {2}${name} +${amount!.replace(/[+()]/g, '\\$&')}$`, 'm'),
      );
    }
    expect((await cli.run(`balance --update --performance ${source}`)).code).toBe(0);
    const right = await cli.run(`balance --check ${source}`);
    expect(right.code).toBe(0);
    expect(right.out.endsWith('[OK] Balance is accurate\nDiscrepancy: $0.00\n')).toBe(true);
    bot(cli, 'UPDATE account SET total_value = 10221.69');
    const low = await cli.run(`balance --check ${source}`);
    expect(low.out.endsWith('Discrepancy: -$10.00\n')).toBe(true);
    bot(cli, 'UPDATE account SET cash = NULL');
    const unknown = await cli.run(`balance --check ${source}`);
    expect([unknown.code, lastLine(unknown.out)]).toEqual([5, '[UNKNOWN] cash: it is empty']);
    expect((await cli.run(`balance ${source}`)).code).toBe(2);
  }, 20_000);

  test('N15 only --source looks at a database; update and balance take the setting', async () => {
    const cli = incident();
    const environment = { TRUEUP_SOURCE: 'sqlite:paper_trading.db' };
    await cli.book([{ kind: 'account', account: 'main', currency: 'USD' }]);
    expect((await cli.run('check', { environment })).out).toContain('nothing contradicts the book');
    expect((await cli.run('check --source', { environment })).code).toBe(3);
    expect((await cli.run('update --dry-run', { environment })).code).toBe(0);
    cli.file(
      'trueup.json',
      '{"source":"sqlite:paper_trading.db","sourceTimezone":"America/New_York"}',
    );
    expect((await cli.run('balance --check')).code).toBe(3);
    expect(await cli.json('check --source')).toMatchObject({
      source: { zone: { name: 'America/New_York', known: 'declared' } },
    });
  }, 20_000);

  test('N16 investigate splits the difference, and takes published figures', async () => {
    const cli = incident();
    const figures = 'cash=1058.70,positions=9152.99,total=10211.70';
    const { code, out } = await cli.run(`investigate ${source} --published ${figures}`);
    expect(code).toBe(3);
    expect(out).toMatch(/price ACI +−55.00 /);
    expect(out).toMatch(/realised +\+271.07 /);
    expect(out).toMatch(/difference +\+211.69 +the sum of these/);
    expect(out).toContain('1,058.70 + 9,152.99 = 10,211.69, not 10,211.70 (−0.01)');
    await cli.run(`investigate ${source} --report md --out filed.md`);
    expect(readFileSync(join(cli.folder, 'filed.md'), 'utf8')).toMatch(
      /^# Investigation .*\n\n## Summary/,
    );
    expect(await cli.json(`investigate ${source} --published total=1`)).toMatchObject({
      code: 'published-bad',
    });
    expect(existsSync(join(cli.folder, 'trueup.db'))).toBe(false);
  }, 20_000);

  test('N17 performance names the changes, the gaps and the records that cannot be', async () => {
    const cli = incident();
    const row = (time: string, ...values: number[]) =>
      `INSERT INTO performance VALUES ('${time}', ${values.join(', ')})`;
    bot(
      cli,
      row('2025-11-26T16:05:00', 10_050, 10_000, 40),
      row('2025-12-20T16:05:00', 10_100, 100, 10_000),
    );
    const { code, out } = await cli.run(`performance ${source}`);
    expect(code).toBe(0);
    expect(out).toMatch(/2025-11-26 21:05:00Z +10,050.00 .*\+50.00 +\+0.5/);
    expect(out).toContain(
      '✗ 2025-11-26 21:05:00Z says 10,050.00, and its own parts give 10,040.00',
    );
    expect(out).toMatch(/nothing was recorded for 24 days: 2025-11-26 21:05:00Z to 2025-12-20/);
    expect(lastLine(out)).toMatch(/3 records, .*: out of date, --record appends one$/);
    const recorded = await cli.json(`performance --record ${source}`);
    expect(recorded).toMatchObject({
      recorded: { status: 'written' },
      accounts: [{ stale: false }],
    });
    expect(totalOf(cli)).toBe(10_000);
  }, 20_000);
});

describe('what cannot be done ends with its exit code', () => {
  const cases: readonly (readonly [string, (cli: CommandLine) => void, string, number, string])[] =
    [
      ['a missing path', () => undefined, 'check --source sqlite:none.db', 2, 'source-missing'],
      [
        'no database',
        (cli) => cli.file('x.db', 'no database '.repeat(100)),
        'check --source sqlite:x.db',
        1,
        'source-damaged',
      ],
      [
        'another schema',
        (cli) => void new DatabaseSync(join(cli.folder, 'x.db')).exec('CREATE TABLE a (b)'),
        'update --source sqlite:x.db',
        2,
        'source-unrecognised',
      ],
      [
        'an unknown schema',
        () => undefined,
        'check --schema none --source sqlite:paper_trading.db',
        2,
        'source-unsupported',
      ],
      [
        'an unknown account',
        () => undefined,
        `check --source-account 7 ${source}`,
        2,
        'source-account-unknown',
      ],
      [
        'a bad price',
        (cli) => cli.file('p.json', '{"ACI":"0"}'),
        `update --prices p.json ${source}`,
        2,
        'price-not-positive',
      ],
      [
        'prices of a venue',
        () => undefined,
        `check --prices venue ${source}`,
        2,
        'prices-no-venue',
      ],
      [
        'a time to look back to',
        () => undefined,
        `check --as-of 2026-01-01T00:00:00Z ${source}`,
        2,
        'only-now',
      ],
      [
        'a statement as well',
        () => undefined,
        `check --statement s.json ${source}`,
        2,
        'option-unfit',
      ],
      ['no source', () => undefined, 'update', 2, 'source-missing'],
      ['an undo of nothing', () => undefined, `update --undo ${source}`, 2, 'source-unsupported'],
      ['a row that is none', () => undefined, `update --undo x ${source}`, 2, 'row-bad'],
    ];
  test.each(cases)(
    'N13 %s',
    async (_what, prepare, words, exitCode, code) => {
      const cli = incident();
      prepare(cli);
      expect(await cli.json(words)).toMatchObject({ schema: 'trueup.error/1', exitCode, code });
      expect((await cli.run(words)).code).toBe(exitCode);
      expect(totalOf(cli)).toBe(10_000);
    },
    20_000,
  );

  test('N13 no answer is 5 for who looks, 1 for who writes, without a password', async () => {
    const cli = incident();
    const environment = { TRUEUP_SOURCE: 'postgresql://bot:secret@127.0.0.1:1/paper' };
    const ended = [
      await cli.run('performance --source', { environment }),
      await cli.run('guard status --source', { environment }),
      await cli.run('performance --source --record', { environment }),
      await cli.run('check --source', { environment }),
      await cli.run('balance --check', { environment }),
      await cli.run('update', { environment }),
      await cli.run('doctor --source', { environment }),
      await cli.run('config show --json', { environment }),
    ];
    expect(ended.map(({ code }) => code)).toEqual([5, 5, 1, 5, 5, 1, 1, 0]);
    expect(ended.map(({ out, err }) => out + err).join('')).not.toContain('secret');
    expect(await cli.json('update', { environment })).toMatchObject({ retry: true });
    expect(await cli.json('performance --source', { environment })).toMatchObject({
      ...{ schema: 'trueup.error/1', exitCode: 5, code: 'source-unreachable', retry: true },
      message: expect.stringMatching(/^CANNOT SAY: /),
    });
  }, 20_000);

  test('N7 N13 a part that is unknown: 5, and nothing was written', async () => {
    const cli = incident();
    bot(
      cli,
      "UPDATE positions SET current_price = NULL WHERE symbol = 'ACI'",
      'DELETE FROM orders',
    );
    const { code, out } = await cli.run(`update ${source}`);
    expect(code).toBe(5);
    expect(lastLine(out)).toBe('? CANNOT SAY  nothing was written: ACI not known');
    // A break outweighs what is unknown: the history is not judged here.
    expect((await cli.run(`check --performance-max-age 365d ${source}`)).code).toBe(5);
    expect(totalOf(cli)).toBe(10_000);
  }, 20_000);

  test('N14 balance --update says [UNKNOWN] where it cannot say, as --check does', async () => {
    const cli = incident();
    bot(cli, 'UPDATE account SET cash = NULL');
    const { code, out } = await cli.run(`balance --update ${source}`);
    expect([code, lastLine(out)]).toEqual([5, '[UNKNOWN] cash: it is empty']);
    expect(totalOf(cli)).toBe(10_000);
  }, 20_000);

  test.each(['check', 'update', 'performance'])(
    'N14 balance --%s --schedule is refused: a service that writes is not what was asked for',
    async (word) => {
      const cli = incident();
      const { code, err } = await cli.run(`balance --${word} --schedule ${source}`);
      expect(code).toBe(2);
      expect(err).toContain(`--schedule takes no --${word}`);
      expect(totalOf(cli)).toBe(10_000);
    },
    20_000,
  );

  test.each(['sqlite:', 'sqlite: '])(
    'N13 a source without a name (%j) is told so',
    async (name) => {
      const environment = { TRUEUP_SOURCE: name };
      const { code, err } = await incident().run('check --source', { environment });
      expect(code).toBe(2);
      expect(err).toContain('the database has no name [source-missing]');
      expect(err).toContain('sqlite:paper_trading.db');
    },
  );

  test('N12 what cannot be taken back is told with a command that there is', async () => {
    const cli = incident();
    const { code, err } = await cli.run(`update --undo ${source}`);
    expect(code).toBe(2);
    const [, words] = /hint: trueup (audit .*) lists/.exec(err) ?? [];
    expect(words).toBe('audit --kind source-write');
    await cli.run(`update ${source}`);
    expect((await cli.run(words!)).code).toBe(0);
  }, 20_000);

  test('N4 a book is said to be made when it is', async () => {
    const cli = incident();
    const made = await cli.run(`update ${source} --book none/trueup.db`);
    expect(made.code).not.toBe(0);
    expect(made.err).not.toContain('made the book');
    expect((await cli.run(`update ${source}`)).err).toContain('made the book ./trueup.db');
  }, 20_000);

  test('N18 doctor tries what commands need, and changes nothing', async () => {
    const cli = incident();
    const before = readFileSync(join(cli.folder, 'paper_trading.db'));
    const { code, out } = await cli.run(`doctor ${source}`);
    expect(code).toBe(0);
    expect(out).toMatch(/✓ writes /);
    expect(readFileSync(join(cli.folder, 'paper_trading.db')).equals(before)).toBe(true);
    expect((await cli.run('doctor --source sqlite:none.db')).code).toBe(2);
  }, 20_000);
});

test('N27 balance --update writes the total and says so; with --performance both', async () => {
  const cli = incident();
  const alone = await cli.run(`balance --update ${source}`);
  expect(alone.code).toBe(0);
  expect(alone.out).toContain('--update --performance writes both in one transaction');
  const both = incident();
  const { out, code } = await both.run(`balance --update --performance ${source}`);
  expect(code).toBe(0);
  expect(out).toContain('row 1 of trueup_audit, 2 changes');
  expect(out).not.toContain('hint');
  expect(out.split('\n').slice(-3)).toEqual(['[OK] Balance is accurate', 'Discrepancy: $0.00', '']);
}, 20_000);

test('N6 two commands that update at once write once', async () => {
  const cli = incident();
  await cli.run(`check ${source}`);
  const both = await Promise.all([cli.json(`update ${source}`), cli.json(`update ${source}`)]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(['nothing', 'written']);
  const { entries } = await cli.json<{ entries: unknown[] }>('audit --kind source-write');
  expect(entries).toHaveLength(1);
}, 20_000);
