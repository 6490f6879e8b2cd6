/**
 * What was written into a source and is not in our journal yet: a crash between the two, or a
 * command without a book. The source's own log has it, and nothing is lost.
 */
import type { SourceAuditRow, SourceSnapshot } from '../../model/source.ts';
import type { Source } from '../../sources/source.ts';
import type { BookFile } from '../../store/book-file.ts';
import { nothingUnnoted, type Unnoted } from './noting.ts';
import type { SourceBook } from './source-book.ts';
import { bodyOfSource, type LogRead, nothingRead, placeOf } from './source-entries.ts';
import { concerns, digestOfRow, isNoted } from './write-entries.ts';

const pageRows = 1_000;

/**
 * On PostgreSQL rows may be committed in another order than they are numbered: numbers this far
 * below the newest one may still come.
 */
const margin = 100;

/** An account of the source, its name in the book, and what its journal read of the log. */
interface Reader {
  readonly accountId: string;
  readonly name: string;
  readonly log: LogRead;
}

/** Rows of ours; those of the triggers stay where they are. */
export async function unnotedWrites(
  source: Source,
  book: SourceBook,
  snapshot: SourceSnapshot,
): Promise<Unnoted> {
  const names = await book.read(({ file }) => book.namesOf(file, snapshot));
  return names === null ? nothingUnnoted : unnotedOf(source, book, names);
}

/** Of accounts of the source, by their id, as the book names them. */
export async function unnotedOf(
  source: Pick<Source, 'audit' | 'identity'>,
  book: Pick<SourceBook, 'read'>,
  names: ReadonlyMap<string, string>,
): Promise<Unnoted> {
  const place = placeOf(source.identity);
  const readers = await book.read(({ file }) =>
    Array.from(names, ([accountId, name]): Reader => {
      return { accountId, name, log: logRead(file, name, place) };
    }),
  );
  if (readers === null || readers.length === 0) return nothingUnnoted;
  const seen = await newRows(source, readers);
  const found = await book.read(({ file }) =>
    readers.map((reader) => ({ reader, ...foundFor(file, place, reader, seen) })),
  );
  return {
    ...nothingUnnoted,
    before: new Map((found ?? []).map(({ reader, before }) => [reader.name, before])),
    log: new Map((found ?? []).map(({ reader, log }) => [reader.name, log])),
  };
}

function logRead(file: BookFile, name: string, place: string): LogRead {
  const account = file.accountNamed(name);
  const last = account === null ? null : file.lastOfKind(account.account, 'source');
  if (last === null) return nothingRead;
  const { location, log } = bodyOfSource(last);
  return location === place ? log : nothingRead;
}

/** The rows that any of the accounts may not know, from a log that is still the one it read. */
async function newRows(
  source: Pick<Source, 'audit'>,
  readers: readonly Reader[],
): Promise<SeenRows> {
  // The last row that was read is read again: where it is another one, the log is another one.
  const from = Math.min(...readers.map(({ log }) => Math.min(log.to, ...log.missing)));
  const rows = await rowsAfter(source, from - 1);
  const isSame = readers.every(({ log }) => isSameLog(log, rows));
  return isSame || from <= 0 ? rows : rowsAfter(source, 0);
}

type SeenRows = readonly SourceAuditRow[];

async function rowsAfter(source: Pick<Source, 'audit'>, after: number): Promise<SeenRows> {
  const all: SourceAuditRow[] = [];
  for (let from = Math.max(0, after); ; ) {
    const rows = await source.audit(from, pageRows);
    all.push(...rows);
    if (rows.length < pageRows) return all;
    from = rows.at(-1)!.id;
  }
}

/** A log that started over, or is an older copy, has another row under that number or none. */
function isSameLog({ to, mark }: LogRead, rows: SeenRows): boolean {
  if (mark === null) return true;
  const row = rows.find(({ id }) => id === to);
  return row !== undefined && digestOfRow(row) === mark;
}

/** What of the rows an account does not know, and how far it has read with them. */
function foundFor(
  file: BookFile,
  place: string,
  { accountId, name, log: known }: Reader,
  rows: SeenRows,
): { readonly before: SeenRows; readonly log: LogRead } {
  const account = file.accountNamed(name);
  const log = isSameLog(known, rows) ? known : nothingRead;
  const missing = new Set(log.missing);
  const fresh = rows.filter(({ id }) => id > log.to || missing.has(id));
  const before = fresh.filter(
    (row) =>
      row.actor === 'trueup' &&
      concerns(row, accountId) &&
      (account === null || !isNoted(file, account.account, place, row)),
  );
  return { before, log: logAfter(log, fresh) };
}

function logAfter(log: LogRead, fresh: SeenRows): LogRead {
  const newest = fresh.at(-1);
  const to = Math.max(log.to, newest?.id ?? 0);
  const mark = newest !== undefined && newest.id === to ? digestOfRow(newest) : log.mark;
  const there = new Set(fresh.map(({ id }) => id));
  const missing = log.missing.filter((id) => id > to - margin && !there.has(id));
  for (let id = Math.max(log.to, to - margin) + 1; id < to; id += 1) {
    if (!there.has(id)) missing.push(id);
  }
  return { to, mark, missing };
}
