/**
 * A writer that outlives what passes: a holder that ended, a full disk, a lock. What it was given
 * is written when that is over, and until then whoever gave it waits.
 */
import type { Fact } from '../../model/fact.ts';
import { isStoreError } from '../../store/store-error.ts';
import type { BookWriter, Keeping, Kept, Plan, PlanResult } from '../book.ts';
import { failureOf } from '../failure.ts';
import type { Log } from '../log.ts';
import type { WaitingClock } from '../system-clock.ts';
import { rest } from './asking.ts';

export interface SteadyOptions {
  readonly open: () => Promise<BookWriter>;
  readonly clock: WaitingClock;
  readonly log: Log;
  /** Aborted: nothing is tried again, and what failed is thrown. */
  readonly signal: AbortSignal;
}

const pauseMs = 1_000;
const longestPauseMs = 15_000;

export class SteadyWriter {
  readonly #options: SteadyOptions;
  #opening: Promise<BookWriter> | null = null;

  constructor(options: SteadyOptions) {
    this.#options = options;
  }

  keep(facts: readonly Fact[], keeping: Keeping): Promise<Kept> {
    return this.#written((writer) => writer.keep(facts, keeping));
  }

  apply(plan: Plan): Promise<PlanResult> {
    return this.#written((writer) => writer.apply(plan));
  }

  async #written<T>(write: (writer: BookWriter) => Promise<T>): Promise<T> {
    const { clock, log, signal } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      const opening = this.#writer();
      try {
        return await write(await opening);
      } catch (error) {
        if (!passes(error) || signal.aborted) throw error;
        const why = error instanceof Error ? error.message : String(error);
        log.warn({ event: 'book.unavailable', msg: `Nothing can be booked now: ${why}` });
        await this.#drop(opening);
        await rest(clock, Math.min(pauseMs * attempt, longestPauseMs), signal);
      }
    }
  }

  async close(): Promise<void> {
    if (this.#opening !== null) await this.#drop(this.#opening);
  }

  #writer(): Promise<BookWriter> {
    this.#opening ??= this.#options.open();
    return this.#opening;
  }

  /** Several may fail with the same writer: the first of them closes it. */
  async #drop(opening: Promise<BookWriter>): Promise<void> {
    if (this.#opening !== opening) return;
    this.#opening = null;
    try {
      await (await opening).close();
    } catch (error) {
      // It failed already, which is why it is closed; only a bug of ours is new.
      if (!isStoreError(error)) throw error;
    }
  }
}

/** The disk may have room again, and another holder may be reached; damage stays. */
const passes = (error: unknown): boolean =>
  isStoreError(error, 'io-error') || (isStoreError(error) && failureOf(error)?.retry === true);
