/** What does not follow a mirror is on record, so that who reads the book sees it. */
import { beforeEach, expect, test } from 'vitest';
import type { Log } from '../../../src/service/log.ts';
import { type Mirror, mirror } from '../../../src/service/source/positions-mirror.ts';
import { executions, missed, PositionsGround } from './positions-kit.ts';

let ground: PositionsGround;

beforeEach(async () => {
  ground = new PositionsGround();
  // The book has what the bot has: nothing differs.
  await ground.begin(executions.filter((one) => !missed.includes(one)));
});

const quiet: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

const mirrored = (work: (rows: Mirror) => Promise<void>) =>
  ground.at(null, ({ ground: own, writer }) =>
    work(mirror({ ground: own, account: 'main', log: quiet, writing: (one) => one(writer) })),
  );

const broken = () => ground.entries().filter((one) => one !== 'source' && one !== 'source-write');

test('SP107 a row that nobody can prove is a break once it has differed for a minute', async () => {
  await mirrored(async (rows) => {
    expect(await rows.once()).toBe(0);
    // Written by the bot, ahead of the book or wrongly: no execution says so.
    ground.bot('UPDATE positions SET quantity = 50 WHERE id = 274');
    expect(await rows.once()).toBe(0);
    ground.clock.advance(59_000);
    await rows.once();
    expect(broken()).toEqual([]);
    ground.clock.advance(2_000);
    await rows.once();
    expect(broken()).toContain('OPEN');
    const told = broken().length;
    ground.clock.advance(60_000);
    await rows.once();
    // Seen again alike, it is not told again.
    expect(broken()).toHaveLength(told);
    ground.bot('UPDATE positions SET quantity = 60 WHERE id = 274');
    await rows.once();
    expect(broken().at(-1)).toBe('SELF_CLEARED');
  });
  expect(ground.row(274)['quantity']).toBe(60);
});

test('SP107 what differed for less than a minute leaves no trace, however often', async () => {
  await mirrored(async (rows) => {
    for (let turn = 0; turn < 5; turn += 1) {
      ground.bot('UPDATE positions SET quantity = 50 WHERE id = 274');
      await rows.once();
      ground.clock.advance(30_000);
      await rows.once();
      ground.bot('UPDATE positions SET quantity = 60 WHERE id = 274');
      await rows.once();
      ground.clock.advance(45_000);
    }
  });
  expect(broken()).toEqual([]);
});

test('SP107 rows that are looked at alone are not written, also where all is proven', async () => {
  // The exits are booked, and the bot missed them: a mirror would write all three.
  await ground.writing(async (writer) => {
    await writer.recordAll(missed);
  });
  await ground.at(null, async ({ ground: own, writer }) => {
    const rows = mirror({
      ...{ ground: own, account: 'main', log: quiet, follows: false },
      writing: (one) => one(writer),
    });
    for (let turn = 0; turn < 3; turn += 1) {
      expect(await rows.once()).toBe(0);
      ground.clock.advance(61_000);
    }
  });
  expect([1, 38, 274].map((id) => ground.row(id)['quantity'])).toEqual([4160, 2136.9, 60]);
  expect(broken().filter((one) => one === 'EXPLAINED')).toHaveLength(3);
});
