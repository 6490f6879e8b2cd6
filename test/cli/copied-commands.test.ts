/** What the page offers as commands, typed into a shell as it stands. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BreakAnswer } from '../../src/service/serving/documents/breaks.ts';
import { root } from '../house/sources.ts';
import { countedTwice, unexplained } from '../serving/counted-twice.ts';
import type { Served } from '../serving/served.ts';

let one: Served;
let copied: readonly (readonly string[])[];

beforeAll(async () => {
  const made = await countedTwice(['twice']);
  one = made.one;
  const ids = [await unexplained(one, 'lacking'), made.ids[0]!];
  await one.post(`/api/v1/breaks/${ids[1]}/propose`);
  const shown = await Promise.all(ids.map((id) => one.get(`/api/v1/breaks/${id}`)));
  copied = shown.map(({ body }) => (body as unknown as BreakAnswer).commands);
  await one.stop();
});
afterAll(() => one.close());

const typed = (command: string) =>
  new Promise<{ readonly code: number; readonly said: string }>((resolve) => {
    const PATH = `${join(root, 'bin')}:${process.env['PATH']}`;
    const env = { ...process.env, PATH, TRUEUP_BOOK: one.of.book };
    execFile('sh', ['-c', command], { env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), said: out + err }),
    );
  });

test('UI26 of what is not explained the look and the snooze run as they are copied', async () => {
  const [look, snooze] = copied[0]!;
  expect(look).toMatch(/^trueup investigate BRK-\w+ --account lacking$/);
  expect((await typed(look!)).code).not.toBe(2);
  expect(await typed(snooze!)).toMatchObject({
    code: 0,
    said: expect.stringContaining('no repair is known yet'),
  });
});

test('UI26 of what is proposed the approval and the repair run as they are copied', async () => {
  const ended: unknown[] = [];
  for (const command of copied[1]!) {
    const { code, said } = await typed(command);
    ended.push([command.split(' ')[1], code, code === 2 ? said : '']);
  }
  expect(ended).toEqual([
    ['investigate', 3, ''],
    ['approve', 0, ''],
    ['sync', 0, ''],
  ]);
});
