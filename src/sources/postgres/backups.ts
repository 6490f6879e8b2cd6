/**
 * Copies of the tables that we may write, one compressed SQL script each, in a folder of their
 * own: a server has no place beside it. A copy counts once it is whole.
 */
import { createWriteStream, existsSync, statSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Database, Query, TableShape } from '../database.ts';
import { SourceError } from '../source-error.ts';
import { backupScript } from './backup-script.ts';
import type { Connections } from './connections.ts';

const suffix = '.sql.gz';

/** A copy that was broken off so long before the next one belongs to nobody any more. */
const abandonedMs = 3_600_000;

/** Two that copy at once, in one program, must not write one file. */
let copying = 0;

export function backupsOf(
  connections: Connections,
  location: string,
  parent: string,
): Pick<Database, 'backup' | 'backups' | 'removeBackup' | 'backupRoom'> {
  const folder = resolve(parent, folderNameOf(location));
  const pathOf = (name: string) => join(folder, `${name}${suffix}`);
  return {
    async backup(name, tables) {
      const path = pathOf(name);
      copying += 1;
      const partial = `${path}.${process.pid}-${copying}.partial`;
      try {
        await mkdir(folder, { recursive: true });
        await connections.transact('read', async (query) => {
          const script = Readable.from(backupScript(query, storedIn(tables), location));
          await pipeline(script, createGzip(), createWriteStream(partial, { flush: true }));
        });
        await removeAbandoned(folder, partial);
        // A copy that somebody else finished meanwhile is the older one, and stays.
        if (!existsSync(path)) await rename(partial, path);
        return path;
      } catch (error) {
        throw failed(location, folder, error);
      } finally {
        if (existsSync(partial)) await rm(partial);
      }
    },
    async backups() {
      const copies = (await filesIn(folder)).filter((name) => name.endsWith(suffix));
      return copies.map((name) => name.slice(0, -suffix.length)).sort();
    },
    async backupRoom(tables) {
      const needed = await connections.transact('read', async (query) => {
        const sizes = storedIn(tables).map(({ sql }) => bytesOf(query, sql));
        return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
      });
      const { bavail, bsize } = await statfs(nearestFolder(folder));
      return { folder, needed, free: bavail * bsize };
    },
    removeBackup: (name) => rm(pathOf(name), { force: true }),
  };
}

/** On the server's disk: compressed it is less. */
async function bytesOf(query: Query, table: string): Promise<number> {
  const [row] = await query.rows('SELECT pg_table_size(CAST(? AS regclass)) AS n', [table]);
  return Number(row!['n']);
}

const nearestFolder = (folder: string): string =>
  existsSync(folder) ? folder : nearestFolder(dirname(folder));

/** `postgresql://bot@db.example:5432/falcon` -> `db.example-5432-falcon`, whoever asks. */
const folderNameOf = (location: string): string =>
  location
    .replace(/^\w+:\/\/(?:[^@/]*@)?/, '')
    .replace(/[^\w.]+/g, '-')
    .replace(/^-+|-+$/g, '');

/** What a view shows is in tables, and comes back with them. */
const storedIn = (tables: readonly TableShape[]): readonly TableShape[] =>
  tables.filter(({ kind }) => kind === 'table');

const filesIn = async (folder: string): Promise<string[]> =>
  existsSync(folder) ? await readdir(folder) : [];

/** The file that was just written tells what time it is by the clock of its folder. */
async function removeAbandoned(folder: string, newest: string): Promise<void> {
  const { mtimeMs: now } = await stat(newest);
  for (const name of (await filesIn(folder)).filter((file) => file.endsWith('.partial'))) {
    const file = join(folder, name);
    // Another copy may have come to its end since they were listed.
    const writtenAt = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? now;
    if (now - writtenAt > abandonedMs) await rm(file, { force: true });
  }
}

const failed = (location: string, folder: string, error: unknown): unknown =>
  error instanceof SourceError
    ? error
    : new SourceError(
        'source-backup-failed',
        `${location} could not be copied: ${error instanceof Error ? error.message : error}`,
        `nothing was written; make room for a copy in ${folder}, writable for this user`,
        error,
      );
