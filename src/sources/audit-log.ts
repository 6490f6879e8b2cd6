/** Rows of the log inside the source (`trueup_audit`), read and written. */
import { type Instant, instantText, parseInstant } from '../model/instant.ts';
import type { SourceAuditRow, SourceChange } from '../model/source.ts';
import { auditTable, auditTableIn, auditTableSql } from './audit-table.ts';
import type { CellRow, Database, Query, Session, TableShape } from './database.ts';
import { SourceError } from './source-error.ts';

export const auditTableOf = (tables: readonly TableShape[]): TableShape | null =>
  tables.find(({ name }) => name === auditTable) ?? null;

const columns = 'id, at, actor, action, changes, why, undoes';

/** Oldest first. */
export async function auditRows(
  query: Query,
  table: TableShape,
  afterId: number,
  limit: number,
): Promise<readonly SourceAuditRow[]> {
  const sql = `SELECT ${columns} FROM ${table.sql} WHERE id > ? ORDER BY id LIMIT ${limit}`;
  return (await query.rows(sql, [String(afterId)])).map(auditRowOf);
}

/** The newest write of ours that is not taken back. */
export async function lastWriteOf(query: Query, table: TableShape): Promise<SourceAuditRow | null> {
  const sql = `SELECT ${columns} FROM ${table.sql} WHERE actor = 'trueup'
    AND action IN ('update', 'record') AND id NOT IN
      (SELECT undoes FROM ${table.sql} WHERE undoes IS NOT NULL)
    ORDER BY id DESC LIMIT 1`;
  const [row] = await query.rows(sql);
  return row === undefined ? null : auditRowOf(row);
}

/** When anything of ours was written last, taken back or not; null: never. */
export async function touchedAt(query: Query, table: TableShape): Promise<Instant | null> {
  const sql = `SELECT at FROM ${table.sql} WHERE actor = 'trueup' ORDER BY id DESC LIMIT 1`;
  const [row] = await query.rows(sql);
  return parseInstant(row?.['at'] ?? '');
}

/** Of accounts that were not written for so long nothing is told. */
const totalWritesMax = 20;

/**
 * The newest writes of ours to rows of this table that are not taken back, newest first, until
 * each of the keys was found: a row may hold ten thousand prices, so that none is read in vain,
 * nor is the newest write of all, which is `last`.
 */
export async function writesTo(
  query: Query,
  table: TableShape,
  written: string,
  keys: readonly string[],
  last: SourceAuditRow | null,
): Promise<readonly SourceAuditRow[]> {
  const sql = `SELECT ${columns} FROM ${table.sql} WHERE actor = 'trueup'
    AND action = 'update' AND changes LIKE ? AND id NOT IN
      (SELECT undoes FROM ${table.sql} WHERE undoes IS NOT NULL) AND id < ?
    ORDER BY id DESC LIMIT 1`;
  const found: SourceAuditRow[] = [];
  const missing = new Set(keys);
  let before = idMax;
  for (let reads = 0; reads < totalWritesMax && missing.size > 0; reads += 1) {
    const values = [`%"table":${JSON.stringify(written)}%`, before];
    const isFirst = reads === 0 && last?.action === 'update';
    const row = isFirst ? last : (await query.rows(sql, values)).map(auditRowOf)[0];
    if (row === undefined) break;
    before = String(row.id);
    const own = row.changes.filter(({ table: name }) => name === written);
    if (own.length > 0) found.push(row);
    for (const { key } of own) missing.delete(key);
  }
  return found;
}

/**
 * The newest writes of ours to rows of this table that are not taken back, newest first: so many at
 * most, and each only as far as it is the newest of one of its rows.
 */
export async function newestWrites(
  query: Query,
  table: TableShape,
  written: string,
  limit: number,
): Promise<readonly SourceAuditRow[]> {
  const sql = `SELECT ${columns} FROM ${table.sql} WHERE actor = 'trueup'
    AND action = 'update' AND changes LIKE ? AND id NOT IN
      (SELECT undoes FROM ${table.sql} WHERE undoes IS NOT NULL)
    ORDER BY id DESC LIMIT ${limit}`;
  const rows = await query.rows(sql, [`%"table":${JSON.stringify(written)}%`]);
  const seen = new Set<string>();
  return rows.map(auditRowOf).filter(({ changes }) => {
    const keys = changes.flatMap(({ table: name, key }) => (name === written ? [key] : []));
    const isNewest = keys.some((key) => !seen.has(key));
    for (const key of keys) seen.add(key);
    return isNewest;
  });
}

