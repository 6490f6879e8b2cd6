/**
 * The service's own file beside a book: tokens, sessions, answers to writes that may come twice,
 * runs of duties, who did what over HTTP, and the numbers of the stream. No truth is in it: a book
 * without it loses nothing but access, and a new one is made at the next start.
 */
import { chmodSync } from 'node:fs';
import { Driver } from './driver.ts';
import { refuseUnwritable } from './file-header.ts';
import { makeOwnerOnly, ownerOnly } from './owner-only.ts';
import { StoreError } from './store-error.ts';

/** 'TruS' in ASCII. */
const applicationId = 0x54727553;
const format = 2;

/** Which entries have which numbers, and where each account of the book ended when it got them. */
const streamTables = `
CREATE TABLE service_stream (
  last INTEGER PRIMARY KEY,
  account INTEGER NOT NULL,
  first_sequence INTEGER NOT NULL,
  last_sequence INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE TABLE service_heads (
  name TEXT PRIMARY KEY,
  sequence INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;

/** Times are nanoseconds since 1970, as everywhere; absent ones are null. */
const tables = `
CREATE TABLE service_tokens (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  scopes TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  made_by TEXT NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER,
  used_at INTEGER
) STRICT;
CREATE TABLE service_sessions (
  hash TEXT PRIMARY KEY,
  token TEXT NOT NULL REFERENCES service_tokens (id),
  csrf_hash TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE TABLE service_answers (
  actor TEXT NOT NULL,
  key TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  at INTEGER NOT NULL,
  status INTEGER,
  body TEXT,
  PRIMARY KEY (actor, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX service_answers_by_time ON service_answers (at);
CREATE TABLE service_actions (
  n INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  object TEXT NOT NULL,
  status INTEGER NOT NULL,
  request_id TEXT NOT NULL
) STRICT;
CREATE TABLE service_duty_runs (
  n INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  slot INTEGER NOT NULL,
  began_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  exit_code INTEGER NOT NULL,
  sentence TEXT NOT NULL,
  missed INTEGER NOT NULL,
  asked_by TEXT
) STRICT;
CREATE INDEX service_duty_runs_by_name ON service_duty_runs (name, n);
CREATE TABLE service_duty_pauses (
  name TEXT PRIMARY KEY,
  since INTEGER NOT NULL,
  by TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE service_meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
${streamTables}`;

/** The stream begins anew; where each account ended is kept. */
const fromFormat1 = `
DROP TABLE service_stream;
${streamTables}
INSERT INTO service_heads
  SELECT substr(key, 6), CAST(substr(value, 1, instr(value, ' ') - 1) AS INTEGER),
    substr(value, instr(value, ' ') + 1)
  FROM service_meta WHERE key GLOB 'head *';
DELETE FROM service_meta WHERE key = 'epoch' OR key GLOB 'head *';
`;

export interface ServiceFile {
  readonly path: string;
  readonly driver: Driver;
  /** All of it or none; only one work at a time, and it does not wait. */
  write<T>(work: () => T): T;
  close(): void;
}

export const serviceFilePath = (book: string): string => `${book}.service.db`;

/** Makes it where there is none. Throws a StoreError. */
export function openServiceFile(path: string, options = { busyTimeoutMs: 5_000 }): ServiceFile {
  const isOnDisk = path !== ':memory:';
  // Hashes are no secrets, but who may do what is nobody else's business.
  if (isOnDisk) {
    makeOwnerOnly(path);
    refuseUnwritable(path);
  }
  const driver = new Driver(path, { readOnly: false, ...options });
  try {
    // Before anything is changed in it: it may be a file of somebody else.
    refuseForeign(driver);
    if (isOnDisk) chmodSync(path, ownerOnly);
    driver.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    prepare(driver);
  } catch (error) {
    driver.close();
    throw error;
  }
  return { path, driver, write: (work) => writeIn(driver, work), close: () => driver.close() };
}

const isEmpty = (driver: Driver): boolean =>
  driver.value('SELECT count(*) FROM sqlite_schema') === 0;

function refuseForeign(driver: Driver): void {
  if (isEmpty(driver) || driver.value('PRAGMA application_id') === applicationId) return;
  const hint = 'move it away: the service makes a new one';
  throw new StoreError('not-a-book', `${driver.path} is a file of another program`, hint);
}

function prepare(driver: Driver): void {
  writeIn(driver, () => {
    if (isEmpty(driver)) {
      driver.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${format}`);
      driver.exec(tables);
      return;
    }
    const made = Number(driver.value('PRAGMA user_version'));
    if (made > format) {
      const hint = 'use the version of trueup that made it, or move it away';
      throw new StoreError('book-newer', `${driver.path} is of a newer version`, hint);
    }
    if (made < format) driver.exec(`${fromFormat1}PRAGMA user_version = ${format}`);
  });
}

function writeIn<T>(driver: Driver, work: () => T): T {
  driver.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    driver.exec('COMMIT');
    return result;
  } catch (error) {
    if (driver.inTransaction) driver.exec('ROLLBACK');
    throw error;
  }
}
