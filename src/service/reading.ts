/**
 * Reading a book without writing it: the books as they are, as they were at an instant, or as
 * they were known after an entry.
 */
import type { AccountFold } from '../books/account-fold.ts';
import { type BookView, viewOf } from '../books/book-view.ts';
import { foldFacts } from '../books/fold-facts.ts';
import type { Page } from '../books/pages.ts';
import type { BookedFact, EntryRow } from '../model/entry.ts';
import type { Clock, Instant } from '../model/instant.ts';
import { invariant } from '../model/result.ts';
import type { Account } from '../store/accounts.ts';
import type { Head } from '../store/batches.ts';
import { type BookFile, type BookFileOptions, openBookFile } from '../store/book-file.ts';
import { contextOf } from './account-context.ts';
import { settingsOf } from './account-writer.ts';
import { inForce, isRemark, isReversed, movingKinds } from './in-force.ts';
import { openStream } from './open-stream.ts';
import { readFault } from './read-faults.ts';
import type { Stream } from './stream.ts';
import { instrumentVersions, pageAt } from './stream-adapter.ts';
import type { StreamStore } from './stream-store.ts';

export interface LookOptions {
  /** Facts that took effect later are left out; null: all, valued at the youngest fact or mark. */
  readonly asOf: Instant | null;
  /** Entries after this one are left out; null: all. */
  readonly knownAt: number | null;
  readonly markMaxAgeMs: number;
}

/** The books of an account, not valued. */
export interface Books {
  readonly account: Account;
  readonly fold: AccountFold;
  /** The head, or the last entry that was known. */
  readonly head: Head;
  /** Busts and corrections without their fill: execution ids; null of a book looked back at. */
  readonly waiting: readonly string[] | null;
}

export interface Look extends Books {
  readonly view: BookView;
}

/**
 * Pages that a connection of a service keeps: it reads what is young again and again, and a book of
 * years must not come to lie in its memory.
 */
export const servingCacheBytes = 4 * 1024 * 1024;

export class BookReader {
  readonly file: BookFile;
  /** As they were last read, by the number of their account. */
  readonly #books = new Map<number, Books>();

  constructor(path: string, clock: Clock, options: Pick<BookFileOptions, 'cacheBytes'> = {}) {
    this.file = openBookFile(path, { clock, readOnly: true, ...options });
  }

  close(): void {
    this.file.close();
  }

  /** The account's books; everything in the answer is of one instant of the file. */
  look(account: Account, options: LookOptions): Look {
    try {
      return this.file.read(() => this.#look(account, options));
    } catch (error) {
      throw readFault(error, this.file);
    }
  }

  #look(account: Account, options: LookOptions): Look {
    if (options.knownAt === null && options.asOf === null) {
      return this.#looked(this.booksNow(account, options.markMaxAgeMs), options);
    }
    const now = this.file.head(account.account);
    const fold = this.foldBack(account, options.asOf, options.knownAt);
    const head = options.knownAt === null ? now : this.#headAt(account, now, options.knownAt);
    return this.#looked({ account, fold, head, waiting: null }, options);
  }

  /**
   * For whoever needs no values; to be asked inside a read of the file. Those that were read before
   * are kept: only what was booked since then makes them read again.
   */
  booksNow(account: Account, markMaxAgeMs: number): Books {
    const { account: id } = account;
    const head = this.file.head(id);
    const kept = this.#books.get(id);
    if (kept !== undefined && this.#isSame(id, kept.head, head)) {
      const books = { ...kept, account, head };
      this.#books.set(id, books);
      return books;
    }
    const stream = this.#stream(account, markMaxAgeMs);
    const books = { account, fold: stream.fold, head, waiting: this.#waiting(account, stream) };
    this.#books.set(id, books);
    return books;
  }

  /** Nothing came between but remarks. */
  #isSame(account: number, then: Head, now: Head): boolean {
    if (then.sequence === now.sequence) return then.hash === now.hash;
    if (then.sequence > now.sequence) return false;
    return this.file.kindsBetween(account, then.sequence, now.sequence).every(isRemark);
  }

  /** Folds from nothing what was known after an entry and had taken effect at an instant. */
  foldBack(account: Account, asOf: Instant | null, knownAt: number | null): AccountFold {
    const upTo = knownAt ?? Number.MAX_SAFE_INTEGER;
    return foldFacts(this.factsInForce(account, upTo), contextOf(this.file, account, upTo), asOf);
  }

  /** Facts that move books, as they stood after entry `upTo`. */
  *factsInForce(account: Account, upTo = Number.MAX_SAFE_INTEGER): Generator<BookedFact> {
    const amended = this.file.amendedTargets(account.account);
    const amendmentsOf = (sequence: number): readonly EntryRow[] =>
      amended.has(sequence) ? this.file.amendmentsOf(account.account, sequence) : [];
    for (const row of this.file.entriesOf(account.account, movingKinds, 0, upTo)) {
      const booked = inForce(row, account.name, amendmentsOf, upTo);
      if (booked !== null) yield booked;
    }
  }

