/** What a SQLite file can be instead of a sound database, and what is said of it. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate as others } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { toTextOrNull } from '../../src/decimal/text.ts';
import { openSource } from '../../src/sources/open-source.ts';
import { newer, older, totalWrite } from './ground.ts';
import { type SqliteWorld, sqliteWorld } from './sqlite-world.ts';
import { sourceOn, TestClock } from './worlds.ts';

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

/** A look at the file that the work made of a sound one. */
async function refusalOf(work: (path: string) => void) {
  const world = await worldOf(older);
  const path = join(world.folder, 'copy.db');
  copyFileSync(world.path, path);
  work(path);
  const look = opened(path).then((source) => source.snapshot());
  return look.then(
    () => null,
    ({ code, message, hint }) => ({ code, message, hint }),
  );
}

describe('files', () => {
  test('Q34 a missing file is named with those beside it, and none is made', async () => {
    const { folder } = await worldOf(older);
    const path = join(folder, 'paper_tading.db');
    await expect(opened(path)).rejects.toMatchObject({
      code: 'source-missing',
      message: `there is no file ${path}`,
      hint: expect.stringContaining('paper_trading.db'),
    });
    expect(readdirSync(folder)).toEqual(['paper_trading.db']);
    await expect(opened(join(folder, 'none', 'x.db'))).rejects.toMatchObject({
      code: 'source-missing',
      hint: 'name the file that the bot writes, as in sqlite:paper_trading.db',
    });
    await expect(opened(folder)).rejects.toThrow('is a folder');
    await expect(opened(join(path, 'below'))).rejects.toMatchObject({ code: 'source-missing' });
  });

  test.each([
    ['empty', (path: string) => truncateSync(path), 'source-unrecognised', 'is an empty file'],
    [
      'text',
      (path: string) => writeFileSync(path, 'id,cash\n1,1058.70\n'.repeat(60)),
      'source-damaged',
      'is no database',
    ],
    [
      'a database with a page overwritten',
      (path: string) => {
        const bytes = readFileSync(path);
        writeFileSync(path, bytes.fill(0xa5, 4_096, 8_192));
      },
      'source-damaged',
      'is damaged',
    ],
    [
      'a database without its second half',
      (path: string) => truncateSync(path, 8_192),
      'source-damaged',
      'is damaged',
    ],
  ])('Q34 a file that is %s is told', async (_what, work, code, message) => {
    expect(await refusalOf(work)).toMatchObject({
      code,
      message: expect.stringContaining(message),
      hint: expect.stringMatching(/./),
    });
  });

  test('Q36 a file that takes its place is what is read and written next', async () => {
    const world = await worldOf(older);
    const source = await opened(world.path);
    expect((await source.snapshot()).identity.generation).toBe('stored-total');
    const other = await worldOf(newer);
    renameSync(other.path, world.path);
    const { identity, accounts } = await source.snapshot();
    expect([identity.generation, accounts[0]!.total]).toEqual(['cash-only', null]);
    const third = await worldOf(older);
    await third.bot('UPDATE account SET total_value = 77');
    renameSync(third.path, world.path);
    await source.write(({ accounts: [account] }) => {
      expect(toTextOrNull(account!.total)).toBe('77');
      return totalWrite('78');
    });
    const file = new DatabaseSync(world.path, { readOnly: true });
    expect(file.prepare('SELECT total_value FROM account').get()).toEqual({ total_value: 78 });
    file.close();
    renameSync(world.path, `${world.path}.away`);
    await expect(source.snapshot()).rejects.toMatchObject({ code: 'source-missing' });
    expect(existsSync(world.path)).toBe(false);
    await source.close();
  });
});

test.each(['delete', 'wal'] as const)(
  'Q20 Q30 looks and a preflight change no byte and make no file, journal %s',
  async (journal) => {
    const world = await worldOf(older, journal);
    const source = await sourceOn(world);
    const bytes = () => readdirSync(world.folder).map((name) => [name, sizesOf(world, name)]);
    await source.snapshot(); // in WAL mode the index beside the file is everybody's
    const [before, content] = [bytes(), readFileSync(world.path)];
    await source.snapshot();
    for await (const { id } of source.orders()) expect(id).not.toBe('');
    await source.performance('1', 5);
    await source.audit(0, 5);
    expect((await source.preflight()).every(({ outcome }) => outcome === 'passed')).toBe(true);
    expect(bytes()).toEqual(before);
    expect(readFileSync(world.path).equals(content)).toBe(true);
    await source.close();
  },
);

const sizesOf = ({ folder }: SqliteWorld, name: string) => statSync(join(folder, name)).size;

test('Q15 a copy that another one finished since they were listed is no failure', async () => {
  const world = await worldOf(older);
  const folder = join(world.folder, 'trueup-backups');
  mkdirSync(folder);
  // Listed, and not there when it is looked at: as a file that was renamed between the two.
  symlinkSync('gone', join(folder, 'paper_trading.db.2026-01-12.1-0.partial'));
  const source = await sourceOn(world);
  expect((await source.write(() => totalWrite('1'))).backup).toContain('2026-01-12');
  await source.close();
});

describe('locks', () => {
  test('Q33 a lock that stays is told, and the process goes on meanwhile', async () => {
    const world = await worldOf(older, 'delete', { busyTimeoutMs: 60 });
    const source = await sourceOn(world);
    await world.bot('BEGIN EXCLUSIVE');
    let turns = 0;
    let waiting = true;
    const counting = (async () => {
      for (; waiting; turns++) await others();
    })();
    await expect(source.snapshot()).rejects.toMatchObject({ code: 'source-locked' });
    waiting = false;
    await counting;
    expect(turns).toBeGreaterThan(3);
    await expect(source.write(() => totalWrite('1'))).rejects.toMatchObject({
      code: 'source-locked',
    });
    await world.bot('ROLLBACK');
    expect((await source.write(() => totalWrite('1'))).audit).not.toBeNull();
    await source.close();
  });

  test('Q33 a lock that goes is waited for', async () => {
    const world = await worldOf(older);
    const source = await sourceOn(world);
    await world.bot('BEGIN EXCLUSIVE');
    const looking = source.snapshot();
    for (let turn = 0; turn < 10; turn++) await others();
    await world.bot('UPDATE account SET total_value = 3');
    await world.bot('COMMIT');
    expect(toTextOrNull((await looking).accounts[0]!.total)).toBe('3');
    await source.close();
  });

  test('Q33 a reader that stays keeps a write out, and nothing is left of it', async () => {
    const world = await worldOf(older, 'delete', { busyTimeoutMs: 60 });
    const source = await sourceOn(world);
    await world.bot('BEGIN; SELECT * FROM account');
    await expect(source.write(() => totalWrite('1'))).rejects.toMatchObject({
      code: 'source-locked',
    });
    await world.bot('ROLLBACK');
    expect(toTextOrNull((await source.snapshot()).accounts[0]!.total)).toBe('10000');
    expect(await source.audit(0, 10)).toEqual([]);
    await source.close();
  });
});
