/**
 * One folder for all that a run of the tests writes, which goes when the run has ended. It is in
 * memory where the machine has room, since half of what ten thousand small databases cost is the
 * disk's, and what a disk does is not what tests ask. TMPDIR says where instead.
 */
import { chmodSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const memory = '/dev/shm';
const roomNeeded = 4 * 2 ** 30;
const prefix = 'trueup-tests-';

let folder: string | null = null;

/** Workers and what they start take both from here. */
export function setup(): void {
  // The other project of the run was set up before: a folder inside its one would be a long path.
  if (basename(tmpdir()).startsWith(`${prefix}${process.pid}-`)) return;
  // What Node has compiled is kept from run to run.
  process.env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), 'node-compile-cache');
  const parent = process.env['TMPDIR'] === undefined && isRoomy(memory) ? memory : tmpdir();
  removeAbandoned(parent);
  folder = mkdtempSync(join(parent, `${prefix}${process.pid}-`));
  chmodSync(folder, 0o711); // a server of PostgreSQL may run as another user
  process.env['TMPDIR'] = folder;
}

export function teardown(): void {
  if (folder !== null) remove(folder);
}

function isRoomy(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize >= roomNeeded;
  } catch {
    return false; // there is no such place on this system
  }
}

/** Runs that were killed could not clear away after themselves. */
function removeAbandoned(parent: string): void {
  for (const name of readdirSync(parent)) {
    const pid = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : null;
    if (pid !== null && !isAlive(pid)) remove(join(parent, name));
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // it is another user's
  }
}

const remove = (path: string) => rmSync(path, { recursive: true, force: true, maxRetries: 5 });
