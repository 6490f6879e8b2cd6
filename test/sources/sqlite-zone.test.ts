/**
 * In which zone a bot writes times without an offset, told by when its file was last written. Each
 * case sets that time itself: no result depends on when the test runs.
 */
import { rmSync, utimesSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, test } from 'vitest';
import { instantText } from '../../src/model/instant.ts';
import { hintsOf } from '../../src/reconcile/source/hints.ts';
import { openFalcon } from '../../src/sources/falcon/falcon.ts';
import { older, totalWrite } from './ground.ts';
import { type SqliteWorld, sqliteWorld } from './sqlite-world.ts';
import { sourceOn, TestClock } from './worlds.ts';

const worlds: SqliteWorld[] = [];

afterEach(async () => {
  for (const world of worlds.splice(0)) await world.end();
});

/** The newest stamp of the bot is 2026-01-12T16:00:04 on its clock. */
async function worldOf(journal: 'delete' | 'wal' = 'delete'): Promise<SqliteWorld> {
  const world = await sqliteWorld(older, journal);
  worlds.push(world);
  return world;
}

function written(path: string, at: string): void {
  utimesSync(path, new Date(at), new Date(at));
}

/** As a program that starts now sees it. */
async function zoneOf(world: SqliteWorld, remembered: string | null = null) {
  const clock = new TestClock('2026-01-20T12:00:00Z');
  const options = { clock, zone: null, schema: null, remembered: async () => remembered };
  const source = await openFalcon(await world.open(clock), options);
  const { zone } = await source.snapshot();
  await source.close();
  return zone;
}

describe('the zone that the file tells', () => {
  test.each([
    ['2026-01-12T16:00:04Z', 'detected', 'UTC'],
    ['2026-01-12T16:00:57Z', 'detected', 'UTC'],
    // A minute is longer than a bot takes from its stamp to its write.
    ['2026-01-12T16:01:05Z', 'assumed', 'UTC'],
    ['2026-01-12T21:00:06Z', 'detected', '-05:00'],
    ['2026-01-12T12:00:06Z', 'detected', '+04:00'],
    ['2026-01-12T10:15:06Z', 'detected', '+05:45'],
    // No clock on this earth is a quarter of an hour behind.
    ['2026-01-12T16:15:06Z', 'assumed', 'UTC'],
    ['2026-01-14T16:00:06Z', 'assumed', 'UTC'],
  ])('Q11 written at %s it is %s to be %s', async (at, known, name) => {
    const world = await worldOf();
    written(world.path, at);
    const because = known === 'assumed' ? 'nothing tells it' : '2026-01-12T16:00:04';
    expect(await zoneOf(world)).toMatchObject({
      ...{ known, name },
      because: expect.stringContaining(because),
    });
  });

  test('Q11 in WAL mode the log beside the file tells it, where it holds anything', async () => {
    const world = await worldOf('wal');
    written(world.path, '2026-01-12T09:00:00Z');
    written(`${world.path}-wal`, '2026-01-12T21:00:06Z');
    expect(await zoneOf(world)).toMatchObject({ known: 'detected', name: '-05:00' });
    // The bot has ended, and whoever looks makes a log without content.
    await world.bot('PRAGMA wal_checkpoint(TRUNCATE)');
    written(world.path, '2026-01-12T21:00:06Z');
    written(`${world.path}-wal`, '2026-01-12T22:00:06Z');
    expect(await zoneOf(world)).toMatchObject({ known: 'detected', name: '-05:00' });
  });
});

