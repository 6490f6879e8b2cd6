/** What a change makes of the row of a position, in the forms that its columns have. */
import { type Decimal, equals } from '../../decimal/decimal.ts';
import { decimal, toTextOrNull } from '../../decimal/text.ts';
import type { OrderColumn, PositionChange, PositionColumn } from '../../model/position-source.ts';
import type { SourceEngine } from '../../model/source.ts';
import { cellReader } from '../cell-reading.ts';
import type { Cell, CellRow, ColumnShape, Written } from '../database.ts';
import { type Cells, type Image, isSame, type NamedRow } from '../named-rows.ts';
import { SourceError } from '../source-error.ts';
import { formFor, timeFor } from '../stamps.ts';
import { mayNotBeEmpty } from './adding.ts';
import {
  exactFor,
  nearestFor,
  storedDigits,
  styledLike,
  unsupported,
  wordsFor,
} from './fitting.ts';
import { storedPosition } from './rows.ts';
import type { TableOf } from './shape.ts';
import { activeWord } from './words.ts';

export type Role = PositionColumn | OrderColumn | 'pnl' | 'updated-at';

/** A cell that is to be written, and what it holds. */
export interface RoleCell {
  readonly role: Role;
  readonly column: ColumnShape;
  readonly value: Written;
}

export interface Terms {
  readonly positions: TableOf<'positions'>;
  readonly engine: SourceEngine;
  /** Of times without an offset. */
  readonly zone: string;
  /** In whose form a time is written where its own column tells none. */
  readonly times: readonly (Cell | undefined)[];
  /** The word of a row that is active; absent: there is none. */
  readonly active?: Cell | undefined;
}

/** Refuses a row that is not what the change was decided on. */
export function refuseMoved(
  change: PositionChange,
  row: CellRow | undefined,
  { positions, zone }: Terms,
): void {
  const { name } = positions.table;
  if (row === undefined) throw moved(`${name} has no row ${change.id} any more`);
  const now = storedPosition(row, positions, cellReader(zone));
  const { expected, symbol } = change;
  if (now.symbol !== symbol) {
    throw moved(`${name} ${change.id} is ${now.symbol} now, and not ${symbol}`);
  }
  if (now.status !== expected.status) {
    throw moved(`${symbol} is ${now.statusText ?? 'of no status'} now, and not ${expected.status}`);
  }
  if (now.direction !== expected.direction) {
    const [is, was] = [now.direction, expected.direction].map((one) => one ?? 'of no side');
    throw moved(`${symbol} is ${is} now, and not ${was}`);
  }
  if (!isEqual(now.quantity, expected.quantity)) {
    const [is, was] = [now.quantity, expected.quantity].map(
      (one) => toTextOrNull(one) ?? 'unknown',
    );
    throw moved(`${symbol} has quantity ${is} now, and not ${was}`);
  }
}

export const isEqual = (a: Decimal | null, b: Decimal | null): boolean =>
  a === null || b === null ? a === b : equals(a, b);

export const moved = (message: string): SourceError =>
  new SourceError(
    'source-moved',
    `${message}: it changed since it was decided on`,
    'nothing was written; check the source again, and decide on what it says then',
  );

/** The cells that the change sets, without those that hold it already. */
export function cellsOf(change: PositionChange, row: CellRow, terms: Terms): readonly RoleCell[] {
  const all = [
    ...reopenCells(change, row, terms),
    ...figureCells(change, terms),
    ...closeCells(change, row, terms),
  ];
  const field = fieldsByColumn(terms.positions);
  return all.filter(({ column, value }) => !isSame(cellOf(value), row[field.get(column.name)!]));
}

/** As text, whatever type its column has. */
export const cellOf = (value: Written): Cell =>
  typeof value === 'object' && value !== null ? value.number : value;

function fieldsByColumn({ columns }: TableOf<'positions'>): ReadonlyMap<string, string> {
  const fields = Object.entries<ColumnShape | null>(columns);
  return new Map(fields.flatMap(([field, one]) => (one === null ? [] : [[one.name, field]])));
}

function figureCells(change: PositionChange, { positions, engine }: Terms): readonly RoleCell[] {
  const { table, columns } = positions;
  const { quantity, currentPrice, unrealisedPnl, entryPrice } = change;
  const cells: RoleCell[] = [];
  if (quantity !== undefined) {
    const column = columns.quantity!;
    cells.push({ role: 'quantity', column, value: exactFor(table, column, quantity, engine) });
  }
  const add = (role: Role, value: Decimal | undefined, column: ColumnShape | null) => {
    if (value === undefined) return;
    if (column === null) throw noColumn(table.name, role);
    cells.push({ role, column, value: nearestFor(table, column, value) });
  };
  add('current-price', currentPrice, columns.currentPrice);
  // A row that is closed by the same write has its PnL in the other column, or nowhere.
  const open = change.close === undefined ? columns.pnl : null;
  add('unrealised-pnl', unrealisedPnl, columns.unrealised ?? open);
  add('entry-price', entryPrice, columns.entryPrice);
  return cells;
}

