/** What a book says about itself. */
import { invariant } from '../model/result.ts';
import type { Driver } from './driver.ts';

export function metaReads(driver: Driver) {
  const select = driver.prepare('SELECT value FROM book_meta WHERE key = ?');
  const value = (key: string) => (select.get(key)?.[0] ?? null) as string | null;
  return {
    /** The version of the program that made the book. */
    madeBy: (): string => value('made_by') ?? '',
    /** The account that the views show; null for the first. */
    viewAccount: (): string | null => value('view_account'),
  };
}

export function metaWrites(driver: Driver) {
  const upsert = driver.prepare('INSERT OR REPLACE INTO book_meta VALUES (?, ?)');
  const known = driver.prepare('SELECT 1 FROM book_accounts WHERE name = ?');
  return {
    setViewAccount(name: string): void {
      invariant(known.get(name) !== undefined, `the views cannot show ${name}: no such account`);
      upsert.run('view_account', name);
    },
  };
}
