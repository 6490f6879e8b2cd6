/** Our journal about a source, the second half: what was written into it. */
import { sha256 } from '../../journal/digest.ts';
import type { EntryRow } from '../../model/entry.ts';
import { instantText } from '../../model/instant.ts';
import type { SourceAuditRow } from '../../model/source.ts';
import type { BookFile } from '../../store/book-file.ts';
import type { PlanEntry } from '../book.ts';
import { draft } from '../reconcile-entries.ts';

interface WriteBody {
  readonly location: string;
  readonly audit: number;
  readonly action: SourceAuditRow['action'];
  readonly changes: SourceAuditRow['changes'];
  readonly undoes: number | null;
  readonly backup: string | null;
  /** sha256 of why; the words lie outside the chain. */
  readonly why: string | null;
  /** sha256 of the statements of a guard; null where none was made, or nobody knows any more. */
  readonly statements: string | null;
}

/** What only the one who wrote it knows. */
export interface WriteCircumstances {
  /** That was taken for it; null where there was one already, or nobody knows any more. */
  readonly backup: string | null;
  readonly statements: string | null;
}

export function entryOfWrite(
  location: string,
  row: SourceAuditRow,
  { backup, statements }: WriteCircumstances,
): PlanEntry {
  const { id: audit, action, changes, undoes, why } = row;
  const body: WriteBody = {
    ...{ location, audit, action, changes, undoes, backup, statements },
    why: why === null ? null : sha256(why),
  };
  const written = draft('source-write', writeId(location, row), row.at, {
    body: JSON.stringify(body),
  });
  return why === null ? { draft: written } : { draft: written, text: why };
}

/** A log may start over, with the same numbers: its rows are told apart by what they say. */
const writeId = (location: string, row: SourceAuditRow): string =>
  `${location} #${row.id} ${instantText(row.at)} ${digestOfRow(row)}`;

export const digestOfRow = ({ id, at, actor, action, changes, why, undoes }: SourceAuditRow) =>
  sha256(JSON.stringify([id, String(at), actor, action, changes, why, undoes]));

/** Each journal notes the rows of its own account, and those of nobody's in particular. */
export const concerns = ({ changes }: SourceAuditRow, accountId: string): boolean =>
  changes.length === 0 || changes.some((change) => (change.accountId ?? accountId) === accountId);

export const isNoted = (
  file: BookFile,
  account: number,
  location: string,
  row: SourceAuditRow,
): boolean => file.entriesWithId(account, 'source-write', writeId(location, row)).length > 0;

export const writeOf = (row: EntryRow): WriteBody => JSON.parse(row.body!) as WriteBody;

/** In words for `audit`. */
export function writeWords(row: EntryRow, file: BookFile): string {
  const { location, audit, action, changes, why } = writeOf(row);
  const what = changes.map(({ table, key }) => `${table} ${key}`);
  const because = why === null ? null : file.text(why);
  const words = `${action} ${location} #${audit}${what.length === 0 ? '' : `: ${what.join(', ')}`}`;
  return because === null ? words : `${words}: ${because}`;
}
