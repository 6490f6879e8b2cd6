import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { root } from '../house/sources.ts';
import { CommandLine } from './command-line.ts';
import { hasPython, ran } from './outside-program.ts';

const inPython = describe.skipIf(!hasPython); // python3 is not everywhere

const folders: CommandLine[] = [];
afterAll(() => {
  for (const one of folders) one.remove();
});

function newFolder(): CommandLine {
  const cli = new CommandLine();
  folders.push(cli);
  return cli;
}

const example = (...path: readonly string[]): string => join(root, 'examples', ...path);

/** What both bots trade: 62.5 ACI at 16.88, 14 KO at 71.20, then quotes of 16 and 70.50. */
const traded = 'cash 7948.2, stored total 9935.2'; // 10000 - 1055 - 996.80; + 1000 + 987

async function expectTrue(cli: CommandLine) {
  expect(await cli.run('check --source sqlite:paper_trading.db')).toMatchObject({ code: 0 });
}

describe('the bot in Node', () => {
  test('I16 has a true stored total after every order and price', async () => {
    const cli = newFolder();
    const { out, err, code } = ran(cli.folder, process.execPath, [example('node-bot', 'bot.ts')]);
    expect({ out: out.trim(), err, code }).toEqual({ out: traded, err: '', code: 0 });
    await expectTrue(cli);
  });
});

inPython('the bot in Python', () => {
  test.each([
    ['asks the command line after every order', []],
    ['leaves it to the guard', ['--guarded']],
  ])('I16 %s', async (_name, words) => {
    const cli = newFolder();
    const bot = [example('python-bot', 'bot.py'), 'paper_trading.db', ...words];
    const { out, err, code } = ran(cli.folder, 'python3', bot);
    // The guard's total is the sum of binary fractions as they are shown: the cent is right.
    expect({ out: out.trim(), err, code }).toEqual({ out: traded, err: '', code: 0 });
    await expectTrue(cli);
  });

  test('I16 goes on when the total cannot be updated, and says why', () => {
    const cli = newFolder();
    const bot = [example('python-bot', 'bot.py')];
    const { out, err, code } = ran(cli.folder, 'python3', bot, { TRUEUP: 'false' });
    expect({ out: out.trim(), code }).toEqual({
      out: 'cash 7948.2, stored total 10000.0',
      code: 0,
    });
    expect(err).toBe('\n\n\n\n'); // `false` says nothing, four times
  });
});
