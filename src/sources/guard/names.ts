/** Names that the guard's statements are made of. Every one that it makes begins with `trueup_`. */
import type { FalconShape } from '../falcon/shape.ts';
import { quoted } from '../sql.ts';

/** The columns that a guard cannot do without: a shape without them is refused. */
export interface GuardedShape {
  readonly account: {
    readonly table: string;
    readonly id: string;
    readonly cash: string;
    readonly total: string;
    /** Whether the total may be NULL, which says that it is unknown. */
    readonly nullable: boolean;
  };
  readonly positions: {
    readonly table: string;
    readonly symbol: string;
    readonly quantity: string;
    readonly price: string;
    readonly side: string | null;
    readonly account: string | null;
  };
}

/** Columns quoted, tables as they are written in SQL. Null: there is no total, or no price. */
export function guardedShape({ account, positions }: FalconShape): GuardedShape | null {
  if (account.total === null || positions.price === null) return null;
  const stored = account.table.columns.find(({ name }) => name === account.total);
  return {
    account: {
      table: account.table.sql,
      id: quoted(account.id),
      cash: quoted(account.cash),
      total: quoted(account.total),
      nullable: stored?.nullable ?? true,
    },
    positions: {
      table: positions.table.sql,
      symbol: quoted(positions.symbol),
      quantity: quoted(positions.quantity),
      price: quoted(positions.price),
      side: positions.side === null ? null : quoted(positions.side),
      account: positions.account === null ? null : quoted(positions.account),
    },
  };
}

/** A column's name as the log and sentences have it: without its quotes. */
export const plainName = (column: string): string => column.slice(1, -1).replaceAll('""', '"');

/** Text as SQL writes it. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
