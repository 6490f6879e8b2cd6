/**
 * A stream's store for going through its entries again: what is derived is collected in memory,
 * nothing stored of it is read, and nothing is written.
 */
import { memoryPages, type Page, type PageStore } from '../books/pages.ts';
import { invariant } from '../model/result.ts';
import type { Account } from '../store/accounts.ts';
import type { BookFile } from '../store/book-file.ts';
import type { OrderRow, PerformanceRow } from '../store/query-tables.ts';
import { recordOf } from './performance-record.ts';
import { instrumentVersions, orderRowOf } from './stream-adapter.ts';
import type { StreamStore } from './stream-store.ts';

export interface ReplayStore extends StreamStore {
  /** By target, the sequences of what changes it. */
  readonly amendments: ReadonlyMap<number, readonly number[]>;
  /** By order id and instrument. */
  readonly orders: ReadonlyMap<string, OrderRow>;
  readonly performance: readonly PerformanceRow[];
  pagesOf(group: string): readonly Page[];
}

export function replayStore(file: BookFile, { account, venue }: Account): ReplayStore {
  const amendments = new Map<number, number[]>();
  const orders = new Map<string, OrderRow>();
  const performance: PerformanceRow[] = [];
  const pages = keptPages();
  return {
    amendments,
    orders,
    performance,
    pages,
    pagesOf: pages.of,
    insert: () => invariant(false, 'a replay writes nothing') as never,
    find: (key) => file.find(account, key),
    fillsOf: (executionId) => file.fillsWithId(account, executionId),
    entriesAt: (sequences) => file.entriesAt(account, sequences),
    amendmentsOf: (target) => file.entriesAt(account, amendments.get(target) ?? []),
    addAmendment(target, sequence) {
      const known = amendments.get(target) ?? [];
      if (!known.includes(sequence)) known.push(sequence);
      amendments.set(
        target,
        known.sort((a, b) => a - b),
      );
    },
    touchOrder(order, sequence) {
      const key = JSON.stringify([order.orderId, order.instrument]);
      const row = orderRowOf(orders.get(key) ?? null, order, sequence);
      if (row !== null) orders.set(key, row);
    },
    addPerformance: (row) => void performance.push(recordOf(row)),
    instrumentVersions: (name) => instrumentVersions(file, venue, name),
    markAt: (instrument, at) => file.newestMark(instrument, at),
    clearFold: pages.clear,
    entries: (upTo) => file.entries(account, 0, upTo),
  };
}

/** Pages in memory that can be listed and thrown away. */
function keptPages(): PageStore & { of(group: string): readonly Page[]; clear(): void } {
  let store = memoryPages();
  let counts = new Map<string, number>();
  return {
    page: (group, index) => store.page(group, index),
    put(group, page) {
      store.put(group, page);
      counts.set(group, page.index + 1);
    },
    removeFrom(group, index) {
      store.removeFrom(group, index);
      counts.set(group, Math.min(index, counts.get(group) ?? 0));
    },
    of: (group) =>
      Array.from({ length: counts.get(group) ?? 0 }, (_, index) => store.page(group, index)),
    clear() {
      store = memoryPages();
      counts = new Map();
    },
  };
}
