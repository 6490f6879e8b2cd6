/** A secret that somebody is to read once, in a file that its owner alone may read. */
import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { StoreError } from '../store/store-error.ts';

/** Whatever was there is replaced, and not followed where it leads elsewhere; the path. */
export function keptSecret(path: string, content: string): string {
  try {
    rmSync(path, { force: true });
    const file = openSync(path, 'wx', 0o600);
    try {
      writeFileSync(file, content);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const hint = 'check the folder of the book';
    throw new StoreError('io-error', `${path} cannot be written: ${why}`, hint, error);
  }
  return path;
}
