/** Where local sockets lie: a folder of the user alone, with a path that leaves room for names. */
import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoreError } from '../store/store-error.ts';

/** Systems keep 104 bytes for a socket's path, or a few more, with one for its end. */
const pathMax = 103;

/** Where it may lie; the first that serves. */
const usual = (): readonly string[] => [tmpdir(), '/tmp'];

/** `names` is how many bytes a name takes at most. Throws a StoreError where none serves. */
export function socketFolder(names: number, parents = usual()): string {
  const whys: string[] = [];
  for (const parent of new Set(parents)) {
    const folder = join(parent, `trueup-${process.getuid?.() ?? 'user'}`);
    const why = Buffer.byteLength(folder) + 1 + names > pathMax ? 'it is too long' : made(folder);
    if (why === null) return folder;
    whys.push(`${folder}: ${why}`);
  }
  throw new StoreError(
    'io-error',
    `no folder serves for the socket of the book: ${whys.join('; ')}`,
    'set TMPDIR to a folder with a short path that you may write',
  );
}

/** Null: it is there, and nobody else may look into it. */
function made(folder: string): string | null {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    const uid = process.getuid?.() ?? found.uid;
    if (!found.isDirectory() || found.uid !== uid) return 'it is not a folder of this user';
    chmodSync(folder, 0o700);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
