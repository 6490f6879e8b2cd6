/** To which tables rows cannot be added, and why: told before anybody tries. */
import type { PositionRefusals } from '../../model/position-source.ts';
import type { ColumnShape } from '../database.ts';
import type { FieldOf, WantedName } from './columns.ts';
import { missingValue } from './fitting.ts';
import { namesVenueOrder } from './rows.ts';
import type { MonitoringShape, TableOf } from './shape.ts';

/** Fields that every row that is added has a value for. */
const given = {
  positions: ['symbol', 'exchange', 'side', 'quantity', 'entryPrice', 'status', 'openedAt'],
  orders: ['symbol', 'exchange', 'side', 'type', 'quantity', 'filled', 'remaining', 'status'],
  trades: ['symbol', 'exchange', 'side', 'quantity', 'executed', 'price', 'averagePrice', 'status'],
} as const satisfies { readonly [K in WantedName]: readonly FieldOf<K>[] };

/** What nobody knows of a position that is added. */
const unknown: readonly FieldOf<'positions'>[] = ['realised', 'fees', 'pnl'];

const always = ['id', 'orderId', 'executionId', 'createdAt', 'updatedAt', 'at'];

export function refusalsOf({ positions, orders, trades }: MonitoringShape): PositionRefusals {
  const found = {
    positions: refusal('positions', positions),
    orders: orders === null ? noTable('orders') : refusal('orders', orders),
    trades: trades === null ? noTable('trades') : refusal('trades', trades),
  };
  const told = Object.entries(found).filter(([, why]) => why !== null);
  return Object.fromEntries(told);
}

const noTable = (name: string): string => `there is no table ${name}`;

function refusal<K extends WantedName>(kind: K, one: TableOf<K>): string | null {
  const { table } = one;
  if (table.kind === 'view') return `${table.name} is a view`;
  const columns: Readonly<Record<string, ColumnShape | null>> = one.columns;
  const names = [...given[kind], ...always].flatMap((field) => columns[field]?.name ?? []);
  const missing = missingValue(table, new Set(names));
  if (missing !== null) return `${missing} may not be empty, and nothing tells its value`;
  const strict = unknown.find(
    (field) => kind === 'positions' && columns[field]?.nullable === false,
  );
  if (strict !== undefined) {
    return `${table.name}.${columns[strict]!.name} may not be empty, and 0 would be untrue`;
  }
  return kind === 'positions' || tellsApart(one) ? null : `${table.name} keeps no id of a venue`;
}

function tellsApart({ columns }: TableOf<WantedName>): boolean {
  const { executionId, orderId } = columns as TableOf<'trades'>['columns'];
  if (executionId != null) return true;
  return orderId !== null && namesVenueOrder(columns as TableOf<'trades'>['columns']);
}
