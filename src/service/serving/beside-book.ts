/** The service's own file beside a book, as commands open it. */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { openServiceFile, type ServiceFile, serviceFilePath } from '../../store/service-file.ts';
import { StoreError } from '../../store/store-error.ts';

export type { ServiceFile };

/** Null: there is none, and nobody was ever let in to that book. */
export const openExistingBesideBook = (book: string): ServiceFile | null =>
  existsSync(serviceFilePath(book)) ? openServiceFile(serviceFilePath(book)) : null;

/** Of a name that was mistyped there is none either. */
export const isBookThere = (book: string): boolean => existsSync(book);

/** Throws a StoreError where the folder is not there, or the file is of another program. */
export function openBesideBook(book: string): ServiceFile {
  const folder = dirname(resolve(book));
  if (existsSync(folder)) return openServiceFile(serviceFilePath(book));
  throw new StoreError(
    'no-folder',
    `there is no folder ${folder}`,
    'make it, or name another book',
  );
}