/** How far back it is looked for what we added: an order is executed within fewer writes. */
const additionsShown = 5_000;

/**
 * Executions of this order that we added to a table and did not take back: the row of each. For
 * tables that have no column for their ids. Of older writes nothing is told.
 */
export async function executionsAdded(
  query: Query,
  table: TableShape,
  written: string,
  orderId: string,
): Promise<ReadonlyMap<string, string>> {
  const newest = `SELECT ${columns} FROM ${table.sql} WHERE actor = 'trueup'
    ORDER BY id DESC LIMIT ${additionsShown}`;
  const sql = `SELECT ${columns} FROM (${newest}) AS newest
    WHERE action = 'update' AND changes LIKE ? AND id NOT IN
      (SELECT undoes FROM ${table.sql} WHERE undoes IS NOT NULL) ORDER BY id`;
  const rows = await query.rows(sql, [`%:${JSON.stringify(orderId)}%`]);
  const changes = rows.flatMap((row) => auditRowOf(row).changes);
  return new Map(
    changes.flatMap(({ table: name, key, fact, before, after }) =>
      name === written && before === null && fact !== undefined && holds(after, orderId)
        ? [[fact, key]]
        : [],
    ),
  );
}

const holds = (image: SourceChange['after'], value: string): boolean =>
  Object.values(image ?? {}).includes(value);

const idMax = String(Number.MAX_SAFE_INTEGER);

export async function writeOfId(
  query: Query,
  table: TableShape,
  id: number,
): Promise<{ row: SourceAuditRow; undoneBy: number | null } | null> {
  const sql = `SELECT ${columns} FROM ${table.sql}`;
  const [row] = await query.rows(`${sql} WHERE id = ?`, [String(id)]);
  if (row === undefined) return null;
  const [undone] = await query.rows(`${sql} WHERE undoes = ?`, [String(id)]);
  return { row: auditRowOf(row), undoneBy: undone === undefined ? null : Number(undone['id']) };
}

/**
 * Makes the table where it is missing: inside the write, so that it comes and goes with it. Without
 * a schema it is where the first name on the search path leads.
 */
export async function appendAudit(
  session: Session,
  engine: Database['engine'],
  table: TableShape | null,
  row: Omit<SourceAuditRow, 'id'>,
  schema?: string,
): Promise<SourceAuditRow> {
  if (table === null) for (const sql of auditTableSql(engine, schema)) await session.run(sql);
  const name = table?.sql ?? auditTableIn(schema);
  const sql = `INSERT INTO ${name} (at, actor, action, changes, why, undoes)
    VALUES (?, ?, ?, ?, ?, ?) RETURNING id`;
  const changes = JSON.stringify(row.changes);
  const undoes = row.undoes === null ? null : String(row.undoes);
  const values = [instantText(row.at), row.actor, row.action, changes, row.why, undoes];
  const [added] = await session.rows(sql, values);
  return { ...row, id: Number(added!['id']) };
}

function auditRowOf(row: CellRow): SourceAuditRow {
  const { id, at, actor, action, why, undoes } = row;
  const time = parseInstant(at ?? '');
  const changes = changesOf(row['changes'] ?? '');
  if (time === null || changes === null || !isAction(action)) {
    throw new SourceError(
      'source-damaged',
      `row ${id} of ${auditTable} is none that was written here: ${JSON.stringify(row)}`,
      'somebody changed it; compare it with a copy in trueup-backups',
    );
  }
  return {
    id: Number(id),
    at: time,
    actor: actor ?? '',
    action,
    changes,
    why: why ?? null,
    undoes: undoes === null || undoes === undefined ? null : Number(undoes),
  };
}

const isAction = (text: string | null | undefined): text is SourceAuditRow['action'] =>
  text === 'update' || text === 'undo' || text === 'record' || text === 'log';

function changesOf(text: string): readonly SourceChange[] | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : null;
  } catch {
    return null; // the caller says which row it is
  }
}
