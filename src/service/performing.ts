/** Equity over time: what was recorded, what it would be with what is known now, and why. */

import { AccountFold } from '../books/account-fold.ts';
import { type BookView, viewOf } from '../books/book-view.ts';
import { bridge } from '../books/bridge.ts';
import { compareOrder, orderOf } from '../books/effective-order.ts';
import { memoryPages } from '../books/pages.ts';
import { type Decimal, subtract } from '../decimal/decimal.ts';
import { decimal, decimalOrNull } from '../decimal/text.ts';
import type { BookedFact } from '../model/entry.ts';
import type { Mark } from '../model/fact.ts';
import { type Instant, instant } from '../model/instant.ts';
import type { BridgeState, PerformancePoint } from '../report/performance-document.ts';
import type { Account } from '../store/accounts.ts';
import type { PerformanceRow } from '../store/query-tables.ts';
import { contextOf } from './account-context.ts';
import type { BookWriter } from './book.ts';
import { isNeverBooked, viewSeen } from './never-booked.ts';
import { draftOfRecord, marksOfRecord } from './performance-record.ts';
import type { BookReader } from './reading.ts';

export interface RecordRange {
  /** [from, to); null: open. */
  readonly from: Instant | null;
  readonly to: Instant | null;
}

export const isInRange = (time: Instant, { from, to }: RecordRange): boolean =>
  (from === null || time >= from) && (to === null || time < to);

/** All records as they were stated, oldest first. */
export function recordsStated({ file }: BookReader, { account }: Account): PerformanceRow[] {
  const records = file.performance(account);
  return records.sort((a, b) =>
    a.time < b.time ? -1 : a.time > b.time ? 1 : a.sequence - b.sequence,
  );
}

/** The newest `limit` records of the range, oldest first. */
export function performanceHistory(
  reader: BookReader,
  account: Account,
  { limit, ...range }: RecordRange & { readonly limit: number },
): readonly PerformancePoint[] {
  const records = recordsStated(reader, account);
  const befores = new Map(records.map((one, index) => [one, records[index - 1] ?? null]));
  const shown = records.filter(({ time }) => isInRange(time, range)).slice(-limit);
  // What was recorded of an account that nothing was ever booked of says nothing of it.
  if (isNeverBooked(reader.file, account)) {
    const unknown = { total: null, cash: null, positionsValue: null, restated: null };
    return shown.map(({ sequence, time }) => ({
      ...{ sequence, time, ...unknown, change: null, before: null },
    }));
  }
  const restated = restatedTotals(reader, account, shown);
  return shown.map((record, index) => {
    const { sequence, time, cash, positionsValue } = record;
    const total = decimalOrNull(record.totalValue);
    const before = decimalOrNull(befores.get(record)?.totalValue ?? null);
    return {
      ...{ sequence, time, total },
      cash: decimalOrNull(cash),
      positionsValue: decimalOrNull(positionsValue),
      change: total === null || before === null ? null : subtract(total, before),
      before,
      restated: restated[index]!,
    };
  });
}

/**
 * Equity at the instant of each of these records, the oldest first, from the facts in force now, at
 * the prices of the record. What could not be said then is not restated: its prices were missing.
 */
export function restatedTotals(
  reader: BookReader,
  account: Account,
  records: readonly PerformanceRow[],
): readonly (Decimal | null)[] {
  if (records.length === 0) return [];
  const sequences = records.map(({ sequence }) => sequence);
  const rows = reader.file.entriesAt(account.account, sequences);
  const marksOf = new Map(rows.map((row) => [row.sequence, marksOfRecord(row)]));
  const facts = Array.from(reader.factsInForce(account), (booked) => ({
    booked,
    order: orderOf(booked),
  })).sort((a, b) => compareOrder(a.order, b.order));
  const bySequence = new Map(facts.map(({ booked }) => [booked.sequence, booked]));
  const load = (sequences: readonly number[]): readonly BookedFact[] =>
    sequences.flatMap((sequence) => bySequence.get(sequence) ?? []);
  const fold = new AccountFold(contextOf(reader.file, account), memoryPages(), load);
  let next = 0;
  return records.map(({ sequence, time, totalValue }) => {
    if (totalValue === null) return null;
    for (let at = facts[next]; at !== undefined && at.order.time <= time; at = facts[next]) {
      fold.add(at.booked);
      next += 1;
    }
    fold.settle();
    const marks = marksOf.get(sequence) ?? [];
    const prices = new Map(marks.map((mark) => [mark[0], markOf(mark)]));
    const options = { asOf: time, markMaxAgeMs: Number.MAX_SAFE_INTEGER };
    return viewOf(fold, { ...options, marks: (name) => prices.get(name) ?? null }).equity.total;
  });
}

type RecordMark = ReturnType<typeof marksOfRecord>[number];

const markOf = ([instrument, price, time]: RecordMark): Mark => ({
  kind: 'mark',
  instrument,
  price: decimal(price),
  source: null,
  time: instant(time),
});

/** Before every fact there can be. */
const beginning: Instant = -(2n ** 63n) + 1n;

export type RecordResult =
  | { readonly status: 'recorded' | 'known'; readonly time: Instant; readonly sequence: number }
  /** A part has no price: nothing that could be stated. */
  | { readonly status: 'cannot-say'; readonly view: BookView };

const attempts = 3;

/** Appends the equity of a view as a record; once per instant. */
export async function recordPerformance(
  writer: BookWriter,
  reader: BookReader,
  account: Account,
  asOf: Instant | null,
  markMaxAgeMs: number,
): Promise<RecordResult> {
  for (let attempt = 1; ; attempt++) {
    const { view: seen, head } = reader.look(account, { asOf, knownAt: null, markMaxAgeMs });
    const view = viewSeen(reader.file, account, seen);
    if (view.equity.total === null) return { status: 'cannot-say', view };
    const result = await writer.apply({
      account: account.name,
      expectedSequence: head.sequence,
      entries: [{ draft: draftOfRecord(view) }],
    });
    // One instant has one record, whatever became known of it since: the first one stands.
    const stands = result.status === 'refused' && result.outcome.status === 'conflict';
    if (result.status === 'written' || stands) {
      const outcome = result.status === 'written' ? result.outcomes[0] : result.outcome;
      const isNew = outcome?.status === 'booked';
      const sequence = isNew ? outcome.sequence : sequenceOf(reader, account, view.asOf);
      return { status: isNew ? 'recorded' : 'known', time: view.asOf, sequence };
    }
    if (result.status === 'refused' || attempt === attempts) {
      throw new Error(`the record was not written: the book moved ${attempt} times`);
    }
  }
}

const sequenceOf = (reader: BookReader, { account }: Account, time: Instant): number =>
  reader.file.performance(account).find((row) => row.time === time)?.sequence ?? 0;

/** Why equity changed in [from, to). */
export function bridgeOfRange(
  reader: BookReader,
  account: Account,
  from: Instant | null,
  to: Instant | null,
  markMaxAgeMs: number,
): BridgeState {
  const lookAt = (asOf: Instant | null): BookView =>
    viewSeen(
      reader.file,
      account,
      reader.look(account, { asOf, knownAt: null, markMaxAgeMs }).view,
    );
  const views = {
    from: lookAt(from === null ? beginning : from - 1n),
    to: lookAt(to === null ? null : to - 1n),
  };
  return { from, to, views, bridge: bridge(views.from, views.to) };
}
