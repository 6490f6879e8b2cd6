/** Whether the guard in a PostgreSQL database is what was installed, and whether it still holds. */
import type { SourceGuard } from '../../model/source.ts';
import type { CellRow, Query } from '../database.ts';
import type { FalconShape } from '../falcon/shape.ts';
import { plainNumber } from '../plain-number.ts';
import { literal } from './names.ts';
import { functionSettings, postgresFunctions, sumsTable } from './postgres-functions.ts';
import { type PostgresGuard, postgresGuard } from './postgres-shape.ts';
import { type PostgresTrigger, postgresSumsNow, postgresTriggers } from './postgres-triggers.ts';
import { keyOf, total } from './postgres-values.ts';
import { absentGuard, plural, untold } from './words.ts';

interface FoundTrigger {
  readonly name: string;
  /** As it is written in SQL. */
  readonly table: string;
  readonly calls: string;
  /** What it fires on, as the server keeps it in one number. */
  readonly type: number;
  readonly isEnabled: boolean;
  readonly tables: string;
  /** Whether it has a condition, columns or arguments: ours have none. */
  readonly isNarrowed: boolean;
}

interface FoundFunction {
  readonly name: string;
  readonly sql: string;
  readonly body: string;
  readonly settings: string;
  readonly isDefiner: boolean;
}

export interface PostgresInstalled {
  readonly triggers: readonly FoundTrigger[];
  readonly functions: readonly FoundFunction[];
  readonly tables: readonly string[];
}

const mine = (column: string) =>
  `(${column} LIKE 'trueup\\_guard%' OR ${column} LIKE 'trueup\\_audit\\_%')`;

export async function postgresInstalled(
  query: Query,
  { account, positions }: FalconShape,
): Promise<PostgresInstalled> {
  const ours = `to_regclass(${literal(account.table.sql)})`;
  const schema = `(SELECT relnamespace FROM pg_class WHERE oid = ${ours})`;
  const triggers = await query.rows(
    `SELECT t.tgname AS name, format('%I.%I', n.nspname, c.relname) AS "table", p.proname AS calls,
       t.tgtype AS type, t.tgenabled AS enabled,
       concat_ws(' ', t.tgoldtable, t.tgnewtable) AS tables,
       t.tgqual IS NOT NULL OR t.tgattr::text <> '' OR t.tgnargs > 0 AS narrowed
     FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_proc p ON p.oid = t.tgfoid
     WHERE NOT t.tgisinternal AND ${mine('t.tgname')} AND t.tgrelid IN
       (to_regclass(${literal(account.table.sql)}), to_regclass(${literal(positions.table.sql)}))
     ORDER BY 1, 2`,
  );
  const functions = await query.rows(
    `SELECT p.proname AS name, format('%I.%I', n.nspname, p.proname) AS sql, p.prosrc AS body,
       p.prosecdef AS definer, array_to_string(p.proconfig, '; ') AS settings
     FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
     WHERE p.pronamespace = ${schema} AND p.pronargs = 0 AND ${mine('p.proname')} ORDER BY 1`,
  );
  const tables = await query.rows(
    `SELECT format('%I.%I', n.nspname, c.relname) AS sql FROM pg_class c
     JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relnamespace = ${schema} AND c.relname = 'trueup_guard'`,
  );
  return {
    triggers: triggers.map(triggerOf),
    functions: functions.map((row) => ({
      ...{ name: row['name']!, sql: row['sql']!, body: row['body']! },
      settings: row['settings'] ?? '',
      isDefiner: row['definer'] === 't',
    })),
    tables: tables.map(({ sql }) => sql!),
  };
}

const triggerOf = (row: CellRow): FoundTrigger => ({
  ...{ name: row['name']!, table: row['table']!, calls: row['calls']!, tables: row['tables']! },
  type: Number(row['type']),
  isEnabled: row['enabled'] === 'O' || row['enabled'] === 'A',
  isNarrowed: row['narrowed'] === 't',
});

export async function readOnPostgres(query: Query, shape: FalconShape): Promise<SourceGuard> {
  const found = await postgresInstalled(query, shape);
  const { triggers, functions, tables } = found;
  if (triggers.length + functions.length + tables.length === 0) return absentGuard;
  if (shape.account.total === null || shape.positions.price === null) {
    const findings = ['the columns that the triggers were made for are gone'];
    return { ...absentGuard, state: 'altered', findings };
  }
  const audited = functions.some(({ name }) => name.startsWith('trueup_audit_'));
  const guard = await postgresGuard(query, shape, audited);
  const changed = [...changedObjects(found, guard), ...(await missingLog(query, guard))];
  const kept = tables.length > 0;
  const sums = kept ? await wrongSums(query, guard) : ['table trueup_guard was dropped'];
  return {
    state: changed.length + sums.length > 0 ? 'altered' : 'installed',
    findings: [...changed, ...sums, ...(kept ? await unknownTotals(query, guard) : [])],
    bound: null,
    audited,
    unlogged: kept && audited ? await unlogged(query, guard) : [],
  };
}

