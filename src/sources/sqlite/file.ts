/**
 * The file of a database, looked at without opening it: a program that opens and closes a file by
 * itself drops the locks that SQLite holds on it in the same process.
 */
import { constants, readdirSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SourceError } from '../source-error.ts';
import { isAllowed, unreadable } from './sqlite-error.ts';

/** Which file it is: another one may take its name while we run. */
export interface FileIdentity {
  readonly device: number;
  readonly inode: number;
  readonly bytes: number;
  readonly modifiedMs: number;
}

/** Refuses what is missing, a folder or unreadable, and an empty file, each by its name. */
export function databaseFile(path: string): FileIdentity {
  const file = statusOf(path);
  if (file === null) {
    throw new SourceError('source-missing', `there is no file ${path}`, othersBeside(path));
  }
  if (file.isDirectory()) {
    throw new SourceError('source-missing', `${path} is a folder`, othersIn(path, path));
  }
  if (!isAllowed(path, constants.R_OK)) throw unreadable(path);
  return {
    device: file.dev,
    inode: file.ino,
    bytes: file.size,
    modifiedMs: Math.max(file.mtimeMs, loggedMs(`${path}-wal`)),
  };
}

/** A log without content was made by somebody who looked, and may have been us. */
function loggedMs(log: string): number {
  const file = statusOf(log);
  return file === null || file.size === 0 ? 0 : file.mtimeMs;
}

function statusOf(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    // A folder on the way that is none, or is closed to us: what it leads to is not there for us.
    return null;
  }
}

const othersBeside = (path: string): string => othersIn(dirname(path), path);

function othersIn(folder: string, path: string): string {
  const found = databasesIn(folder).filter((name) => name !== basename(path));
  if (found.length === 0) return 'name the file that the bot writes, as in sqlite:paper_trading.db';
  const named = found.slice(0, 5).map((name) => join(folder, name));
  return `name the file that the bot writes; there is ${named.join(', ')}`;
}

function databasesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.(db|sqlite3?)$/.test(name))
      .sort();
  } catch {
    return []; // no such folder, or a closed one: then there is nothing to hint at
  }
}
