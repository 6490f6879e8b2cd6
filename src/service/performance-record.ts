/** Performance records: equity as it was stated, with the marks that it stood on. */
import type { BookView } from '../books/book-view.ts';
import { toText, toTextOrNull } from '../decimal/text.ts';
import type { EntryDraft, EntryRow } from '../model/entry.ts';
import { instantText } from '../model/instant.ts';
import type { SourcePerformance } from '../model/source.ts';
import type { PerformanceRow } from '../store/query-tables.ts';
import { draft } from './reconcile-entries.ts';

interface RecordBody {
  readonly totalValue: string | null;
  /** Null only where another program stated the record. */
  readonly cash: string | null;
  readonly positionsValue: string | null;
  readonly marks: readonly (readonly [string, string, string])[];
  /** The schema of the source that stated it; absent: we did. */
  readonly statedBy?: string;
}

/** The entry that records a view's equity. One instant has one record. */
export function draftOfRecord(view: BookView): EntryDraft {
  const { equity } = view;
  const marks = [...equity.rates, ...view.positions.flatMap((position) => position.mark ?? [])].map(
    (mark) => [mark.instrument, toText(mark.price), instantText(mark.time)] as const,
  );
  const distinct = new Map(marks.map((mark) => [mark[0], mark]));
  const body: RecordBody = {
    totalValue: toTextOrNull(equity.total),
    cash: toText(equity.cash),
    positionsValue: toTextOrNull(equity.positionsValue),
    marks: [...distinct.values()].sort((a, b) => (a[0] < b[0] ? -1 : 1)),
  };
  return draft('performance', instantText(view.asOf), view.asOf, { body: JSON.stringify(body) });
}

/** The entry that keeps a record as another program stated it: nobody knows by which prices. */
export function draftOfStatedRecord(
  { time, total, cash, positionsValue }: SourcePerformance,
  statedBy: string,
): EntryDraft {
  const body: RecordBody = {
    totalValue: toTextOrNull(total),
    cash: toTextOrNull(cash),
    positionsValue: toTextOrNull(positionsValue),
    marks: [],
    statedBy,
  };
  return draft('performance', instantText(time), time, { body: JSON.stringify(body) });
}

/** The query row of a performance entry. */
export function recordOf(row: EntryRow): PerformanceRow {
  const body = JSON.parse(row.body ?? '{}') as RecordBody;
  return {
    sequence: row.sequence,
    time: row.effectiveAt,
    totalValue: body.totalValue,
    cash: body.cash,
    positionsValue: body.positionsValue,
  };
}

/** The prices that a performance entry stood on: instrument, price, time. */
export const marksOfRecord = (row: EntryRow): RecordBody['marks'] =>
  (JSON.parse(row.body ?? '{"marks":[]}') as RecordBody).marks;
