/**
 * A book as a bot uses it: one thing to report facts to and to look at. Nothing has to be called
 * after an order or a price: what is looked at is what the facts say at that moment.
 */
import type { BookView, EquityView } from '../books/book-view.ts';
import type { Instant } from '../model/instant.ts';
import type { Account } from '../store/accounts.ts';
import type { BookWriter } from './book.ts';
import { accountOf } from './books-of.ts';
import { type AccountGate, gateOf } from './gate.ts';
import { openForWriting } from './open-for-writing.ts';
import { BookReader } from './reading.ts';
import { systemClock, type WaitingClock } from './system-clock.ts';

export interface OpenBookOptions {
  /** Who writes, in words for people. */
  readonly holder?: string;
  /** False: a book that is not there is refused. */
  readonly create?: boolean;
  /** How old a price may be to value with; a day where it is absent. */
  readonly markMaxAgeMs?: number;
  readonly clock?: WaitingClock;
}

export interface LookedAt {
  /** Leaves out what took effect later. */
  readonly asOf?: Instant;
  /** Leaves out the entries after this one. */
  readonly knownAt?: number;
}

export interface Book extends BookWriter {
  accounts(): readonly string[];
  /**
   * Balances, positions, equity and results; null is unknown, with its reason beside it. The
   * account may be left out where there is one. Throws a RangeError where there is no such one.
   */
  look(account?: string, at?: LookedAt): BookView;
  /** The equity of an account now. */
  equity(account?: string): EquityView;
  /** As the function `gate` says. */
  gate(account?: string, options?: GateOptions): AccountGate;
}

export interface GateOptions {
  /** How old the last complete check may be; five minutes where it is absent. */
  readonly maxAgeMs?: number;
}

/**
 * Whether a bot may trade on the account now, and everything that speaks against it. Denies until
 * a check was complete since the book was opened. Nobody is asked: only what is on record counts.
 */
export const gate = (book: Book, account?: string, options?: GateOptions): AccountGate =>
  book.gate(account, options);

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Opens a book, and makes it where there is none. Another process may hold it: then this one asks
 * it to write. Throws a StoreError.
 */
export async function openBook(path: string, options: OpenBookOptions = {}): Promise<Book> {
  const { holder = 'a program', create = true } = options;
  const { markMaxAgeMs = dayMs, clock = systemClock } = options;
  const writer = await openForWriting(path, { clock, holder, create, markMaxAgeMs });
  const reader = new BookReader(path, clock);
  const startedAt = clock.now();
  const named = (name?: string): Account => {
    const account = accountOf(reader.file, name ?? null);
    if (account.ok) return account.value;
    throw new RangeError(`${account.refusal.message}; ${account.refusal.hint}`);
  };
  const look = (name?: string, { asOf, knownAt }: LookedAt = {}): BookView => {
    const when = { asOf: asOf ?? null, knownAt: knownAt ?? null };
    return reader.look(named(name), { ...when, markMaxAgeMs }).view;
  };
  return {
    path,
    record: (fact) => writer.record(fact),
    recordAll: (facts, mode) => writer.recordAll(facts, mode),
    apply: (plan) => writer.apply(plan),
    keep: (facts, keeping) => writer.keep(facts, keeping),
    accounts: () => reader.file.accounts().map((account) => account.name),
    look,
    equity: (name) => look(name).equity,
    gate: (name, { maxAgeMs } = {}) =>
      gateOf(reader.file, named(name), {
        ...{ now: clock.now(), startedAt },
        ...(maxAgeMs === undefined ? {} : { maxAgeMs }),
      }),
    async close() {
      reader.close();
      await writer.close();
    },
  };
}
