/**
 * Brings the file of an older book to the present format: after a copy of the file, in one
 * exclusive transaction. An older program that still writes is fenced off by it.
 */
import { existsSync } from 'node:fs';
import { type Clock, instantText } from '../model/instant.ts';
import { invariant } from '../model/result.ts';
import type { Driver } from './driver.ts';
import { syncFile } from './durable.ts';
import { feedTables } from './feeds.ts';
import { rawEventTables } from './raw-events.ts';
import { firstFormat } from './schema.ts';
import { StoreError } from './store-error.ts';

export interface Migration {
  /** The format that it makes. */
  readonly version: number;
  readonly up: (driver: Driver) => void;
}

export const migrations: readonly Migration[] = [
  { version: 2, up: (driver) => driver.exec(rawEventTables + feedTables) },
];

export const presentFormat = (list: readonly Migration[]): number =>
  list.at(-1)?.version ?? firstFormat;

export const formatOf = (driver: Driver): number => Number(driver.value('PRAGMA user_version'));

const attempts = 3;

export function migrate(driver: Driver, list: readonly Migration[], clock: Clock): void {
  list.forEach(({ version }, index) => {
    invariant(version === firstFormat + index + 1, `migration ${version} is out of order`);
  });
  const from = formatOf(driver);
  const wanted = presentFormat(list);
  if (from === wanted) return;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const seen = driver.value('PRAGMA data_version');
    copyAside(driver, from + 1, clock);
    driver.exec('BEGIN EXCLUSIVE');
    try {
      // A write between copy and lock would be missing from the copy.
      if (driver.value('PRAGMA data_version') === seen) {
        steps(driver, list, clock);
        driver.exec('COMMIT');
        driver.exec('PRAGMA wal_checkpoint(TRUNCATE)');
        return;
      }
      driver.exec('ROLLBACK');
    } catch (error) {
      if (driver.inTransaction) driver.exec('ROLLBACK');
      throw error;
    }
  }
  throw inUse(driver);
}

function steps(driver: Driver, list: readonly Migration[], clock: Clock): void {
  refuseHeld(driver, clock);
  const from = formatOf(driver);
  for (const { version, up } of list.filter((step) => step.version > from)) {
    up(driver);
    driver.exec(`PRAGMA user_version = ${version}`);
  }
  driver.exec('UPDATE book_lease SET epoch = epoch + 1, holder = NULL, expires_at = NULL');
}

function refuseHeld(driver: Driver, clock: Clock): void {
  const sql = 'SELECT 1 FROM book_lease WHERE holder IS NOT NULL AND expires_at > ?';
  if (driver.value(sql, clock.now()) !== null) throw inUse(driver);
}

const inUse = (driver: Driver) =>
  new StoreError(
    'busy',
    `${driver.path} has an older format and is being written to`,
    'stop the program that writes to the book, then try again',
  );

function copyAside(driver: Driver, version: number, clock: Clock): void {
  const stamp = instantText(clock.now()).replaceAll(':', '');
  let target = `${driver.path}.before-v${version}-${stamp}`;
  while (existsSync(target)) target += '-2';
  driver.prepare('VACUUM INTO ?').run(target);
  syncFile(target);
}
