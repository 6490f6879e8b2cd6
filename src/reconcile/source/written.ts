/** What our newest write did to the stored total of an account, by the log inside the source. */
import type { Decimal } from '../../decimal/decimal.ts';
import { parseDecimal } from '../../decimal/text.ts';
import type { SourceAuditRow, SourceChange } from '../../model/source.ts';

export interface WrittenTotal {
  /** Null: it was empty, or no number. */
  readonly before: Decimal | null;
  readonly after: Decimal;
  readonly row: SourceAuditRow;
}

/** Of these writes to account rows, newest first, the one that wrote this account's total. */
export function writtenTotal(
  rows: readonly SourceAuditRow[],
  accountId: string,
): WrittenTotal | null {
  for (const row of rows) {
    const change = row.changes.find((one) => isTotalOf(one, accountId));
    if (change === undefined) continue;
    const column = columnOf(change);
    const after = numberOf(change.after?.[column]);
    // What we wrote last is a total, or nothing of the log can be relied on.
    return after && { before: numberOf(change.before?.[column]), after, row };
  }
  return null;
}

/** Rows of the log that do not say what they are of are found by their key. */
const isTotalOf = ({ role, key, accountId, before, after }: SourceChange, id: string): boolean =>
  before !== null &&
  after !== null &&
  (role === undefined ? key === id : role === 'total' && accountId === id);

/** Where it is not said: the image of an account's row begins with its total. */
const columnOf = ({ column, after }: SourceChange): string =>
  column ?? Object.keys(after ?? {})[0] ?? '';

function numberOf(text: string | null | undefined): Decimal | null {
  const parsed = parseDecimal(text ?? '');
  return parsed.ok ? parsed.value : null;
}
