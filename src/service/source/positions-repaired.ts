/**
 * Breaks of rows that were written and not noted: somebody died in between. What was approved is on
 * record, and the source's own log says that it was carried out.
 */
import type { Break } from '../../model/break.ts';
import type { PositionSnapshot, StoredPosition } from '../../model/position-source.ts';
import type { SourceAuditRow } from '../../model/source.ts';
import { type CheckPositionsInput, isRowLine } from '../../reconcile/positions/check-positions.ts';
import { placedRows } from '../../reconcile/positions/rows.ts';
import { legId } from '../../reconcile/positions/stated.ts';
import { isOrderLine } from '../../reconcile/positions/stored-orders.ts';
import { repaired } from '../../reconcile/proposal.ts';

/** The step to REPAIRED of each, in the order of the writes. */
export function repairedBy(
  input: CheckPositionsInput,
  writes: readonly SourceAuditRow[],
): readonly Break[] {
  const rows = new Map(rowsIn(input.snapshot).map((row) => [row.id, row]));
  const steps = new Map<string, Break>();
  for (const { action, at, changes } of writes) {
    if (action === 'undo') continue;
    const written = changes.flatMap(({ role, key }) =>
      role === 'position' ? (rows.get(key) ?? []) : [],
    );
    const legs = new Set(written.flatMap((row) => legsOf(input, row)));
    const orders = new Set(
      changes.flatMap(({ role, fact }) => (role === 'order' ? (fact ?? []) : [])),
    );
    for (const one of input.known) {
      const [line] = one.lines;
      const { key, leg } = line!;
      const isOf = isOrderLine(line!) ? orders.has(key) : legs.has(legId(key, leg ?? 'net'));
      const isIts = isRowLine(line!) && isOf;
      if (!isIts || one.state !== 'APPROVED' || one.changedAt > at || steps.has(one.id)) continue;
      const moved = repaired(one, input.now);
      if (moved.ok) steps.set(one.id, moved.value);
    }
  }
  return [...steps.values()];
}

const rowsIn = ({ positions, written }: PositionSnapshot): readonly StoredPosition[] => [
  ...written,
  ...positions,
];

/** Whatever the row is now, it is on the leg that it was on. */
function legsOf(input: CheckPositionsInput, row: StoredPosition): readonly string[] {
  const positions = [{ ...row, status: 'active' as const }];
  const alone = { ...input, snapshot: { ...input.snapshot, positions } };
  return [...placedRows(alone).single.keys()];
}
