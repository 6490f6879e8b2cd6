/** What a run could not do as it was asked to, counted: nothing is dropped without a word. */
import type { Instant } from '../../model/instant.ts';

export interface Note {
  readonly code: string;
  /** Null: no strategy's. */
  readonly strategy: string | null;
  /** As it was said the first time. */
  readonly why: string;
  readonly first: Instant;
  readonly last: Instant;
  readonly count: number;
}

export class Notes {
  readonly #notes = new Map<string, Note>();

  add(code: string, strategy: string | null, why: string, at: Instant): void {
    const key = `${strategy ?? ''} ${code}`;
    const known = this.#notes.get(key);
    this.#notes.set(
      key,
      known === undefined
        ? { code, strategy, why, first: at, last: at, count: 1 }
        : { ...known, last: at, count: known.count + 1 },
    );
  }

  /** By strategy and code. */
  all(): readonly Note[] {
    return [...this.#notes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, note]) => note);
  }
}
