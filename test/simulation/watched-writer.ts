/**
 * The writer of a process that can die at any commit: before one that was asked for, or after one
 * that nobody heard of. What a dead process waits for never comes.
 */
import type { Fact } from '../../src/model/fact.ts';
import type { BookWriter, Keeping, Plan, RecordMode } from '../../src/service/book.ts';
import type { SimClock } from './sim-clock.ts';

export type Moment = 'before-commit' | 'after-commit';

const never = <T>(): Promise<T> => new Promise<T>(() => undefined);

export class WatchedWriter implements BookWriter {
  readonly path: string;
  isDead = false;
  readonly #book: BookWriter;
  readonly #clock: SimClock;
  readonly #onDeath: () => void;
  #deadly: { readonly moment: Moment; left: number } | null = null;

  constructor(book: BookWriter, clock: SimClock, onDeath: () => void) {
    this.#book = book;
    this.path = book.path;
    this.#clock = clock;
    this.#onDeath = onDeath;
  }

  /** It dies at one of the next commits. */
  arm(moment: Moment, left: number): void {
    this.#deadly = { moment, left };
  }

  disarm(): void {
    this.#deadly = null;
  }

  record = (fact: Fact) => this.#watched(() => this.#book.record(fact));
  recordAll = (facts: readonly Fact[], mode?: RecordMode) =>
    this.#watched(() => this.#book.recordAll(facts, mode));
  apply = (plan: Plan) => this.#watched(() => this.#book.apply(plan));
  keep = (facts: readonly Fact[], keeping: Keeping) =>
    this.#watched(() => this.#book.keep(facts, keeping));
  close = () => this.#book.close();

  async #watched<T>(work: () => Promise<T>): Promise<T> {
    if (this.isDead) return never();
    const isLast = this.#isLast();
    if (isLast && this.#deadly?.moment === 'before-commit') return this.#die();
    this.#clock.busy += 1;
    try {
      const done = await work();
      if (this.isDead) return never();
      return isLast ? this.#die() : done;
    } catch (error) {
      if (this.isDead) return never();
      throw error;
    } finally {
      this.#clock.busy -= 1;
    }
  }

  #isLast(): boolean {
    if (this.#deadly === null) return false;
    this.#deadly.left -= 1;
    return this.#deadly.left <= 0;
  }

  #die<T>(): Promise<T> {
    this.isDead = true;
    this.#onDeath();
    return never();
  }
}
