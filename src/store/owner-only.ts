/** Files that their owner alone may read, from their first moment on. */
import { closeSync, existsSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { StoreError } from './store-error.ts';

export const ownerOnly = 0o600;

const unwritable: ReadonlySet<unknown> = new Set(['EACCES', 'EPERM', 'EROFS']);

/** An empty file where there is none; one that is there stays as it is. Throws a StoreError. */
export function makeOwnerOnly(path: string): void {
  if (existsSync(path)) return;
  try {
    closeSync(openSync(path, 'wx', ownerOnly));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (unwritable.has(code)) {
      const hint = 'make it writable for this user, or name a book elsewhere with --book';
      const folder = dirname(resolve(path));
      throw new StoreError('read-only', `the folder ${folder} cannot be written`, hint, error);
    }
    // Another process made it meanwhile; else the driver says what is wrong with the place.
    if (code === null) throw error;
  }
}
