/**
 * Pages of a group's history, in effective order: which facts it folded, and its state after
 * them. A late fact re-folds from the page before it. Derived: always rebuildable from entries.
 */
import { compareOrder, type OrderKey } from './effective-order.ts';

export interface Page {
  readonly index: number;
  readonly last: OrderKey;
  /** Sequences of the facts between the page before and this one. */
  readonly members: readonly number[];
  /** The group's state after them, as text. */
  readonly state: string;
}

export interface PageStore {
  /** Pages of a group in order; the newest is last. */
  pagesOf(group: string): readonly Page[];
  put(group: string, page: Page): void;
  removeFrom(group: string, index: number): void;
}

/** The number of leading pages that end before the given fact. */
export function pagesBefore(pages: readonly Page[], order: OrderKey): number {
  let low = 0;
  let high = pages.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareOrder(pages[middle]!.last, order) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Pages kept in memory: for rebuilding, looking back in time, and tests. */
export function memoryPages(): PageStore {
  const groups = new Map<string, Page[]>();
  return {
    pagesOf: (group) => groups.get(group) ?? [],
    put(group, page) {
      const pages = groups.get(group) ?? [];
      groups.set(group, pages);
      pages[page.index] = page;
    },
    removeFrom(group, index) {
      groups.get(group)?.splice(index);
    },
  };
}
