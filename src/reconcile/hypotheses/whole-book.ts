/**
 * What an idea about one line would do to all others: the book is folded again as if it were so,
 * and every line that moves has to be as theirs. Folding costs: beyond a budget nothing is asked.
 */
import { type Decimal, equals, isZero, subtract, zero } from '../../decimal/decimal.ts';
import type { Line } from '../../model/break.ts';
import type { Fill, Leg } from '../../model/fact.ts';
import type { Instant } from '../../model/instant.ts';
import {
  type BookedItem,
  type BookSide,
  type Change,
  type ListedFact,
  noChange,
  type Refold,
} from '../book-side.ts';
import type { Carried } from '../causes/cause.ts';
import type { Comparison } from '../compare.ts';
import { isFill } from '../gap.ts';
import { heldId } from '../touch.ts';

/** Names (`heldId`) of lines. */
export type LineNames = ReadonlySet<string>;

/** Answers null where too much was asked already, or a fact is not to be had. */
export interface WholeFit {
  /** Names of what the book knows. */
  readonly instruments: Iterable<string>;
  fillsOf(instrument: string): readonly Fill[];
  /** Lines that are right without the facts; false: one that moves is not. */
  without(facts: readonly ListedFact[]): LineNames | false | null;
  /** The same with other facts in the place of these. */
  instead(pairs: readonly (readonly [ListedFact, ListedFact])[]): LineNames | false | null;
  /** What theirs has of the moment before that time. */
  before(time: Instant): Moment | null;
}

export interface Moment {
  /** Lines that differ, and theirs is what ours was then. */
  readonly right: LineNames;
  /** Of others that moved since, theirs is not what it was then. */
  readonly isTorn: boolean;
}

export interface WholeContext {
  readonly book: BookSide;
  readonly comparison: Comparison;
  readonly refold: Refold;
}

/** What ids account for, by the name of the line. */
export interface ByIds {
  /** All of it. */
  readonly explained: ReadonlySet<string>;
  /** A part of it that no repair changes: what is on its way. */
  readonly carried: ReadonlyMap<string, Pick<Carried, 'amount'>>;
}

/** Facts that are folded again for all questions together. */
const foldedMax = 1_000_000;

type Held = ReadonlyMap<string, Decimal>;

/** The book that ideas are tried on. */
interface Side {
  readonly plain: Change;
  readonly ours: () => Held;
  readonly moments: Map<Instant, Moment | null>;
}

export class WholeBook {
  readonly #context: WholeContext;
  readonly #explained: ByIds['explained'];
  readonly #carried: ByIds['carried'];
  readonly #items: readonly BookedItem[];
  #sequences: ReadonlyMap<ListedFact, number> | null = null;
  #bySequence: ReadonlyMap<number, ListedFact> | null = null;
  readonly #plain: Side;
  #left = foldedMax;

  constructor(context: WholeContext, { explained, carried }: ByIds) {
    this.#context = context;
    this.#explained = explained;
    this.#carried = carried;
    this.#items = [...(context.book.history?.() ?? [])];
    const ours = heldIn(context.book);
    this.#plain = { plain: noChange, ours: () => ours, moments: new Map() };
  }

  *facts(): Generator<ListedFact> {
    for (const { fact } of this.#items) yield fact;
  }

  factAt(sequence: number): ListedFact | undefined {
    this.#bySequence ??= new Map(this.#items.map((item) => [item.sequence, item.fact]));
    return this.#bySequence.get(sequence);
  }

  /** `plain`: what the repair of the line books anyway. */
  with(plain: Change): WholeFit {
    const known = new Map(plain.replace.map(({ sequence, fact }) => [fact, sequence]));
    const sequenceOf = (fact: ListedFact) => known.get(fact) ?? this.#sequenceOf(fact);
    const side = this.#sideOf(plain);
    return {
      instruments: [...this.#context.book.instruments.keys()],
      fillsOf: (instrument) =>
        this.#items.flatMap(({ fact }) =>
          isFill(fact) && fact.instrument === instrument ? [fact] : [],
        ),
      without: (facts) => {
        const remove = facts.map(sequenceOf);
        return remove.includes(undefined)
          ? null
          : this.#rightAfter(withoutThem(plain, remove as number[]), side);
      },
      instead: (pairs) => {
        const replace = pairs.map(([fact, by]) => ({ sequence: sequenceOf(fact), fact: by }));
        return replace.some(({ sequence }) => sequence === undefined)
          ? null
          : this.#rightAfter(withOthers(plain, replace as BookedItem[]), side);
      },
      before: (time) => this.#before(time, side),
    };
  }

  /** Ours with what the repair does; folded when first asked. */
  #sideOf(plain: Change): Side {
    if (plain.add.length + plain.replace.length === 0) return this.#plain;
    let held: Held | null = null;
    return {
      plain,
      ours: () => {
        held ??= heldIn(this.#context.refold(plain));
        return held;
      },
      moments: new Map(),
    };
  }

  #before(time: Instant, side: Side): Moment | null {
    const known = side.moments.get(time);
    if (known !== undefined) return known;
    const moment = this.#mayFold() ? this.#momentOf(time, side) : null;
    side.moments.set(time, moment);
    return moment;
  }

