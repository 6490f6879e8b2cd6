/** Programs that end in the middle of a write, and users who may not read or write. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, test } from 'vitest';
import { toTextOrNull } from '../../src/decimal/text.ts';
import { openSource } from '../../src/sources/open-source.ts';
import { older, totalWrite } from './ground.ts';
import { type SqliteWorld, sqliteWorld } from './sqlite-world.ts';
import { TestClock } from './worlds.ts';

const worlds: SqliteWorld[] = [];

afterEach(async () => {
  for (const world of worlds.splice(0)) await world.end();
});

async function worldOf(...given: Parameters<typeof sqliteWorld>): Promise<SqliteWorld> {
  const world = await sqliteWorld(...given);
  worlds.push(world);
  return world;
}

const opened = (location: string) =>
  openSource(location, { clock: new TestClock(), zone: 'UTC', schema: null });

const program = (name: string) => join(import.meta.dirname, 'programs', name);

describe('what ends in the middle', () => {
  test.each(['copied', 'decided', 'changed'])(
    'Q38 killed when it has %s, the source is as it was and can be written again',
    async (where) => {
      const world = await worldOf(older);
      const tables = () =>
        ['account', 'positions', 'performance', 'sqlite_schema'].map((table) => {
          const file = new DatabaseSync(world.path, { timeout: 5_000 });
          const rows = file.prepare(`SELECT * FROM ${table}`).all();
          file.close();
          return rows;
        });
      const before = tables();
      const killed = spawnSync(process.execPath, [program('writer.ts'), world.path, where]);
      expect([killed.signal, killed.stdout.toString()]).toEqual(['SIGKILL', 'read ']);
      expect(readdirSync(join(world.folder, 'trueup-backups'))).toEqual([
        'paper_trading.db.2026-01-12',
      ]);
      expect(tables()).toEqual(before);
      const source = await opened(world.path);
      expect((await source.write(() => totalWrite('9969.32'))).audit!.id).toBe(1);
      await source.close();
    },
  );

  test('Q35 a bot that was killed while it wrote leaves nothing that is read', async () => {
    const world = await worldOf(older);
    const script = `
      import { DatabaseSync } from 'node:sqlite';
      const file = new DatabaseSync(process.argv[1]);
      file.exec('PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN');
      file.exec('UPDATE account SET cash = 0');
      const insert = file.prepare("INSERT INTO orders VALUES (?, 'ACI', 'buy', 1, 1, 'x', 1)");
      for (let id = 100; id < 20000; id++) insert.run(id);
      process.kill(process.pid, 'SIGKILL');`;
    const run = ['--input-type=module', '-e', script, world.path];
    expect(spawnSync(process.execPath, run).signal).toBe('SIGKILL');
    expect(existsSync(`${world.path}-journal`)).toBe(true);
    await expect(opened(world.path)).rejects.toMatchObject({
      code: 'source-locked',
      message: expect.stringContaining('in the middle of a write'),
    });
    await world.bot('UPDATE account SET total_value = total_value'); // the bot is back
    const source = await opened(world.path);
    const { accounts, orders } = await source.snapshot();
    expect([toTextOrNull(accounts[0]!.cash), orders.count]).toEqual(['8000', 3]);
    await source.close();
  });
});

test('Q15 Q37 the first updates of a day, at once, all end with one whole copy', async () => {
  for (let round = 0; round < 3; round++) {
    const world = await worldOf(older);
    // Some megabytes, so that the copies overlap.
    await world.bot('CREATE TABLE candles (id INTEGER PRIMARY KEY, text TEXT)');
    await world.bot(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)
      INSERT INTO candles SELECT i, 'a candle of the kind that bots keep by the thousand' FROM n`);
    const said = await Promise.all([1, 2, 3, 4].map(() => startedWriter(world.path)));
    expect(said).toEqual(Array(4).fill('read written'));
    const folder = join(world.folder, 'trueup-backups');
    expect(readdirSync(folder)).toEqual(['paper_trading.db.2026-01-12']);
    const copy = new DatabaseSync(join(folder, 'paper_trading.db.2026-01-12'), { readOnly: true });
    expect(copy.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    copy.close();
    const source = await opened(world.path);
    expect(toTextOrNull((await source.snapshot()).accounts[0]!.total)).toBe('9969.32');
    await source.close();
  }
});

/** What a program of ours says that writes a total, beside others. */
async function startedWriter(path: string): Promise<string> {
  const child = spawn(process.execPath, [program('writer.ts'), path, 'nowhere', '5000'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => said.push(part));
  await once(child, 'close');
  return Buffer.concat(said).toString();
}

/** Root may read and write everything: then the program runs as another user. */
const other = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
const cannotRun = spawnSync(process.execPath, ['--version'], other).status !== 0;

describe('permissions', () => {
  const written = (world: SqliteWorld) =>
    spawnSync(process.execPath, [program('writer.ts'), world.path, 'nowhere'], {
      ...other,
      cwd: '/',
    }).stdout.toString();

  async function prepared(journal: 'delete' | 'wal', file: number, folder: number) {
    const world = await worldOf(older, journal);
    const source = join(world.folder, 'inner');
    mkdirSync(source);
    const path = join(source, 'bot.db');
    await world.bot(journal === 'wal' ? 'PRAGMA wal_checkpoint(TRUNCATE)' : 'SELECT 1');
    copyFileSync(world.path, path);
    chmodSync(path, file);
    chmodSync(source, folder);
    chmodSync(world.folder, 0o755);
    return { ...world, path };
  }

  const permitted = test.skipIf(cannotRun); // the other user cannot run node here
  permitted.each([
    ['unreadable', 'delete', 0o000, 0o777, 'source-credentials'],
    ['read-only', 'delete', 0o444, 0o777, 'read source-read-only'],
    ['in a folder that is read-only', 'delete', 0o666, 0o555, 'read source-read-only'],
    ['in such a folder and in WAL mode', 'wal', 0o666, 0o555, 'source-read-only'],
    ['sound', 'delete', 0o666, 0o777, 'read written'],
  ] as const)('Q34 a file that is %s is told', async (_what, journal, file, folder, said) => {
    const world = await prepared(journal, file, folder);
    expect(written(world)).toBe(said);
    chmodSync(join(world.path, '..'), 0o777);
    const isWritten = existsSync(join(world.path, '..', 'trueup-backups'));
    expect(isWritten).toBe(said.endsWith('written'));
  });
});
