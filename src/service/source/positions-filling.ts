/** The store's own tables of trades and orders, filled from executions where that is asked for. */
import { executionsOfRows } from '../../reconcile/positions/executed-rows.ts';
import type { BookWriter } from '../book.ts';
import type { RowsGround, RowsLook } from './positions-look.ts';
import { noteRows } from './positions-notes.ts';

/** How many rows were added. What the store knows already is left as it is. */
export async function fillTrades(
  ground: RowsGround,
  writer: BookWriter,
  look: RowsLook,
  actor: string | null,
): Promise<number> {
  const { keeps } = look.snapshot;
  const { trades, orders } = executionsOfRows(look.input);
  const write = {
    ...{ why: 'trades and orders from the executions of the exchange', at: look.input.now },
    ...{ changes: [], additions: [] },
    trades: keeps.trades ? trades : [],
    orders: keeps.orders ? orders : [],
  };
  if (write.trades.length + write.orders.length === 0) return 0;
  const { audit, backup } = await ground.source.write(() => write);
  if (audit === null) return 0;
  const circumstances = { backup, statements: null };
  await noteRows(ground, writer, look, undefined, { audit, circumstances, actor, steps: [] });
  return audit.changes.length;
}
