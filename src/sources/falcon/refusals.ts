/** What a schema has no place for, told before anything is written. */
import type { SourcePerformance, SourceWrite } from '../../model/source.ts';
import type { TableShape } from '../database.ts';
import { SourceError } from '../source-error.ts';
import type { FalconShape } from './shape.ts';

const unsupported = (message: string, hint: string): SourceError =>
  new SourceError('source-unsupported', message, hint);

export function refuseUnsupported(shape: FalconShape, wanted: SourceWrite, accounts: number): void {
  const { account, positions, performance } = shape;
  if (wanted.totals.length > 0) {
    refuseView(account.table);
    if (account.total === null) {
      throw unsupported(
        `${account.table.name} keeps no total: there is nothing to update`,
        'this generation computes it; add a column total_value to have one kept',
      );
    }
  }
  if (wanted.prices.length > 0) {
    refuseView(positions.table);
    if (positions.price === null) {
      throw unsupported(
        `${positions.table.name} keeps no prices: there is nothing to refresh`,
        'update without refreshing prices',
      );
    }
  }
  if (wanted.performance.length > 0) refuseRecords(performance, wanted.performance, accounts);
}

function refuseRecords(
  performance: FalconShape['performance'],
  wanted: SourceWrite['performance'],
  accounts: number,
): void {
  if (performance === null) {
    throw unsupported(
      'there is no table performance(timestamp, total_value)',
      'leave the record out, or add the table',
    );
  }
  refuseView(performance.table);
  const { table, account } = performance;
  if (account === null && accounts !== 1) {
    throw unsupported(
      `${table.name} does not say whose a record is, and there are ${accounts} accounts`,
      'leave the record out, or add a column account_id',
    );
  }
  for (const { record } of wanted) refuseIncomplete(performance, record);
}

/** A column that needs a value, and for which a record has none. */
function refuseIncomplete(
  { table, time, total, cash, positionsValue, account }: NonNullable<FalconShape['performance']>,
  record: SourcePerformance,
): void {
  const given = new Set([
    ...[time, account],
    ...(record.total === null ? [] : [total]),
    ...(record.cash === null ? [] : [cash]),
    ...(record.positionsValue === null ? [] : [positionsValue]),
  ]);
  const missing = table.columns.find(
    ({ name, nullable, filled }) => !nullable && !filled && !given.has(name),
  );
  if (missing === undefined) return;
  throw unsupported(
    `${table.name}.${missing.name} may not be empty, and a record has no value for it`,
    'leave the record out, or give the column a default; nothing was written',
  );
}

function refuseView({ kind, name }: TableShape): void {
  if (kind === 'table') return;
  throw unsupported(
    `${name} is a view, which cannot be written`,
    'name the database that holds the table behind it',
  );
}

export const severalRows = (table: string, key: string, count: number): SourceError =>
  unsupported(
    `${table} has ${count} rows for ${key}, which cannot be told apart`,
    'nothing was written; update without refreshing prices',
  );
