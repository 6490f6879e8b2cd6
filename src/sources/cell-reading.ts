/** Cells as numbers and times. What is neither is unknown, and noted with its place. */
import type { Decimal } from '../decimal/decimal.ts';
import { decimal } from '../decimal/text.ts';
import type { Instant } from '../model/instant.ts';
import type { SourceFault } from '../model/source.ts';
import type { Cell } from './database.ts';
import { plainNumber } from './plain-number.ts';
import { instantOfText } from './time-text.ts';

export interface CellReader {
  readonly faults: readonly SourceFault[];
  number(cell: Cell | undefined, table: string, key: string, column: string | null): Decimal | null;
  time(cell: Cell | undefined, table: string, key: string, column: string | null): Instant | null;
  note(fault: SourceFault): void;
}

/** What nearly every cell is. */
const plainest = /^-?\d+(\.\d+)?$/;

/** `zone` is that of times without an offset. */
export function cellReader(zone: string): CellReader {
  const faults: SourceFault[] = [];
  return {
    faults,
    number(cell, table, key, column) {
      if (cell === null || cell === undefined) return null;
      const plain = plainest.test(cell) ? cell : plainNumber(cell);
      if (plain !== null) return decimal(plain);
      const why = /^[+-]?(inf|nan)/i.test(cell) ? 'is not finite' : 'is no number';
      faults.push({ table, key, column: column ?? '', value: cell, why });
      return null;
    },
    time(cell, table, key, column) {
      if (cell === null || cell === undefined) return null;
      const at = instantOfText(cell, zone);
      if (at === null) {
        faults.push({ table, key, column: column ?? '', value: cell, why: 'is no time' });
      }
      return at;
    },
    note: (fault) => faults.push(fault),
  };
}
