/** What repairs do to balances and positions: before and after, line by line. */
import { type Decimal, equals, isZero, subtract, zero } from '../decimal/decimal.ts';
import type { Leg } from '../model/fact.ts';
import type { Instant } from '../model/instant.ts';
import type { BookSide, Change, Refold } from './book-side.ts';
import type { Case } from './cases.ts';
import { type HeldName, heldId, touchedBy } from './touch.ts';
import type { Held } from './value.ts';
import { bookWith } from './what-if.ts';

export interface Effect {
  readonly what: 'position' | 'balance';
  readonly key: string;
  readonly leg: Leg | null;
  readonly before: Held;
  readonly after: Held;
}

export const changeOfEffect = ({ before, after }: Effect): Decimal =>
  subtract(after.quantity, before.quantity);

/** What a case does to what is held. */
export interface Moved {
  /** Quantities, and prices at which what stays is held. */
  readonly moved: readonly Effect[];
  /** Lines that it moves together with other cases: by how much is not said. */
  readonly hidden: readonly HeldName[];
}

/** What is shown of it: how much is held. */
export const isShown = (effect: Effect): boolean => !isZero(changeOfEffect(effect));

function isMoved(effect: Effect): boolean {
  const [a, b] = [effect.before.averagePrice, effect.after.averagePrice];
  const isSamePrice = a === null || b === null ? a === b : equals(a, b);
  return isShown(effect) || !isSamePrice;
}

const isFolded = ({ add, remove, replace }: Change): boolean =>
  add.length + remove.length + replace.length > 0;

/**
 * Effects of several cases from one what-if. Cases never share a line that was stated, but may
 * share one that was not; such a case is folded by itself, or it would be shown the work of others.
 * Each fold is of the whole account: where many share a line, none of them is shown it.
 */
export class Effects {
  readonly #book: BookSide;
  readonly #asOf: Instant;
  readonly #refold: Refold;
  readonly #changes: readonly Change[];
  readonly #before: ReadonlyMap<string, Held>;
  readonly #after: ReadonlyMap<string, Held>;
  readonly #owners = new Map<string, number>();
  readonly #shared = new Set<string>();
  /** Cases that share a line. */
  readonly #sharers = new Set<number>();

  constructor(
    book: BookSide,
    after: BookSide,
    asOf: Instant,
    refold: Refold,
    changes: readonly Change[],
  ) {
    this.#book = book;
    this.#asOf = asOf;
    this.#refold = refold;
    this.#changes = changes;
    const folds = changes.some(isFolded);
    this.#before = folds ? heldOf(book) : new Map();
    this.#after = folds ? heldOf(after) : this.#before;
  }

  /** To be asked for every case, in order; those before it are not known to share otherwise. */
  claim(one: Case, index: number): void {
    if (!isFolded(this.#changes[index]!)) return;
    for (const id of this.#names(one).keys()) {
      const owner = this.#owners.get(id);
      if (owner !== undefined && owner !== index) {
        this.#shared.add(id);
        this.#sharers.add(owner).add(index);
      }
      this.#owners.set(id, index);
    }
  }

  of(one: Case, index: number): Moved {
    const change = this.#changes[index]!;
    const moved: Effect[] = [];
    const hidden: HeldName[] = [];
    if (!isFolded(change)) return { moved, hidden };
    const shares = this.#sharers.has(index);
    const folds = shares && this.#sharers.size <= foldsMax;
    const after = folds ? heldOf(bookWith(this.#book, change, this.#refold)) : this.#after;
    for (const [id, name] of this.#names(one)) {
      const { what, key, leg } = name;
      if (what !== 'position' && what !== 'balance') continue;
      const effect: Effect = {
        ...{ what, key, leg },
        before: this.#before.get(id) ?? nothing,
        after: after.get(id) ?? nothing,
      };
      if (shares && !folds && this.#shared.has(id)) hidden.push(name);
      else if (isMoved(effect)) moved.push(effect);
    }
    return { moved, hidden };
  }

  #names(one: Case): ReadonlyMap<string, HeldName> {
    const all = one.gaps.flatMap((gap) => touchedBy(gap, this.#book, this.#asOf));
    return new Map(all.map((name) => [heldId(name), name]));
  }
}

/** Cases that are folded by themselves. */
const foldsMax = 8;

const nothing: Held = { quantity: zero, averagePrice: null };

function heldOf(book: BookSide): ReadonlyMap<string, Held> {
  const held = new Map<string, Held>();
  for (const { currency, total } of book.balances) {
    const id = heldId({ what: 'balance', key: currency, leg: null });
    held.set(id, { quantity: total, averagePrice: null });
  }
  for (const position of book.positions) {
    const { instrument, leg } = position;
    held.set(heldId({ what: 'position', key: instrument, leg }), position);
  }
  return held;
}
