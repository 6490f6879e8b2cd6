import { keyOf } from '../../src/journal/key.ts';
import type { BookedFact } from '../../src/model/entry.ts';
import type { BookFact } from '../../src/model/fact.ts';
import { bookedAs, bookText, emptyFold, type Ledger } from './book-of.ts';

// How facts reach a book in the world: out of order, twice, and late. What feeds the book is
// behind an interface, so that the same deliveries can go through a journal and a store.

export interface Delivered {
  readonly booked: number;
  readonly duplicates: number;
  /** The final book, as text. */
  readonly book: string;
}

/** Takes one batch after the other into an empty book of the ledger's account. */
export type Feeder = (
  ledger: Ledger,
  batches: readonly (readonly BookFact[])[],
) => Delivered | Promise<Delivered>;

/** Facts known by the key of the journal are absorbed; all others go into the fold as they come. */
export const throughFold: Feeder = (ledger, batches) => {
  const seen = new Set<string>();
  const bySequence = new Map<number, BookedFact>();
  const fold = emptyFold(ledger.context, bySequence);
  let duplicates = 0;
  for (const batch of batches) {
    for (const fact of batch) {
      const key = JSON.stringify(keyOf(fact));
      if (seen.has(key)) duplicates += 1;
      else {
        seen.add(key);
        const booked = bookedAs(seen.size, fact, ledger);
        bySequence.set(booked.sequence, booked);
        fold.add(booked);
      }
    }
    fold.settle();
  }
  return { booked: seen.size, duplicates, book: bookText(fold) };
};

export interface Disorder {
  readonly seed: number;
  /** Facts are shuffled within windows of so many; 1 leaves them in order. */
  readonly window: number;
  /** Shares of the facts, 0 to 1. */
  readonly duplicated: number;
  readonly late: number;
  readonly batchMax: number;
}

/** The same facts, delivered badly, cut into batches of 1 to `batchMax`. */
export const disordered = (
  facts: readonly BookFact[],
  { seed, window, duplicated, late, batchMax }: Disorder,
): readonly (readonly BookFact[])[] => {
  const random = randomFrom(seed);
  const places: Placed[] = facts.map((fact, index) => {
    const start = index - (index % window);
    const end = Math.min(start + window, facts.length);
    const within = window === 1 ? index : start + random() * (end - start);
    // Any time between its turn and the end of the day.
    const place = random() < late ? within + random() * (facts.length - within) : within;
    return { fact, place };
  });
  const copies = places
    .filter(() => random() < duplicated)
    .map(({ fact, place }) => ({ fact, place: place + random() * (facts.length - place) }));
  const delivered = [...places, ...copies].toSorted((a, b) => a.place - b.place);
  const batches: BookFact[][] = [];
  let batch = 0;
  for (let start = 0; start < delivered.length; start += batch) {
    batch = 1 + Math.floor(random() * batchMax);
    batches.push(delivered.slice(start, start + batch).map(({ fact }) => fact));
  }
  return batches;
};

interface Placed {
  readonly fact: BookFact;
  readonly place: number;
}

/** Numbers in [0, 1) that repeat with the seed (mulberry32). */
const randomFrom = (seed: number): (() => number) => {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};
