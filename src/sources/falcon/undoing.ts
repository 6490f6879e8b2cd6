/** Takes a write of ours back, row by row, unless somebody wrote over it since. */
import type { SourceAuditRow, SourceChange } from '../../model/source.ts';
import type { Query, Session } from '../database.ts';
import {
  byKey,
  changeOf,
  isSame,
  type NamedRow,
  namedIn,
  valuesOf,
  whereSql,
} from '../named-rows.ts';
import { overwritten, restore } from '../undoing.ts';
import { accountRows, positionRows, recordRow } from './rows.ts';
import type { FalconShape } from './shape.ts';

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
      const { before, ...rest } = change;
      await restore(session, { ...rest, before }, row, (name) =>
        isValue(shape, change.table, name),
      );
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

const isValue = ({ account, positions }: FalconShape, table: string, column: string): boolean =>
  table === account.table.name ? column === account.total : column === positions.price;
