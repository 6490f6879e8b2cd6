/** One write: fenced, all or nothing, durable when it returns. */
import type { EntryRow } from '../model/entry.ts';
import type { Instant } from '../model/instant.ts';
import { invariant } from '../model/result.ts';
import { accountWrites } from './accounts.ts';
import { batchReads, batchWrites, type Head } from './batches.ts';
import { derivedWrites } from './derived.ts';
import type { Driver } from './driver.ts';
import { entryWrites } from './entries.ts';
import { feedWrites } from './feeds.ts';
import { groupWrites } from './groups.ts';
import { fenceOf } from './lease.ts';
import { markWrites } from './marks.ts';
import { metaWrites } from './meta.ts';
import { queryWrites } from './query-tables.ts';
import { rawEventWrites } from './raw-events.ts';
import { registryWrites } from './registry.ts';
import { isStoreError, StoreError } from './store-error.ts';
import { textWrites } from './texts.ts';

export type Transaction = ReturnType<typeof transactionOf>['tx'];

export type Write = <T>(epoch: number, work: (tx: Transaction) => T) => T;

/** What may be written inside one transaction. */
function transactionOf(driver: Driver) {
  const insert = entryWrites(driver);
  const batches = batchWrites(driver, batchReads(driver).head);
  const tx = {
    ...accountWrites(driver),
    ...derivedWrites(driver),
    ...feedWrites(driver),
    ...groupWrites(driver),
    ...markWrites(driver),
    ...metaWrites(driver),
    ...queryWrites(driver),
    ...rawEventWrites(driver),
    ...registryWrites(driver),
    ...textWrites(driver),
    /** False, and nothing changes, when an entry has its key. Its sequence is the next one. */
    insertEntry(account: number, row: EntryRow): boolean {
      batches.expect(account, row);
      if (!insert(account, row)) return false;
      batches.added(account, row);
      return true;
    },
    /** Closes what was inserted into a stream with a hash: the new head. */
    sealBatch: (account: number, now: Instant): Head => batches.seal(account, now),
  };
  return { tx, begin: batches.begin, finish: batches.finish };
}

/** BEGIN IMMEDIATE, the work, COMMIT; whatever is thrown undoes everything and goes on. */
export function lockedOf(driver: Driver): <T>(work: () => T) => T {
  let broken: unknown = null;
  return (work) => {
    invariant(!driver.inTransaction, 'a write inside a write');
    if (broken !== null) throw stopped(driver, broken);
    driver.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      driver.exec('COMMIT');
      return result;
    } catch (error) {
      if (isStoreError(error, 'io-error')) broken = error;
      undo(driver);
      throw error;
    }
  };
}

function undo(driver: Driver): void {
  if (!driver.inTransaction) return;
  try {
    driver.exec('ROLLBACK');
  } catch {
    // what made the write fail says more than this
  }
}

/** After a failed write or fsync nobody knows what the disk holds until it is read again. */
const stopped = (driver: Driver, cause: unknown) =>
  new StoreError(
    'io-error',
    `${driver.path} is closed for writing after a disk error`,
    'check the disk, open the book anew and run verify',
    cause,
  );

export function writeOf(driver: Driver, locked: <T>(work: () => T) => T, guard: () => void): Write {
  const { tx, begin, finish } = transactionOf(driver);
  const fence = fenceOf(driver);
  return (epoch, work) => {
    guard();
    return locked(() => {
      fence(epoch);
      begin();
      const result = work(tx);
      finish();
      return result;
    });
  };
}
