/**
 * The facts that made a figure, the newest first, each with what it changed. Read page by page from
 * the group that folded them, so that the end of a long history costs what the end is long.
 */
import { apply } from '../../../books/apply.ts';
import { compareOrder, type OrderKey, orderOf } from '../../../books/effective-order.ts';
import { emptyGroup, type GroupState } from '../../../books/group.ts';
import { stateFromText } from '../../../books/group-codec.ts';
import type { Page } from '../../../books/pages.ts';
import { add, type Decimal, isZero, subtract } from '../../../decimal/decimal.ts';
import type { EntryRow } from '../../../model/entry.ts';
import type { BookReader, Books } from '../../reading.ts';
import { pageAt } from '../../stream-adapter.ts';

/** One fact's part in a figure. */
export interface Change {
  readonly row: EntryRow;
  readonly order: OrderKey;
  readonly change: Decimal;
}

/** The figure in one group; null: the group has no part in it. */
export type FigureOf = (state: GroupState, key: string) => Decimal | null;

/** Facts of pages in which nothing moved the figure: so many are looked at, and no more. */
const barrenMax = 1_000;

export class History {
  readonly #groups: readonly GroupHistory[];
  readonly #upTo: OrderKey | null;

  /** `upTo`: only facts at this place in effective order, or before it; null: all. */
  constructor(reader: BookReader, books: Books, figure: FigureOf, upTo: OrderKey | null) {
    const groups = [...books.fold.groups()].filter(({ key, state }) => figure(state, key) !== null);
    this.#upTo = upTo;
    this.#groups = groups.map(({ key }) => new GroupHistory(reader, books, key, figure, upTo));
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

class GroupHistory {
  readonly #reader: BookReader;
  readonly #books: Books;
  readonly #key: string;
  readonly #figure: FigureOf;
  readonly #upTo: OrderKey | null;
  /** Members of the page that is read next; -1: none is left. The tail comes after the last. */
  #page: number;
  readonly #tail: readonly number[];
  /** Oldest first. */
  #changes: Change[] = [];
  /** Of the newest that is left, or no earlier than it; null: none is left. */
  order: OrderKey | null;
  /** Facts that were looked at in pages where nothing moved the figure. */
  barren = 0;

  constructor(
    reader: BookReader,
    books: Books,
    key: string,
    figure: FigureOf,
    upTo: OrderKey | null,
  ) {
    this.#reader = reader;
    this.#books = books;
    this.#key = key;
    this.#figure = figure;
    this.#upTo = upTo;
    const { last, tail, pageCount } = books.fold.snapshotOf(key);
    this.#tail = tail;
    this.#page = upTo === null ? pageCount : this.#pageWith(upTo, pageCount);
    this.order = upTo === null || isAtOrBefore(last, upTo) ? last : upTo;
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
    return page === this.#pageCount ? this.order! : this.#pageAt(page).last;
  }

  get #pageCount(): number {
    return this.#books.fold.snapshotOf(this.#key).pageCount;
  }

  #pageAt(index: number): Page {
    const { account } = this.#books.account;
    return pageAt(this.#reader.file, account, this.#key, index);
  }

  /** The first page that ends at the place or after it: what comes before is in it, or earlier. */
  #pageWith(place: OrderKey, count: number): number {
    let [low, high] = [0, count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareOrder(this.#pageAt(middle).last, place) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Folds the facts of one page anew from the state before it. */
  #read(): void {
    const index = this.#page;
    this.#page -= 1;
    const members = index === this.#pageCount ? this.#tail : this.#pageAt(index).members;
    const { fold, account } = this.#books;
    const { context } = fold;
    const group = emptyGroup(this.#key, context.settings.costMethod);
    if (index > 0) {
      const { state, last } = this.#pageAt(index - 1);
      group.state = stateFromText(state, this.#key, context.settings.costMethod);
      group.last = last;
    }
    const facts = this.#reader.file
      .entriesAt(account.account, members)
      .flatMap((row) => {
        const booked = this.#reader.inForce(account, row);
        return booked === null ? [] : [{ row, booked, order: orderOf(booked) }];
      })
      .sort((a, b) => compareOrder(a.order, b.order));
    let figure = this.#figure(group.state, this.#key);
    let looked = 0;
    for (const { row, booked, order } of facts) {
      if (this.#upTo !== null && compareOrder(order, this.#upTo) > 0) break;
      looked += 1;
      apply(group, booked, context);
      const after = this.#figure(group.state, this.#key);
      const change = after === null ? null : figure === null ? after : subtract(after, figure);
      figure = after;
      if (change !== null && !isZero(change)) this.#changes.push({ row, order, change });
    }
    if (this.#changes.length === 0) this.barren += looked;
  }
}
