/** The guard as the desk sees it: noted like any write, and not undone beneath it. */
import { describe, expect, test } from 'vitest';
import { sha256 } from '../../../src/journal/digest.ts';
import { toldWhenLong } from '../../../src/service/source/guarding.ts';
import { writeOf } from '../../../src/service/source/write-entries.ts';
import { Ground, statesOf } from './kit.ts';

const guard = (ground: Ground, action: 'install' | 'remove' | 'status') =>
  ground.at((desk) => desk.guard({ action, audit: true, statements: false, actor: 'ann' }));

describe('N25 a guard that comes or goes', () => {
  test('N25 is noted in our book, with the digest of what was run', async () => {
    const ground = new Ground();
    await guard(ground, 'status');
    expect(ground.rows()).toEqual([]);
    const statements = await ground.at(({ source }) => source.guard.statements({ audit: true }));
    await guard(ground, 'install');
    ground.clock.advance(1_000);
    await guard(ground, 'remove');
    const [installed, removed, ...more] = ground.rows('falcon', 'source-write').map(writeOf);
    expect(more).toEqual([]);
    expect(installed).toMatchObject({
      action: 'log',
      changes: [{ before: { total_value: '10000' }, after: { total_value: '10211.69' } }],
      statements: sha256(statements.join(';\n')),
    });
    expect(removed).toMatchObject({ action: 'log', changes: [], statements: null });
    ground.clock.advance(1_000);
    await ground.check();
    expect(ground.rows('falcon', 'source-write')).toHaveLength(2);
  });

  test('N25 that is there already leaves nothing to note', async () => {
    const ground = new Ground();
    await guard(ground, 'install');
    ground.clock.advance(1_000);
    await guard(ground, 'install');
    expect(ground.rows('falcon', 'source-write')).toHaveLength(1);
  });

  test('N25 sets the total right in the name of who asked', async () => {
    const ground = new Ground();
    await ground.makeBook();
    await ground.check();
    ground.clock.advance(1_000);
    await guard(ground, 'install');
    expect(statesOf(ground, 'TOTAL_STALE').slice(-4)).toEqual([
      'PROPOSED',
      'APPROVED',
      'REPAIRED',
      'VERIFIED',
    ]);
  });
});

test('N25 what takes a second is told, and what does not is not', async () => {
  const ground = new Ground();
  const { clock } = ground;
  const lines: string[] = [];
  const tell = (line: string) => lines.push(line);
  // This clock calls back at once, and stands still meanwhile.
  const slow = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
  await toldWhenLong({ clock, tell }, 'making the triggers', async () => undefined);
  expect(lines).toEqual([]);
  await toldWhenLong({ clock, tell }, 'making the triggers', async () => {
    await slow();
    clock.advance(2_500);
  });
  expect(lines).toEqual(['making the triggers ...', 'making the triggers took 2 s']);
});

describe('N26 an undo under a guard', () => {
  const undo = (ground: Ground, auditId: number | null) =>
    ground.at((desk) => desk.undo({ auditId, actor: 'ann' }));

  test.each([
    ['the newest write', null],
    ['a write by its row', 1],
  ])('N26 of %s is refused before anything is written', async (_what, auditId) => {
    const ground = new Ground();
    await ground.update();
    await guard(ground, 'install');
    const rows = ground.one('SELECT count(*) FROM trueup_audit');
    await expect(undo(ground, auditId)).rejects.toMatchObject({
      exitCode: 2,
      refusal: {
        code: 'guard-installed',
        message: expect.stringContaining('the guard would write the total back at once'),
        hint: expect.stringContaining('trueup guard remove'),
      },
    });
    expect([ground.total(), ground.one('SELECT count(*) FROM trueup_audit')]).toEqual([
      10_211.69,
      rows,
    ]);
    await guard(ground, 'remove');
    await undo(ground, auditId);
    expect(ground.total()).toBe(10_000);
  });

  test('N26 of a record alone is none of the guard’s', async () => {
    const ground = new Ground();
    await guard(ground, 'install');
    ground.clock.advance(1_000);
    await ground.at((desk) => desk.recordPerformance({ prices: null, actor: 'ann' }));
    await undo(ground, null);
    expect(ground.one('SELECT count(*) FROM performance')).toBe(1);
  });
});
