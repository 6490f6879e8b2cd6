/**
 * The facts that made a figure, the newest first, each with what it changed. Read page by page from
 * the group that folded them, so that the end of a long history costs what the end is long.
 */
import { apply } from '../../../books/apply.ts';
import { compareOrder, type OrderKey } from '../../../books/effective-order.ts';
import type { GroupState } from '../../../books/group.ts';
import type { FoldContext } from '../../../books/settings.ts';
import { add, type Decimal, isZero, subtract } from '../../../decimal/decimal.ts';
import type { EntryRow } from '../../../model/entry.ts';
import type { Instant } from '../../../model/instant.ts';
import type { BookReader, Books } from '../../reading.ts';
import { GroupPages } from './group-pages.ts';

/** One fact's part in a figure. */
export interface Change {
  readonly row: EntryRow;
  readonly order: OrderKey;
  readonly change: Decimal;
}

/** The figure in one group; null: the group has no part in it. */
export type FigureOf = (state: GroupState, key: string) => Decimal | null;

/** Groups with their states, as they are or as they were. */
export interface GroupsSeen {
  readonly context: FoldContext;
  readonly groups: readonly { readonly key: string; readonly state: GroupState }[];
}

export const groupsNow = ({ fold }: Books): GroupsSeen => ({
  context: fold.context,
  groups: [...fold.groups()],
});

/** Behind every fact that takes effect at an instant. */
export const endOf = (time: Instant): OrderKey => ({
  ...{ time, rank: Number.MAX_SAFE_INTEGER, venueSequence: '', id: '' },
  ...{ instrument: '', side: '', leg: '' },
});

/** After the facts at a place or before it; groups that had none are left out. */
export const groupsAt = (reader: BookReader, books: Books, place: OrderKey): GroupsSeen => ({
  context: books.fold.context,
  groups: [...books.fold.groups()].flatMap(({ key }) => {
    const state = new GroupPages(reader, books, key).stateAt(place);
    return state === null ? [] : [{ key, state }];
  }),
});

/** Facts of pages in which nothing moved the figure: so many are looked at, and no more. */
const barrenMax = 1_000;

export class History {
  readonly #groups: readonly GroupHistory[];
  readonly #upTo: OrderKey | null;

  /**
   * `seen`: groups that may have a part in it. `upTo`: only facts at this place in effective order,
   * or before it; null: all.
   */
  constructor(
    pagesOf: (key: string) => GroupPages,
    seen: GroupsSeen,
    figure: FigureOf,
    upTo: OrderKey | null,
  ) {
    const groups = seen.groups.filter(({ key, state }) => figure(state, key) !== null);
    const { context } = seen;
    this.#upTo = upTo;
    this.#groups = groups.map(
      ({ key }) => new GroupHistory(pagesOf(key), { figure, context, upTo }),
    );
  }

  /** What is left lies here, or before it; null: nothing is left. */
  get place(): OrderKey | null {
    return this.#newest()?.order ?? null;
  }

  /**
   * Null: nothing is left, or as many facts were looked at as may be. A fact that moved several
   * groups is one change.
   */
  next(): Change | null {
    let found: Change | null = null;
    for (;;) {
      const group = this.#newest();
      if (group === null) return found;
      if (found !== null && compareOrder(group.order!, found.order) < 0) return found;
      const change = group.take();
      if (change === null && found === null && this.#isBarren()) return null;
      if (change === null) continue;
      found = merged(found, change);
    }
  }

  /** Enough was looked at in vain; and the place where it goes on is another one. */
  #isBarren(): boolean {
    const looked = this.#groups.reduce((sum, { barren }) => sum + barren, 0);
    const { place } = this;
    if (looked < barrenMax || place === null) return false;
    return this.#upTo === null || compareOrder(place, this.#upTo) < 0;
  }

  #newest(): GroupHistory | null {
    let newest: GroupHistory | null = null;
    for (const group of this.#groups) {
      if (group.order === null) continue;
      if (newest === null || compareOrder(group.order, newest.order!) > 0) newest = group;
    }
    return newest;
  }
}

const isAtOrBefore = (one: OrderKey | null, place: OrderKey): boolean =>
  one !== null && compareOrder(one, place) <= 0;

const merged = (one: Change | null, other: Change): Change =>
  one === null ? other : { ...one, change: add(one.change, other.change) };

interface Followed {
  readonly figure: FigureOf;
  readonly context: FoldContext;
  readonly upTo: OrderKey | null;
}

class GroupHistory {
  readonly #pages: GroupPages;
  readonly #followed: Followed;
  /** Members of the page that is read next; -1: none is left. The tail comes after the last. */
  #page: number;
  #changes: Change[] = [];
  /** Of the newest that is left, or no earlier than it; null: none is left. */
  order: OrderKey | null;
  /** Facts that were looked at in pages where nothing moved the figure. */
  barren = 0;

  constructor(pages: GroupPages, followed: Followed) {
    this.#pages = pages;
    this.#followed = followed;
    const { upTo } = followed;
    this.#page = upTo === null ? pages.count : pages.with(upTo);
    this.order = upTo === null || isAtOrBefore(pages.last, upTo) ? pages.last : upTo;
  }

  /** Null: only the bound was known, and it is nearer now. */
  take(): Change | null {
    if (this.#changes.length === 0) this.#read();
    else {
      const change = this.#changes.pop()!;
      this.#bound();
      return change;
    }
    this.#bound();
    return null;
  }

  #bound(): void {
    const newest = this.#changes.at(-1);
    if (newest !== undefined) this.order = newest.order;
    else this.order = this.#page < 0 ? null : this.#lastOf(this.#page);
  }

  #lastOf(page: number): OrderKey {
    return page === this.#pages.count ? this.order! : this.#pages.at(page).last;
  }

  /** Folds the facts of one page anew from the state before it. */
  #read(): void {
    const index = this.#page;
    this.#page -= 1;
    const { figure: figureOf, context, upTo } = this.#followed;
    const group = this.#pages.before(index);
    let figure = figureOf(group.state, group.key);
    let looked = 0;
    for (const { row, booked, order } of this.#pages.factsOf(index)) {
      if (upTo !== null && compareOrder(order, upTo) > 0) break;
      looked += 1;
      apply(group, booked, context);
      const after = figureOf(group.state, group.key);
      const change = after === null ? null : figure === null ? after : subtract(after, figure);
      figure = after;
      if (change !== null && !isZero(change)) this.#changes.push({ row, order, change });
    }
    if (this.#changes.length === 0) this.barren += looked;
  }
}
