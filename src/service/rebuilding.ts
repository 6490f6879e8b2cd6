/** Proves that what is derived is what the entries say, and writes it anew on request. */
import type { Instant } from '../model/instant.ts';
import type { Account } from '../store/accounts.ts';
import { backupBook } from '../store/backup.ts';
import { type BookFile, openBookFile } from '../store/book-file.ts';
import { isHeld, type LeaseHolder } from '../store/lease.ts';
import { StoreError } from '../store/store-error.ts';
import type { Transaction } from '../store/transaction.ts';
import {
  type DerivedDifference,
  type DerivedRows,
  derivedDifferences,
  recomputedRows,
  storedRows,
} from './derived-rows.ts';
import { reach } from './remote-book.ts';
import { stampedPath } from './stamped-path.ts';
import type { WaitingClock } from './system-clock.ts';

export interface Rebuilt {
  readonly account: string;
  readonly entries: number;
  readonly differences: readonly DerivedDifference[];
}

export type OnRebuild = (account: string, sequence: number) => void;

/** Recomputes and compares; writes nothing. */
export function verifyDerived(
  file: BookFile,
  accounts: readonly Account[],
  onProgress: OnRebuild = () => undefined,
): readonly Rebuilt[] {
  return accounts.map((account) => compared(file, account, onProgress).rebuilt);
}

function compared(file: BookFile, account: Account, onProgress: OnRebuild) {
  return file.read(() => {
    const stored = storedRows(file, account);
    const rows = recomputedRows(file, account, (sequence) => onProgress(account.name, sequence));
    const rebuilt: Rebuilt = {
      account: account.name,
      entries: file.head(account.account).sequence,
      differences: derivedDifferences(account.name, stored, rows),
    };
    return { rows, rebuilt };
  });
}

export interface Rewritten {
  readonly accounts: readonly Rebuilt[];
  /** The copy of the book as it was; null when nothing differed and nothing was written. */
  readonly backup: string | null;
}

/** How long a rewriting may take before others believe that its process is gone. */
const rewriteLeaseMs = 600_000;

/** Writes derived rows anew where they differ, after a backup; nobody else may hold the book. */
export async function rewriteDerived(
  path: string,
  clock: WaitingClock,
  holder: string,
  onProgress: OnRebuild = () => undefined,
): Promise<Rewritten> {
  const file = openBookFile(path, { clock });
  try {
    const epoch = await exclusive(file, path, clock, holder);
    try {
      return await rewritten(file, epoch, clock, onProgress);
    } finally {
      file.releaseLease(epoch);
    }
  } finally {
    file.close();
  }
}

async function rewritten(
  file: BookFile,
  epoch: number,
  clock: WaitingClock,
  onProgress: OnRebuild,
): Promise<Rewritten> {
  const results = file.accounts().map((account) => {
    const { rows, rebuilt } = compared(file, account, onProgress);
    return { account, rows, rebuilt };
  });
  const wrong = results.filter(({ rebuilt }) => rebuilt.differences.length > 0);
  const accounts = results.map(({ rebuilt }) => rebuilt);
  if (wrong.length === 0) return { accounts, backup: null };
  const backup = stampedPath(file.path, 'before-rebuild', clock.now());
  await backupBook(file, backup, clock);
  file.write(epoch, (tx) => {
    for (const { account, rows } of wrong) writeRows(file, tx, account, rows, clock.now());
  });
  return { accounts, backup };
}

const plainTables = ['book_amendments', 'book_orders', 'book_performance'];

function writeRows(
  file: BookFile,
  tx: Transaction,
  { account, currency }: Account,
  rows: DerivedRows,
  now: Instant,
): void {
  tx.clearFold(account);
  for (const table of plainTables) {
    file.driver.prepare(`DELETE FROM ${table} WHERE account = ?`).run(account);
  }
  for (const { target, sequence } of rows.amendments) tx.addAmendment(account, target, sequence);
  for (const page of rows.pages) tx.putPage(account, page);
  for (const group of rows.groups) tx.putGroup(account, group);
  for (const stream of rows.streams) tx.putStream(account, stream);
  for (const position of rows.positions) tx.touchPosition(account, position);
  for (const balance of rows.balances) {
    const updatedAt = balance.currency === currency ? now : balance.updatedAt;
    tx.touchBalance(account, { ...balance, updatedAt });
  }
  for (const order of rows.orders) tx.touchOrder(account, order);
  for (const record of rows.performance) tx.addPerformance(account, record);
}

/** The lease, unless its holder is alive. */
async function exclusive(
  file: BookFile,
  path: string,
  clock: WaitingClock,
  holder: string,
): Promise<number> {
  const request = () => ({
    holder,
    socket: null,
    pid: process.pid,
    now: clock.now(),
    ttlMs: rewriteLeaseMs,
  });
  const granted = file.acquireLease(request());
  if (!isHeld(granted)) return granted.epoch;
  const { heldBy } = granted;
  if (heldBy.socket === null) throw inTheWay(path, heldBy);
  const answer = await reach(path, heldBy.socket, clock);
  await answer.reached?.close();
  if (answer.reached !== null || answer.why === 'silent') throw inTheWay(path, heldBy);
  const taken = file.takeOver(request(), heldBy);
  if (isHeld(taken)) throw inTheWay(path, taken.heldBy);
  return taken.epoch;
}

const inTheWay = (path: string, { holder, pid }: LeaseHolder) =>
  new StoreError(
    'held',
    `${path} is held by ${holder} (process ${pid})`,
    'stop it first: rows are rewritten only while nobody else writes',
  );
