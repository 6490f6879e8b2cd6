/** Folding a stored book again, entry by entry, with pages in memory or none at all. */
import { memoryPages } from '../src/books/pages.ts';
import { settingsOf } from '../src/service/account-writer.ts';
import { replay } from '../src/service/open-stream.ts';
import { Stream } from '../src/service/stream.ts';
import { instrumentVersions } from '../src/service/stream-adapter.ts';
import type { StreamStore } from '../src/service/stream-store.ts';
import type { BookFile } from '../src/store/book-file.ts';
import { foreverMs } from './temporary-book.ts';

export function replayed(file: BookFile, name: string): Stream {
  const account = file.accountNamed(name)!;
  const id = account.account;
  const never = (): never => {
    throw new Error('a replay writes nothing');
  };
  const ignored = (): void => undefined;
  const store: StreamStore = {
    pages: memoryPages(),
    insert: never,
    find: (key) => file.find(id, key),
    fillsOf: (executionId) => file.fillsWithId(id, executionId),
    entriesAt: (sequences) => file.entriesAt(id, sequences),
    amendmentsOf: (target) => file.amendmentsOf(id, target),
    addAmendment: ignored,
    touchOrder: ignored,
    addPerformance: ignored,
    instrumentVersions: (instrument) => instrumentVersions(file, account.venue, instrument),
    markAt: (instrument, at) => file.newestMark(instrument, at),
    clearFold: ignored,
    entries: (upTo) => file.entries(id, 0, upTo),
  };
  const stream = new Stream(settingsOf(account), foreverMs);
  stream.use(store);
  replay(stream, file.entries(id));
  return stream;
}
