import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { isUnanswered } from '../../../src/service/failure.ts';
import { openSourceDesk } from '../../../src/service/source/desk.ts';
import { Ground } from './kit.ts';

test('N13 a lock is waited for once: opening the desk was the look', async () => {
  const ground = new Ground();
  const bot = new DatabaseSync(ground.path);
  bot.exec('BEGIN EXCLUSIVE');
  const desk = await openSourceDesk(ground.options());
  bot.exec('ROLLBACK');
  bot.close();
  const request = { record: false, prices: null } as const;
  // What it was told a moment ago is not asked again; what comes after that is.
  expect((await desk.check(request)).verdict).toBe('cannot-say');
  expect((await desk.check(request)).verdict).toBe('break');
  await desk.close();
});

test('N13 a lock is no answer: a check says so, an update fails and may retry', async () => {
  const ground = new Ground();
  const bot = new DatabaseSync(ground.path);
  bot.exec('BEGIN EXCLUSIVE');
  const { verdict, document, snapshot } = await ground.check();
  expect([verdict, document.exitCode, snapshot]).toEqual(['cannot-say', 5, null]);
  expect(document.json).toMatchObject({ unknown: [{ section: 'source' }], accounts: [] });
  await expect(ground.update()).rejects.toSatisfy(isUnanswered);
  bot.exec('ROLLBACK');
  bot.close();
});
