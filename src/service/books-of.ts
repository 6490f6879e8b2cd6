/** The accounts that a command is about, by the name that somebody gave. */
import { nearest } from '../model/nearest.ts';
import { accepted, type Result, refused } from '../model/result.ts';
import type { Account } from '../store/accounts.ts';
import type { BookFile } from '../store/book-file.ts';

/** All of them where no name was given; a book without accounts is refused. */
export function accountsOf(file: BookFile, name: string | null): Result<readonly Account[]> {
  const all = file.accounts();
  const found = name === null ? all : all.filter((account) => account.name === name);
  if (found.length > 0) return accepted(found);
  const names = all.map((account) => account.name);
  const rule = 'a command is about an account of the book';
  if (names.length === 0 && name === null) {
    return refused({
      code: 'book-empty',
      message: `${file.path} has no account yet`,
      where: { field: 'account' },
      rule,
      hint: 'import facts, which makes their accounts, or name one with init --account',
    });
  }
  const meant = nearest(name ?? '', names);
  return refused({
    code: 'account-unknown',
    message: `${file.path} has no account ${name}`,
    where: { field: 'account', value: name ?? '' },
    rule,
    hint: meant === null ? `it has ${names.join(', ') || 'none yet'}` : `did you mean ${meant}?`,
  });
}

/** The one account that a command is about. */
export function accountOf(file: BookFile, name: string | null): Result<Account> {
  const found = accountsOf(file, name);
  if (!found.ok) return found;
  const [account, second] = found.value;
  if (second === undefined) return accepted(account!);
  return refused({
    code: 'account-missing',
    message: `${file.path} has ${found.value.length} accounts, and this is about one`,
    where: { field: 'account' },
    rule: 'where a book has several accounts, such a command names one',
    hint: `add --account ${found.value.map((one) => one.name).join(' or --account ')}`,
  });
}
