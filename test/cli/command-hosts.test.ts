/** A process that runs commands one after another is like one of its own for each. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { account, CommandLine, deposit } from './command-line.ts';

const cli = new CommandLine();
beforeAll(async () => {
  await cli.book([account, deposit]);
  writeFileSync(join(cli.folder, 'trueup.json'), '{"account":"main"}');
  mkdirSync(join(cli.folder, 'empty'));
});
afterAll(() => cli.remove());

const loud = { NO_COLOR: '', FORCE_COLOR: '1' };

test.each([
  ['book', {}],
  ['book', loud],
  ['book --json', {}],
  ['config show --origin', { TRUEUP_MARK_MAX_AGE: '5m' }],
  ['config show --origin', {}],
  ['doctor --help', {}],
  ['bok', {}],
  ['book --book empty', {}],
  ['verify --book none.db --json', {}],
  ['', {}],
])('%j with %j ends, prints and fails as in a process of its own', async (words, environment) => {
  const alone = await cli.run(words, { environment: { ...environment, NODE_OPTIONS: '' } });
  for (let time = 0; time < 2; time++) {
    expect(await cli.run(words, { environment })).toEqual(alone);
  }
});