  #momentOf(time: Instant, { plain, ours }: Side): Moment {
    const { asOf } = this.#context.book;
    const since = this.#items.filter(({ fact }) => fact.time >= time && fact.time <= asOf);
    const remove = since.map(({ sequence }) => sequence);
    const add = plain.add.filter((fact) => fact.time < time);
    const then = heldIn(this.#context.refold({ ...withoutThem(plain, remove), add }));
    const right = new Set<string>();
    let isTorn = this.#isAppearing(then, ours());
    for (const { id, theirs } of this.#lines()) {
      const [now, before] = [ours().get(id) ?? zero, then.get(id) ?? zero];
      if (equals(before, now)) continue;
      if (!equals(theirs, before)) isTorn = true;
      else if (!equals(theirs, now)) right.add(id);
    }
    return { right, isTorn };
  }

  /** Lines that move are as theirs, and none appears that they do not have. */
  #rightAfter(change: Change, { ours }: Side): LineNames | false | null {
    if (!this.#mayFold()) return null;
    const after = heldIn(this.#context.refold(change));
    if (this.#isAppearing(after, ours())) return false;
    const right = new Set<string>();
    for (const { id, theirs } of this.#lines()) {
      const then = after.get(id) ?? zero;
      if (equals(then, ours().get(id) ?? zero)) continue;
      if (!equals(then, theirs)) return false;
      right.add(id);
    }
    return right;
  }

  /** A line would be held of which neither of the two has any, which is proven. */
  #isAppearing(held: Held, ours: Held): boolean {
    for (const [id, amount] of held) {
      if (!isZero(amount) && isZero(ours.get(id) ?? zero) && this.#isFlat(id)) return true;
    }
    return false;
  }

  #isFlat(id: string): boolean {
    const { comparison } = this.#context;
    if (comparison.lineOf(id) !== undefined) return false;
    const [what, key, leg] = id.split('\n') as ['position' | 'balance', string, Leg | ''];
    const line = namedLine({ what, key, leg: leg === '' ? null : leg });
    return comparison.verdictOf(line) === 'equal';
  }

  #sequenceOf(fact: ListedFact): number | undefined {
    this.#sequences ??= new Map(this.#items.map((item) => [item.fact, item.sequence]));
    return this.#sequences.get(fact);
  }

  #mayFold(): boolean {
    this.#left -= this.#items.length;
    return this.#left >= 0;
  }

  /** What both state of a held line, where no id accounts for it. */
  *#lines(): Generator<{ readonly id: string; readonly theirs: Decimal }> {
    const { lines, foreign } = this.#context.comparison;
    for (const { what, key, leg, verdict, ...line } of [...lines, ...foreign]) {
      if (what !== 'position' && what !== 'balance') continue;
      const id = heldId({ what, key, leg });
      if (this.#explained.has(id) || (line.theirs === null && verdict === 'unknown')) continue;
      // What theirs does not list, and that is known, is not there.
      yield { id, theirs: subtract(line.theirs ?? zero, this.#carried.get(id)?.amount ?? zero) };
    }
  }
}

const withoutThem = (plain: Change, remove: readonly number[]): Change => {
  const gone = new Set(remove);
  const replace = plain.replace.filter(({ sequence }) => !gone.has(sequence));
  return { ...plain, remove, replace };
};

const withOthers = (plain: Change, others: readonly BookedItem[]): Change => {
  const own = new Set(others.map(({ sequence }) => sequence));
  return {
    ...plain,
    replace: [...plain.replace.filter((one) => !own.has(one.sequence)), ...others],
  };
};

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

/** A line that only says which one it is. */
export const namedLine = (
  name: Pick<Line, 'what' | 'key' | 'leg'> & Partial<Pick<Line, 'instrument' | 'detail'>>,
): Line => ({
  ...{ instrument: null, detail: null, ...name, oursParty: 'book', ours: null, oursText: null },
  ...{ theirsParty: 'venue', theirs: null, theirsText: null, difference: null, tolerance: zero },
});
