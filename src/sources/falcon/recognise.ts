/** Finds the schema in a database's tables, or says what is there and what is missing. */

import type { NumberStorage, SourceEngine } from '../../model/source.ts';
import type { ColumnShape, TableShape } from '../database.ts';
import {
  type FoundTable,
  foundTable,
  missingOf,
  theirsOf,
  unrecognised,
} from '../wanted-tables.ts';
import { type WantedName, wantedTables } from './columns.ts';
import type { FalconShape } from './shape.ts';

export const generationText: Readonly<Record<FalconShape['generation'], string>> = {
  'stored-total': 'the account keeps its total',
  'cash-only': 'the account keeps cash alone',
};

const leastText =
  'name the database that the bot writes; account(id, cash) and positions(symbol, quantity) ' +
  'are the least that can be read';

export function recogniseFalcon(
  tables: readonly TableShape[],
  engine: SourceEngine,
  location: string,
): FalconShape {
  const theirs = theirsOf(tables);
  const found = (name: WantedName) => foundTable(theirs, wantedTables[name]);
  const account = found('account');
  const positions = found('positions');
  const missing = [...missingOf(theirs, 'account', account)];
  missing.push(...missingOf(theirs, 'positions', positions));
  if (missing.length > 0 || account === null || positions === null) {
    throw unrecognised(location, theirs, missing, leastText);
  }
  return {
    generation: account.columns['total'] ? 'stored-total' : 'cash-only',
    account: accountShape(account, engine),
    positions: { table: positions.table, ...namesOf<'positions'>(positions) },
    orders: whole(found('orders')),
    performance: performanceShape(found('performance'), engine),
  } as FalconShape;
}

function performanceShape(one: FoundTable | null, engine: SourceEngine) {
  const shape = whole(one);
  const { total, cash, positionsValue } = one?.columns ?? {};
  const numbers = [total, cash, positionsValue].filter((column) => column != null);
  const coarse = numbers.map((column) => storageOf(column, engine));
  return shape && { ...shape, storage: coarse.find(({ kind }) => kind === 'binary32') ?? null };
}

function accountShape(account: FoundTable, engine: SourceEngine) {
  const { cash, total } = account.columns;
  return {
    table: account.table,
    ...namesOf<'account'>(account),
    cashStorage: storageOf(cash!, engine),
    totalStorage: total ? storageOf(total, engine) : null,
  };
}

/** A table without one of its required columns is somebody else's, and is left alone. */
const whole = (one: FoundTable | null) =>
  one === null || one.missing.length > 0 ? null : { table: one.table, ...namesOf(one) };

type Names<K extends WantedName> = Record<keyof (typeof wantedTables)[K]['columns'], string | null>;

const namesOf = <K extends WantedName>({ columns }: FoundTable): Names<K> =>
  Object.fromEntries(
    Object.entries(columns).map(([field, column]) => [field, column?.name ?? null]),
  ) as Names<K>;

/** SQLite keeps a number as a double unless its column is declared as text. */
function storageOf({ type, scale }: ColumnShape, engine: SourceEngine): NumberStorage {
  if (engine === 'sqlite') return { kind: /char|clob|text/.test(type) ? 'exact' : 'binary64' };
  if (scale !== null) return { kind: 'decimal', scale };
  if (type === 'real') return { kind: 'binary32' };
  if (/double|float/.test(type)) return { kind: 'binary64' };
  return /int|serial/.test(type) ? { kind: 'decimal', scale: 0 } : { kind: 'exact' };
}
