import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseStatementText } from '../../src/model/parse-statement.ts';
import { root } from '../house/sources.ts';
import { CommandLine } from './command-line.ts';

const cli = new CommandLine();
afterAll(() => cli.remove());

/** The books as they are printed, without what a run of import has just done. */
const booksIn = (out: string): string =>
  out.slice(out.indexOf('book spot'), out.indexOf('\nrehearse ')).trimEnd();

describe('start', () => {
  test('X19 shows the books of the example, and the same when it runs again', async () => {
    const first = await cli.run('start');
    expect(first).toMatchObject({ code: 0, err: '' });
    await expect(booksIn(first.out)).toMatchFileSnapshot('fixtures/start.txt');
    const second = await cli.run('start');
    expect(second.code).toBe(0);
    expect(second.out).toContain('31 duplicate');
    expect(booksIn(second.out)).toBe(booksIn(first.out));
  });

  test('X19 ends with the incident, from what was reported to TRUE', async () => {
    const { out } = await cli.run('start');
    const rehearsed = out.slice(out.indexOf('\nrehearse '), out.indexOf('\nnext:')).trimEnd();
    expect(rehearsed.split('\n').at(-1)).toMatch(/^TRUE: \d+ steps, \d+ figures, all as expected$/);
  });

  test('X19 prints one document with --json', async () => {
    expect(await cli.json('start')).toMatchObject({
      schema: 'trueup.books/1',
      books: [{ account: 'spot' }, { account: 'perpetual' }, { account: 'stocks' }],
    });
  });
});

test.each(['statement-true.json', 'statement-differs.json'])('%s can be read', (name) => {
  const text = readFileSync(join(root, 'examples', name), 'utf8');
  expect(parseStatementText(text, {}, { strict: true }).refusals).toEqual([]);
});