function changedObjects(found: PostgresInstalled, guard: PostgresGuard): readonly string[] {
  const wanted = postgresTriggers(guard);
  const findings = wanted.flatMap((trigger) => {
    const { name, table } = trigger;
    const one = found.triggers.find((other) => other.name === name && other.table === table);
    const what = `trigger ${name} on ${table}`;
    if (one === undefined) return [`${what} was dropped`];
    if (!one.isEnabled) return [`${what} is disabled`];
    return isAs(one, trigger) ? [] : [`${what} is not as it is installed`];
  });
  for (const { name, table } of found.triggers) {
    if (wanted.some((one) => one.name === name && one.table === table)) continue;
    findings.push(`trigger ${name} on ${table} is none that is installed`);
  }
  for (const { name, body } of postgresFunctions(guard)) {
    const one = found.functions.find((other) => other.name === name);
    if (one === undefined) findings.push(`function ${name} was dropped`);
    else if (one.body !== body || !one.isDefiner || one.settings !== functionSettings.join('; ')) {
      findings.push(`function ${name} is not as it is installed`);
    }
  }
  return findings;
}

const bits = { ROW: 1, BEFORE: 2, INSERT: 4, DELETE: 8, UPDATE: 16, TRUNCATE: 32 } as const;

function isAs(found: FoundTrigger, { timing, events, forEach, ...rest }: PostgresTrigger): boolean {
  const type =
    (forEach === 'ROW' ? bits.ROW : 0) +
    (timing === 'BEFORE' ? bits.BEFORE : 0) +
    events.reduce((sum, event) => sum + bits[event], 0);
  const tables = [rest.oldTable ? 'trueup_old' : '', rest.newTable ? 'trueup_new' : ''];
  return (
    found.type === type &&
    found.calls === rest.calls &&
    found.tables === tables.filter(Boolean).join(' ') &&
    !found.isNarrowed
  );
}

async function missingLog(query: Query, { audit, auditTable }: PostgresGuard) {
  if (!audit) return [];
  const [row] = await query.rows(`SELECT to_regclass(${literal(auditTable)}) AS found`);
  return row?.['found'] == null ? ['table trueup_audit was dropped'] : [];
}

/** Sums that somebody changed, or that changes passed by. */
async function wrongSums(query: Query, guard: PostgresGuard): Promise<readonly string[]> {
  const several = guard.shape.positions.account !== null;
  const rows = await query.rows(
    `SELECT kept.account, kept.value AS kept, kept.unpriced AS kept_unpriced,
       coalesce(sums.value, 0) AS value, coalesce(sums.unpriced, 0) AS unpriced
     FROM ${sumsTable(guard)} AS kept
     LEFT JOIN (${postgresSumsNow(guard)}) AS sums ON sums.account = kept.account
     WHERE kept.value <> coalesce(sums.value, 0) OR kept.unpriced <> coalesce(sums.unpriced, 0)
     ORDER BY 1 LIMIT 5`,
  );
  const worth = (text: string | null | undefined) => plainNumber(text ?? '') ?? text;
  const sums = rows.map(
    ({ account, kept, kept_unpriced: before, value, unpriced }) =>
      `the kept sum${several ? ` of account ${account}` : ''} is ${worth(kept)} with ${before} ` +
      `unknown, its positions make ${worth(value)} with ${unpriced} unknown: ` +
      'changes passed the triggers by',
  );
  return [...sums, ...(await wrongTotals(query, guard))];
}

async function wrongTotals(query: Query, guard: PostgresGuard): Promise<readonly string[]> {
  const { table, id, total: column, nullable } = guard.shape.account;
  const right = total(guard, 'a', 'g');
  const rows = await query.rows(
    `SELECT a.${id} AS id, a.${column} AS stored, ${right} AS kept FROM ${table} AS a
     JOIN ${sumsTable(guard)} AS g ON g.account = ${keyOf(guard, 'a')}
     WHERE a.${column} IS DISTINCT FROM ${right}${nullable ? '' : ` AND ${right} IS NOT NULL`}
     ORDER BY 1 LIMIT 5`,
  );
  return rows.map(
    ({ id, stored, kept }) =>
      `account ${id} stores ${stored ?? 'nothing'} where the triggers keep ${kept ?? 'nothing'}`,
  );
}

/** Where the column must hold a number, an unknown total stays what it was: that is told. */
async function unknownTotals(query: Query, guard: PostgresGuard): Promise<readonly string[]> {
  const { table, id, total: column, nullable } = guard.shape.account;
  const [accounts] = await query.rows(`SELECT count(*) AS n FROM ${table}`);
  const several = guard.shape.positions.account !== null;
  if (!several && Number(accounts!['n']) > 1) return [untold(accounts!['n']!)];
  if (nullable) return [];
  const rows = await query.rows(
    `SELECT a.${id} AS id, a.${column} AS stored, g.unpriced AS unpriced FROM ${table} AS a
     JOIN ${sumsTable(guard)} AS g ON g.account = ${keyOf(guard, 'a')}
     WHERE ${total(guard, 'a', 'g')} IS NULL ORDER BY 1 LIMIT 5`,
  );
  return rows.map(
    ({ id, stored, unpriced }) =>
      `the total of account ${id} is unknown (${plural(Number(unpriced), 'open position')} ` +
      `without a price or a quantity), and ${stored} stands there because it may not be empty`,
  );
}

async function unlogged(query: Query, guard: PostgresGuard): Promise<readonly string[]> {
  const { table, id, total: column } = guard.shape.account;
  const rows = await query.rows(
    `SELECT a.${id} AS id, a.${column}::text AS stored, g.logged FROM ${table} AS a
     JOIN ${sumsTable(guard)} AS g ON g.account = ${keyOf(guard, 'a')}
     WHERE g.logged IS DISTINCT FROM a.${column}::text ORDER BY 1 LIMIT 5`,
  );
  return rows.map(
    ({ id, stored, logged }) =>
      `account ${id} stores ${stored ?? 'nothing'}, the log ends with ${logged ?? 'nothing'}`,
  );
}
