/**
 * Which rows may follow the book while it listens. A row that differs may be behind, or know what
 * the book has not heard of yet: it is behind where it is as it was when both agreed, or where it
 * was written before the newest execution of its leg.
 */
import { equals } from '../../decimal/decimal.ts';
import type { PositionChange } from '../../model/position-source.ts';
import { heldIn, LegHistories } from '../../reconcile/positions/leg-history.ts';
import type { AgreedRow, CheckPositionsInput, PlacedRow } from '../../reconcile/positions/port.ts';
import { placedRows } from '../../reconcile/positions/rows.ts';
import type { RowsLook } from './positions-look.ts';

export class AgreedRows {
  readonly #rows = new Map<string, AgreedRow>();

  get rows(): ReadonlyMap<string, AgreedRow> {
    return this.#rows;
  }

  /** Remembers the rows that say what the book does. */
  note({ input }: RowsLook): void {
    const histories = new LegHistories(input.truth);
    const active = new Set(input.snapshot.positions.map(({ id }) => id));
    for (const id of this.#rows.keys()) if (!active.has(id)) this.#rows.delete(id);
    for (const { row, instrument, leg, quantity } of placedRows(input).single.values()) {
      const held = heldIn(input.truth, instrument, leg);
      if (!equals(quantity, held)) continue;
      const last = histories.of(instrument, leg, held).steps.at(-1);
      this.#rows.set(row.id, { quantity, executionId: last?.fill.executionId ?? null });
    }
  }

  /** The row is behind the book, and not ahead of it. */
  follows(input: CheckPositionsInput, changes: readonly PositionChange[]): boolean {
    const placed = new Map(
      [...placedRows(input).single.values()].map((one) => [one.row.id, one] as const),
    );
    return changes.every(({ id }) => {
      const one = placed.get(id);
      return one !== undefined && (this.#isAsAgreed(one) || isWrittenBefore(one, input));
    });
  }

  #isAsAgreed({ row, quantity }: PlacedRow): boolean {
    const agreed = this.#rows.get(row.id);
    return agreed !== undefined && equals(agreed.quantity, quantity);
  }
}

function isWrittenBefore(
  { row, instrument, leg }: PlacedRow,
  { truth }: CheckPositionsInput,
): boolean {
  const { updatedAt } = row;
  const { steps } = new LegHistories(truth).of(instrument, leg, heldIn(truth, instrument, leg));
  const newest = steps.at(-1);
  return newest !== undefined && updatedAt !== null && updatedAt <= newest.fill.time;
}
