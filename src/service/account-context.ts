/** Instruments and names of an account, as its stream says them. */
import { AccountContext } from '../books/context.ts';
import { factOf } from '../journal/codec.ts';
import type { Account } from '../store/accounts.ts';
import type { BookFile } from '../store/book-file.ts';
import { settingsOf } from './account-writer.ts';
import { inForce, renamesInOrder } from './in-force.ts';

/** As they were known after entry `upTo`; a rename that was taken back is none. */
export function contextOf(
  file: BookFile,
  account: Account,
  upTo = Number.MAX_SAFE_INTEGER,
): AccountContext {
  const context = new AccountContext(settingsOf(account));
  const amendmentsOf = (sequence: number) => file.amendmentsOf(account.account, sequence);
  const rowsOf = (kind: 'instrument' | 'rename') =>
    file.entriesOfKind(account.account, kind).filter((row) => row.sequence <= upTo);
  for (const row of [...rowsOf('instrument'), ...renamesInOrder(rowsOf('rename'))]) {
    const fact = factOf(row, account.name);
    if (fact.kind === 'instrument') context.addInstrument(fact.instrument);
    if (fact.kind !== 'rename') continue;
    if (inForce(row, account.name, amendmentsOf, upTo) !== null) context.addRename(fact);
  }
  return context;
}
