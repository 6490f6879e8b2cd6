/** Copies of a database that may be in use, in a folder beside it; one counts once it is whole. */
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { type Clock, fromMilliseconds, millisecondsBetween } from '../../model/instant.ts';
import type { Database } from '../database.ts';
import { SourceError } from '../source-error.ts';
import { resultCodeOf } from './sqlite-error.ts';

export const copyFolder = 'trueup-backups';

/** Copied in about 15 ms; a bot with a rollback journal waits that long at most. */
const bytesPerStep = 8_000_000;
/** All in one step: in WAL mode nobody waits for a reader. */
const pagesAtOnce = 2_147_483_647;
/**
 * A write between two steps begins the copy anew. A bot that writes without a pause would keep it
 * from ever ending: after so many beginnings it is made in one step, which the bot waits for.
 */
const beginningsMax = 5;
/** A copy that was broken off so long ago belongs to nobody any more. */
const abandonedMs = 3_600_000;

type Copies = Pick<Database, 'backup' | 'backups' | 'removeBackup' | 'backupRoom'>;

/** Two that copy at once, in one program, must not write one file. */
let copying = 0;

export interface Copying {
  readonly clock: Clock;
  readonly busyTimeoutMs: number;
  readonly storage: () => Promise<{ readonly journal: string; readonly pageBytes: number }>;
}

export function copiesOf(path: string, how: Copying): Copies {
  const folder = join(dirname(path), copyFolder);
  const prefix = `${basename(path)}.`;
  const names = () =>
    (existsSync(folder) ? readdirSync(folder) : []).filter((name) => name.startsWith(prefix));
  return {
    async backup(name) {
      const target = join(folder, prefix + name);
      const partial = `${target}.${process.pid}-${copying++}.partial`;
      try {
        prepare(folder, path);
        for (const left of names()) removeAbandoned(join(folder, left), how.clock);
        await copy(path, partial, how);
        prove(partial);
        chmodSync(partial, statSync(path).mode & 0o777);
        settle(partial, target);
        return target;
      } catch (error) {
        rmSync(partial, { force: true });
        throw failed(path, folder, error);
      }
    },
    backups: async () =>
      names()
        .filter((name) => !name.includes('.partial'))
        .map((name) => name.slice(prefix.length))
        .sort(),
    backupRoom: async () => ({ folder, ...roomOf(dirname(path), path) }),
    removeBackup: async (name) => rmSync(join(folder, prefix + name), { force: true }),
  };
}

function prepare(folder: string, path: string): void {
  mkdirSync(folder, { recursive: true });
  const { needed, free } = roomOf(folder, path);
  if (free > needed) return;
  throw new Error(`there are ${free} bytes free, and a copy needs ${needed}`);
}

function roomOf(folder: string, path: string): { needed: number; free: number } {
  const { bavail, bsize } = statfsSync(folder);
  return { needed: statSync(path).size, free: bavail * bsize };
}

function removeAbandoned(file: string, clock: Clock): void {
  if (!file.endsWith('.partial')) return;
  // Another copy may have come to its end since they were listed.
  const status = statSync(file, { throwIfNoEntry: false });
  if (status === undefined) return;
  const writtenAt = fromMilliseconds(Math.floor(status.mtimeMs));
  if (millisecondsBetween(writtenAt, clock.now()) > abandonedMs) rmSync(file, { force: true });
}

async function copy(path: string, partial: string, how: Copying): Promise<void> {
  const { journal, pageBytes } = await how.storage();
  const inSteps = Math.ceil(bytesPerStep / pageBytes);
  if (journal !== 'wal' && (await isCopied(path, partial, how, inSteps))) return;
  await isCopied(path, partial, how, pagesAtOnce);
}

/** False where the bot writes too often for a copy in steps. */
async function isCopied(path: string, partial: string, how: Copying, rate: number) {
  // The steps run, and wait, beside this thread.
  const source = new DatabaseSync(path, { readOnly: true, timeout: how.busyTimeoutMs });
  let [left, beginnings] = [Number.POSITIVE_INFINITY, 0];
  const restless = new Error('it is written without a pause');
  try {
    await backup(source, partial, {
      rate,
      progress({ remainingPages }) {
        if (remainingPages >= left) beginnings += 1;
        left = remainingPages;
        if (beginnings >= beginningsMax) throw restless;
      },
    });
    return true;
  } catch (error) {
    if (error === restless && rate !== pagesAtOnce) return false;
    throw error instanceof Error && resultCodeOf(error) === 0 ? locked(path) : error;
  } finally {
    source.close();
  }
}

/** A first step that finds a lock ends the copy with a code that says nothing. */
const locked = (path: string): Error => new Error(`${path} is locked by another program`);

/** One file without a log beside it, every page of which can be read. */
function prove(partial: string): void {
  const whole = new DatabaseSync(partial);
  try {
    whole.exec('PRAGMA journal_mode = DELETE');
    const said = whole.prepare('PRAGMA quick_check').get()?.['quick_check'];
    if (said !== 'ok') throw new Error(`the copy is damaged: ${said}`);
  } finally {
    whole.close();
  }
}

/** A copy that somebody else finished meanwhile is the older one, and stays. */
function settle(partial: string, target: string): void {
  const file = openSync(partial, 'r');
  fsyncSync(file);
  closeSync(file);
  if (existsSync(target)) rmSync(partial);
  else renameSync(partial, target);
}

const failed = (path: string, folder: string, error: unknown): SourceError =>
  new SourceError(
    'source-backup-failed',
    `${path} could not be copied: ${error instanceof Error ? error.message : String(error)}`,
    `nothing was written; make room for a copy in ${folder}, writable for this user`,
    error,
  );
