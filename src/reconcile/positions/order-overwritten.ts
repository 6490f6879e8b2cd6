/** A repair of an order's row that another program wrote over: its state is again what it was. */
import type { PositionSnapshot, StoredOrder } from '../../model/position-source.ts';
import { momentText } from '../source/words.ts';
import type { OrderFinding } from './order-case.ts';

/** Null: it was not; else what was found, which a person has to agree to write again. */
export function overwrittenOrder(
  one: StoredOrder,
  found: OrderFinding,
  { writes }: PositionSnapshot,
): OrderFinding | null {
  for (const { id, at, changes } of writes) {
    const change = changes.find(
      ({ key, role, before, after }) => role === 'order' && key === one.id && before && after,
    );
    if (change === undefined) continue;
    const column = change.columns?.['status'];
    const [was, became] = [change.before, change.after].map(
      (image) => image?.[column ?? ''] ?? null,
    );
    // Our newest write of it set no status, or left it as it is now.
    if (column === undefined || was === became || one.statusText !== was) return null;
    const sentence =
      `Row ${one.id} was set to ${JSON.stringify(became)} at ${momentText(at)} ` +
      `(trueup_audit ${id}), and is again ${JSON.stringify(one.statusText)}: the bot writes what ` +
      `it has in memory. ${found.sentence}`;
    const again = found.writes && { ...found.writes, proven: false };
    return { ...found, reason: 'REPAIR_OVERWRITTEN', sentence, writes: again };
  }
  return null;
}
