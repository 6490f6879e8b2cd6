/** Taking back what was written to a bot's rows: from the before-images that its database keeps. */
import type { Break } from '../../model/break.ts';
import type { EntryRow } from '../../model/entry.ts';
import type { Instant } from '../../model/instant.ts';
import { isRowLine } from '../../reconcile/positions/check-positions.ts';
import type { PositionSource } from '../../sources/position-source.ts';
import type { Account } from '../../store/accounts.ts';
import type { BookFile } from '../../store/book-file.ts';
import type { BookWriter } from '../book.ts';
import { noted } from './source-book.ts';
import { bodyOfSource, placeOf } from './source-entries.ts';
import { entryOfWrite, writeOf } from './write-entries.ts';

/** Where the write was made, as it can be named again. */
export const placeOfWrite = (row: EntryRow): string => writeOf(row).location;

/** The database whose rows a break is about, as it was looked at last; null: it is of none. */
export function placeOfRows(file: BookFile, { account }: Account, one: Break): string | null {
  const last = isRowLine(one.lines[0]!) ? file.lastOfKind(account, 'source') : null;
  return last === null ? null : bodyOfSource(last).location;
}

/** The number of the row of `trueup_audit` that took it back. Refused where it was overwritten. */
export async function undoRows(
  source: PositionSource,
  writer: BookWriter,
  account: Account,
  row: EntryRow,
  { at, actor }: { readonly at: Instant; readonly actor: string | null },
): Promise<number> {
  const why = actor === null ? 'it was asked for' : `${actor} asked for it`;
  const audit = await source.undo(writeOf(row).audit, why, at);
  const circumstances = { backup: null, statements: null };
  const entry = entryOfWrite(placeOf(source.identity), audit, circumstances);
  await noted(writer, account.name, [entry]);
  return audit.id;
}
