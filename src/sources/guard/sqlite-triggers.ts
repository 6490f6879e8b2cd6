/**
 * The guard on SQLite, as the statements that make it: a function of the shape, so that what is
 * installed can be held against what would be.
 *
 * `trueup_guard` keeps, for each account, the units of its positions and how many of them are
 * unpriced, by adding what a change adds. The total is cash and units, computed anew with every
 * change. `trueup_guard_replaced` remembers, for the moment between before and after a row is
 * written, which rows stand in its way: a REPLACE deletes them without a delete trigger.
 *
 * A conflict clause inside a trigger gives way to that of the bot's own statement, so there is
 * none in here: under INSERT OR REPLACE an inner OR IGNORE would replace too.
 */
import { accountTriggers } from './sqlite-account.ts';
import { positionTerms, type SqliteGuard, setTotals } from './sqlite-parts.ts';
import { positionTriggers } from './sqlite-positions.ts';
import { exactText, units, unpriced } from './sqlite-values.ts';

export interface Trigger {
  readonly name: string;
  readonly sql: string;
}

export const sqliteTriggers = (guard: SqliteGuard): readonly Trigger[] =>
  [...positionTriggers(guard), ...accountTriggers(guard)].map(({ name, on, body }) => ({
    name: `trueup_guard_${name}`,
    sql: `CREATE TRIGGER trueup_guard_${name} ${on} BEGIN\n  ${body.join(';\n  ')};\nEND`,
  }));

/** The guard's own tables. `units` has no type: a sum that grew too large must stay a float. */
export function sqliteTables({ keyType, positionKeys }: SqliteGuard): readonly string[] {
  const keys = positionKeys.identity.map((_, at) => `key_${at}`).join(', ');
  return [
    `CREATE TABLE trueup_guard (account ${keyType} NOT NULL PRIMARY KEY, units NOT NULL, ` +
      'unpriced INTEGER NOT NULL, busy INTEGER NOT NULL, logged TEXT)',
    `CREATE TABLE trueup_guard_replaced (${keys}, account ${keyType}, symbol, quantity, price, ` +
      'units INTEGER NOT NULL, unpriced INTEGER NOT NULL)',
  ];
}

/** Sums from the rows as they are, and the totals that follow from them. */
export function sqliteSums(guard: SqliteGuard): readonly string[] {
  const { account } = guard.shape;
  const into = 'INSERT INTO trueup_guard (account, units, unpriced, busy, logged)';
  const sums = `${into} SELECT account, units, unpriced, 0, NULL FROM (${sqliteSumsNow(guard)})`;
  const rest =
    `${into} SELECT DISTINCT ${account.id}, 0, 0, 0, NULL FROM ${account.table}` +
    ` WHERE ${account.id} IS NOT NULL` +
    ` AND ${account.id} NOT IN (SELECT trueup_guard.account FROM trueup_guard)`;
  const several = guard.shape.positions.account !== null;
  return [
    sums,
    ...(several ? [rest] : []),
    setTotals(guard),
    ...(guard.audit ? [noted(guard)] : []),
  ];
}

/** What the kept sums must be: `account`, `units`, `unpriced`, from every row. */
export function sqliteSumsNow({ shape }: SqliteGuard): string {
  const { table, account } = shape.positions;
  const terms = positionTerms(shape, `${table}.`);
  const sums =
    `coalesce(sum(${units(terms)}), 0) AS units,` +
    ` coalesce(sum(${unpriced(terms)}), 0) AS unpriced FROM ${table}`;
  return account === null
    ? `SELECT '' AS account, ${sums}`
    : `SELECT ${terms.account} AS account, ${sums} WHERE ${terms.account} IS NOT NULL GROUP BY 1`;
}

/** Notes the totals as they are, as the ones that are known to the log. */
const noted = ({ shape }: SqliteGuard): string => {
  const { table, id, total } = shape.account;
  const whose = shape.positions.account === null ? '' : ` WHERE ${id} = trueup_guard.account`;
  return `UPDATE trueup_guard SET logged = (SELECT ${exactText(total)} FROM ${table}${whose})`;
};
