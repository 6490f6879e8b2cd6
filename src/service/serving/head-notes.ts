/**
 * Where each account's chain ended when the service was last there, noted beside the book: at the
 * next start it is seen whether an older file was put back, or its end was cut off.
 */
import type { BookFile } from '../../store/book-file.ts';
import type { ServiceFile } from '../../store/service-file.ts';
import { type Finding, verifyHead } from '../../store/verify.ts';

const prefix = 'head ';

export function noteHeads({ driver, write }: ServiceFile, book: BookFile): void {
  const heads = book.read(() =>
    book.accounts().map(({ name, account }) => ({ name, ...book.head(account) })),
  );
  write(() => {
    for (const { name, sequence, hash } of heads) {
      driver
        .prepare('INSERT OR REPLACE INTO service_meta (key, value) VALUES (?, ?)')
        .run(prefix + name, `${sequence} ${hash}`);
    }
  });
}

/** The first account whose noted head the chain did not pass; null: all is as it was left. */
export function headFault({ driver }: ServiceFile, book: BookFile): Finding | null {
  const rows = driver
    .prepare('SELECT key, value FROM service_meta WHERE key >= ? AND key < ?')
    .all(prefix, `${prefix.trimEnd()}!`);
  for (const [key, value] of rows) {
    const [sequence, hash] = String(value).split(' ');
    const account = String(key).slice(prefix.length);
    const found = verifyHead(book, account, Number(sequence), hash!);
    if (found !== null) return { ...found, message: `${account} ${found.message}` };
  }
  return null;
}
