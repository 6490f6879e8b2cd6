/** Takes writes of ours back, whatever the schema: which write is meant, and how a row returns. */
import type { SourceAuditRow, SourceChange } from '../model/source.ts';
import { lastWriteOf, writeOfId } from './audit-log.ts';
import type { Query, Session, TableShape } from './database.ts';
import { type Image, isSame, type NamedRow, setCells } from './named-rows.ts';
import { SourceError } from './source-error.ts';
import { storedFor } from './stamps.ts';

const nothing = (message: string): SourceError =>
  new SourceError(
    'source-unsupported',
    message,
    'trueup audit --kind source-write lists what was written',
  );

/** The write to take back: the one named, or the newest that stands. */
export async function writeToUndo(
  query: Query,
  table: TableShape | null,
  id: number | null,
): Promise<SourceAuditRow> {
  if (table === null) throw nothing('nothing of ours was ever written there');
  if (id === null) {
    const last = await lastWriteOf(query, table);
    if (last === null) throw nothing('no write of ours is left to take back');
    return last;
  }
  const found = await writeOfId(query, table, id);
  if (found === null) throw nothing(`the log has no row ${id}`);
  const { row, undoneBy } = found;
  if (undoneBy !== null) throw nothing(`row ${id} was taken back already, by row ${undoneBy}`);
  if (row.actor === 'trueup' && row.action !== 'undo' && row.action !== 'log') return row;
  throw nothing(`row ${id} is no write of ours but ${row.action} by ${row.actor}`);
}

/**
 * Puts a row's cells back, unless a value that we wrote was written over. The bot may have stamped
 * its row anew without touching what we wrote: that stays.
 */
export async function restore(
  session: Session,
  change: SourceChange & { readonly before: Image },
  row: NamedRow | null,
  isValue: (column: string) => boolean,
): Promise<void> {
  const { before } = change;
  const columns = Object.keys(before).filter((name) => !isSame(before[name], row?.image[name]));
  const values = columns.filter(isValue);
  const foreign = values.find((name) => !isSame(change.after?.[name], row?.image[name]));
  if (row === null || foreign !== undefined) throw overwritten(change, foreign ?? null, row);
  const ours = columns.filter((name) => isSame(change.after?.[name], row.image[name]));
  if (ours.length === 0) return;
  const cells = ours.map(
    (name) => [name, storedFor(row.table, name, before[name] ?? null)] as const,
  );
  const { sql, values: bound } = setCells(row, cells);
  await session.run(sql, bound);
}

export function overwritten(change: SourceChange, column: string | null, now: NamedRow | null) {
  const said = (image: Image | null | undefined) =>
    image === null || image === undefined
      ? 'not there'
      : column === null
        ? JSON.stringify(image)
        : (image[column] ?? 'null');
  const what = `${change.table} ${change.key}${column === null ? '' : ` ${column}`}`;
  return new SourceError(
    'source-overwritten',
    `${what} was written over since: before ${said(change.before)}, ` +
      `written ${said(change.after)}, now ${said(now?.image)}`,
    'nothing was taken back; check the source, and update it again where it is wrong',
  );
}
