/** A missing fact that the book once took back itself comes back by reversing that reversal. */
import { keyOf } from '../journal/key.ts';
import type { AccountedFact } from '../model/fact.ts';
import type { Account } from '../store/accounts.ts';
import { isReversed } from './in-force.ts';
import type { BookReader } from './reading.ts';

/** The standing reversal of the fact's entry; null when it is to be booked as a new one. */
export function reinstatementOf(
  reader: BookReader,
  account: Account,
  fact: AccountedFact,
): number | null {
  const { file } = reader;
  const row = file.find(account.account, keyOf(fact));
  if (row === null) return null;
  const amendmentsOf = (sequence: number) => file.amendmentsOf(account.account, sequence);
  const standing = amendmentsOf(row.sequence).find(
    (amendment) =>
      amendment.kind === 'reversal' &&
      !isReversed(amendment.sequence, amendmentsOf, Number.MAX_SAFE_INTEGER),
  );
  return standing?.sequence ?? null;
}
