import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { instant } from '../../../src/model/instant.ts';
import { pausesAt, pausesFileOf } from '../../../src/service/exiting/pauses.ts';
import { runExits } from '../../../src/service/exiting/run.ts';
import { allowed, Ground, refuses } from './double.ts';

const folder = mkdtempSync(join(tmpdir(), 'trueup-exits-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const now = instant('2026-01-05T12:00:00Z');
const later = instant('2026-01-06T12:00:00Z');
const pause = { position: 'AGI/USDT:USDT|net|2026-01-05T09:00:00Z', until: later, why: 'x' };

test('EX18 a pause is there for the next process, until its end, and others stay', () => {
  const path = pausesFileOf(join(folder, 'book.db'), 'main/1');
  expect(path.endsWith('book.db.exits.main%2F1.json')).toBe(true);
  expect(pausesAt(path).at(now)).toEqual([]);
  pausesAt(path).add(pause, now);
  pausesAt(path).add({ ...pause, position: 'other' }, now);
  // An earlier end does not shorten it.
  pausesAt(path).add({ ...pause, until: now + 1n }, now);
  expect(pausesAt(path).at(now)).toEqual([{ ...pause, position: 'other' }, pause]);
  expect(pausesAt(path).at(later)).toEqual([]);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ schema: 'trueup.exit-state/1' });
});

test('EX18 a file that cannot be read lets nothing be sent, and says what to do', async () => {
  const ground = new Ground('-4160');
  ground.wait(3);
  const path = join(folder, 'damaged.json');
  writeFileSync(path, '{"schema":"trueup.exit-state/1","pauses":[{"position":1}]}');
  const run = runExits({ ...ground.parts(), pauses: pausesAt(path) }, allowed);
  await expect(run).rejects.toMatchObject({ hint: expect.stringContaining('delete it') });
  expect(ground.placed).toEqual([]);
});

test('EX18 what a process refused the next one does not try', async () => {
  const ground = new Ground('-4160');
  ground.wait(3);
  const path = join(folder, 'next.json');
  ground.hooks = { 'place 1': refuses('170209', 'not in your region') };
  await runExits({ ...ground.parts(), pauses: pausesAt(path) }, allowed);
  const again = await runExits({ ...ground.parts(), pauses: pausesAt(path) }, allowed);
  expect([again.deeds, again.plan.lines[0]!.standing]).toEqual([[], 'paused']);
  expect(ground.placed.length).toBe(1);
});
