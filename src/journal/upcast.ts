/**
 * Old entries read as new ones. Stored bytes and hashes never change: when the form of a kind
 * changes, its version rises by one and a pure function from the old row to the new joins here.
 */
import type { EntryKind, EntryRow } from '../model/entry.ts';

export type Upcaster = (row: EntryRow) => EntryRow;

/** By kind: the first member turns version 1 into 2, the second 2 into 3, and so on. */
export type Upcasters = Readonly<Partial<Record<EntryKind, readonly Upcaster[]>>>;

const upcasters: Upcasters = {};

/** The version that this program writes. */
export const versionOf = (kind: EntryKind, table: Upcasters = upcasters): number =>
  1 + (table[kind]?.length ?? 0);

/** The row in its present version; a RangeError when it comes from a newer program. */
export function upcast(row: EntryRow, table: Upcasters = upcasters): EntryRow {
  const steps = table[row.kind] ?? none;
  const present = 1 + steps.length;
  if (row.v === present) return row;
  if (!(row.v >= 1 && row.v < present)) {
    throw new RangeError(`entry ${row.sequence}: ${row.kind} has no version ${row.v}`);
  }
  let result = row;
  for (const step of steps.slice(row.v - 1)) result = { ...step(result), v: result.v + 1 };
  return result;
}

const none: readonly Upcaster[] = [];
