import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseStatementText } from '../../src/model/parse-statement.ts';
import { root } from '../house/sources.ts';
import { CommandLine } from './command-line.ts';
import { startCommand } from './running.ts';

const cli = new CommandLine();
const example = `--book data/example.db ${join(root, 'examples', 'example.ndjson')}`;
afterAll(() => cli.remove());

/** The books as they are printed, without what a run of import has just done. */
const booksIn = (out: string): string =>
  out.slice(out.indexOf('book spot'), out.indexOf('\nrehearse ')).trimEnd();

describe('start', () => {
  test('X19 I18 I20 shows the books of the example, and both incidents to TRUE', async () => {
    // What the machine names is not what this is about.
    const environment = { TRUEUP_REHEARSAL_POSTGRES: '' };
    const { code, err, out } = await cli.run('start --no-demo', { environment });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    await expect(booksIn(out)).toMatchFileSnapshot('fixtures/start.txt');
    const rehearsed = out.slice(out.indexOf('\nrehearse '), out.indexOf('\nnext:'));
    expect(rehearsed.match(/^rehearse .*:/gm)).toHaveLength(2);
    const ended = rehearsed.match(/^TRUE: \d+ steps, \d+ figures, all as expected$/gm);
    expect(ended).toHaveLength(2);
    expect(rehearsed).toContain('a SQLite twin of the PostgreSQL schema: no server was named');
    expect(rehearsed).toMatch(/the side of HNT.* our choice/);
    // What is booked is recognised when it runs again.
    const { counts } = await cli.json<{ counts: object }>(`import ${example}`);
    expect(counts).toMatchObject({ duplicate: 31 });
  });

  test('X19 prints one document with --json', async () => {
    expect(await cli.json('start')).toMatchObject({
      schema: 'trueup.books/1',
      books: [{ account: 'spot' }, { account: 'perpetual' }, { account: 'stocks' }],
    });
  });
});

test('X19 DM4 npm start ends in the demo, and Ctrl+C ends that cleanly', async () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: { start: string };
  };
  expect(scripts.start).toBe('node src/cli/main.ts start');
  const running = startCommand(cli.folder, 'start', { TRUEUP_REHEARSAL_POSTGRES: '' });
  try {
    await running.says('The page: ');
    const [, origin] = /The page: (http:\/\/127\.0\.0\.1:\d+)\/#sign-in=/.exec(running.said())!;
    expect((await fetch(`${origin}/healthz`)).status).toBe(200);
    running.kill('SIGINT');
    const { code, signal, out, err } = await running.ended;
    expect({ code, signal }).toEqual({ code: 0, signal: null });
    expect(out.match(/^TRUE: \d+ steps, \d+ figures, all as expected$/gm)).toHaveLength(2);
    expect(out).toMatch(/^PAPER \d+ fills of \d+ orders/m);
    expect(err).toContain('schedule.stopped');
    expect(err).not.toMatch(/"level":"error"|end\.failed/);
    await expect(fetch(`${origin}/healthz`)).rejects.toThrow();
  } finally {
    running.kill('SIGKILL');
  }
});

test.each(['statement-true.json', 'statement-differs.json'])('%s can be read', (name) => {
  const text = readFileSync(join(root, 'examples', name), 'utf8');
  expect(parseStatementText(text, {}, { strict: true }).refusals).toEqual([]);
});
