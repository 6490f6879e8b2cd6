/**
 * Taking entries back, and taking that back. A reversal names one entry, and every entry is named
 * by one reversal at most: so they form a chain, and whether the first of it stands is decided by
 * its length. What is to change goes to its end.
 */
import { keyOf } from '../journal/key.ts';
import type { AccountedFact } from '../model/fact.ts';
import type { Account } from '../store/accounts.ts';
import type { BookFile } from '../store/book-file.ts';

export interface Standing {
  readonly reversed: boolean;
  /** The entry that a reversal must name to change that. */
  readonly last: number;
}

export function standingOf(file: BookFile, account: Account, sequence: number): Standing {
  let last = sequence;
  let reversed = false;
  for (;;) {
    const by = file.amendmentsOf(account.account, last).find(({ kind }) => kind === 'reversal');
    if (by === undefined) return { reversed, last };
    last = by.sequence;
    reversed = !reversed;
  }
}

/** The entry of a fact that the book once took back itself; null when it is to be booked anew. */
export function takenBack(file: BookFile, account: Account, fact: AccountedFact): number | null {
  const row = file.find(account.account, keyOf(fact));
  return row !== null && standingOf(file, account, row.sequence).reversed ? row.sequence : null;
}
