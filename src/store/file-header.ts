/** What the first bytes of a file say, read without SQLite: nothing is created or changed. */
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readSync,
  statSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { applicationId } from './schema.ts';
import { StoreError } from './store-error.ts';

const magic = 'SQLite format 3\0';
const userVersionAt = 60;
const applicationIdAt = 68;
const headerLength = 100;

/** `absent` also for an empty file, which is where a creation was cut short. */
export type FileKind = 'absent' | 'book';

/** Throws for everything that is neither a book nor absent, newer books included. */
export function inspectFile(path: string, newestFormat: number): FileKind {
  const folder = dirname(resolve(path));
  if (!existsSync(folder)) {
    throw new StoreError('no-folder', `there is no folder ${folder}`, 'make the folder first');
  }
  if (!existsSync(path)) return 'absent';
  if (!statSync(path).isFile()) throw notABook(path, 'is no file');
  const header = firstBytes(path);
  if (header.length === 0) return 'absent';
  if (header.length < headerLength || header.toString('latin1', 0, magic.length) !== magic) {
    throw notABook(path, 'is no SQLite database');
  }
  if (header.readUInt32BE(applicationIdAt) !== applicationId) {
    throw notABook(path, 'is a database of another program');
  }
  refuseNewer(path, header.readUInt32BE(userVersionAt), newestFormat);
  return 'book';
}

export const notABook = (path: string, why: string) =>
  new StoreError('not-a-book', `${path} ${why}`, 'name the file of a book; nothing was changed');

export function refuseNewer(path: string, format: number, newestFormat: number): void {
  if (format <= newestFormat) return;
  throw new StoreError(
    'book-newer',
    `${path} has format ${format}, this program knows ${newestFormat} at most`,
    'use the newer program that wrote it; nothing was changed',
  );
}

/** SQLite would open such a file for reading, and complain at the first write only. */
export function refuseUnwritable(path: string): void {
  for (const target of [path, dirname(resolve(path))]) {
    try {
      accessSync(target, constants.W_OK);
    } catch (error) {
      const hint = 'make the file and its folder writable for this user';
      throw new StoreError('read-only', `${target} cannot be written`, hint, error);
    }
  }
}

function firstBytes(path: string): Buffer {
  const buffer = Buffer.alloc(headerLength);
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    const hint = 'make the file readable for this user';
    throw new StoreError('no-book', `${path} cannot be read`, hint, error);
  }
  try {
    return buffer.subarray(0, readSync(file, buffer, 0, headerLength, 0));
  } finally {
    closeSync(file);
  }
}
