/**
 * The hash chain: every committed batch of a stream has a hash over the batch before it and the
 * canonical lines of its entries, so that no stored byte can change without being noticed.
 */
import { createHash, type Hash } from 'node:crypto';
import type { EntryRow } from '../model/entry.ts';
import type { Instant } from '../model/instant.ts';

/** What the first batch of a stream stands on. */
export const genesisHash = '0'.repeat(64);

/** The bytes of an entry that are hashed. The order of the columns is for ever. */
export const canonicalLine = (row: EntryRow): string =>
  `${JSON.stringify([
    row.sequence,
    row.v,
    String(row.effectiveAt),
    row.kind,
    row.id,
    row.instrument,
    row.side,
    row.leg,
    row.quantity,
    row.price,
    row.amount,
    row.currency,
    row.orderId,
    row.body,
    row.causedBy,
  ])}\n`;

export interface BatchHeader {
  readonly previousHash: string;
  /** The account's name. */
  readonly account: string;
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly recordedAt: Instant;
}

/** Few large updates: one update per line costs more than the hashing. */
const linesPerUpdate = 1000;

/** Hashes one batch line by line, for batches that should not be held in memory. */
export class BatchHasher {
  readonly #hash: Hash = createHash('sha256');
  #pending: string[] = [];

  constructor(header: BatchHeader) {
    const { previousHash, account, firstSequence, lastSequence, recordedAt } = header;
    const first = [previousHash, account, firstSequence, lastSequence, String(recordedAt)];
    this.#pending.push(`${JSON.stringify(first)}\n`);
  }

  add(line: string): void {
    if (this.#pending.push(line) >= linesPerUpdate) this.#flush();
  }

  /** The hash in hexadecimal digits; the hasher is used up. */
  digest(): string {
    this.#flush();
    return this.#hash.digest('hex');
  }

  #flush(): void {
    this.#hash.update(this.#pending.join(''));
    this.#pending = [];
  }
}

export function batchHash(header: BatchHeader, lines: Iterable<string>): string {
  const hasher = new BatchHasher(header);
  for (const line of lines) hasher.add(line);
  return hasher.digest();
}
