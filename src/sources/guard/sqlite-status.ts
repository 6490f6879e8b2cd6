/** Whether the guard in a SQLite file is what was installed, and whether it still holds. */
import {
  absolute,
  add,
  compare,
  type Decimal,
  decimalOf,
  fromInteger,
  multiply,
  roundHalfEven,
  zero,
} from '../../decimal/decimal.ts';
import { decimal, toText } from '../../decimal/text.ts';
import type { SourceGuard } from '../../model/source.ts';
import type { CellRow, Query } from '../database.ts';
import type { FalconShape } from '../falcon/shape.ts';
import { plainNumber } from '../plain-number.ts';
import { type Installed, sqliteGuard, sqliteInstalled } from './sqlite-guard.ts';
import { isWrong, type SqliteGuard, totalOf } from './sqlite-parts.ts';
import { sqliteSumsNow, sqliteTables, sqliteTriggers } from './sqlite-triggers.ts';
import { exactText } from './sqlite-values.ts';
import { absentGuard, plural, untold } from './words.ts';

export async function readOnSqlite(query: Query, shape: FalconShape): Promise<SourceGuard> {
  const installed = await sqliteInstalled(query);
  if (installed.triggers.size + installed.tables.length === 0) return absentGuard;
  if (shape.account.total === null || shape.positions.price === null) {
    return { ...absentGuard, state: 'altered', findings: [columnsGone] };
  }
  const guard = await sqliteGuard(query, shape, installed.audited);
  const changed = await changedObjects(query, installed, guard);
  const kept = installed.tables.includes('trueup_guard');
  const sums = kept ? await wrongSums(query, guard) : [];
  const flags = kept ? await unknownTotals(query, guard) : [];
  return {
    state: changed.length + sums.length > 0 ? 'altered' : 'installed',
    findings: [...changed, ...sums, ...flags],
    bound: await boundOf(query, guard),
    audited: installed.audited,
    unlogged: kept && installed.audited ? await unlogged(query, guard) : [],
  };
}

const columnsGone = 'the columns that the triggers were made for are gone';

async function changedObjects(
  query: Query,
  { triggers, tables, audited }: Installed,
  guard: SqliteGuard,
): Promise<readonly string[]> {
  const wanted = sqliteTriggers(guard);
  const names = new Set(wanted.map(({ name }) => name));
  const findings = wanted.flatMap(({ name, sql }) => {
    const found = triggers.get(name);
    if (found === undefined) return [`trigger ${name} was dropped`];
    return found === sql ? [] : [`trigger ${name} is not as it is installed`];
  });
  for (const name of triggers.keys()) {
    if (!names.has(name)) findings.push(`trigger ${name} is none that is installed`);
  }
  const ours = sqliteTables(guard).map((sql) => /^CREATE TABLE (\w+)/.exec(sql)![1]!);
  const log = `SELECT 1 AS found FROM sqlite_master WHERE type = 'table' AND name = 'trueup_audit'`;
  const missing = ours.filter((name) => !tables.includes(name));
  if (audited && (await query.rows(log)).length === 0) missing.push('trueup_audit');
  return [...findings, ...missing.map((name) => `table ${name} was dropped`)];
}

/** Sums that somebody changed, or that changes passed by. */
async function wrongSums(query: Query, guard: SqliteGuard): Promise<readonly string[]> {
  const rows = await query.rows(
    `SELECT kept.account AS account, kept.units AS kept, kept.unpriced AS kept_unpriced,
       coalesce(sums.units, 0) AS units, coalesce(sums.unpriced, 0) AS unpriced
     FROM trueup_guard AS kept LEFT JOIN (${sqliteSumsNow(guard)}) AS sums
       ON sums.account = kept.account
     WHERE kept.busy <> 0 OR kept.units IS NOT coalesce(sums.units, 0)
       OR kept.unpriced IS NOT coalesce(sums.unpriced, 0)
     ORDER BY 1 LIMIT 5`,
  );
  return [...rows.map((row) => sumText(row, guard)), ...(await wrongTotals(query, guard))];
}

const sumText = (row: CellRow, { shape }: SqliteGuard): string => {
  const { account, kept, units, kept_unpriced: before, unpriced } = row;
  const whose = shape.positions.account === null ? '' : ` of account ${account}`;
  const worth = (count: string | null | undefined) => toText(unitsOf(count ?? null) ?? zero);
  return (
    `the kept sum${whose} is ${worth(kept)} with ${before} unknown, its positions make ` +
    `${worth(units)} with ${unpriced} unknown: changes passed the triggers by`
  );
};

