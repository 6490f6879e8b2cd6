/** What the page offers as commands about a bot's database, typed where the service was started. */
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BreakAnswer } from '../../src/service/serving/documents/breaks.ts';
import { root } from '../house/sources.ts';
import { type Staged, serveSource } from '../serving/source-stage.ts';

let staged: Staged;
const copied = new Map<string, readonly string[]>();

beforeAll(async () => {
  staged = await serveSource();
  await staged.look();
  const { served } = staged;
  const { body } = await served.get('/api/v1/breaks');
  for (const { id, reason } of (body as unknown as { items: readonly BreakAnswer[] }).items) {
    const shown = await served.get(`/api/v1/breaks/${id}`);
    copied.set(reason, (shown.body as unknown as BreakAnswer).commands);
  }
  await served.stop();
});
afterAll(() => staged.served.close());

const typed = (command: string) =>
  new Promise<{ readonly code: number; readonly said: string }>((resolve) => {
    const PATH = `${join(root, 'bin')}:${process.env['PATH']}`;
    const own = { TRUEUP_BOOK: staged.served.of.book, TRUEUP_SOURCE_TIMEZONE: 'UTC' };
    const env = { ...process.env, PATH, ...own };
    execFile('sh', ['-c', command], { env, cwd: dirname(staged.path) }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), said: out + err }),
    );
  });

test.each([
  ['PERFORMANCE_STALE', ['investigate', 'performance']],
  ['TOTAL_STALE', ['investigate', 'update']],
])('UI26 what sets %s right runs as it is copied', async (reason, names) => {
  const ended: unknown[] = [];
  for (const command of copied.get(reason)!) {
    const { code, said } = await typed(command);
    // A break is told by 3; what was written, by 0.
    ended.push([command.split(' ')[1], code === 3 || code === 0 ? '' : `${code}: ${said}`]);
  }
  expect(ended).toEqual(names.map((name) => [name, '']));
  if (reason === 'TOTAL_STALE')
    expect(staged.cell('SELECT total_value FROM account')).toBe(10_211.69);
});
