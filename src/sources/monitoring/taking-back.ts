/** Takes a write of ours back, row by row, unless somebody wrote over it since. */
import type { SourceAuditRow, SourceChange } from '../../model/source.ts';
import type { Session } from '../database.ts';
import { type Image, isSame, type NamedRow, valuesOf, whereSql } from '../named-rows.ts';
import { overwritten, restore } from '../undoing.ts';
import type { MonitoringShape } from './shape.ts';
import { rowImages } from './writing.ts';

/** What a bot writes anew with every price: who wrote it last says nothing about a repair. */
const fleeting = new Set(['current-price', 'unrealised-pnl', 'updated-at']);

export async function takeBack(
  session: Session,
  shape: MonitoringShape,
  write: SourceAuditRow,
): Promise<readonly SourceChange[]> {
  const changes: SourceChange[] = [];
  // What was added last goes first: rows of one write may point at each other.
  for (const change of [...write.changes].reverse()) {
    const table = tableOf(shape, change);
    const row = table === null ? null : await rowNow(session, table, change);
    const { before, ...rest } = change;
    if (before === null) {
      if (row === null) continue;
      changes.push(await remove(session, change, row));
      continue;
    }
    const written = Object.values(change.columns ?? {});
    const own = Object.fromEntries(written.map((name) => [name, before[name] ?? null]));
    const lasting = lastingColumns(change);
    await restore(session, { ...rest, before: own }, row, (name) => lasting.has(name));
    const now = await rowNow(session, table!, change);
    changes.push({ ...rest, before: part(row!, before), after: part(now!, before) });
  }
  return changes;
}

const part = ({ image }: NamedRow, like: Image): Image =>
  Object.fromEntries(Object.keys(like).map((name) => [name, image[name] ?? null]));

function lastingColumns({ columns = {} }: SourceChange): ReadonlySet<string> {
  const lasting = Object.entries(columns).filter(([role]) => !fleeting.has(role));
  return new Set(lasting.map(([, name]) => name));
}

const tableOf = ({ positions, orders, trades }: MonitoringShape, { table }: SourceChange) =>
  [positions, orders, trades].find((one) => one?.table.name === table) ?? null;

async function rowNow(
  session: Session,
  one: NonNullable<ReturnType<typeof tableOf>>,
  { key, role = 'position' }: SourceChange,
): Promise<NamedRow | null> {
  const image = (await rowImages(session, one, [key])).get(key);
  if (image === undefined) return null;
  const { table, columns } = one;
  const where = [[columns.id!.name, key]] as const;
  return { table, key, role, accountId: null, column: null, where, image };
}

/** Only a row that is still as it was added: what it says since is somebody else's. */
async function remove(
  session: Session,
  change: SourceChange,
  row: NamedRow,
): Promise<SourceChange> {
  for (const column of lastingColumns(change)) {
    if (!isSame(row.image[column], change.after?.[column])) throw overwritten(change, column, row);
  }
  await session.run(`DELETE FROM ${row.table.sql} ${whereSql(row.where)}`, valuesOf(row.where));
  const kept = Object.entries(row.image).filter(([, cell]) => cell !== null);
  return { ...change, before: Object.fromEntries(kept), after: null };
}
