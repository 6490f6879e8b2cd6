/** An entry of the book as an event: what a listener needs to know what to look at again. */
import { factOf } from '../../../journal/codec.ts';
import { holdsFact } from '../../../journal/decode.ts';
import type { EntryRow } from '../../../model/entry.ts';
import { instantText } from '../../../model/instant.ts';
import { writeFact } from '../../../model/write-fact.ts';
import type { Account } from '../../../store/accounts.ts';
import type { BookFile } from '../../../store/book-file.ts';
import { wordsOf } from '../../auditing.ts';
import { breakOf } from '../../reconcile-entries.ts';

/** `fact` where the entry is one; `break` where a break changed its state. */
export const entryData = (file: BookFile, account: Account, row: EntryRow) => ({
  account: account.name,
  mode: account.mode,
  sequence: row.sequence,
  kind: row.kind,
  effectiveAt: instantText(row.effectiveAt),
  words: wordsOf(file, row, account.name),
  fact: holdsFact(row.kind) ? writeFact(factOf(row, account.name)) : null,
  break: row.kind === 'break' ? breakShown(row) : null,
});

function breakShown(row: EntryRow) {
  const { id, state, reason, severity } = breakOf(row);
  return { id, state, reason, severity };
}
