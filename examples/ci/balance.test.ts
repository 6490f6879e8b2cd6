/** The balance check as a test: a build fails where the stored total is wrong by over a cent. */
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const source = process.env['BALANCE_SOURCE'] ?? 'sqlite:paper_trading.db';

test('the stored total of the bot is true', () => {
  const words = ['check', '--source', source, '--fail-above', '0.01', '--json'];
  const { status, stdout } = spawnSync('trueup', words, { encoding: 'utf8' });
  // Amounts are text: they are exact, and a float would not be.
  const { source: seen, message } = JSON.parse(stdout);
  const found = seen?.accounts.map(
    ({ account, stored, calculated }: Record<string, string>) =>
      `${account}: stored ${stored}, truth ${calculated}`,
  );
  expect(status, found?.join('; ') ?? message).toBe(0);
});