function closeCells({ close }: PositionChange, row: CellRow, terms: Terms): readonly RoleCell[] {
  if (close === undefined) return [];
  const { table, columns } = terms.positions;
  const cells: RoleCell[] = [];
  const add = (role: Role, column: ColumnShape | null, value: Written) => {
    if (column === null) return;
    if (value === null && !column.nullable) throw mayNotBeEmpty(table.name, column.name, role);
    cells.push({ role, column, value });
  };
  const money = (column: ColumnShape | null, value: Decimal | null): Written =>
    column === null || value === null ? null : nearestFor(table, column, value);
  add('status', columns.status, styledLike('closed', row['status'] ?? null));
  add(
    'closed-at',
    columns.closedAt,
    columns.closedAt === null || close.at === null
      ? null
      : stampFor('closedAt', close.at, row, terms),
  );
  const { reason } = close;
  const { exitReason } = columns;
  add('exit-reason', exitReason, exitReason && wordsFor(exitReason, reason, terms.engine));
  const { realised, pnl } = columns;
  add('realised-pnl', realised, money(realised, close.realisedPnl));
  add(realised === null ? 'realised-pnl' : 'pnl', pnl, money(pnl, close.realisedPnl));
  add('fees', columns.fees, money(columns.fees, close.fees));
  add('exit-price', columns.exitPrice, money(columns.exitPrice, close.exitPrice));
  // Bots without such a column leave the price at which they closed where the newest one is.
  const last = columns.exitPrice === null && close.exitPrice !== null ? columns.currentPrice : null;
  add('current-price', last, money(last, close.exitPrice));
  return cells;
}

/**
 * What closing wrote is not known of an open row, and goes; a column that may not be empty keeps
 * what it has. A PnL that is written along stands in the column that closing used.
 */
function reopenCells({ reopen }: PositionChange, row: CellRow, terms: Terms): readonly RoleCell[] {
  if (reopen === undefined) return [];
  const { columns } = terms.positions;
  const sample = terms.active ?? row['status'] ?? null;
  const emptied: readonly (readonly [Role, ColumnShape | null])[] = [
    ['closed-at', columns.closedAt],
    ['exit-reason', columns.exitReason],
    ['exit-price', columns.exitPrice],
    ['realised-pnl', columns.realised],
    ['pnl', columns.pnl],
  ];
  return [
    { role: 'status', column: columns.status!, value: styledLike(activeWord(sample), sample) },
    ...emptied.flatMap(([role, column]): readonly RoleCell[] =>
      column === null || !column.nullable ? [] : [{ role, column, value: null }],
    ),
  ];
}

/**
 * The time of the write, which the bot's own triggers may set anew. Prices alone leave it: when a
 * row was written tells what it knew, and of a price it knew nothing.
 */
export function stampCells(
  cells: readonly RoleCell[],
  at: bigint,
  row: CellRow,
  terms: Terms,
): readonly RoleCell[] {
  if (cells.every(({ role }) => restless.has(role))) return [];
  const column = terms.positions.columns.updatedAt;
  if (column === null) return [];
  return [{ role: 'updated-at', column, value: stampFor('updatedAt', at, row, terms) }];
}

function stampFor(
  field: 'closedAt' | 'updatedAt',
  at: bigint,
  row: CellRow,
  { positions, times, zone }: Terms,
): Written {
  const { table, columns } = positions;
  const { name } = columns[field]!;
  const form = formFor(table, name, row[field], [row['updatedAt'], row['openedAt'], ...times]);
  return timeFor(table, name, at, form, zone);
}

/** What moves all the time, or is a stamp: a trigger of the bot may set it anew. */
const restless: ReadonlySet<Role> = new Set(['updated-at', 'current-price', 'unrealised-pnl']);

/** A cell that was written, and does not hold it afterwards; undefined: there is none. */
export const lostCell = (
  cells: readonly RoleCell[],
  image: Image,
  engine: SourceEngine,
): RoleCell | undefined => cells.find((cell) => !isKept(cell, image[cell.column.name], engine));

function isKept({ role, column, value }: RoleCell, now: Cell | undefined, engine: SourceEngine) {
  // A server shows a time in a form of its own.
  if (role === 'closed-at' && value !== null) return now != null;
  const written = cellOf(value);
  if (isSame(now, written)) return true;
  if (role === 'quantity' || typeof value !== 'object' || value === null) return false;
  // Money is the nearest that the column holds; a file keeps a float whatever the column says.
  const kept = engine === 'sqlite' ? { ...column, scale: null } : column;
  return isSame(now, storedDigits(kept, decimal(value.number), engine));
}

/** Refuses what was written in vain: then nothing of it is. */
export function refuseLost(
  { table, key }: NamedRow,
  cells: readonly RoleCell[],
  now: Image,
  engine: SourceEngine,
): void {
  // Of two that set one column the later counts.
  const last = new Map(cells.map((cell) => [cell.column.name, cell]));
  // The newest price of a row that is closed by the same write is what it was closed at.
  const isClosing = cells.some(({ role }) => role === 'status');
  const firm = [...last.values()].filter(
    ({ role }) => !restless.has(role) || (isClosing && role === 'current-price'),
  );
  const lost = lostCell(firm, now, engine);
  if (lost === undefined) return;
  const { column, value } = lost;
  const is = now[column.name] ?? 'NULL';
  throw unsupported(
    `${table.name} ${key}: ${column.name} was written as ${cellOf(value) ?? 'NULL'} and is ${is} ` +
      'afterwards',
    'nothing was written: a trigger of the bot, or the type of the column, keeps it from being ' +
      'written; ask trueup doctor --source',
  );
}

export const setOf = (cells: readonly RoleCell[]): Cells =>
  // Of two that set one column the later counts: a price that closed it is the newest, too.
  [...new Map(cells.map(({ column, value }) => [column.name, value])).entries()];

/** What the log keeps: which columns of the images hold what. */
export const rolesOf = (cells: readonly RoleCell[]): Readonly<Record<string, string>> =>
  Object.fromEntries(cells.map(({ role, column }) => [role, column.name]).reverse());

const noColumn = (table: string, role: Role): SourceError =>
  unsupported(`${table} has no column for the ${role}`, 'leave it out; nothing was written');
