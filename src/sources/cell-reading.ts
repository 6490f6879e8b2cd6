/** Cells as numbers and times. What is neither is unknown, and noted with its place. */
import type { Decimal } from '../decimal/decimal.ts';
import { decimal } from '../decimal/text.ts';
import type { Instant } from '../model/instant.ts';
import type { SourceFault } from '../model/source.ts';
import type { Cell } from './database.ts';
import { plainNumber } from './plain-number.ts';
import { instantOfText } from './time-text.ts';

/** The row that cells are read of. */
export type CellPlace = Pick<SourceFault, 'table' | 'key' | 'accountId'>;
type Role = SourceFault['role'];

export interface CellReader {
  readonly faults: readonly SourceFault[];
  number(
    cell: Cell | undefined,
    place: CellPlace,
    column: string | null,
    role?: Role,
  ): Decimal | null;
  time(cell: Cell | undefined, place: CellPlace, column: string | null): Instant | null;
  note(fault: SourceFault): void;
}

/** What nearly every cell is. */
const plainest = /^-?\d+(\.\d+)?$/;

/** `zone` is that of times without an offset. */
export function cellReader(zone: string): CellReader {
  const faults: SourceFault[] = [];
  const note = (
    place: CellPlace,
    column: string | null,
    role: Role,
    said: { readonly value: string; readonly why: string },
  ) => {
    faults.push({ ...place, column: column ?? '', ...said, ...(role && { role }) });
  };
  return {
    faults,
    number(cell, place, column, role) {
      if (cell === null || cell === undefined) return null;
      const plain = plainest.test(cell) ? cell : plainNumber(cell);
      if (plain !== null) return decimal(plain);
      const why = /^[+-]?(inf|nan)/i.test(cell) ? 'is not finite' : 'is no number';
      note(place, column, role, { value: cell, why });
      return null;
    },
    time(cell, place, column) {
      if (cell === null || cell === undefined) return null;
      const at = instantOfText(cell, zone);
      if (at === null) note(place, column, 'time', { value: cell, why: 'is no time' });
      return at;
    },
    note: (fault) => faults.push(fault),
  };
}
