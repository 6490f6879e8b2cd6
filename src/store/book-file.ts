/** A book in a file: everything that reads and writes it, synchronously. */
import type { Clock } from '../model/instant.ts';
import { accountReads } from './accounts.ts';
import { batchReads } from './batches.ts';
import { derivedReads } from './derived.ts';
import { Driver } from './driver.ts';
import { entryReads } from './entries.ts';
import { feedReads } from './feeds.ts';
import { inspectFile, notABook, refuseNewer, refuseUnwritable } from './file-header.ts';
import { groupReads } from './groups.ts';
import { leaseOf } from './lease.ts';
import { markReads } from './marks.ts';
import { metaReads } from './meta.ts';
import { formatOf, type Migration, migrate, migrations, presentFormat } from './migrations.ts';
import { makeOwnerOnly } from './owner-only.ts';
import { queryReads } from './query-tables.ts';
import { rawEventReads } from './raw-events.ts';
import { registryReads } from './registry.ts';
import { applicationId, tables } from './schema.ts';
import { schemaFaults } from './schema-check.ts';
import { freeBytesAt, spaceGuard } from './space.ts';
import { StoreError } from './store-error.ts';
import { textReads } from './texts.ts';
import { lockedOf, writeOf } from './transaction.ts';
import { views } from './views.ts';

export interface BookFileOptions {
  readonly clock: Clock;
  /** Makes the book where there is none. */
  readonly create?: boolean;
  readonly readOnly?: boolean;
  /** Stands in a book that is made now. */
  readonly programVersion?: string;
  readonly busyTimeoutMs?: number;
  /** Pages that a connection keeps at most; absent: 64 megabytes, for what goes through a book. */
  readonly cacheBytes?: number;
  /** Writes stop while fewer bytes are free. */
  readonly reserveBytes?: number;
  readonly freeBytes?: () => number | null;
  readonly migrations?: readonly Migration[];
}

export type BookFile = ReturnType<typeof bookOn>;

const defaultReserveBytes = 64 * 1024 * 1024;
const defaultBusyTimeoutMs = 5000;
const defaultCacheBytes = 64 * 1024 * 1024;

/** Throws a StoreError when there is no book, it is newer, or it cannot be read. */
export function openBookFile(path: string, options: BookFileOptions): BookFile {
  const list = options.migrations ?? migrations;
  const kind = inspectFile(path, presentFormat(list));
  if (kind === 'absent' && (options.create !== true || options.readOnly === true)) {
    throw new StoreError('no-book', `there is no book ${path}`, 'make one with init');
  }
  if (kind === 'book' && options.readOnly !== true) refuseUnwritable(path);
  if (kind === 'absent') makeOwnerOnly(path);
  const driver = new Driver(path, {
    readOnly: options.readOnly ?? false,
    busyTimeoutMs: options.busyTimeoutMs ?? defaultBusyTimeoutMs,
  });
  try {
    if (kind === 'absent') create(driver, list, options.programVersion ?? '');
    prepare(driver, list, options);
    // Once all of them fitted a schema, they fit another file that has the same.
    const schema = schemaText(driver);
    driver.isLazy = fitting.has(schema);
    const book = bookOn(driver, list, options);
    fitting.add(schema);
    return book;
  } catch (error) {
    const damage = error instanceof StoreError ? null : schemaDamage(driver, list, error);
    driver.close();
    throw damage ?? error;
  }
}

const fitting = new Set<string>();

const schemaText = (driver: Driver): string =>
  driver.prepare('SELECT sql FROM sqlite_schema').all().join('\n');

/** A statement that does not fit its tables is our bug, unless the tables are not ours. */
function schemaDamage(
  driver: Driver,
  list: readonly Migration[],
  cause: unknown,
): StoreError | null {
  const [fault] = driver.inTransaction ? [] : schemaFaults(driver, list);
  if (fault === undefined) return null;
  const hint = 'restore the newest good backup';
  return new StoreError('book-damaged', `${driver.path} is damaged: ${fault}`, hint, cause);
}

function create(driver: Driver, list: readonly Migration[], programVersion: string): void {
  // Format and tables appear together, in one transaction, before the file is a book to anyone.
  driver.exec('BEGIN EXCLUSIVE');
  try {
    if (driver.value('SELECT count(*) FROM sqlite_schema') === 0) {
      driver.exec(`PRAGMA application_id = ${applicationId}`);
      driver.exec(tables);
      driver.exec(views);
      for (const { up } of list) up(driver);
      driver.exec(`PRAGMA user_version = ${presentFormat(list)}`);
      driver.prepare('INSERT INTO book_meta VALUES (?, ?)').run('made_by', programVersion);
    }
    driver.exec('COMMIT');
  } catch (error) {
    if (driver.inTransaction) driver.exec('ROLLBACK');
    throw error;
  }
  driver.exec('PRAGMA journal_mode = WAL');
}

function prepare(driver: Driver, list: readonly Migration[], options: BookFileOptions): void {
  const { cacheBytes = defaultCacheBytes } = options;
  driver.exec(`PRAGMA cache_size = -${cacheBytes / 1024}; PRAGMA cell_size_check = ON`);
  // Once more through SQLite: the log may hold what the header did not show.
  if (driver.value('PRAGMA application_id') !== applicationId) {
    throw notABook(driver.path, 'is a database of another program');
  }
  refuseNewer(driver.path, formatOf(driver), presentFormat(list));
  if (options.readOnly === true) return refuseOlder(driver, list);
  driver.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    PRAGMA wal_autocheckpoint = 10000; PRAGMA journal_size_limit = 67108864`);
  migrate(driver, list, options.clock);
}

function refuseOlder(driver: Driver, list: readonly Migration[]): void {
  if (formatOf(driver) === presentFormat(list)) return;
  throw new StoreError(
    'read-only',
    `${driver.path} has an older format and may only be read`,
    'open it once for writing, which brings it to the present format',
  );
}

function bookOn(driver: Driver, list: readonly Migration[], options: BookFileOptions) {
  const locked = lockedOf(driver);
  const guard =
    options.readOnly === true
      ? refuseWrites(driver)
      : spaceGuard({
          clock: options.clock,
          reserveBytes: options.reserveBytes ?? defaultReserveBytes,
          freeBytes: options.freeBytes ?? (() => freeBytesAt(driver.path)),
        });
  return {
    path: driver.path,
    /** For what has no method here: checks and copies of the whole file. */
    driver,
    ...accountReads(driver),
    ...batchReads(driver),
    ...derivedReads(driver),
    ...entryReads(driver),
    ...feedReads(driver),
    ...groupReads(driver),
    ...leaseOf(driver, locked),
    ...markReads(driver),
    ...metaReads(driver),
    ...queryReads(driver),
    ...rawEventReads(driver),
    ...registryReads(driver),
    ...textReads(driver),
    /** How its tables and triggers differ from those of a book, in words. */
    schemaFaults: () => schemaFaults(driver, list),
    /** Reads that belong together: all of them see the book as it is now. */
    read: readOf(driver),
    /** Fenced by the lease's epoch; durable when it returns, undone when it throws. */
    write: writeOf(driver, locked, guard),
    close: () => driver.close(),
  };
}

function refuseWrites({ path }: Driver): () => never {
  return () => {
    throw new StoreError('read-only', `${path} is open for reading only`, 'open it for writing');
  };
}

function readOf(driver: Driver): <T>(work: () => T) => T {
  return (work) => {
    if (driver.inTransaction) return work();
    driver.exec('BEGIN');
    try {
      return work();
    } finally {
      driver.exec('COMMIT');
    }
  };
}
