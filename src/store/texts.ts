/** Free text and names of people: outside the chain, so that they can be removed; by their hash. */
import { sha256 } from '../journal/digest.ts';
import type { Driver } from './driver.ts';

export function textReads(driver: Driver) {
  const select = driver.prepare('SELECT text FROM book_texts WHERE hash = ?');
  const all = driver.prepare('SELECT hash, text FROM book_texts ORDER BY hash');
  return {
    /** Null when it was removed, or never was. */
    text: (hash: string): string | null => (select.get(hash)?.[0] ?? null) as string | null,
    damagedTexts: (): string[] =>
      all
        .all()
        .filter(([hash, text]) => sha256(text as string) !== hash)
        .map(([hash]) => String(hash)),
  };
}

export function textWrites(driver: Driver) {
  const insert = driver.prepare('INSERT OR IGNORE INTO book_texts VALUES (?, ?)');
  const remove = driver.prepare('DELETE FROM book_texts WHERE hash = ?');
  return {
    /** The hash by which entries refer to the text. */
    putText(text: string): string {
      const wellFormed = text.toWellFormed();
      const hash = sha256(wellFormed);
      insert.run(hash, wellFormed);
      return hash;
    },
    removeText: (hash: string): boolean => remove.run(hash) === 1,
  };
}
