/** What SQLite and the file system say, as what it means for a database that is not ours. */
import { accessSync, constants } from 'node:fs';
import { SourceError, type SourceErrorCode } from '../source-error.ts';

type Reading = readonly [code: SourceErrorCode, what: string, hint: string];

const restore = 'stop the bot and restore its newest good copy; trueup-backups may hold one';

/** By primary result code. What is not here is told as it is. */
const readings: Readonly<Record<number, Reading>> = {
  3: ['source-credentials', 'may not be accessed', 'run this as the user that runs the bot'],
  5: ['source-locked', 'is locked by another program', 'try again; a bot that hangs has to end'],
  6: ['source-locked', 'is locked by another program', 'try again; a bot that hangs has to end'],
  8: [
    'source-read-only',
    'cannot be written',
    'make the file and its folder writable for this user, or run this as the user of the bot',
  ],
  10: ['source-failed', 'could not be read or written', 'check the disk and its free space'],
  11: ['source-damaged', 'is damaged', restore],
  13: [
    'source-failed',
    'has no room left on its disk',
    'free disk space; nothing was half-written',
  ],
  14: ['source-missing', 'cannot be opened', 'check that the path is the file of a database'],
  19: [
    'source-unsupported',
    'refuses the row',
    'its tables demand more than is known of this schema; nothing was written',
  ],
  23: ['source-credentials', 'may not be accessed', 'run this as the user that runs the bot'],
  26: ['source-damaged', 'is no database', 'name the file of the database that the bot writes'],
};

const rollbackNeeded = 776;

export const resultCodeOf = (error: unknown): number | null =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode
    : null;

/** Somebody else holds a lock, so that it may be tried again. */
export const isBusy = (error: unknown): boolean =>
  [5, 6].includes((resultCodeOf(error) ?? 0) & 0xff);

/** A driver's error as a SourceError; other errors as they are. */
export function sourceErrorOf(error: unknown, path: string): unknown {
  const result = resultCodeOf(error);
  if (result === null) return error;
  const detail = error instanceof Error ? error.message : '';
  const said = (what: string) => `${path} ${what} (${detail})`;
  if (result === rollbackNeeded) {
    const hint = 'start the bot, which takes it back; or have it done by sqlite3 FILE .tables';
    const what = 'was left in the middle of a write, which has to be taken back first';
    return new SourceError('source-locked', said(what), hint, error);
  }
  if ((result & 0xff) === 14) return unopenable(path, error);
  const [code, what, hint] = readings[result & 0xff] ?? [
    'source-failed',
    'does not do what was asked',
    'run doctor on it: its tables may have changed',
  ];
  return new SourceError(code, said(what), hint, error);
}

/** The file is there: its permissions, or those of its folder, keep us out. */
function unopenable(path: string, error: unknown): SourceError {
  if (isAllowed(path, constants.R_OK)) {
    const what = 'is in WAL mode, and the files beside it cannot be opened or made';
    const hint = 'run this as the user of the bot, or make its folder writable for this user';
    return new SourceError('source-read-only', `${path} ${what}`, hint, error);
  }
  return unreadable(path, error);
}

export const unreadable = (path: string, cause?: unknown): SourceError =>
  new SourceError(
    'source-credentials',
    `${path} may not be read by this user`,
    'run this as the user that runs the bot, or let this user read the file',
    cause,
  );

export function isAllowed(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false; // no permission is the answer, whatever the reason
  }
}
