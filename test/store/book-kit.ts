/** Clocks that stand still, and entries to put into books; also for programs that tests start. */
import { decimal } from '../../src/decimal/text.ts';
import { draftOf } from '../../src/journal/codec.ts';
import type { EntryDraft, EntryRow } from '../../src/model/entry.ts';
import type { Fill } from '../../src/model/fact.ts';
import { type Instant, instant } from '../../src/model/instant.ts';
import type { AccountSettings } from '../../src/store/accounts.ts';
import type { BookFile } from '../../src/store/book-file.ts';
import { isHeld } from '../../src/store/lease.ts';

export const start = instant('2026-01-12T10:00:00Z');

export class TestClock {
  #now = start;
  now(): Instant {
    return this.#now;
  }
  advance(ms: number): void {
    this.#now += BigInt(ms) * 1_000_000n;
  }
}

export const settings: AccountSettings = {
  venue: 'paper',
  currency: 'USDT',
  costMethod: 'average',
  feesInCost: false,
  mode: 'paper',
  positionMode: 'net',
};

export function fill(number: number, changes: Partial<Fill> = {}): Fill {
  return {
    kind: 'fill',
    account: 'main',
    instrument: 'BTC/USDT',
    leg: 'net',
    side: 'buy',
    quantity: decimal('0.5'),
    price: decimal(String(60_000 + (number % 100))),
    fees: [{ currency: 'USDT', amount: decimal('0.03') }],
    liquidity: null,
    executionId: `e${String(number).padStart(6, '0')}`,
    orderId: `o${number}`,
    clientOrderId: null,
    strategy: null,
    cause: 'trade',
    venueSequence: null,
    provisional: false,
    time: start + BigInt(number) * 1_000_000_007n,
    ...changes,
  };
}

export const fillDraft = (number: number, changes: Partial<Fill> = {}): EntryDraft => {
  const fact = fill(number, changes);
  return draftOf(fact, fact.time, []);
};

export interface TestBook {
  readonly book: BookFile;
  readonly path: string;
  readonly clock: TestClock;
  readonly epoch: number;
  /** The number of the account `main`. */
  readonly main: number;
}

export function take(book: BookFile, clock: TestClock, holder = 'test'): number {
  const request = { holder, socket: null, pid: 1, now: clock.now(), ttlMs: 10_000 };
  const answer = book.acquireLease(request);
  if (isHeld(answer)) throw new Error(`held by ${answer.heldBy.holder}`);
  return answer.epoch;
}

/** Appends drafts in one batch; those that were there already are left out. */
export function append(
  { book, epoch, clock }: Pick<TestBook, 'book' | 'epoch' | 'clock'>,
  account: number,
  drafts: readonly EntryDraft[],
): number {
  return book.write(epoch, (tx) => {
    let sequence = book.head(account).sequence;
    let added = 0;
    for (const draft of drafts) {
      if (!tx.insertEntry(account, { ...draft, sequence: sequence + 1 })) continue;
      sequence += 1;
      added += 1;
    }
    if (added > 0) tx.sealBatch(account, clock.now());
    return added;
  });
}

/** Batches of fills with consecutive numbers. */
export function fillUp(test: TestBook, batches: number, perBatch: number): void {
  for (let batch = 0; batch < batches; batch++) {
    const numbers = Array.from({ length: perBatch }, (_, index) => batch * perBatch + index + 1);
    append(
      test,
      test.main,
      numbers.map((number) => fillDraft(number)),
    );
    test.clock.advance(1000);
  }
}

export const sequences = (rows: Iterable<EntryRow>): number[] =>
  [...rows].map((row) => row.sequence);
