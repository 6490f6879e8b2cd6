/** Databases that no guard can be installed in, and why. */
import type { Database, TableShape } from '../database.ts';
import type { FalconShape } from '../falcon/shape.ts';
import { SourceError } from '../source-error.ts';

export const unsupported = (message: string, hint: string): SourceError =>
  new SourceError('source-unsupported', message, hint);

/** What no engine can do anything about. */
export function refuseUnguardable(shape: FalconShape, engine: Database['engine']): void {
  const { account, positions } = shape;
  for (const { table } of [account, positions]) refuseView(table);
  const [money, binary] = engine === 'sqlite' ? ['REAL', 'REAL'] : ['NUMERIC(15,2)', 'NUMERIC'];
  if (account.total === null) {
    throw unsupported(
      `${account.table.name} keeps no total: there is nothing to keep true`,
      'nothing was changed; somebody who knows that the bot bears it could run: ' +
        `ALTER TABLE ${account.table.sql} ADD COLUMN total_value ${money}`,
    );
  }
  if (positions.price === null) {
    throw unsupported(
      `${positions.table.name} keeps no prices: triggers have nothing to value positions at`,
      'nothing was changed; somebody who knows that the bot bears it, and who writes prices ' +
        `there, could run: ALTER TABLE ${positions.table.sql} ADD COLUMN current_price ${binary}`,
    );
  }
}

function refuseView({ kind, name }: TableShape): void {
  if (kind === 'table') return;
  throw unsupported(
    `${name} is a view, which no trigger can follow`,
    'name the database that holds the table behind it',
  );
}

export function refuseSeveral({ account, positions }: FalconShape, count: number): void {
  if (positions.account !== null || count <= 1) return;
  throw unsupported(
    `${account.table.name} has ${count} rows, and ${positions.table.name} does not say whose a ` +
      'position is: no total can be told',
    `a column account_id in ${positions.table.name} would tell; update and check are refused too`,
  );
}
