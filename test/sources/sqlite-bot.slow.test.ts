/** A bot that never stops writing, in a process of its own, while we look and write. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { add, equals, multiply } from '../../src/decimal/decimal.ts';
import { decimal, toText } from '../../src/decimal/text.ts';
import type { SourceSnapshot } from '../../src/model/source.ts';
import { systemClock } from '../../src/service/system-clock.ts';
import { openFalcon } from '../../src/sources/falcon/falcon.ts';
import { openSqlite } from '../../src/sources/sqlite/sqlite.ts';
import { older, writeOf } from './ground.ts';
import { type SqliteWorld, sqliteWorld } from './sqlite-world.ts';

const oneShare = {
  ...older,
  account: [older.account[0], '1 5000 5000 2026-01-10T16:05:12'],
  positions: [older.positions[0], 'ACI 0 10 10 2026-01-12T16:00:03'],
} as const;

function startBot({ path }: SqliteWorld) {
  const script = join(import.meta.dirname, 'programs', 'bot.ts');
  const child = spawn(process.execPath, [script, path, '100000'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  return {
    trading: once(child.stdout, 'data'),
    async stop() {
      child.stdin.end();
      const [code] = await ended;
      return code;
    },
  };
}

/** Cash and the value at `price`, of the only account and its only position. */
const worth = ({ accounts: [account] }: SourceSnapshot, price: string) =>
  toText(add(account!.cash!, multiply(account!.positions[0]!.quantity!, decimal(price))));

/** A lock of ours should last 50 ms at most; a machine that is busy otherwise makes it longer. */
const lockMsMax = 1_000;

test.each(['delete', 'wal'] as const)(
  'Q30 Q31 Q32 looks and writes are of one moment while a bot writes, journal %s',
  async (journal) => {
    const world = await sqliteWorld(oneShare, journal);
    const held: number[] = [];
    const options = { clock: systemClock, released: (_: unknown, ms: number) => held.push(ms) };
    const database = openSqlite(world.path, options);
    const source = await openFalcon(database, { ...options, zone: 'UTC', schema: null });
    const bot = startBot(world);
    await bot.trading;
    // As long as it takes for the bot to have traded between our writes.
    for (let written = 0; written < 8; ) {
      // A look between the two statements of a round would be 9 off.
      expect(worth(await source.snapshot(), '9')).toBe('5000');
      const { audit } = await source.write((seen) => {
        expect(worth(seen, '9')).toBe('5000');
        const total = decimal(worth(seen, '10'));
        const isStored = equals(total, seen.accounts[0]!.total!);
        return isStored ? null : writeOf({ totals: [{ accountId: '1', total }] });
      });
      if (audit !== null) written += 1;
    }
    expect(await bot.stop()).toBe(0);
    // Each total was that of its moment: they rise by one with each round of the bot.
    const totals = (await source.audit(0, 100)).map(({ changes }) =>
      Number(changes[0]!.after!['total_value']),
    );
    expect(new Set(totals).size).toBe(8);
    expect(totals).toEqual(totals.toSorted((a, b) => a - b));
    expect(Math.max(...held)).toBeLessThan(lockMsMax);
    await source.close();
    const mode = new DatabaseSync(world.path, { readOnly: true });
    expect(mode.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: journal });
    mode.close();
    await world.end();
  },
);

test('Q15 a copy made while a bot writes is one moment, whole and a single file', async () => {
  const world = await sqliteWorld(oneShare);
  // Some megabytes, so that the copy takes several steps.
  await world.bot('CREATE TABLE candles (id INTEGER PRIMARY KEY, text TEXT)');
  await world.bot(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000)
    INSERT INTO candles SELECT i, 'a candle of the kind that bots keep by the thousand' FROM n`);
  const database = openSqlite(world.path, { clock: systemClock });
  const bot = startBot(world);
  await bot.trading;
  const path = await database.backup('2026-01-12', []);
  await bot.stop();
  const copy = new DatabaseSync(path, { readOnly: true });
  const sums = copy.prepare(
    'SELECT (SELECT cash FROM account) + 9 * (SELECT quantity FROM positions) AS worth',
  );
  expect(sums.get()).toEqual({ worth: 5000 });
  expect(copy.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  copy.close();
  const folder = join(world.folder, 'trueup-backups');
  expect(readdirSync(folder)).toEqual(['paper_trading.db.2026-01-12']);
  expect(existsSync(`${path}-wal`)).toBe(false);
  await database.close();
  await world.end();
});
