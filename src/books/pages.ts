/**
 * Pages of a group's history, in effective order: which facts it folded, and its state after
 * them. A late fact re-folds from the page before it. Derived: always rebuildable from entries.
 */
import { invariant } from '../model/result.ts';
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
  /** The page at an index that was put and not removed since. */
  page(group: string, index: number): Page;
  put(group: string, page: Page): void;
  removeFrom(group: string, index: number): void;
}

/** How many of a group's `count` pages end before the given fact. */
export function pagesBefore(
  pages: PageStore,
  group: string,
  count: number,
  order: OrderKey,
): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareOrder(pages.page(group, middle).last, order) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Pages kept in memory: for rebuilding, looking back in time, and tests. */
export function memoryPages(): PageStore {
  const groups = new Map<string, Page[]>();
  return {
    page(group, index) {
      const page = groups.get(group)?.[index];
      invariant(page !== undefined, `page ${index} of ${group} was put`);
      return page;
    },
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
