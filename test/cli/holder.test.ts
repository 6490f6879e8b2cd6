import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openForWriting } from '../../src/service/open-for-writing.ts';
import { systemClock } from '../../src/service/system-clock.ts';
import { openBookFile } from '../../src/store/book-file.ts';
import { account, CommandLine, deposit, fill } from './command-line.ts';

let cli: CommandLine;

beforeEach(async () => {
  cli = new CommandLine();
  cli.file('facts.ndjson', [account, deposit, fill('e1')]);
  await cli.book();
});
afterEach(() => cli.remove());

const bookOf = () => join(cli.folder, 'trueup.db');

test('L2 commands that write at the same time all get their turn', async () => {
  const numbers = [1, 2, 3, 4, 5, 6];
  const imports = numbers.map((number) => {
    const told = { ...deposit, account: 'other', id: `n${number}`, amount: String(number) };
    cli.file(`n${number}.ndjson`, [told]);
    return cli.run(`import n${number}.ndjson`);
  });
  expect((await Promise.all(imports)).map(({ code }) => code)).toEqual(numbers.map(() => 0));
  const book = await cli.json<{ balances: { total: string }[] }>('book --account other');
  expect(book.balances[0]?.total).toBe('21'); // 1 + 2 + 3 + 4 + 5 + 6
});

describe('while another process holds the book', () => {
  test('X14 a command that writes asks it to', async () => {
    const held = await openForWriting(bookOf(), {
      clock: systemClock,
      holder: 'test',
      markMaxAgeMs: 1_000,
    });
    expect((await cli.run('import facts.ndjson')).out).toBe('facts.ndjson: 3 booked\n');
    cli.file('bad.ndjson', [fill('e2'), fill('e3', { instrument: 'NOSUCH' })]);
    expect(await cli.json('import bad.ndjson')).toMatchObject({
      code: 'instrument-unknown',
      where: { file: 'bad.ndjson', line: 2 },
    });
    expect((await cli.run('book')).code).toBe(0);
    await held.close();
  });

  test('X14 one that does not answer ends the command with 7, and nothing is written', async () => {
    const socket = join(cli.folder, 's.sock');
    const server = createServer(() => undefined).listen(socket);
    await new Promise((resolve) => server.once('listening', resolve));
    const file = openBookFile(bookOf(), { clock: systemClock });
    const now = systemClock.now();
    file.acquireLease({ holder: 'silent', socket, pid: process.pid, now, ttlMs: 60_000 });
    for (const words of ['import facts.ndjson', 'rebuild --write']) {
      expect(await cli.json(words)).toMatchObject({ exitCode: 7, code: 'held', retry: true });
    }
    expect((await cli.run('doctor')).out).toContain('silent (process');
    expect(file.accounts()).toEqual([]);
    file.close();
    server.close();
  });
});
