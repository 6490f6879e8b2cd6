/** Facts that are the same but for their id, found without comparing every pair. */
import type { BookedItem, ListedFact } from './book-side.ts';
import { isTwin, timeDifferenceMax } from './fact-content.ts';
import { isFill, looseIdentityOf, type MissingFact } from './gap.ts';

/** What twins share, and a second: a twin is in the same one or in a neighbour. */
const secondKey = (fact: ListedFact, offset: bigint): string => {
  const second = fact.time / timeDifferenceMax + offset;
  const shared = isFill(fact) ? [fact.instrument, fact.side, fact.leg] : [fact.currency];
  return [fact.kind, second, ...shared].join('\n');
};

const secondsAround = [0n, -1n, 1n];

/** Facts that the venue has: any number of copies may be twins of one. */
export class Twins {
  readonly #bySecond: ReadonlyMap<string, readonly BookedItem[]>;

  constructor(items: readonly BookedItem[]) {
    this.#bySecond = Map.groupBy(items, (item) => secondKey(item.fact, 0n));
  }

  find(fact: ListedFact): BookedItem | null {
    for (const offset of secondsAround) {
      const items = this.#bySecond.get(secondKey(fact, offset)) ?? [];
      const twin = items.find((item) => isTwin(item.fact, fact));
      if (twin !== undefined) return twin;
    }
    return null;
  }
}

/**
 * Missing facts that an extra one may be under another id, or with another side, leg or
 * instrument. The same id comes first, and each is the counterpart of one at most.
 */
export class Counterparts {
  readonly #byId: ReadonlyMap<string, readonly MissingFact[]>;
  readonly #bySecond: ReadonlyMap<string, readonly MissingFact[]>;
  readonly #taken = new Set<MissingFact>();

  constructor(missing: readonly MissingFact[]) {
    this.#byId = Map.groupBy(missing, (gap) => looseIdentityOf(gap.theirs));
    this.#bySecond = Map.groupBy(missing, (gap) => secondKey(gap.theirs, 0n));
  }

  take(fact: ListedFact): MissingFact | null {
    const sameId = this.#byId.get(looseIdentityOf(fact)) ?? [];
    const alike = secondsAround
      .flatMap((offset) => this.#bySecond.get(secondKey(fact, offset)) ?? [])
      .filter((gap) => isTwin(gap.theirs, fact));
    const found = [...sameId, ...alike].find((gap) => !this.#taken.has(gap)) ?? null;
    if (found !== null) this.#taken.add(found);
    return found;
  }
}
