/** Writes a file so that a reader sees the old content or all of the new. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { StoreError } from '../store/store-error.ts';

export function writeWhole(path: string, content: string): void {
  const part = `${path}.${process.pid}.part`;
  try {
    writeFileSync(part, content);
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    const why = error instanceof Error ? error.message : String(error);
    throw new StoreError(
      'io-error',
      `${path} cannot be written: ${why}`,
      'check the folder',
      error,
    );
  }
}
