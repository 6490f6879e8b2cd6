/** Which breaks a write repairs, and under which name an account keeps its notes. */
import { describe, expect, test } from 'vitest';
import { Ground, statesOf } from './kit.ts';

const walked = ['PROPOSED', 'APPROVED', 'REPAIRED', 'REOPENED'];

const several = [
  'ALTER TABLE positions ADD COLUMN account_id INTEGER DEFAULT 1',
  'ALTER TABLE performance ADD COLUMN account_id INTEGER DEFAULT 1',
];
const second = 'INSERT INTO account VALUES (2, 500, 400, NULL)';
const secondRecord =
  'INSERT INTO performance (timestamp, total_value, cash, positions_value, account_id)' +
  " SELECT '2025-11-01T00:00:00', 500, 500, 0, 2";

const recorded = (ground: Ground, sourceAccount: string | null = null) =>
  ground.at((desk) => desk.recordPerformance({ prices: null, actor: 'ann' }), { sourceAccount });

describe('N21 a write moves the breaks that it sets right', () => {
  test('N21 a record is no repair of a record that was falsified', async () => {
    const ground = new Ground();
    await ground.makeBook();
    ground.bot('UPDATE performance SET total_value = 9999');
    await ground.check();
    for (let n = 0; n < 3; n += 1) {
      ground.clock.advance(60_000);
      await recorded(ground);
    }
    expect(statesOf(ground, 'UNEXPLAINED')).toEqual(['OPEN']);
    expect(statesOf(ground, 'PERFORMANCE_STALE').slice(-4)).toEqual([
      'PROPOSED',
      'APPROVED',
      'REPAIRED',
      'VERIFIED',
    ]);
  });

  test('N21 a record of one account repairs nothing of another, nor later', async () => {
    const ground = new Ground();
    await ground.makeBook();
    ground.bot(...several, second, secondRecord);
    await ground.check();
    ground.clock.advance(60_000);
    await recorded(ground, '1');
    ground.clock.advance(60_000);
    await ground.check();
    expect(statesOf(ground, 'PERFORMANCE_STALE', 'falcon-1').at(-1)).toBe('VERIFIED');
    expect(statesOf(ground, 'PERFORMANCE_STALE', 'falcon-2')).toEqual(['OPEN', 'EXPLAINED']);
    expect(ground.rows('falcon-2', 'source-write')).toEqual([]);
  });

  test('N21 the table may have whichever name its schema allows', async () => {
    const ground = new Ground();
    ground.bot('ALTER TABLE account RENAME TO accounts');
    await ground.makeBook();
    await ground.check();
    ground.clock.advance(1_000);
    await ground.update();
    expect(statesOf(ground, 'TOTAL_STALE').slice(-3)).toEqual(['APPROVED', 'REPAIRED', 'VERIFIED']);
  });

  test('N21 what was written before a break opened is no repair of it', async () => {
    const ground = new Ground();
    await ground.update();
    ground.clock.advance(1_000);
    ground.bot('UPDATE account SET total_value = 1');
    await ground.check();
    const before = ground.entries();
    expect(before.filter((state) => state === 'REPAIRED')).toHaveLength(1);
    ground.clock.advance(1_000);
    // Its first look reads the log from its beginning.
    ground.bot(...several, second);
    await ground.check();
    expect(ground.entries().filter((state) => state === 'REPAIRED')).toHaveLength(1);
    for (const state of walked) {
      expect(ground.entries('falcon-2')).not.toContain(state);
    }
  });
});

describe('N22 the name of an account', () => {
  test('N22 stays, whatever accounts come and go beside it', async () => {
    const ground = new Ground();
    await ground.makeBook();
    await ground.check();
    ground.bot(...several, second);
    ground.clock.advance(1_000);
    const { document } = await ground.update();
    expect(document).toMatchObject({
      accounts: [{ account: 'falcon' }, { account: 'falcon-2' }],
    });
    expect(statesOf(ground, 'TOTAL_STALE').at(-1)).toBe('VERIFIED');
    expect(ground.rows('falcon-1')).toEqual([]);
    ground.bot('DELETE FROM account WHERE id = 1');
    ground.clock.advance(1_000);
    const looks = ground.rows('falcon').length;
    await ground.check();
    expect(ground.rows('falcon')).toHaveLength(looks);
    expect(ground.rows('falcon-2', 'source')).toHaveLength(3);
  });

  test('N22 that another account of the database has is not taken', async () => {
    const ground = new Ground();
    await ground.makeBook();
    await ground.check();
    ground.bot('UPDATE account SET id = 7');
    ground.clock.advance(1_000);
    await ground.check();
    expect(ground.rows('falcon', 'source')).toHaveLength(1);
    expect(ground.rows('falcon-7', 'source')).toHaveLength(1);
  });

  test('N22 that a person gave is found again without it', async () => {
    const ground = new Ground();
    await ground.makeBook();
    await ground.check({ account: 'mine' });
    ground.clock.advance(1_000);
    await ground.check();
    expect(ground.rows('mine', 'source')).toHaveLength(2);
    expect(ground.rows('falcon')).toEqual([]);
  });
});
