/** Takes a write of ours back, row by row, unless somebody wrote over it since. */
import type { SourceAuditRow, SourceChange } from '../../model/source.ts';
import { lastWriteOf, writeOfId } from '../audit-log.ts';
import type { Query, Session, TableShape } from '../database.ts';
import { SourceError } from '../source-error.ts';
import {
  accountRows,
  byKey,
  changeOf,
  type Image,
  isSame,
  type NamedRow,
  namedIn,
  positionRows,
  recordRow,
  valuesOf,
  whereSql,
} from './rows.ts';
import type { FalconShape } from './shape.ts';
import { storedFor } from './stamps.ts';
import { setCells } from './writing.ts';

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

export async function takeBack(
  session: Session,
  shape: FalconShape,
  write: SourceAuditRow,
): Promise<readonly SourceChange[]> {
  const removed: SourceChange[] = [];
  const restored: SourceChange[] = [];
  const rows = await rowsNow(session, shape, write);
  for (const change of write.changes) {
    if (change.before !== null) {
      const row = rows.get(change.table)?.get(change.key) ?? null;
      await restore(session, shape, change, change.before, row);
      restored.push(change);
      continue;
    }
    const record = await removeRecord(session, shape, change);
    if (record !== null) removed.push(record);
  }
  const after = await rowsNow(session, shape, write);
  const changes = restored.flatMap(({ table, key }) => {
    const [was, is] = [rows, after].map((all) => all.get(table)?.get(key));
    return was === undefined || is === undefined ? [] : [changeOf(was, is)];
  });
  return [...changes.filter((change) => change !== null), ...removed];
}

/** Of the tables that the write changed rows of, by their keys. */
async function rowsNow(query: Query, shape: FalconShape, write: SourceAuditRow) {
  const { account, positions } = shape;
  const tables = new Set(write.changes.map(({ table }) => table));
  const found = new Map<string, ReadonlyMap<string, NamedRow>>();
  if (tables.has(account.table.name)) {
    found.set(account.table.name, byKey(await accountRows(query, shape)));
  }
  if (tables.has(positions.table.name)) {
    found.set(positions.table.name, byKey(await positionRows(query, shape)));
  }
  return found;
}

/** Only a record that is still as it was written: what it says since is somebody else's. */
async function removeRecord(
  session: Session,
  shape: FalconShape,
  change: SourceChange,
): Promise<SourceChange | null> {
  const { performance } = shape;
  const time = performance === null ? null : (change.after?.[performance.time] ?? null);
  if (time === null || performance === null) throw overwritten(change, null, null);
  const owner = performance.account === null ? null : change.key.slice(0, -time.length - 1);
  const row = await recordRow(session, shape, time, owner);
  if (row === null) return null;
  for (const column of Object.keys(row.image)) {
    if (!isSame(row.image[column], change.after?.[column])) throw overwritten(change, column, row);
  }
  const sql = `DELETE FROM ${row.table.sql} ${whereSql(row.where)}`;
  await session.run(sql, valuesOf(row.where));
  const { accountId = row.accountId } = change;
  return { ...namedIn(row), key: change.key, accountId, before: row.image, after: null };
}

async function restore(
  session: Session,
  shape: FalconShape,
  change: SourceChange,
  before: Image,
  row: NamedRow | null,
): Promise<void> {
  const columns = Object.keys(before).filter((name) => !isSame(before[name], row?.image[name]));
  const values = columns.filter((name) => isValue(shape, change.table, name));
  const foreign = values.find((name) => !isSame(change.after?.[name], row?.image[name]));
  if (row === null || foreign !== undefined) throw overwritten(change, foreign ?? null, row);
  // The bot may have stamped its row anew without touching what we wrote: that stays.
  const ours = columns.filter((name) => isSame(change.after?.[name], row.image[name]));
  if (ours.length === 0) return;
  const cells = ours.map(
    (name) => [name, storedFor(row.table, name, before[name] ?? null)] as const,
  );
  const { sql, values: bound } = setCells(row, cells);
  await session.run(sql, bound);
}

const isValue = ({ account, positions }: FalconShape, table: string, column: string): boolean =>
  table === account.table.name ? column === account.total : column === positions.price;

function overwritten(change: SourceChange, column: string | null, now: NamedRow | null) {
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
