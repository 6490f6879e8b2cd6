/** Looks at a bot's database as checks of its account: who was asked is the database itself. */
import type { EntryRow } from '../../model/entry.ts';
import type { BalanceSheet } from '../../reconcile/source/sheet.ts';
import type { BookFile } from '../../store/book-file.ts';
import type { NotedCheck } from '../reconcile-entries.ts';
import { bodyOfSource, type SourceSaid, saidOf } from './source-entries.ts';

export interface SourceLook extends NotedCheck {
  readonly row: EntryRow;
  readonly said: () => SourceSaid;
  /** Why it was not whole, in one sentence. */
  readonly doubt: () => string;
}

/** Null: the entry keeps rows of positions, and says nothing of a total. */
export function sourceLook(file: BookFile, account: number, row: EntryRow): SourceLook | null {
  const { verdict, trueSince, keeps } = bodyOfSource(row);
  if (keeps !== undefined) return null;
  const said = () => saidOf(file, account, row);
  const recordedAt = file.recordedAt(account, row.sequence);
  const { effectiveAt: taken } = row;
  return {
    ...{ row, said, verdict, asOf: taken, sequence: row.sequence, answered: true },
    at: recordedAt !== null && recordedAt < taken ? recordedAt : taken,
    trueSince: trueSince === null ? null : BigInt(trueSince),
    complete: verdict === 'true' || (verdict === 'break' && doubtsOf(said()).length === 0),
    statement: () => null,
    doubt: () => doubtsOf(said()).join('; ') || 'a part of it was not known',
  };
}

/** Looks at a total, the last one first. */
export function* sourceLooks(file: BookFile, account: number): Generator<SourceLook, void> {
  for (const row of file.entriesOfKindBackwards(account, 'source')) {
    const look = sourceLook(file, account, row);
    if (look !== null) yield look;
  }
}

/** The last look at a total; null: the account is no database's. */
export function lastSourceLook(file: BookFile, account: number): SourceLook | null {
  // Left by its end: a statement that nobody ends keeps the instant of the file that it began at.
  for (const look of sourceLooks(file, account)) return look;
  return null;
}

function doubtsOf({ sheet, unpriced, faults }: SourceSaid): readonly string[] {
  const parts = unpriced.first.map(({ what, why }) => `${what}: ${why}`);
  const { storedWhy } = sheet as Pick<BalanceSheet, 'storedWhy'>;
  const total = storedWhy === null ? [] : [`the stored total: ${storedWhy}`];
  const rest = faults.length === 0 ? [] : ['cells of it cannot be read'];
  return [...parts, ...total, ...(parts.length + total.length === 0 ? rest : [])];
}
