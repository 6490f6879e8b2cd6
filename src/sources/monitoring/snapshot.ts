/** A look as a snapshot: cells become numbers, times and words. */
import type { Instant } from '../../model/instant.ts';
import type { OrderColumn, PositionColumn, PositionSnapshot } from '../../model/position-source.ts';
import type { SourceIdentity, SourceZone } from '../../model/source.ts';
import { cellReader } from '../cell-reading.ts';
import { type Look, ordersShown } from './look.ts';
import { refusalsOf } from './refusals.ts';
import { storedOrder, storedPosition } from './rows.ts';
import type { MonitoringShape } from './shape.ts';

export function snapshotOf(
  look: Look,
  identity: SourceIdentity,
  zone: SourceZone,
  takenAt: Instant,
): PositionSnapshot {
  const { shape } = look;
  const cells = cellReader(zone.name);
  const positions = look.positions.map((row) => storedPosition(row, shape.positions, cells));
  const { orders } = shape;
  const open = orders === null ? [] : look.orders.map((row) => storedOrder(row, orders, cells));
  const isCut = orders !== null && open.length === ordersShown;
  if (isCut) {
    const why = `is among more than ${ordersShown} that are not over; older ones are not shown`;
    const place = { table: orders.table.name, key: open[0]?.id ?? '', column: '' };
    cells.note({ ...place, value: '', why });
  }
  // What cannot be read in them is told where they are shown, or was not ours to tell.
  const quiet = cellReader(zone.name);
  return {
    identity: { ...identity, generation: shape.generation },
    takenAt,
    zone,
    positions,
    written: look.written.map((row) => storedPosition(row, shape.positions, quiet)),
    orders: open,
    ...(isCut ? { ordersCut: ordersShown } : {}),
    counts: {
      active: positions.filter(({ status }) => status === 'active').length,
      closed: look.counts.positions - positions.length,
      orders: look.counts.orders,
      trades: look.counts.trades,
    },
    keeps: {
      orders: orders !== null,
      trades: shape.trades !== null,
      columns: columnsKept(shape),
      orderColumns: orderColumnsKept(shape),
      quantityScale: shape.positions.columns.quantity?.scale ?? null,
      refuses: refusalsOf(shape),
    },
    writes: look.writes,
    faults: cells.faults,
  };
}

const orderColumnsKept = ({ orders }: MonitoringShape): ReadonlySet<OrderColumn> => {
  const all = ['status', 'filled', 'remaining'] as const;
  return new Set(all.filter((name) => orders?.columns[name] != null));
};

/** `pnl` holds the realised PnL of a closed row, and of an open one the unrealised. */
export function columnsKept({ positions }: MonitoringShape): ReadonlySet<PositionColumn> {
  const { columns } = positions;
  const { realised, unrealised, pnl } = columns;
  const all: readonly (readonly [PositionColumn, unknown])[] = [
    ['quantity', columns.quantity],
    ['current-price', columns.currentPrice],
    ['unrealised-pnl', unrealised ?? pnl],
    ['realised-pnl', realised ?? pnl],
    ['exit-price', columns.exitPrice],
    ['exit-reason', columns.exitReason],
    ['closed-at', columns.closedAt],
    ['fees', columns.fees],
    ['entry-price', columns.entryPrice],
  ];
  return new Set(all.flatMap(([name, column]) => (column === null ? [] : [name])));
}
