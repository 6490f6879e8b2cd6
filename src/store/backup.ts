/**
 * Backups: a copy of a book that may be in use, with a manifest beside it that says what it
 * holds; and back. A backup counts only when its checksum, its heads and its chains are right.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Clock, instantText } from '../model/instant.ts';
import { type BookFile, openBookFile } from './book-file.ts';
import { syncFile, syncFolder } from './durable.ts';
import { formatOf } from './migrations.ts';
import { makeOwnerOnly } from './owner-only.ts';
import { StoreError } from './store-error.ts';
import { type Finding, verifyChain } from './verify.ts';

export interface BackupManifest {
  readonly schema: 'trueup.backup/1';
  readonly takenAt: string;
  readonly format: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly heads: readonly BackupHead[];
}

export interface BackupHead {
  readonly account: string;
  readonly sequence: number;
  readonly hash: string;
}

export const manifestPathOf = (backupFile: string): string => `${backupFile}.json`;

/** Copies the book to `target`, which must not exist, and writes its manifest. */
export async function backupBook(
  book: BookFile,
  target: string,
  clock: Clock,
): Promise<BackupManifest> {
  refuseExisting(target);
  const partial = `${target}.partial`;
  removeBook(partial);
  makeOwnerOnly(partial);
  await book.driver.copyTo(partial);
  const { heads, format } = settle(partial, clock);
  syncFile(partial);
  const manifest: BackupManifest = {
    schema: 'trueup.backup/1',
    takenAt: instantText(clock.now()),
    format,
    bytes: statSync(partial).size,
    sha256: fileDigest(partial),
    heads,
  };
  writeFileSync(manifestPathOf(target), `${JSON.stringify(manifest, null, 2)}\n`);
  syncFile(manifestPathOf(target));
  renameSync(partial, target);
  syncFolder(target);
  return manifest;
}

/** One file without a log beside it, so that its bytes are all there is. */
function settle(path: string, clock: Clock): Pick<BackupManifest, 'heads' | 'format'> {
  const copy = openBookFile(path, { clock });
  try {
    copy.driver.exec('PRAGMA journal_mode = DELETE');
    return { heads: headsOf(copy), format: formatOf(copy.driver) };
  } finally {
    copy.close();
  }
}

const headsOf = (book: BookFile): BackupHead[] =>
  book.accounts().map(({ account, name }) => {
    const { sequence, hash } = book.head(account);
    return { account: name, sequence, hash };
  });

export interface RestoreOptions {
  readonly clock: Clock;
  /** Replaces an existing book, which is kept aside. */
  readonly force?: boolean;
  /** Recomputes every hash before the backup becomes the book; on unless false. */
  readonly verify?: boolean;
}

/** Makes a backup the book at `target`. The path of what was there before, or null. */
export function restoreBook(
  backupFile: string,
  target: string,
  options: RestoreOptions,
): { readonly manifest: BackupManifest; readonly keptAside: string | null } {
  const manifest = readManifest(backupFile);
  if (existsSync(target)) {
    if (options.force !== true) refuseExisting(target);
    refuseHeld(target, options.clock);
  }
  const partial = `${target}.restoring`;
  removeBook(partial);
  copyFileSync(backupFile, partial);
  try {
    refuseChecksum(partial, backupFile, manifest);
    proveCopy(partial, manifest, options);
  } catch (error) {
    removeBook(partial);
    throw error;
  }
  syncFile(partial);
  const keptAside = existsSync(target) ? setAside(target, options.clock) : null;
  renameSync(partial, target);
  syncFolder(target);
  return { manifest, keptAside };
}

function readManifest(backupFile: string): BackupManifest {
  const path = manifestPathOf(backupFile);
  if (!existsSync(backupFile) || !existsSync(path)) {
    const missing = existsSync(backupFile) ? path : backupFile;
    throw damaged(`${missing} is missing`);
  }
  try {
    const manifest = JSON.parse(readFileSync(path, 'utf8'));
    if (manifest.schema === 'trueup.backup/1' && Array.isArray(manifest.heads)) return manifest;
  } catch (error) {
    throw damaged(`${path} is no manifest`, error);
  }
  throw damaged(`${path} is no manifest of a backup`);
}

const damaged = (message: string, cause?: unknown) =>
  new StoreError('backup-damaged', message, 'use another backup; nothing was changed', cause);

function refuseChecksum(copy: string, source: string, manifest: BackupManifest): void {
  const digest = fileDigest(copy);
  if (digest === manifest.sha256) return;
  throw damaged(`${source} has the checksum ${digest}, its manifest says ${manifest.sha256}`);
}

function proveCopy(path: string, manifest: BackupManifest, options: RestoreOptions): void {
  const book = openBookFile(path, { clock: options.clock });
  try {
    const heads = JSON.stringify(headsOf(book));
    if (heads !== JSON.stringify(manifest.heads)) {
      throw damaged(`its heads are ${heads}, not those of the manifest`);
    }
    if (options.verify !== false) refuseFindings(verifyChain(book).findings);
    // Whoever held the lease when the backup was taken does not hold it here.
    book.driver.exec('UPDATE book_lease SET epoch = epoch + 1, holder = NULL, expires_at = NULL');
    book.driver.exec('PRAGMA journal_mode = DELETE');
  } finally {
    book.close();
  }
}

function refuseFindings(findings: readonly Finding[]): void {
  const first = findings[0];
  if (first === undefined) return;
  throw damaged(`the backup does not verify: ${first.account ?? 'file'} ${first.message}`);
}

function refuseExisting(path: string): void {
  const folder = dirname(resolve(path));
  if (!existsSync(folder)) {
    throw new StoreError('no-folder', `there is no folder ${folder}`, 'make the folder first');
  }
  if (!existsSync(path)) return;
  throw new StoreError('exists', `${path} exists`, 'name another file, or use --force to restore');
}

function refuseHeld(target: string, clock: Clock): void {
  const book = openBookFile(target, { clock, readOnly: true });
  try {
    const holder = book.leaseHolder();
    if (holder === null || holder.expiresAt <= clock.now()) return;
    throw new StoreError(
      'busy',
      `${holder.holder} (process ${holder.pid}) writes to ${target}`,
      'stop it before restoring',
    );
  } finally {
    book.close();
  }
}

const companions = ['', '-wal', '-shm'];

function setAside(target: string, clock: Clock): string {
  let aside = `${target}.replaced-${instantText(clock.now()).replaceAll(':', '')}`;
  while (existsSync(aside)) aside += '-2';
  for (const suffix of companions) {
    if (existsSync(target + suffix)) renameSync(target + suffix, aside + suffix);
  }
  return aside;
}

function removeBook(path: string): void {
  for (const suffix of companions) rmSync(path + suffix, { force: true });
}

const chunkLength = 1024 * 1024;

function fileDigest(path: string): string {
  const hash = createHash('sha256');
  const chunk = Buffer.alloc(chunkLength);
  const file = openSync(path, 'r');
  try {
    for (;;) {
      const length = readSync(file, chunk);
      if (length === 0) return hash.digest('hex');
      hash.update(chunk.subarray(0, length));
    }
  } finally {
    closeSync(file);
  }
}
