/**
 * Fills of an account, the newest first, however far back they are: looked for in slices, between
 * which others are answered. Where there are none is kept, and looked through once.
 */
import type { EntryRow } from '../../../model/entry.ts';
import type { Account } from '../../../store/accounts.ts';
import { lookedMax, type PageOf } from '../../../store/page-reads.ts';
import type { BookReader } from '../../reading.ts';
import type { ServingParts } from '../parts.ts';
import { pagesOf } from './chronicle.ts';

export interface FillsChoice<T> {
  /** Entries before this sequence. */
  readonly before: number;
  readonly limit: number;
  /** Null: of every instrument. */
  readonly instrument: string | null;
  /** Nothing for one that was taken back: another one is looked for. */
  readonly show: (row: EntryRow) => readonly T[];
}

/** A page is short only where there are no more. */
export async function fillsBefore<T>(
  { reader, clock }: Pick<ServingParts, 'reader' | 'clock'>,
  { account }: Account,
  { before, limit, instrument, show }: FillsChoice<T>,
): Promise<PageOf<T>> {
  const rest = () => new Promise<void>((resolve) => void clock.after(0, resolve));
  const barren = instrument === null ? barrenOf(reader, account) : new Barren();
  const items: T[] = [];
  // A place beyond the end says nothing of what is recorded there later.
  const end = reader.file.head(account).sequence + 1;
  for (let place = barren.passed(Math.min(before, end)); place !== null; ) {
    const choice = { limit: limit - items.length, kinds: ['fill'] as const, instrument };
    const looks = barren.looksFrom(place);
    const page = pagesOf(reader).entriesBefore(account, { ...choice, before: place, looks });
    barren.note(page.items[0]?.sequence ?? (page.before ?? 1) - 1, place);
    items.push(...page.items.flatMap(show));
    if (page.before === null || items.length === limit) return { items, before: page.before };
    place = barren.passed(page.before);
    await rest();
  }
  return { items, before: null };
}

/** A part of a stream in which there is no fill: behind the one entry, before the other. */
class Barren {
  #after = 0;
  #before = 0;

  /** Where it is gone on from; null: there is nothing left to look at. */
  passed(place: number): number | null {
    if (place <= this.#after || place > this.#before) return place;
    return this.#after === 0 ? null : this.#after + 1;
  }

  /** Rows that are looked at from there: not those that are known. */
  looksFrom(place: number): number {
    return place > this.#before ? Math.min(lookedMax, place - this.#before) : lookedMax;
  }

  note(after: number, before: number): void {
    const isJoined = after < this.#before && before > this.#after;
    if (isJoined) {
      this.#after = Math.min(after, this.#after);
      this.#before = Math.max(before, this.#before);
    } else if (before - after > this.#before - this.#after) {
      this.#after = after;
      this.#before = before;
    }
  }
}

const kept = new WeakMap<BookReader, Map<number, Barren>>();

/** What was recorded stays where it is: a part without a fill never gets one. */
function barrenOf(reader: BookReader, account: number): Barren {
  const all = kept.get(reader) ?? new Map<number, Barren>();
  kept.set(reader, all);
  const one = all.get(account) ?? new Barren();
  all.set(account, one);
  return one;
}
