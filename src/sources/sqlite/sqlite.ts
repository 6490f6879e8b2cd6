/**
 * A SQLite file that another program writes. Looks are read-only and short, writes are one
 * immediate transaction; the journal mode is never touched, and no file is ever made in its place.
 */
import { constants } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Clock, type Instant, millisecondsBetween } from '../../model/instant.ts';
import type { Database, Query, Session, TableShape } from '../database.ts';
import { SourceError } from '../source-error.ts';
import { Connection, type Waiting } from './connection.ts';
import { copiesOf } from './copies.ts';
import { databaseFile } from './file.ts';
import { isAllowed, isBusy } from './sqlite-error.ts';
import { tablesOf } from './tables.ts';
import { zoneOfFile } from './zone-of-file.ts';

export interface SqliteOptions {
  readonly clock: Clock;
  /** Python's own default: a bot that waits longer has failed already. */
  readonly busyTimeoutMs?: number;
  /** Is told how long each transaction of ours kept its locks. */
  readonly released?: (kind: 'read' | 'write', ms: number) => void;
}

const busyTimeoutMsDefault = 5_000;

/** How often a commit that waits for readers is tried, a millisecond apart, before it gives way. */
const commitTriesMax = 20;

export function openSqlite(path: string, options: SqliteOptions): Database {
  const waiting: Waiting = {
    busyTimeoutMs: options.busyTimeoutMs ?? busyTimeoutMsDefault,
    pause: (ms) => pause(ms), // between attempts at a lock; no result depends on how long it is
  };
  databaseFile(path);
  const reader = new Connection(path, true, waiting);
  const writer = new Connection(path, false, waiting);
  const timed = timerOf(options);
  /** When the file was last changed by us, as far as this program did it. */
  let oursMs: number | null = null;
  let known: { version: string; tables: readonly TableShape[] } | null = null;

  const read = <T>(work: (query: Query) => Promise<T>): Promise<T> =>
    reader.alone(async () => {
      await reader.patiently(() => beginReading(reader));
      return timed('read', async () => {
        try {
          return await work(reader);
        } finally {
          reader.rollBack();
        }
      });
    });

  const storage = () =>
    read(async (query) => {
      const [journal] = await query.rows('PRAGMA journal_mode');
      const [page] = await query.rows('PRAGMA page_size');
      return { journal: journal!['journal_mode']!, pageBytes: Number(page!['page_size']) };
    });

  const copies = copiesOf(path, { ...options, ...waiting, storage });

  const tables = (): Promise<readonly TableShape[]> =>
    read(async (query) => {
      const version = await schemaVersion(query, path);
      if (known?.version !== version) known = { version, tables: await tablesOf(query) };
      return known.tables;
    });

  const write = <T>(work: (session: Session) => Promise<T>, end: 'commit' | 'rollback') =>
    writer.alone(() =>
      writer.patiently(async () => {
        refuseUnwritable(path);
        writer.exec('BEGIN IMMEDIATE');
        const before = databaseFile(path).modifiedMs;
        const result = await timed('write', () => finished(writer, work, end, waiting));
        const after = databaseFile(path).modifiedMs;
        if (after !== before) oursMs = after;
        return result;
      }),
    );

  const zoneHint = async (newest: string | null, ours: Instant | null = null) => {
    const { modifiedMs } = databaseFile(path);
    if (modifiedMs === oursMs) return null;
    return zoneOfFile(newest, modifiedMs, ours === null ? null : millisecondsBetween(0n, ours));
  };

  return {
    engine: 'sqlite',
    location: `sqlite:${path}`,
    tables,
    read,
    write: (work) => write(work, 'commit'),
    rehearse: (work) => write(work, 'rollback'),
    version: () => writer.alone(() => writer.patiently(() => versionOf(writer, path))),
    ...copies,
    // Copies are made for the sake of a write: what cannot be written is told before.
    async backup(name, tables) {
      refuseUnwritable(path);
      return copies.backup(name, tables);
    },
    zoneHint,
    async close() {
      reader.close();
      writer.close();
    },
  };
}

/** Asked by who is about to write. */
function versionOf(writer: Connection, path: string): Promise<string> {
  refuseUnwritable(path);
  return writer.version();
}

/** The first statement that reads is what takes the snapshot. */
function beginReading(reader: Connection): void {
  reader.exec('BEGIN');
  try {
    reader.exec('SELECT 1 FROM sqlite_schema LIMIT 1');
  } catch (error) {
    reader.rollBack();
    throw error;
  }
}

async function finished<T>(
  writer: Connection,
  work: (session: Session) => Promise<T>,
  end: 'commit' | 'rollback',
  { pause }: Waiting,
): Promise<T> {
  try {
    const result = await work(writer);
    for (let tries = 1; end === 'commit'; tries++) {
      if (committed(writer, tries === commitTriesMax)) break;
      await pause(1);
    }
    return result;
  } finally {
    writer.rollBack();
  }
}

/** Readers keep a commit from ending; they are waited for a moment, with everything in place. */
function committed(writer: Connection, isLast: boolean): boolean {
  try {
    writer.commit();
    return true;
  } catch (error) {
    const cause = error instanceof SourceError ? error.cause : error;
    if (isLast || !isBusy(cause)) throw error;
    return false;
  }
}

/** What changes with every change of a table; of which file, because that may be exchanged. */
async function schemaVersion(query: Query, path: string): Promise<string> {
  const [row] = await query.rows('SELECT schema_version AS version FROM pragma_schema_version');
  const { inode, bytes } = databaseFile(path);
  if (bytes === 0) {
    throw new SourceError(
      'source-unrecognised',
      `${path} is an empty file: a database without tables`,
      'name the file that the bot writes; a program that opens a wrong path makes such a file',
    );
  }
  return `${inode}:${row!['version']}`;
}

/** SQLite would open such a file for reading and complain at the first write only. */
function refuseUnwritable(path: string): void {
  databaseFile(path);
  const closed = [path, dirname(path)].find((target) => !isAllowed(target, constants.W_OK));
  if (closed === undefined) return;
  throw new SourceError(
    'source-read-only',
    `${closed} cannot be written by this user`,
    'make the file and its folder writable for this user, or run this as the user of the bot',
  );
}

const timerOf =
  ({ clock, released }: SqliteOptions) =>
  async <T>(kind: 'read' | 'write', work: () => Promise<T>): Promise<T> => {
    const from = clock.now();
    try {
      return await work();
    } finally {
      released?.(kind, millisecondsBetween(from, clock.now()));
    }
  };
