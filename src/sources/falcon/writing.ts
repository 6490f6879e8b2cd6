/** Writes what was decided, inside the transaction it was decided in, and says what changed. */
import type { Instant } from '../../model/instant.ts';
import type { SourceChange, SourceWrite } from '../../model/source.ts';
import type { Session, TableShape, Written } from '../database.ts';
import { SourceError } from '../source-error.ts';
import { quoted } from '../sql.ts';
import { plainForm, stepOf, type TimeForm, textOfInstant } from '../time-text.ts';
import { type Look, noRecords } from './look.ts';
import { severalRows } from './refusals.ts';
import {
  accountRows,
  accountRowsOf,
  changeOf,
  type NamedRow,
  namedIn,
  positionKey,
  positionRows,
  positionRowsOf,
  recordRow,
  valuesOf,
  whereSql,
} from './rows.ts';
import { formFor, numberFor, timeFor } from './stamps.ts';

export interface Writing {
  readonly session: Session;
  readonly look: Look;
  /** The name of the zone of times without an offset. */
  readonly zone: string;
}

type Cells = readonly (readonly [column: string, value: Written])[];

/**
 * The changes that were made, each as it was and as it is stored now. Prices come first: where
 * triggers follow them, the total is written onto what they made of it.
 */
export async function carryOut(
  writing: Writing,
  wanted: SourceWrite,
): Promise<readonly SourceChange[]> {
  const { session, look } = writing;
  const { shape } = look;
  await writePrices(writing, wanted);
  await writeTotals(writing, wanted);
  const changes: (SourceChange | null)[] = [];
  if (wanted.totals.length > 0 || wanted.prices.length > 0) {
    const accounts = accountRowsOf(look.accounts, shape);
    changes.push(...changesOf(accounts, await accountRows(session, shape)));
  }
  if (wanted.prices.length > 0) {
    const positions = positionRowsOf(look.positions, shape);
    changes.push(...changesOf(positions, await positionRows(session, shape)));
  }
  changes.push(...(await writeRecords(writing, wanted)));
  return changes.filter((change) => change !== null);
}

function changesOf(before: readonly NamedRow[], after: readonly NamedRow[]) {
  const was = new Map(before.map((row) => [row.key, row]));
  return after.map((row) => changeOf(was.get(row.key) ?? row, row));
}

async function writeTotals(writing: Writing, { totals, at }: SourceWrite): Promise<void> {
  const { look } = writing;
  const { table, total, updated } = look.shape.account;
  const rows = new Map(accountRowsOf(look.accounts, look.shape).map((row) => [row.key, row]));
  for (const one of totals) {
    const row = rows.get(one.accountId);
    const value = numberFor(table, total!, one.total);
    await change(writing, table, one.accountId, row, [[total!, value]], updated, at);
  }
}

async function writePrices(writing: Writing, { prices, at }: SourceWrite): Promise<void> {
  if (prices.length === 0) return;
  const { look } = writing;
  const { table, price, updated, account } = look.shape.positions;
  const rows = Map.groupBy(positionRowsOf(look.positions, look.shape), ({ key }) => key);
  for (const one of prices) {
    const key = positionKey(account === null ? null : one.accountId, one.symbol);
    const found = rows.get(key) ?? [];
    if (found.length > 1) throw severalRows(table.name, key, found.length);
    const value = numberFor(table, price!, one.price);
    await change(writing, table, key, found[0], [[price!, value]], updated, at);
  }
}

/** Sets the cells of one row, and the time it was written, in the form that it has there. */
async function change(
  { session, look, zone }: Writing,
  table: TableShape,
  key: string,
  row: NamedRow | undefined,
  cells: Cells,
  updated: string | null,
  at: Instant,
): Promise<void> {
  if (row === undefined) throw gone(table, key);
  const stamps: Cells =
    updated === null
      ? []
      : [[updated, timeFor(table, updated, at, formOf(table, updated, row, look), zone)]];
  const changed = await setCells(session, row, [...cells, ...stamps]);
  if (changed !== 1) throw gone(table, key);
}

const formOf = (table: TableShape, column: string, row: NamedRow, look: Look): TimeForm =>
  formFor(table, column, row.image[column], look);

export function setCells(session: Session, row: NamedRow, cells: Cells): Promise<number> {
  const set = cells.map(([column]) => `${quoted(column)} = ?`).join(', ');
  const sql = `UPDATE ${row.table.sql} SET ${set} ${whereSql(row.where)}`;
  return session.run(sql, [...cells.map(([, value]) => value), ...valuesOf(row.where)]);
}

const gone = ({ name }: TableShape, key: string): SourceError =>
  new SourceError(
    'source-failed',
    `${name} has no row ${key} that can be written`,
    'look again: it was there a moment ago',
  );

async function writeRecords(
  writing: Writing,
  { performance }: SourceWrite,
): Promise<readonly SourceChange[]> {
  const changes: SourceChange[] = [];
  const { session, look } = writing;
  for (const { accountId, record } of performance) {
    const { table, time, total, cash, positionsValue, account } = look.shape.performance!;
    const owner = account === null ? null : accountId;
    const free = await freeTime(writing, accountId, record.time);
    const cells: (readonly [string | null, Written])[] = [
      [time, free.value],
      [total, numberFor(table, total, record.total)],
      [cash, cash && numberFor(table, cash, record.cash)],
      [positionsValue, positionsValue && numberFor(table, positionsValue, record.positionsValue)],
      [account, owner],
    ];
    const kept = cells.filter(([column]) => column !== null);
    const columns = kept.map(([column]) => quoted(column!)).join(', ');
    const marks = kept.map(() => '?').join(', ');
    const sql = `INSERT INTO ${table.sql} (${columns}) VALUES (${marks})`;
    await session.run(
      sql,
      kept.map(([, value]) => value),
    );
    const row = await recordRow(session, look.shape, free.text, owner);
    if (row === null) throw gone(table, free.text);
    changes.push({ ...namedIn(row), accountId, before: null, after: row.image });
  }
  return changes;
}

/** Times are keys there: one that is taken moves on by the smallest step that its form has. */
async function freeTime({ session, look, zone }: Writing, accountId: string, at: Instant) {
  const { table, time } = look.shape.performance!;
  const present = (look.records.get(accountId) ?? noRecords).newest[0]?.['time'];
  let form = formFor(table, time, present, look);
  let next = at;
  for (;;) {
    const text = textOfInstant(next, form, zone);
    const sql = `SELECT count(*) AS n FROM ${table.sql} WHERE ${quoted(time)} = ?`;
    const [taken] = await session.rows(sql, [text]);
    if (taken!['n'] === '0') return { text, value: timeFor(table, time, next, form, zone) };
    // A day has its record: the next one of that day needs a time.
    if (form.kind === 'day') form = plainForm;
    else next += stepOf(form);
  }
}
