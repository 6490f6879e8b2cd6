/**
 * The functions behind the triggers on PostgreSQL.
 *
 * Every statement that writes accounts or positions takes one lock of the transaction first, the
 * gate, before any row is locked. So whoever keeps the sums has no rival, and two transactions
 * that write an account and positions in different orders wait for each other once, at the gate,
 * where without it they could lock each other out: the guard makes every writer of a position a
 * writer of the account.
 *
 * They run with the rights of whoever installed them and with a search path of their own: the
 * bot's role needs no rights on our tables, and cannot put others in their place.
 */
import { literal, plainName } from './names.ts';
import type { PostgresGuard } from './postgres-shape.ts';
import { keyOf, owner, total, unpriced, value } from './postgres-values.ts';

export interface GuardFunction {
  readonly name: string;
  readonly body: string;
}

export const functionSettings = ['search_path=pg_catalog, pg_temp', 'extra_float_digits=1'];

export const functionSql = ({ schema }: PostgresGuard, { name, body }: GuardFunction): string =>
  `CREATE FUNCTION ${schema}.${name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog, pg_temp SET extra_float_digits = 1
  AS $trueup$${body}$trueup$`;

export const sumsTable = ({ schema }: PostgresGuard): string => `${schema}.trueup_guard`;

export const postgresFunctions = (guard: PostgresGuard): readonly GuardFunction[] => [
  { name: 'trueup_guard_gate', body: gate(guard) },
  { name: 'trueup_guard_inserted', body: moveSums(guard, rowsOf(guard, 'trueup_new', '')) },
  { name: 'trueup_guard_deleted', body: moveSums(guard, rowsOf(guard, 'trueup_old', '-')) },
  {
    name: 'trueup_guard_updated',
    body: moveSums(
      guard,
      `${rowsOf(guard, 'trueup_new', '')}\n    UNION ALL ${rowsOf(guard, 'trueup_old', '-')}`,
    ),
  },
  { name: 'trueup_guard_truncated', body: truncated(guard) },
  { name: 'trueup_guard_account', body: accountChanged(guard) },
  ...(guard.audit
    ? [
        { name: 'trueup_audit_account', body: logAccount(guard) },
        { name: 'trueup_audit_position', body: logPosition(guard) },
      ]
    : []),
];

/** One number for each guarded account table, made of its name. */
function gate({ schema, accountName }: PostgresGuard): string {
  let hash = 0;
  for (const unit of `${schema}.${accountName}`) hash = (hash * 31 + unit.codePointAt(0)!) | 0;
  return `
BEGIN
  PERFORM pg_advisory_xact_lock(1953658213, ${hash});
  RETURN NULL;
END`;
}

const rowsOf = (guard: PostgresGuard, table: string, sign: string): string =>
  `SELECT ${owner(guard, table)} AS account, ${sign}(${value(guard, table)}) AS value,
      ${sign}(${unpriced(guard, table)}) AS unpriced FROM ${table}`;

/** One update of each account that a statement moved, however many rows it wrote. */
function moveSums(guard: PostgresGuard, rows: string): string {
  const { id } = guard.shape.account;
  const several = guard.shape.positions.account !== null;
  return `
DECLARE
  moved record;
BEGIN
  FOR moved IN SELECT r.account, sum(r.value) AS value, sum(r.unpriced) AS unpriced FROM (
    ${rows}
  ) r WHERE r.account IS NOT NULL GROUP BY r.account
    HAVING sum(r.value) <> 0 OR sum(r.unpriced) <> 0 ORDER BY r.account
  LOOP
    INSERT INTO ${sumsTable(guard)} AS kept (account, value, unpriced)
      VALUES (moved.account, moved.value, moved.unpriced)
      ON CONFLICT (account) DO UPDATE SET value = kept.value + excluded.value,
        unpriced = kept.unpriced + excluded.unpriced;
    ${setTotals(guard, several ? `a.${id} = moved.account` : 'true')};
  END LOOP;
  RETURN NULL;
END`;
}

/** Sets the totals that are wrong, of the accounts that the condition names. */
export function setTotals(guard: PostgresGuard, where: string): string {
  const { table, total: column, nullable } = guard.shape.account;
  const right = total(guard, 'a', 'g');
  const known = nullable ? '' : ` AND ${right} IS NOT NULL`;
  return `UPDATE ${table} AS a SET ${column} = ${right}
      FROM ${sumsTable(guard)} AS g WHERE g.account = ${keyOf(guard, 'a')} AND ${where}
      AND a.${column} IS DISTINCT FROM ${right}${known}`;
}