  /** One entry's fact as it stands; null when it was busted or reversed. */
  inForce(account: Account, row: EntryRow): BookedFact | null {
    const amendmentsOf = (sequence: number) => this.file.amendmentsOf(account.account, sequence);
    return inForce(row, account.name, amendmentsOf);
  }

  /** Those that somebody took back wait for nothing. */
  #waiting({ account }: Account, stream: Stream): readonly string[] {
    const amendmentsOf = (sequence: number) => this.file.amendmentsOf(account, sequence);
    const stands = (sequence: number) =>
      !isReversed(sequence, amendmentsOf, Number.POSITIVE_INFINITY);
    return [...stream.waiting()].flatMap(([id, by]) => (by.some(stands) ? [id] : []));
  }

  #stream(account: Account, markMaxAgeMs: number): Stream {
    const id = account.account;
    const store = readingStore(this.file, id, account.venue);
    return openStream(this.file, id, settingsOf(account), store, markMaxAgeMs, true).stream;
  }

  #headAt(account: Account, head: Head, knownAt: number): Head {
    if (knownAt >= head.sequence) return head;
    for (const batch of this.file.batches(account.account, knownAt - 1)) {
      return { sequence: knownAt, hash: batch.hash, recordedAt: batch.recordedAt };
    }
    return head;
  }

  #looked(books: Books, options: LookOptions): Look {
    const { fold, head } = books;
    const asOf = options.asOf ?? this.#youngest(fold) ?? head.recordedAt ?? 0n;
    const marks = (instrument: string) => this.file.newestMark(instrument, asOf);
    const { markMaxAgeMs } = options;
    return { ...books, view: viewOf(fold, { asOf, marks, markMaxAgeMs }) };
  }

  /** The time of the youngest fact or mark of what the account holds. */
  #youngest(fold: AccountFold): Instant | null {
    let youngest: Instant | null = null;
    const take = (time: Instant | undefined) => {
      if (time !== undefined && (youngest === null || time > youngest)) youngest = time;
    };
    for (const group of fold.groups()) {
      take(group.last?.time);
      for (const name of valuedBy(group.key, fold)) take(this.#newest(name));
      for (const leg of group.state.legs.values()) {
        take(this.#newest(fold.context.nameOf(leg.instrument)));
      }
    }
    return youngest;
  }

  #newest(instrument: string): Instant | undefined {
    return this.file.newestMark(instrument, endOfTime)?.time;
  }
}

/** Opened when it is first asked for, and the same from then on, until its process ends. */
export function readerOnce(path: string, clock: Clock): () => BookReader {
  let opened: BookReader | null = null;
  return () => {
    opened ??= new BookReader(path, clock);
    return opened;
  };
}

const endOfTime: Instant = 2n ** 63n - 1n;

function valuedBy(group: string, fold: AccountFold): readonly string[] {
  if (!group.startsWith('coin:')) return [];
  const coin = fold.context.nameOf(group.slice('coin:'.length));
  return [`${coin}/${fold.context.settings.currency}`];
}

/** A stream's store that writes nothing: pages it turns while replaying stay in memory. */
function readingStore(file: BookFile, account: number, venue: string): StreamStore {
  const never = (): never => invariant(false, 'a reader writes nothing') as never;
  const ignored = (): void => undefined;
  const turned = new Map<string, Page>();
  const pageName = (group: string, index: number): string => `${index} ${group}`;
  let amended: ReadonlySet<number> | null = null;
  const amendmentsOf = (target: number): readonly EntryRow[] => {
    amended ??= file.amendedTargets(account);
    return amended.has(target) ? file.amendmentsOf(account, target) : [];
  };
  return {
    pages: {
      page: (group, index) =>
        turned.get(pageName(group, index)) ?? pageAt(file, account, group, index),
      put: (group, page) => turned.set(pageName(group, page.index), page),
      // Those are turned anew before they are asked for.
      removeFrom: ignored,
    },
    insert: never,
    find: (key) => file.find(account, key),
    fillsOf: (executionId) => file.fillsWithId(account, executionId),
    entriesAt: (sequences) => file.entriesAt(account, sequences),
    amendmentsOf,
    addAmendment: ignored,
    touchOrder: ignored,
    addPerformance: ignored,
    instrumentVersions: (name) => instrumentVersions(file, venue, name),
    markAt: (instrument, at) => file.newestMark(instrument, at),
    clearFold: ignored,
    entries: (upTo) => file.entries(account, 0, upTo),
  };
}
