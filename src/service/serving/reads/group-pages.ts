/**
 * The pages of one group of the books: what is in each, in effective order, and the state between
 * them. A page is folded anew from the state before it, so that no instant costs the whole history.
 */
import { apply } from '../../../books/apply.ts';
import { compareOrder, type OrderKey, orderOf } from '../../../books/effective-order.ts';
import { emptyGroup, type Group, type GroupState } from '../../../books/group.ts';
import { stateFromText } from '../../../books/group-codec.ts';
import type { Page } from '../../../books/pages.ts';
import type { BookedFact, EntryRow } from '../../../model/entry.ts';
import type { BookReader, Books } from '../../reading.ts';
import { pageAt } from '../../stream-adapter.ts';

export interface FactInPage {
  readonly row: EntryRow;
  readonly booked: BookedFact;
  readonly order: OrderKey;
}

export class GroupPages {
  readonly key: string;
  readonly last: OrderKey | null;
  /** Whole pages; what came after the last of them is the page of this index. */
  readonly count: number;
  readonly #tail: readonly number[];
  readonly #reader: BookReader;
  readonly #books: Books;

  constructor(reader: BookReader, books: Books, key: string) {
    const { last, tail, pageCount } = books.fold.snapshotOf(key);
    this.key = key;
    this.last = last;
    this.count = pageCount;
    this.#tail = tail;
    this.#reader = reader;
    this.#books = books;
  }

  at(index: number): Page {
    const { account } = this.#books.account;
    return pageAt(this.#reader.file, account, this.key, index);
  }

  /** The first page that ends at the place or after it: what comes before is in it, or earlier. */
  with(place: OrderKey): number {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareOrder(this.at(middle).last, place) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The group as it was before a page. */
  before(index: number): Group {
    const { costMethod } = this.#books.fold.context.settings;
    const group = emptyGroup(this.key, costMethod);
    if (index > 0) {
      const { state, last } = this.at(index - 1);
      group.state = stateFromText(state, this.key, costMethod);
      group.last = last;
    }
    return group;
  }

  factsOf(index: number): readonly FactInPage[] {
    const members = index === this.count ? this.#tail : this.at(index).members;
    const { account } = this.#books;
    return this.#reader.file
      .entriesAt(account.account, members)
      .flatMap((row) => {
        const booked = this.#reader.inForce(account, row);
        return booked === null ? [] : [{ row, booked, order: orderOf(booked) }];
      })
      .sort((a, b) => compareOrder(a.order, b.order));
  }

  /** After the facts at a place or before it; null: there was none of them. */
  stateAt(place: OrderKey): GroupState | null {
    const index = this.with(place);
    const group = this.before(index);
    let isThere = index > 0;
    for (const { booked, order } of this.factsOf(index)) {
      if (compareOrder(order, place) > 0) break;
      apply(group, booked, this.#books.fold.context);
      isThere = true;
    }
    return isThere ? group.state : null;
  }
}