const truncated = (guard: PostgresGuard): string => `
BEGIN
  PERFORM 1 FROM ${sumsTable(guard)} FOR UPDATE;
  UPDATE ${sumsTable(guard)} SET value = 0, unpriced = 0;
  ${setTotals(guard, 'true')};
  RETURN NULL;
END`;

/**
 * Reads the sums under a lock: in a transaction with a snapshot of its own the row may be older
 * than the sums, and then the server has it tried again. The depth ends a fight with a trigger of
 * the bot's that writes totals too.
 */
function accountChanged(guard: PostgresGuard): string {
  const { id, cash, total: column } = guard.shape.account;
  const several = guard.shape.positions.account !== null;
  const sums = sumsTable(guard);
  const mine = several ? `a.${id} = NEW.${id}` : 'true';
  return `
DECLARE
  sums record;
BEGIN
  IF pg_trigger_depth() > 16 THEN RETURN NULL; END IF;
  IF TG_OP = 'DELETE' THEN
    ${several ? 'NULL' : setTotals(guard, 'true')};
    RETURN NULL;
  END IF;
  IF TG_OP = 'UPDATE' AND NEW.${cash} IS NOT DISTINCT FROM OLD.${cash}
    AND NEW.${column} IS NOT DISTINCT FROM OLD.${column}
    AND NEW.${id} IS NOT DISTINCT FROM OLD.${id} THEN RETURN NULL; END IF;
  SELECT g.value, g.unpriced INTO sums FROM ${sums} AS g
    WHERE g.account = ${keyOf(guard, 'NEW')} FOR UPDATE;
  IF NOT FOUND AND ${keyOf(guard, 'NEW')} IS NOT NULL THEN
    INSERT INTO ${sums} AS kept (account, value, unpriced) VALUES (${keyOf(guard, 'NEW')}, 0, 0)
      ON CONFLICT (account) DO UPDATE SET value = kept.value
      RETURNING kept.value, kept.unpriced INTO sums;
  END IF;
  IF TG_OP = 'INSERT' OR NEW.${column} IS DISTINCT FROM (${total(guard, 'NEW', 'sums')}) THEN
    ${setTotals(guard, mine)};
  END IF;
  RETURN NULL;
END`;
}

const now = `to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const insertLog = ({ auditTable }: PostgresGuard, table: string, key: string): string =>
  `INSERT INTO ${auditTable} (at, actor, action, changes) VALUES (${now}, 'trigger', 'log',
    json_build_array(json_build_object('table', ${literal(table)}, 'key', ${key}::text,
      'before', before, 'after', after))::text)`;

function image(row: string, columns: readonly string[]): string {
  const pairs = columns.map((column) => `${literal(plainName(column))}, ${row}.${column}::text`);
  return `json_build_object(${pairs.join(', ')})`;
}

function logging(columns: readonly string[], insert: string, then: string) {
  const same = columns.map((column) => `NEW.${column} IS NOT DISTINCT FROM OLD.${column}`);
  return `
DECLARE
  before json;
  after json;
BEGIN
  IF TG_OP = 'UPDATE' AND ${same.join('\n    AND ')} THEN RETURN NULL; END IF;
  IF TG_OP <> 'INSERT' THEN before := ${image('OLD', columns)}; END IF;
  IF TG_OP <> 'DELETE' THEN after := ${image('NEW', columns)}; END IF;
  ${insert};
  ${then}
  RETURN NULL;
END`;
}

/** The newest total that the log knows is kept beside the sums. */
function logAccount(guard: PostgresGuard): string {
  const { id, cash, total: column } = guard.shape.account;
  const insert = insertLog(guard, guard.accountName, `coalesce(NEW.${id}, OLD.${id})`);
  const then = `IF TG_OP <> 'DELETE' THEN
    INSERT INTO ${sumsTable(guard)} AS kept (account, value, unpriced, logged)
      SELECT ${keyOf(guard, 'NEW')}, 0, 0, NEW.${column}::text
      WHERE ${keyOf(guard, 'NEW')} IS NOT NULL
      ON CONFLICT (account) DO UPDATE SET logged = excluded.logged;
  END IF;`;
  return logging([id, cash, column], insert, then);
}

function logPosition(guard: PostgresGuard): string {
  const { symbol, quantity, price } = guard.shape.positions;
  const key = `coalesce(NEW.${symbol}, OLD.${symbol})`;
  const insert = insertLog(guard, guard.positionsName, key);
  return logging([symbol, quantity, price], insert, '');
}
