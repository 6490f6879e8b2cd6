/** Books in folders of their own. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BookFileOptions, openBookFile } from '../../src/store/book-file.ts';
import { settings, type TestBook, TestClock, take } from './book-kit.ts';

export * from './book-kit.ts';

export const folder = (): string => mkdtempSync(join(tmpdir(), 'trueup-store-'));
export const bookPath = (): string => join(folder(), 'book.db');

/** A new book with the account `main` and the lease taken. */
export function newBook(options: Partial<BookFileOptions> = {}, path = bookPath()): TestBook {
  const clock = new TestClock();
  const book = openBookFile(path, { clock, create: true, ...options });
  const epoch = take(book, clock);
  const main = book.write(epoch, (tx) => tx.addAccount('main', settings));
  return { book, path, clock, epoch, main };
}
