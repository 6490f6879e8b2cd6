/**
 * Writes what was decided, and says what changed. Everything that needs no lock is made ready
 * before one is taken.
 */
import type { Instant } from '../../model/instant.ts';
import type { SourceChange, SourceWrite } from '../../model/source.ts';
import type { Session, TableShape, Written } from '../database.ts';
import { byKey, type Cells, changesOf, type NamedRow, namedIn, setCells } from '../named-rows.ts';
import { SourceError } from '../source-error.ts';
import { quoted } from '../sql.ts';
import { formFor, numberFor, timeFor } from '../stamps.ts';
import { plainForm, stepOf, textOfInstant } from '../time-text.ts';
import { type Look, noRecords } from './look.ts';
import { severalRows } from './refusals.ts';
import {
  accountRows,
  accountRowsOf,
  positionKey,
  positionRows,
  positionRowsOf,
  recordRow,
} from './rows.ts';

export interface Writing {
  readonly look: Look;
  /** The name of the zone of times without an offset. */
  readonly zone: string;
}

/** Everything that can be made ready before anything is locked. */
export interface Plan extends Writing {
  readonly wanted: SourceWrite;
  /** In their order: where triggers follow prices, the total is written onto what they made. */
  readonly updates: readonly RowUpdate[];
  /** As they are before, for the log. */
  readonly accounts: ReadonlyMap<string, NamedRow>;
  readonly positions: ReadonlyMap<string, NamedRow>;
}

interface RowUpdate {
  readonly table: TableShape;
  readonly key: string;
  readonly sql: string;
  readonly values: readonly Written[];
}

export function planOf(writing: Writing, wanted: SourceWrite): Plan {
  const { shape, accounts, positions } = writing.look;
  const isPriced = wanted.prices.length > 0;
  const rows = isPriced ? positionRowsOf(positions, shape) : [];
  const before = {
    accounts: byKey(accountRowsOf(accounts, shape)),
    positions: byKey(rows),
  };
  const updates = [
    ...priceUpdates(writing, wanted, rows, before.positions),
    ...totalUpdates(writing, wanted, before.accounts),
  ];
  return { ...writing, ...before, wanted, updates };
}

/** The changes that were made, each as it was and as it is stored now. */
export async function carryOut(session: Session, plan: Plan): Promise<readonly SourceChange[]> {
  const { wanted, updates, accounts, positions } = plan;
  const { shape } = plan.look;
  for (const { table, key, sql, values } of updates) {
    if ((await session.run(sql, values)) !== 1) throw gone(table, key);
  }
  const changes: SourceChange[] = [];
  if (updates.length > 0) changes.push(...changesOf(accounts, await accountRows(session, shape)));
  if (wanted.prices.length > 0) {
    changes.push(...changesOf(positions, await positionRows(session, shape)));
  }
  return [...changes, ...(await writeRecords(session, plan))];
}

function totalUpdates(
  writing: Writing,
  { totals, at }: SourceWrite,
  rows: Plan['accounts'],
): readonly RowUpdate[] {
  const { table, total, updated } = writing.look.shape.account;
  return totals.map((one) => {
    const value = numberFor(table, total!, one.total);
    const row = rows.get(one.accountId);
    if (row === undefined) throw gone(table, one.accountId);
    return rowUpdate(writing, row, [[total!, value]], updated, at);
  });
}

function priceUpdates(
  writing: Writing,
  { prices, at }: SourceWrite,
  all: readonly NamedRow[],
  rows: Plan['positions'],
): readonly RowUpdate[] {
  const { table, price, updated, account } = writing.look.shape.positions;
  return prices.map((one) => {
    const key = positionKey(account === null ? null : one.accountId, one.symbol);
    const row = rows.get(key);
    if (row === undefined) {
      const count = all.filter((other) => other.key === key).length;
      throw count > 1 ? severalRows(table.name, key, count) : gone(table, key);
    }
    return rowUpdate(writing, row, [[price!, numberFor(table, price!, one.price)]], updated, at);
  });
}

/** In whose form a time is written where its own column tells none. */
const timesOf = ({ accounts, positions, orders }: Look) => [
  ...accounts.map(({ updated }) => updated),
  ...positions.map(({ updated }) => updated),
  orders.newest,
];

/** Sets the cells of one row, and the time it was written, in the form that it has there. */
function rowUpdate(
  { look, zone }: Writing,
  row: NamedRow,
  cells: Cells,
  updated: string | null,
  at: Instant,
): RowUpdate {
  const { table, key } = row;
  const stamp = (column: string) =>
    timeFor(table, column, at, formFor(table, column, row.image[column], timesOf(look)), zone);
  const stamps: Cells = updated === null ? [] : [[updated, stamp(updated)]];
  return { table, key, ...setCells(row, [...cells, ...stamps]) };
}

const gone = ({ name }: TableShape, key: string): SourceError =>
  new SourceError(
    'source-failed',
    `${name} has no row ${key} that can be written`,
    'look again: it was there a moment ago',
  );

async function writeRecords(session: Session, plan: Plan): Promise<readonly SourceChange[]> {
  const changes: SourceChange[] = [];
  const { look, wanted } = plan;
  for (const { accountId, record } of wanted.performance) {
    const { table, time, total, cash, positionsValue, account } = look.shape.performance!;
    const owner = account === null ? null : accountId;
    const free = await freeTime(session, plan, accountId, record.time);
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
async function freeTime(session: Session, { look, zone }: Writing, accountId: string, at: Instant) {
  const { table, time } = look.shape.performance!;
  const present = (look.records.get(accountId) ?? noRecords).newest[0]?.['time'];
  let form = formFor(table, time, present, timesOf(look));
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
