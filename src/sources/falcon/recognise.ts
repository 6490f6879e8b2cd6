/** Finds the schema in a database's tables, or says what is there and what is missing. */

import { nearest } from '../../model/nearest.ts';
import type { NumberStorage, SourceEngine } from '../../model/source.ts';
import type { ColumnShape, TableShape } from '../database.ts';
import { SourceError } from '../source-error.ts';
import { type WantedName, type WantedTable, wantedTables } from './columns.ts';
import type { FalconShape } from './shape.ts';

export const generationText: Readonly<Record<FalconShape['generation'], string>> = {
  'stored-total': 'the account keeps its total',
  'cash-only': 'the account keeps cash alone',
};

interface Found {
  readonly table: TableShape;
  /** By the name of the field: the column that holds it, or null. */
  readonly columns: Readonly<Record<string, ColumnShape | null>>;
  readonly missing: readonly string[];
}

export function recogniseFalcon(
  tables: readonly TableShape[],
  engine: SourceEngine,
  location: string,
): FalconShape {
  const theirs = tables.filter(({ name }) => !name.toLowerCase().startsWith('trueup_'));
  const account = found(theirs, 'account');
  const positions = found(theirs, 'positions');
  const missing = [...missingOf(theirs, 'account', account)];
  missing.push(...missingOf(theirs, 'positions', positions));
  if (missing.length > 0 || account === null || positions === null) {
    throw unrecognised(location, theirs, missing);
  }
  return {
    generation: account.columns['total'] ? 'stored-total' : 'cash-only',
    account: accountShape(account, engine),
    positions: { table: positions.table, ...namesOf<'positions'>(positions) },
    orders: whole(found(theirs, 'orders')),
    performance: performanceShape(found(theirs, 'performance'), engine),
  } as FalconShape;
}

function performanceShape(one: Found | null, engine: SourceEngine) {
  const shape = whole(one);
  const { total, cash, positionsValue } = one?.columns ?? {};
  const numbers = [total, cash, positionsValue].filter((column) => column != null);
  const coarse = numbers.map((column) => storageOf(column, engine));
  return shape && { ...shape, storage: coarse.find(({ kind }) => kind === 'binary32') ?? null };
}

function accountShape(account: Found, engine: SourceEngine) {
  const { cash, total } = account.columns;
  return {
    table: account.table,
    ...namesOf<'account'>(account),
    cashStorage: storageOf(cash!, engine),
    totalStorage: total ? storageOf(total, engine) : null,
  };
}

/** A table without one of its required columns is somebody else's, and is left alone. */
const whole = (one: Found | null) =>
  one === null || one.missing.length > 0 ? null : { table: one.table, ...namesOf(one) };

type Names<K extends WantedName> = Record<keyof (typeof wantedTables)[K]['columns'], string | null>;

const namesOf = <K extends WantedName>({ columns }: Found): Names<K> =>
  Object.fromEntries(
    Object.entries(columns).map(([field, column]) => [field, column?.name ?? null]),
  ) as Names<K>;

/** Of several tables that could be meant, the first that is whole. */
function found(tables: readonly TableShape[], name: WantedName): Found | null {
  const wanted: WantedTable = wantedTables[name];
  const candidates = wanted.names
    .flatMap((one) => tables.filter((table) => table.name.toLowerCase() === one))
    .map((table) => foundIn(table, wanted));
  return candidates.find(({ missing }) => missing.length === 0) ?? candidates[0] ?? null;
}

function foundIn(table: TableShape, wanted: WantedTable): Found {
  const columnOf = (names: readonly string[]) =>
    names
      .map((name) => table.columns.find((column) => column.name.toLowerCase() === name))
      .find((column) => column !== undefined) ?? null;
  const fields = Object.entries(wanted.columns);
  const columns = fields.map(([field, { names }]) => [field, columnOf(names)] as const);
  return {
    table,
    columns: Object.fromEntries(columns),
    missing: fields
      .filter(([, { names, required }]) => required && columnOf(names) === null)
      .map(([, { names }]) => names[0]!),
  };
}

/** SQLite keeps a number as a double unless its column is declared as text. */
function storageOf({ type, scale }: ColumnShape, engine: SourceEngine): NumberStorage {
  if (engine === 'sqlite') return { kind: /char|clob|text/.test(type) ? 'exact' : 'binary64' };
  if (scale !== null) return { kind: 'decimal', scale };
  if (type === 'real') return { kind: 'binary32' };
  if (/double|float/.test(type)) return { kind: 'binary64' };
  return /int|serial/.test(type) ? { kind: 'decimal', scale: 0 } : { kind: 'exact' };
}

function missingOf(tables: readonly TableShape[], name: WantedName, one: Found | null): string[] {
  if (one === null) {
    const near = nearest(
      name,
      tables.map((table) => table.name),
    );
    return [`there is no table ${name}${near === null ? '' : ` (${near} is near)`}`];
  }
  const columns = one.table.columns.map((column) => column.name);
  return one.missing.map((column) => {
    const near = nearest(column, columns);
    const hint = near === null ? '' : ` (${near} is near)`;
    return `${one.table.name} has no column ${column}${hint}`;
  });
}

function unrecognised(
  location: string,
  tables: readonly TableShape[],
  missing: readonly string[],
): SourceError {
  const listed = tables.map(
    ({ name, columns }) => `${name}(${columns.map((column) => column.name).join(', ')})`,
  );
  const there = listed.length === 0 ? 'it has no tables' : `found: ${listed.join(' · ')}`;
  return new SourceError(
    'source-unrecognised',
    `${location} has no schema that is known: ${missing.join('; ')}. ${there}`,
    'name the database that the bot writes; account(id, cash) and positions(symbol, quantity) ' +
      'are the least that can be read',
  );
}
