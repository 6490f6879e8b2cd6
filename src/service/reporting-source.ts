/** Performance records that were written into another program's database in a day. */

import type { Decimal } from '../decimal/decimal.ts';
import { parseDecimal } from '../decimal/text.ts';
import type { EntryRow } from '../model/entry.ts';
import type { SourceChange } from '../model/source.ts';
import type { DaySourceRecord } from '../report/daily-report-document.ts';
import { writeOf } from './source/write-entries.ts';

const recording: ReadonlySet<string> = new Set(['record', 'update']);

/** Of the source's account, the oldest first; those that were taken back the same day are none. */
export function sourceRecordsOf(
  repairs: readonly { readonly row: EntryRow }[],
  accountId: string,
): readonly DaySourceRecord[] {
  const writes = repairs
    .filter(({ row }) => row.kind === 'source-write')
    .map(({ row }) => ({ at: row.effectiveAt, ...writeOf(row) }));
  const undone = new Set(writes.flatMap(({ undoes }) => undoes ?? []));
  return writes
    .filter(({ audit, action }) => recording.has(action) && !undone.has(audit))
    .flatMap(({ at, changes }) =>
      changes.filter((one) => isRecordOf(one, accountId)).map((one) => ({ at, ...figuresOf(one) })),
    )
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** Rows of the log that do not say what they are of: only a record was not there before. */
const isRecordOf = ({ role, accountId, before, after }: SourceChange, id: string): boolean =>
  after !== null &&
  (role === undefined ? before === null : role === 'record') &&
  (accountId == null || accountId === id);

function figuresOf({ key, column, after }: SourceChange): Omit<DaySourceRecord, 'at'> {
  const image = Object.entries(after ?? {});
  const cellOf = (isMeant: (name: string) => boolean): Decimal | null => {
    const parsed = parseDecimal(image.find(([name]) => isMeant(name))?.[1] ?? '');
    return parsed.ok ? parsed.value : null;
  };
  return {
    key,
    total: cellOf((name) => (column === undefined ? /^total/i.test(name) : name === column)),
    cash: cellOf((name) => /^cash/i.test(name)),
    positionsValue: cellOf((name) => /^positions?_value/i.test(name)),
  };
}
