/**
 * What an idea about one line would do to all others: the book is folded again as if it were so,
 * and every line that moves has to be as theirs. Folding costs: beyond a budget nothing is asked.
 */
import { type Decimal, equals, isZero, zero } from '../../decimal/decimal.ts';
import type { Line } from '../../model/break.ts';
import type { Leg } from '../../model/fact.ts';
import type { Instant } from '../../model/instant.ts';
import {
  type BookedItem,
  type BookSide,
  type Change,
  type ListedFact,
  noChange,
  type Refold,
} from '../book-side.ts';
import type { Comparison } from '../compare.ts';
import { heldId } from '../touch.ts';

/** Answers null where too much was asked already, or a fact is not to be had. */
export interface WholeFit {
  /** Names of what the book knows. */
  readonly instruments: Iterable<string>;
  /** Without the facts every line that moves is as theirs. */
  without(facts: readonly ListedFact[]): boolean | null;
  /** With another fact in its place every line that moves is as theirs. */
  instead(fact: ListedFact, by: ListedFact): boolean | null;
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
  #sequences: ReadonlyMap<ListedFact, number> | null = null;
  readonly #ours: Held;
  #left = foldedMax;

  constructor(context: WholeContext, explained: ReadonlySet<string>) {
    this.#context = context;
    this.#explained = explained;
    this.#items = [...(context.book.history?.() ?? [])];
    this.#ours = heldIn(context.book);
  }

  *facts(): Generator<ListedFact> {
    for (const { fact } of this.#items) yield fact;
  }

  /** `added`: what the repair of the line books anyway. */
  with(added: readonly ListedFact[]): WholeFit {
    return {
      instruments: [...this.#context.book.instruments.keys()],
      without: (facts) => {
        const remove = facts.map((fact) => this.#sequenceOf(fact));
        return remove.includes(undefined)
          ? null
          : this.#moves({ ...noChange, add: added, remove: remove as number[] });
      },
      instead: (fact, by) => {
        const sequence = this.#sequenceOf(fact);
        if (sequence === undefined) return null;
        return this.#moves({ ...noChange, add: added, replace: [{ sequence, fact: by }] });
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

  /** Lines that move are as theirs, and none appears that they do not have. */
  #moves(change: Change): boolean | null {
    if (!this.#mayFold()) return null;
    const after = heldIn(this.#context.refold(change));
    for (const [id, amount] of after) {
      const isNew = !isZero(amount) && isZero(this.#ours.get(id) ?? zero);
      if (isNew && this.#isFlat(id)) return false;
    }
    return this.#everyLine((id, ours) => {
      const then = after.get(id) ?? zero;
      return equals(then, ours) ? null : then;
    });
  }

  /** Neither of the two has it, which is proven. */
  #isFlat(id: string): boolean {
    const { comparison } = this.#context;
    if (comparison.lineOf(id) !== undefined) return false;
    return comparison.verdictOf(lineOf(id)) === 'equal';
  }

  #sequenceOf(fact: ListedFact): number | undefined {
    this.#sequences ??= new Map(this.#items.map((item) => [item.fact, item.sequence]));
    return this.#sequences.get(fact);
  }

  #mayFold(): boolean {
    this.#left -= this.#items.length;
    return this.#left >= 0;
  }

  /** `wantedOf`: what theirs should be; null: the line is none of the idea's. */
  #everyLine(wantedOf: (id: string, ours: Decimal, theirs: Decimal) => Decimal | null): boolean {
    const { lines, foreign } = this.#context.comparison;
    for (const { what, key, leg, verdict, ...line } of [...lines, ...foreign]) {
      if (what !== 'position' && what !== 'balance') continue;
      const id = heldId({ what, key, leg });
      if (this.#explained.has(id) || (line.theirs === null && verdict === 'unknown')) continue;
      // What theirs does not list, and that is known, is not there.
      const theirs = line.theirs ?? zero;
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

/** The name of a held line again. */
function lineOf(id: string): Line {
  const [what, key, leg] = id.split('\n') as ['position' | 'balance', string, Leg | ''];
  return {
    ...{ what, key, leg: leg === '' ? null : leg, instrument: null, detail: null },
    ...{ oursParty: 'book', ours: null, oursText: null },
    ...{ theirsParty: 'venue', theirs: null, theirsText: null, difference: null, tolerance: zero },
  };
}