/** 1e-8 each. A sum that left the range of integers is a float, in plain text all the same. */
function unitsOf(text: string | null): Decimal | null {
  const plain = text === null ? null : plainNumber(text);
  return plain === null ? null : multiply(decimal(plain), unit);
}

const unit = decimalOf(1, 8);

async function wrongTotals(query: Query, { shape }: SqliteGuard): Promise<readonly string[]> {
  const { table, id, total } = shape.account;
  const right = totalOf(shape, `${table}.`);
  const rows = await query.rows(
    `SELECT ${id} AS id, ${total} AS stored, ${right} AS kept FROM ${table}
     WHERE ${isWrong(shape, `${table}.`)} ORDER BY 1 LIMIT 5`,
  );
  return rows.map(
    ({ id, stored, kept }) =>
      `account ${id} stores ${stored ?? 'nothing'} where the triggers keep ${kept ?? 'nothing'}`,
  );
}

/** Where the column must hold a number, an unknown total stays what it was: that is told. */
async function unknownTotals(query: Query, { shape }: SqliteGuard): Promise<readonly string[]> {
  const { table, id, total, nullable } = shape.account;
  const several = shape.positions.account !== null;
  const [accounts] = await query.rows(`SELECT count(*) AS n FROM ${table}`);
  if (!several && Number(accounts!['n']) > 1) return [untold(accounts!['n']!)];
  if (nullable) return [];
  const whose = several ? ` WHERE trueup_g.account = ${table}.${id}` : '';
  const rows = await query.rows(
    `SELECT ${id} AS id, ${total} AS stored, (SELECT trueup_g.unpriced
       FROM trueup_guard AS trueup_g${whose}) AS unpriced
     FROM ${table} WHERE ${totalOf(shape, `${table}.`)} IS NULL ORDER BY 1 LIMIT 5`,
  );
  return rows.map(
    ({ id, stored, unpriced }) =>
      `the total of account ${id} is unknown (${plural(Number(unpriced ?? 0), 'open position')} ` +
      `without a price or a quantity), and ${stored} stands there because it may not be empty`,
  );
}

async function unlogged(query: Query, { shape }: SqliteGuard): Promise<readonly string[]> {
  const { table, id, total } = shape.account;
  const several = shape.positions.account !== null;
  const whose = several
    ? `trueup_g.account = ${table}.${id}`
    : `(SELECT count(*) FROM ${table}) = 1`;
  const stored = `(${exactText(`${table}.${total}`)})`;
  const rows = await query.rows(
    `SELECT ${table}.${id} AS id, ${stored} AS stored, trueup_g.logged AS logged
     FROM ${table} JOIN trueup_guard AS trueup_g ON ${whose}
     WHERE trueup_g.logged IS NOT ${stored} ORDER BY 1 LIMIT 5`,
  );
  return rows.map(
    ({ id, stored, logged }) =>
      `account ${id} stores ${stored ?? 'nothing'}, the log ends with ${logged ?? 'nothing'}`,
  );
}

/**
 * Of the worst account: half a unit for each open position and for cash, and 1e-15 of everything
 * that is multiplied or added, which is more than a double loses in all the steps (8 times 2^-53).
 */
async function boundOf(query: Query, { shape }: SqliteGuard): Promise<Decimal> {
  const { table, id, cash } = shape.account;
  const several = shape.positions.account !== null;
  const { table: positions, quantity, price, account } = shape.positions;
  const rows = await query.rows(
    `SELECT count(*) AS open, total(abs(${quantity} * ${price})) AS gross,
       ${several ? account : `''`} AS account
     FROM ${positions} WHERE ${quantity} IS NOT 0 ${several ? 'GROUP BY 3' : ''}`,
  );
  const accounts = await query.rows(`SELECT ${id} AS id, ${cash} AS cash FROM ${table}`);
  const bounds = accounts.map(({ id, cash }) => {
    const mine = rows.find((row) => !several || row['account'] === id);
    const open = fromInteger(Number(mine?.['open'] ?? 0) + 1);
    const [gross, money] = [mine?.['gross'], cash].map((cell) => {
      const plain = plainNumber(cell ?? '');
      return plain === null ? zero : absolute(decimal(plain));
    });
    const added = add(gross!, money!);
    const exact = add(multiply(open, halfUnit), multiply(add(added, added), decimalOf(1, 15)));
    return add(roundHalfEven(exact, 12), decimalOf(1, 12));
  });
  return bounds.reduce((a, b) => (compare(a, b) >= 0 ? a : b), halfUnit);
}

const halfUnit = decimalOf(5, 9);