describe('what we write ourselves', () => {
  /** A program of ours writes the total at that time, and ends. */
  async function write(world: SqliteWorld, at: string, zone: string | null): Promise<void> {
    const clock = new TestClock(at);
    const source = await sourceOn(world, clock, zone);
    await source.write(() => ({ ...totalWrite('9969.32'), at: clock.now() }));
    await source.close();
  }

  test.each(['delete', 'wal'] as const)(
    'Q25 is no sign of the zone of the bot, journal %s',
    async (journal) => {
      const world = await worldOf(journal);
      // Six hours to the second after the bot: its stamp would be of -06:00.
      await write(world, '2026-01-12T22:00:05Z', 'UTC');
      const file = journal === 'wal' ? `${world.path}-wal` : world.path;
      written(world.path, '2026-01-12T22:00:06Z');
      written(file, '2026-01-12T22:00:06Z');
      expect(await zoneOf(world)).toMatchObject({ known: 'assumed', name: 'UTC' });
      // Then the bot writes, an hour later, with a stamp of its own.
      await world.bot(`UPDATE positions SET last_updated = '2026-01-12T18:00:03'`);
      written(file, '2026-01-12T23:00:05Z');
      expect(await zoneOf(world)).toMatchObject({ known: 'detected', name: '-05:00' });
    },
  );

  test('Q25 is none either when it is taken back, or a record that others followed', async () => {
    const world = await worldOf();
    const clock = new TestClock('2026-01-12T22:00:05Z');
    const source = await sourceOn(world, clock, 'UTC');
    await source.write(() => ({ ...totalWrite('1'), at: clock.now() }));
    await source.undo(null, 'back', clock.now());
    await source.close();
    written(world.path, '2026-01-12T22:00:06Z');
    expect(await zoneOf(world)).toMatchObject({ known: 'assumed' });
  });

  test('Q25 is none while the program that wrote it runs on, whatever was written', async () => {
    const world = await worldOf();
    const database = await world.open(new TestClock());
    // The bot's clock is an hour ahead of the file's.
    const stamp = new Date(Date.now() + 3_600_000).toISOString().slice(0, 19);
    const bot = () => world.bot(`UPDATE account SET last_updated = '${stamp}'`);
    const told = async () => (await database.zoneHint(stamp))?.name ?? null;
    await bot();
    expect(await told()).toBe('+01:00');
    await database.rehearse((session) => session.run('CREATE TABLE trueup_x (a)'));
    expect(await told()).toBe('+01:00');
    await database.write((session) => session.run('CREATE TABLE trueup_x (a)'));
    expect(await told()).toBeNull();
    await bot();
    // Times of files are only as fine as the ticks of the kernel.
    written(world.path, new Date(Date.now() + 1_000).toISOString());
    expect(await told()).toBe('+01:00');
    await database.close();
  });
});

describe('a zone that was detected', () => {
  test('Q26 is kept for as long as the program runs, and what contradicts it is told', async () => {
    const world = await worldOf();
    written(world.path, '2026-01-12T21:00:06Z');
    const source = await sourceOn(world, new TestClock('2026-01-20T12:00:00Z'), null);
    const first = await source.snapshot();
    expect(first.zone).toMatchObject({ known: 'detected', name: '-05:00' });
    expect(first.zone.detectedNow).toBeUndefined();
    written(world.path, '2026-01-12T20:00:06Z');
    const second = await source.snapshot();
    expect(second.zone).toEqual({ ...first.zone, detectedNow: '-04:00' });
    expect(second.accounts).toEqual(first.accounts);
    expect(hintsOf(second, [])).toContainEqual(
      'times without an offset are taken for -05:00 as before, though the newest look like ' +
        '-04:00: name the zone with --source-timezone',
    );
    written(world.path, '2026-01-12T21:00:07Z');
    expect((await source.snapshot()).zone).toEqual(first.zone);
    await source.close();
  });

  test('Q26 is kept by the next program, which is told of it', async () => {
    const world = await worldOf();
    written(world.path, '2026-01-12T20:00:06Z');
    expect(await zoneOf(world, '-05:00')).toEqual({
      ...{ known: 'detected', name: '-05:00', detectedNow: '-04:00' },
      because: 'it was detected so at an earlier look',
    });
    written(world.path, '2026-01-14T00:00:00Z');
    expect(await zoneOf(world, '-05:00')).toMatchObject({ known: 'detected', name: '-05:00' });
    // What is no zone was never detected by us.
    expect(await zoneOf(world, 'Mars/Olympus')).toMatchObject({ known: 'assumed' });
  });

  test('Q26 gives way to the one that is declared', async () => {
    const world = await worldOf();
    const clock = new TestClock();
    const options = { clock, zone: 'Asia/Tokyo', schema: null, remembered: async () => '-05:00' };
    const source = await openFalcon(await world.open(clock), options);
    const { zone, accounts } = await source.snapshot();
    expect(zone).toMatchObject({ known: 'declared', name: 'Asia/Tokyo' });
    expect(instantText(accounts[0]!.updatedAt!)).toBe('2026-01-10T07:05:12Z');
    await source.close();
  });
});

test('Q11 a file without any time is of no zone', async () => {
  const world = await worldOf();
  const bot = new DatabaseSync(world.path);
  bot.exec(`DELETE FROM orders; DELETE FROM performance;
    UPDATE positions SET last_updated = NULL; UPDATE account SET last_updated = 1768061112`);
  bot.close();
  rmSync(`${world.path}-wal`, { force: true });
  expect(await zoneOf(world)).toMatchObject({
    ...{ known: 'assumed', name: 'UTC', because: 'none of its newest times needs one' },
  });
});
