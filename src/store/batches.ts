/** Batches: the links of each stream's hash chain. */
import { batchHash, canonicalLine, genesisHash } from '../journal/chain.ts';
import type { EntryRow } from '../model/entry.ts';
import type { Instant } from '../model/instant.ts';
import { InvariantError, invariant } from '../model/result.ts';
import type { Driver, Row } from './driver.ts';
import { advanced } from './store-error.ts';

export interface Head {
  readonly sequence: number;
  readonly hash: string;
  /** Null while the stream is empty. */
  readonly recordedAt: Instant | null;
}

export interface Batch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly recordedAt: Instant;
  readonly hash: string;
}

const columns = 'first_sequence, last_sequence, recorded_at, hash';

export function batchReads(driver: Driver) {
  const select = (rest: string) =>
    driver.prepare(`SELECT ${columns} FROM book_batches WHERE account = ? ${rest}`, {
      bigints: true,
    });
  const last = select('ORDER BY last_sequence DESC LIMIT 1');
  const after = select('AND last_sequence > ? ORDER BY last_sequence LIMIT 1000');
  const sealing = driver.prepare(
    `SELECT recorded_at FROM book_batches WHERE account = ? AND last_sequence >= ?
     ORDER BY last_sequence LIMIT 1`,
    { bigints: true },
  );

  function* batches(account: number, afterSequence = 0): Generator<Batch, void, undefined> {
    let from = afterSequence;
    for (;;) {
      const rows = after.all(account, from);
      for (const row of rows) yield batchOf(row);
      if (rows.length === 0) return;
      from = advanced(driver.path, from, Number(rows.at(-1)![1]));
    }
  }

  return {
    head(account: number): Head {
      const row = last.get(account);
      if (row === undefined) return { sequence: 0, hash: genesisHash, recordedAt: null };
      const { lastSequence, hash, recordedAt } = batchOf(row);
      return { sequence: lastSequence, hash, recordedAt };
    },
    /** When an entry was written down, by the clock of whoever wrote it; null: there is none. */
    recordedAt(account: number, sequence: number): Instant | null {
      return (sealing.get(account, sequence)?.[0] ?? null) as Instant | null;
    },
    /** Those that end after `afterSequence`, in order; the first may begin before it. */
    batches,
  };
}

const batchOf = (row: Row): Batch => ({
  firstSequence: Number(row[0]),
  lastSequence: Number(row[1]),
  recordedAt: row[2] as Instant,
  hash: row[3] as string,
});

/** The entries of one account that a transaction has added and not sealed. */
interface OpenBatch {
  readonly name: string;
  readonly head: Head;
  readonly lines: string[];
}

/** Collects what one transaction adds to each stream, and closes it with a hash. */
export function batchWrites(driver: Driver, headOf: (account: number) => Head) {
  const insert = driver.prepare(
    `INSERT INTO book_batches (account, ${columns}) VALUES (?, ?, ?, ?, ?)`,
  );
  const nameOf = driver.prepare('SELECT name FROM book_accounts WHERE account = ?');
  const open = new Map<number, OpenBatch>();

  function opened(account: number): OpenBatch {
    const name = nameOf.get(account)?.[0];
    invariant(typeof name === 'string', `no account has the number ${account}`);
    const batch = { name, head: headOf(account), lines: [] };
    open.set(account, batch);
    return batch;
  }

  return {
    begin: (): void => open.clear(),
    /** Before its row is inserted: sequences are gapless, whatever the caller believes. */
    expect(account: number, row: EntryRow): void {
      const batch = open.get(account) ?? opened(account);
      const next = batch.head.sequence + batch.lines.length + 1;
      if (row.sequence !== next) {
        throw new InvariantError(`entry ${row.sequence} where ${next} is next`);
      }
    },
    added: (account: number, row: EntryRow): void => {
      open.get(account)!.lines.push(canonicalLine(row));
    },
    /** The new head. Time never goes back, even when the clock does. */
    seal(account: number, now: Instant): Head {
      const batch = open.get(account);
      invariant(batch !== undefined && batch.lines.length > 0, `nothing to seal for ${account}`);
      const { name, head, lines } = batch;
      const recordedAt = head.recordedAt !== null && head.recordedAt > now ? head.recordedAt : now;
      const firstSequence = head.sequence + 1;
      const lastSequence = head.sequence + lines.length;
      const header = {
        previousHash: head.hash,
        account: name,
        firstSequence,
        lastSequence,
        recordedAt,
      };
      const hash = batchHash(header, lines);
      insert.run(account, firstSequence, lastSequence, recordedAt, hash);
      open.delete(account);
      return { sequence: lastSequence, hash, recordedAt };
    },
    /** Before the commit: what is in the stream is in the chain. */
    finish(): void {
      for (const [account, batch] of open) {
        invariant(batch.lines.length === 0, `account ${account} has entries without a batch`);
      }
    },
  };
}
