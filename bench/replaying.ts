/** Folds a stored book again, entry by entry, with everything derived in memory. */
import { settingsOf } from '../src/service/account-writer.ts';
import { replay } from '../src/service/open-stream.ts';
import { replayStore } from '../src/service/replay-store.ts';
import { Stream } from '../src/service/stream.ts';
import type { BookFile } from '../src/store/book-file.ts';
import { foreverMs } from './temporary-book.ts';

export function replayed(file: BookFile, name: string): Stream {
  const account = file.accountNamed(name)!;
  const stream = new Stream(settingsOf(account), foreverMs);
  stream.use(replayStore(file, account));
  replay(stream, file.entries(account.account));
  return stream;
}
