import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { commandNames } from '../../src/cli/commands.ts';
import { neededFor, programOf } from '../../src/cli/run.ts';
import { account, CommandLine, deposit } from './command-line.ts';
import { silentTerminal } from './silent-terminal.ts';

const cli = new CommandLine();
afterAll(() => cli.remove());

const program = await programOf(silentTerminal, () => undefined);

describe('help', () => {
  const leaves = program.commands.flatMap((one) =>
    one.commands.length > 0 ? one.commands : [one],
  );

  test('lists every command', () => {
    expect(program.commands.map((one) => one.name())).toEqual(commandNames);
  });

  test.each(leaves.map((one) => [one.name(), one] as const))(
    'X2 of %s has three examples and its exit codes',
    (_name, command) => {
      let text = '';
      command.configureOutput({
        writeOut: (part) => {
          text += part;
        },
      });
      command.outputHelp();
      const [, examples = '', exits = ''] = text.split(/^(?:Examples|Exit codes):$/m);
      expect(examples.match(/^ {2}\S.* # \S/gm)?.length).toBeGreaterThanOrEqual(3);
      expect(exits).toMatch(/^ {2}0 {2}\S/m);
      expect(text).toContain('--json');
      expect(text.split('\n').filter((line) => line.length > 100)).toEqual([]);
    },
  );

  test('is printed by --help with exit code 0', async () => {
    const { code, out, err } = await cli.run('import --help');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('Usage: trueup import [options] <file...>');
  });
});

describe('X22 what a command loads', () => {
  test.each([
    ['check', 'check'],
    ['check --help', 'check'],
    ['--json --book book.db check', 'check'],
    ['--book=check.db sync apply', 'sync'],
    ['--account check book --json', 'book'],
    ['--version', ''],
  ])('X22 %j is the command that is named', (words, names) => {
    expect(neededFor(words.split(' ')).join()).toBe(names);
  });

  test.each(['', '--help', 'help', 'help check', 'bok', '--jsno check', '-- check'])(
    'X22 %j is every one, to list them or to say what was meant',
    (words) => {
      expect(neededFor(words.split(' ').filter(Boolean))).toEqual(commandNames);
    },
  );

  test.each([
    ['--version', []],
    ['config show', ['zod']],
    ['verify --help', []],
    ['check --help', []],
  ])('X22 %j loads no driver and no format of another command', async (words, more) => {
    const folder = mkdtempSync(join(tmpdir(), 'trueup-loaded-'));
    await cli.run(words, { environment: { NODE_V8_COVERAGE: folder } });
    const loaded = readdirSync(folder).flatMap((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      const { result } = JSON.parse(text) as { result: readonly { url: string }[] };
      return result.map(({ url }) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1]);
    });
    rmSync(folder, { recursive: true });
    expect([...new Set(loaded.filter((name) => name !== undefined))]).toEqual([
      ...['commander', ...more],
    ]);
  });
});

describe('wrong usage', () => {
  test.each([
    ['bok', 'did you mean book?'],
    ['book --jsno', 'did you mean --json?'],
    ['book extra', 'too many arguments'],
    ['import', "missing required argument 'file'"],
    ['', 'no command'],
    ['book --as-of yesterday', 'is no RFC 3339 time'],
    ['book --known-at x', 'is no sequence'],
    ['export --as-of 2026-11-20T00:00:00Z', 'export takes no --as-of'],
    ['rebuild', 'needs one of --verify and --write'],
  ])('X3 %j ends with 2 and says what was meant', async (words, said) => {
    const { code, out, err } = await cli.run(words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(said);
  });

  test('X1 X3 with --json it is a document on standard output', async () => {
    const { code, out, err } = await cli.run('bok --json');
    expect({ code, err }).toEqual({ code: 2, err: '' });
    expect(JSON.parse(out)).toEqual({
      schema: 'trueup.error/1',
      exitCode: 2,
      code: 'unknown-command',
      message: "unknown command 'bok'",
      where: { file: null, line: null, field: null, value: null },
      rule: 'a command is used as its --help says',
      hint: 'did you mean book?',
      retry: false,
    });
  });

  test('a book that is not there, is none, or is on a server', async () => {
    expect(await cli.run('book')).toMatchObject({ code: 2, err: expect.stringContaining('init') });
    cli.file('text.db', 'no book at all, but a text of more than a hundred characters '.repeat(2));
    expect(await cli.json('book --book text.db')).toMatchObject({ code: 'not-a-book' });
    const server = 'book --book postgres://me:secret@host/books';
    const refused = await cli.run(server);
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('PostgreSQL');
    expect((await cli.json(server)) as object).toMatchObject({ code: 'book-on-server' });
    expect(JSON.stringify(await cli.json(server))).not.toContain('secret');
  });

  test('an account that is not there, or has to be named', async () => {
    await cli.book([account, deposit, { ...deposit, account: 'second' }], 'two.db');
    expect((await cli.run('book --book two.db --account secnd')).err).toContain(
      'did you mean second',
    );
    expect(await cli.json('audit --book two.db')).toMatchObject({ code: 'account-missing' });
    const books = await cli.json<{ books: readonly object[] }>('book --book two.db');
    expect(books.books).toMatchObject([{ account: 'main' }, { account: 'second' }]);
  });
});

test('an interrupted command ends with 130', async () => {
  const { code, err } = await cli.interrupted('import -');
  expect(code).toBe(130);
  expect(err).toContain('interrupted');
});
