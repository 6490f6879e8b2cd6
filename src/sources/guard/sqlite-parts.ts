/** What the triggers on SQLite are made of. */
import type { GuardedShape } from './names.ts';
import type { RowKeys } from './sqlite-shape.ts';
import { type PositionTerms, total } from './sqlite-values.ts';

export interface SqliteGuard {
  readonly shape: GuardedShape;
  readonly accountName: string;
  readonly positionsName: string;
  readonly positionKeys: RowKeys;
  /** Declared type of the account's key in our tables: compares as the account's id does. */
  readonly keyType: string;
  readonly audit: boolean;
}

export interface Body {
  readonly name: string;
  /** When it fires. */
  readonly on: string;
  readonly body: readonly string[];
}

/** The total of the account whose columns have this prefix. */
export const totalOf = ({ account, positions }: GuardedShape, prefix: string): string =>
  total({
    cash: `${prefix}${account.cash}`,
    id: `${prefix}${account.id}`,
    onlyRowOf: positions.account === null ? account.table : null,
  });

/** Whether the total of that account is another one; a column that must hold one keeps its own. */
export function isWrong(shape: GuardedShape, prefix: string): string {
  const right = totalOf(shape, prefix);
  const differs = `${prefix}${shape.account.total} IS NOT ${right}`;
  return shape.account.nullable ? differs : `${right} IS NOT NULL AND ${differs}`;
}

/** Sets the totals that are wrong; conditions can be added behind it. */
export function setTotals({ shape }: SqliteGuard): string {
  const { table, total: column } = shape.account;
  const right = totalOf(shape, `${table}.`);
  return `UPDATE ${table} SET ${column} = ${right} WHERE ${isWrong(shape, `${table}.`)}`;
}

/** A row of sums for an account that has none yet. */
export const ensured = (account: string): string =>
  'INSERT INTO trueup_guard (account, units, unpriced, busy, logged)' +
  ` SELECT ${account}, 0, 0, 0, NULL WHERE ${account} IS NOT NULL` +
  ` AND NOT EXISTS (SELECT 1 FROM trueup_guard WHERE account = ${account})`;

export function positionTerms({ positions }: GuardedShape, prefix: string): PositionTerms {
  const of = (column: string | null) => (column === null ? null : `${prefix}${column}`);
  return {
    symbol: `${prefix}${positions.symbol}`,
    quantity: `${prefix}${positions.quantity}`,
    price: `${prefix}${positions.price}`,
    side: of(positions.side),
    account: of(positions.account),
  };
}
