/** Makes sure that files and their names survive a power cut. */
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** The bytes of a closed file. */
export function syncFile(path: string): void {
  sync(path, 'r+');
}

/** The name of a file that was made or renamed. */
export function syncFolder(path: string): void {
  sync(dirname(resolve(path)), 'r');
}

function sync(path: string, mode: 'r' | 'r+'): void {
  const file = openSync(path, mode);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
