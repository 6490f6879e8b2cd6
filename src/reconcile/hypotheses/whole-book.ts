/**
 * What an idea about one line would do to all others: the book is folded again as if it were so,
 * and every line that moves has to be as theirs. Folding costs: beyond a budget nothing is asked.
 */
import { type Decimal, equals, zero } from '../../decimal/decimal.ts';
import type { Instant } from '../../model/instant.ts';
import type { BookedItem, BookSide, ListedFact, Refold } from '../book-side.ts';
import type { Comparison } from '../compare.ts';
import { heldId } from '../touch.ts';

/** Answers null where too much was asked already, or a fact is not to be had. */
export interface WholeFit {
  /** Without the fact, or with another in its place, every line that moves is as theirs. */
  instead(fact: ListedFact, by: ListedFact | null): boolean | null;
  /** Every line is as ours was before that time, or as it is now. */
  before(time: Instant): boolean | null;
}

export interface WholeContext {
  readonly book: BookSide;
  readonly comparison: Comparison;
  readonly refold: Refold;
}

/** Facts that are folded again for all questions together. */
const foldedMax = 1_000_000;

type Held = ReadonlyMap<string, Decimal>;

export class WholeBook {
  readonly #context: WholeContext;
  /** Lines that ids account for. */
  readonly #explained: ReadonlySet<string>;
  readonly #items: readonly BookedItem[];
  readonly #sequences: ReadonlyMap<ListedFact, number>;
  readonly #ours: Held;
  #left = foldedMax;

  constructor(context: WholeContext, explained: ReadonlySet<string>) {
    this.#context = context;
    this.#explained = explained;
    this.#items = [...(context.book.history?.() ?? [])];
    this.#sequences = new Map(this.#items.map(({ sequence, fact }) => [fact, sequence]));
    this.#ours = heldIn(context.book);
  }

  *facts(): Generator<ListedFact> {
    for (const { fact } of this.#items) yield fact;
  }

  /** `added`: what the repair of the line books anyway. */
  with(added: readonly ListedFact[]): WholeFit {
    return {
      instead: (fact, by) => {
        const sequence = this.#sequences.get(fact);
        if (sequence === undefined || !this.#mayFold()) return null;
        const remove = by === null ? [sequence] : [];
        const replace = by === null ? [] : [{ sequence, fact: by }];
        const after = heldIn(this.#context.refold({ add: added, remove, replace, orders: [] }));
        return this.#everyLine((id, ours) => {
          const then = after.get(id) ?? zero;
          return equals(then, ours) ? null : then;
        });
      },
      before: (time) => {
        if (!this.#mayFold()) return null;
        const { asOf } = this.#context.book;
        const since = this.#items.filter(({ fact }) => fact.time >= time && fact.time <= asOf);
        const remove = since.map(({ sequence }) => sequence);
        const after = heldIn(this.#context.refold({ add: added, remove, replace: [], orders: [] }));
        return this.#everyLine((id, ours, theirs) =>
          equals(theirs, ours) ? null : (after.get(id) ?? zero),
        );
      },
    };
  }

  #mayFold(): boolean {
    this.#left -= this.#items.length;
    return this.#left >= 0;
  }

  /** `wantedOf`: what theirs should be; null: the line is none of the idea's. */
  #everyLine(wantedOf: (id: string, ours: Decimal, theirs: Decimal) => Decimal | null): boolean {
    for (const { what, key, leg, theirs, verdict } of this.#context.comparison.lines) {
      if (what !== 'position' && what !== 'balance') continue;
      const id = heldId({ what, key, leg });
      if (this.#explained.has(id) || theirs === null || verdict === 'unknown') continue;
      const wanted = wantedOf(id, this.#ours.get(id) ?? zero, theirs);
      if (wanted !== null && !equals(wanted, theirs)) return false;
    }
    return true;
  }
}

function heldIn({ balances, positions }: ReturnType<Refold>): Held {
  const held = new Map<string, Decimal>();
  for (const { currency, total } of balances) {
    held.set(heldId({ what: 'balance', key: currency, leg: null }), total);
  }
  for (const { instrument, leg, quantity } of positions) {
    held.set(heldId({ what: 'position', key: instrument, leg }), quantity);
  }
  return held;
}
