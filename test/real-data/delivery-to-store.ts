import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settingsOf } from '../../src/service/account-writer.ts';
import { LocalBook } from '../../src/service/local-book.ts';
import { openStream, replay } from '../../src/service/open-stream.ts';
import { Stream } from '../../src/service/stream.ts';
import { streamStoreOf } from '../../src/service/stream-adapter.ts';
import { systemClock } from '../../src/service/system-clock.ts';
import { type BookFile, openBookFile } from '../../src/store/book-file.ts';
import { bookText, type Ledger } from './book-of.ts';
import type { Delivered, Feeder } from './delivery.ts';

// The whole path of a fact: record, journal, fold and store, in a file. The writer stops and starts
// again after every few batches, so what it keeps in memory must be what it finds on disk.

const MARK_MAX_AGE_MS = 300_000;
const LEASE_MS = 600_000;
const BATCHES_BETWEEN_STARTS = 10;

/** A file in which a book is built; read again at the end, and folded anew from its entries. */
export const throughStore: Feeder = async (ledger, batches) => {
  const folder = mkdtempSync(join(tmpdir(), 'trueup-real-data-'));
  const path = join(folder, 'book.db');
  try {
    const counts = await recorded(path, ledger, batches);
    const [asKept, asFolded] = readBook(path, ledger);
    if (asKept !== asFolded) throw new Error('the book differs from the fold of its entries');
    return { ...counts, book: asKept };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const recorded = async (
  path: string,
  ledger: Ledger,
  batches: Parameters<Feeder>[1],
): Promise<Omit<Delivered, 'book'>> => {
  const counts = { booked: 0, duplicates: 0 };
  for (let start = 0; start === 0 || start < batches.length; start += BATCHES_BETWEEN_STARTS) {
    const book = started(path);
    if (start === 0) await book.recordAll(ledger.reference);
    for (const batch of batches.slice(start, start + BATCHES_BETWEEN_STARTS)) {
      for (const outcome of (await book.recordAll(batch)).outcomes) {
        if (outcome.status === 'booked') counts.booked += 1;
        else if (outcome.status === 'duplicate') counts.duplicates += 1;
        else throw new Error(`a fact was not booked: ${outcome.status}`);
      }
    }
    await book.close();
  }
  return counts;
};

const started = (path: string): LocalBook => {
  const file = openBookFile(path, { clock: systemClock, create: true });
  const epoch = leased(file);
  const release = async () => {
    file.releaseLease(epoch);
    file.close();
  };
  const markMaxAgeMs = MARK_MAX_AGE_MS;
  return new LocalBook(file, { clock: systemClock, markMaxAgeMs, epoch, release });
};

const leased = (file: BookFile): number => {
  const now = systemClock.now();
  const request = { holder: 'test', socket: null, pid: process.pid, now, ttlMs: LEASE_MS };
  const answer = file.acquireLease(request);
  if (!('epoch' in answer)) throw new Error('the book is still held');
  return answer.epoch;
};

/** The book as another process finds it, and as its entries fold from the first. */
const readBook = (path: string, ledger: Ledger): readonly [string, string] => {
  const file = openBookFile(path, { clock: systemClock });
  const account = file.accountNamed(ledger.context.settings.account)!;
  const { account: id, venue } = account;
  const settings = settingsOf(account);
  const texts: string[] = [];
  file.write(leased(file), (tx) => {
    const store = streamStoreOf(file, tx, id, venue);
    const { stream, fromGroups } = openStream(file, id, settings, store, MARK_MAX_AGE_MS);
    if (!fromGroups) throw new Error('the groups on disk do not match the entries');
    texts.push(bookText(stream.fold));
    store.clearFold();
    const anew = new Stream(settings, MARK_MAX_AGE_MS);
    anew.use(store);
    replay(anew, file.entries(id));
    texts.push(bookText(anew.fold));
  });
  file.close();
  return [texts[0]!, texts[1]!];
};
