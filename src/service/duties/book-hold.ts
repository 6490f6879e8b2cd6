/**
 * Holds the book while the service runs, so that other commands reach its writer at once. Where
 * another process holds it, that one is used; when it ends, the service takes its place.
 */
import { existsSync } from 'node:fs';
import type { BookWriter } from '../book.ts';
import { LocalBook } from '../local-book.ts';
import type { Log } from '../log.ts';
import { type OpenOptions, openForWriting } from '../open-for-writing.ts';
import { BookReader, servingCacheBytes } from '../reading.ts';

export interface BookHold {
  /** What others are told who holds the book. */
  readonly name: string;
  /** Takes the book if nobody holds it; what fails is logged, and tried again at the next call. */
  ensure(): Promise<void>;
  /** Who else holds the book, by the name it gave; null: nobody, or this process. */
  other(): string | null;
  /**
   * For whatever the service reads, for as long as it runs: what was read stays read. Throws a
   * StoreError where there is no book yet.
   */
  reader(): BookReader;
  /** The same; null where there is no book yet. */
  readerIfAny(): BookReader | null;
  /** This process's own where it holds the book; closing it gives nothing back. */
  writer(): Promise<BookWriter>;
  close(): Promise<void>;
}

export function holdOf(path: string, options: OpenOptions, log: Log): BookHold {
  let held: LocalBook | null = null;
  let opened: BookReader | null = null;
  let said = '';
  const say = (event: string, msg: string) => {
    if (msg !== said) log.info({ event, msg });
    said = msg;
  };
  const take = async () => {
    await held?.close();
    held = null;
    const isNew = !existsSync(path);
    const book = await openForWriting(path, {
      ...{ ...options, cacheBytes: servingCacheBytes, create: true },
    });
    if (book instanceof LocalBook) {
      held = book;
      say('book.held', `${isNew ? 'Made and holding' : 'Holding'} ${path}`);
    } else {
      await book.close();
      say('book.shared', `${path} is held by another process; what is noted goes through it`);
    }
  };
  return {
    name: options.holder,
    async ensure() {
      if (held !== null && (await isOurs(held))) return;
      try {
        await take();
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        say('book.unavailable', `${path} cannot be held: ${why}`);
      }
    },
    other() {
      if (held !== null) return null;
      return this.readerIfAny()?.file.leaseHolder()?.holder ?? null;
    },
    reader() {
      opened ??= new BookReader(path, options.clock, { cacheBytes: servingCacheBytes });
      return opened;
    },
    readerIfAny() {
      return existsSync(path) ? this.reader() : null;
    },
    async writer() {
      await this.ensure();
      if (held === null) return openForWriting(path, { ...options, create: true });
      return sharedWriter(held);
    },
    async close() {
      opened?.close();
      opened = null;
      await held?.close();
      held = null;
    },
  };
}

const sharedWriter = (book: LocalBook): BookWriter => ({
  path: book.path,
  record: (fact) => book.record(fact),
  recordAll: (facts, mode) => book.recordAll(facts, mode),
  apply: (plan) => book.apply(plan),
  keep: (facts, keeping) => book.keep(facts, keeping),
  close: async () => undefined,
});

async function isOurs(book: LocalBook): Promise<boolean> {
  try {
    // Writes nothing, and fails where another has taken over.
    await book.recordAll([], 'rehearse');
    return true;
  } catch {
    return false; // it is opened anew, and what is wrong with the file is said then
  }
}
