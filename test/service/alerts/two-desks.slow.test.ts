/** Two processes at the desk of one book: a service, and a run of cron beside it. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readState } from '../../../src/service/alerts/desk-state.ts';

const execute = promisify(execFile);
const raising = join(import.meta.dirname, 'raising.ts');
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trueup-two-desks-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const raised = (stateFile: string, name: string, count: number) =>
  execute(process.execPath, [raising, stateFile, `${stateFile}.sent`, name, String(count)]);

const keysIn = (stateFile: string): readonly string[] => {
  const state = readState(stateFile);
  return 'damaged' in state ? [state.damaged] : state.cases.map(({ key }) => key);
};

describe('A1 A4 two processes at one desk', () => {
  test('A1 A4 keep and send every case, however many they raise at once', async () => {
    const stateFile = join(folder, 'both.alerts.json');
    await Promise.all([raised(stateFile, 'a', 200), raised(stateFile, 'b', 200)]);
    const wanted = ['a', 'b'].flatMap((name) =>
      Array.from({ length: 200 }, (_, number) => `${name}-${number}`),
    );
    expect(keysIn(stateFile).toSorted()).toEqual(wanted.toSorted());
    const sent = new Set(readFileSync(`${stateFile}.sent`, 'utf8').trimEnd().split('\n'));
    expect([...sent].sort()).toEqual(wanted.toSorted());
    expect(existsSync(`${stateFile}.lock`)).toBe(false);
  });

  test.each([
    ['whose process is gone', () => JSON.stringify({ pid: 2 ** 22 + 1, at: farAhead })],
    ['that is older than any work', () => JSON.stringify({ pid: process.pid, at: longAgo })],
    ['that says nothing', () => ''],
  ])('A4 a lock %s keeps nobody out', async (_what, lock) => {
    const stateFile = join(mkdtempSync(join(folder, 'stale-')), 'book.alerts.json');
    writeFileSync(`${stateFile}.lock`, lock());
    await raised(stateFile, 'a', 1);
    expect(keysIn(stateFile)).toEqual(['a-0']);
    expect(existsSync(`${stateFile}.lock`)).toBe(false);
  });
});

const farAhead = '2999-01-01T00:00:00Z';
const longAgo = '2020-01-01T00:00:00Z';
