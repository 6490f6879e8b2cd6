import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { socketFolder } from '../../src/service/socket-folder.ts';

let short: string;

beforeEach(() => {
  short = mkdtempSync('/tmp/tru-');
});
afterEach(() => rmSync(short, { recursive: true, force: true }));

const own = `trueup-${process.getuid?.() ?? 'user'}`;
/** 16 of the book, two hyphens, a process, a count, and `.sock`. */
const nameLength = 34;

test('L11 the first folder that a socket fits into serves, and is of the user alone', () => {
  // 103 - 34 - 1 - `/trueup-1000`
  const fits = join(short, 'x'.repeat(103 - nameLength - 1 - own.length - 1 - short.length - 1));
  mkdirSync(fits);
  expect(socketFolder(nameLength, [fits, short])).toBe(join(fits, own));
  expect(socketFolder(nameLength, [`${fits}x`, short])).toBe(join(short, own));
  expect(statSync(join(short, own)).mode & 0o777).toBe(0o700);
});

test('L11 a path counts in bytes, not in letters', () => {
  const long = join(short, 'é'.repeat(30));
  expect(socketFolder(nameLength, [long, short])).toBe(join(short, own));
});

test.each([
  ['a file', (path: string) => writeFileSync(path, '')],
  ['a link to a folder', (path: string) => symlinkSync(tmpdir(), path)],
])('L11 %s in its place serves nobody: it is said, with what to do', (_what, make) => {
  make(join(short, own));
  const long = join(short, 'y'.repeat(90));
  expect(() => socketFolder(nameLength, [long, short])).toThrow(
    expect.objectContaining({
      ...{ name: 'StoreError', code: 'io-error' },
      hint: 'set TMPDIR to a folder with a short path that you may write',
      message: expect.stringMatching(/y: it is too long|trueup-\w+: it is too long; .*: /),
    }),
  );
});
