/** Programs that use the command line from outside, as a bot or a build does. */
import { spawnSync } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { root } from '../house/sources.ts';
import type { Ended } from './command-line.ts';

/** The program in a folder, with `trueup` on its path. */
export function ran(
  folder: string,
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Ended {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: folder,
    encoding: 'utf8',
    env: {
      PATH: [join(root, 'bin'), dirname(process.execPath), process.env['PATH']].join(delimiter),
      HOME: folder,
      NO_COLOR: '1',
      PYTHONDONTWRITEBYTECODE: '1',
      ...environment,
    },
  });
  return { code: status, out: stdout, err: stderr };
}

const python = (...words: readonly string[]): boolean =>
  spawnSync('python3', words, { stdio: 'ignore' }).status === 0;

export const hasPython: boolean = python('-c', 'import sqlite3');
export const hasPytest: boolean = hasPython && python('-c', 'import pytest');
