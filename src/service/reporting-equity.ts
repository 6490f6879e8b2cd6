/**
 * Equity at both ends of a day, from the journal alone: prices are those that performance records
 * hold, because the table of marks is outside the chain and may be filled later.
 */
import { type BookView, viewOf } from '../books/book-view.ts';
import { bridge } from '../books/bridge.ts';
import { decimal } from '../decimal/text.ts';
import type { EntryRow } from '../model/entry.ts';
import type { Mark } from '../model/fact.ts';
import { type Instant, instant } from '../model/instant.ts';
import type { DayEquity } from '../report/daily-report-document.ts';
import { marksOfRecord } from './performance-record.ts';
import type { BookReader } from './reading.ts';
import { type DayStream, recordsOf } from './reporting-entries.ts';

/** A day is valued at prices of the day before at the oldest; the report says of when they are. */
const markMaxAgeMs = 86_400_000;

/** Null: the account has no facts by the end of the day. */
export function equityOf(reader: BookReader, stream: DayStream): DayEquity | null {
  const { day, account, knownAt } = stream;
  const facts = reader.factsInForce(account, knownAt);
  if (!facts.some(({ fact }) => fact.time < day.to)) return null;
  const records = recordsOf(stream);
  const lookAt = (asOf: Instant): { readonly view: BookView; readonly record: EntryRow | null } => {
    const record = records.findLast(({ effectiveAt }) => effectiveAt <= asOf) ?? null;
    const marks = new Map(
      (record === null ? [] : marksOfRecord(record)).map((mark) => [mark[0], mark]),
    );
    const fold = reader.foldBack(account, asOf, knownAt);
    const priced = (name: string): Mark | null => {
      const mark = marks.get(name);
      if (mark === undefined) return null;
      const [instrument, price, time] = mark;
      return { kind: 'mark', instrument, price: decimal(price), source: null, time: instant(time) };
    };
    return { view: viewOf(fold, { asOf, marks: priced, markMaxAgeMs }), record };
  };
  const [opening, closing] = [lookAt(day.from - 1n), lookAt(day.to - 1n)];
  const views = { from: opening.view, to: closing.view };
  return {
    bridge: { from: day.from, to: day.to, views, bridge: bridge(views.from, views.to) },
    pricesOf: {
      opening: opening.record?.effectiveAt ?? null,
      closing: closing.record?.effectiveAt ?? null,
    },
  };
}
