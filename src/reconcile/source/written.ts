/** What our newest write did to the stored total of an account, by the log inside the source. */
import type { Decimal } from '../../decimal/decimal.ts';
import { parseDecimal } from '../../decimal/text.ts';
import type { SourceAuditRow, SourceChange } from '../../model/source.ts';

export interface WrittenTotal {
  readonly before: Decimal;
  readonly after: Decimal;
  readonly row: SourceAuditRow;
}

/** Of these writes to account rows, newest first, the one that wrote this account's total. */
export function writtenTotal(
  rows: readonly SourceAuditRow[],
  accountId: string,
): WrittenTotal | null {
  for (const row of rows) {
    for (const change of row.changes) {
      const numbers = change.key === accountId ? numbersOf(change) : null;
      if (numbers !== null) return { ...numbers, row };
    }
  }
  return null;
}

/** The total is the one number of the account's row that we ever write. */
function numbersOf({ before, after }: SourceChange) {
  if (before === null || after === null) return null;
  for (const column of Object.keys(after)) {
    const was = numberOf(before[column]);
    const is = numberOf(after[column]);
    if (was !== null && is !== null) return { before: was, after: is };
  }
  return null;
}

function numberOf(text: string | null | undefined): Decimal | null {
  const parsed = parseDecimal(text ?? '');
  return parsed.ok ? parsed.value : null;
}
