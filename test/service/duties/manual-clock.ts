/**
 * A clock that a test moves: what waits is woken in the order in which its time comes. As on a real
 * machine, waiting counts on its own: it goes on undisturbed when somebody sets the clock, and
 * stands still while the machine sleeps.
 */
import {
  type Instant,
  instant,
  instantText,
  millisecondsBetween,
} from '../../../src/model/instant.ts';
import type { WaitingClock } from '../../../src/service/system-clock.ts';

interface Waiting {
  /** Milliseconds of waiting since the clock was made. */
  readonly at: number;
  readonly work: () => void;
}

export class ManualClock implements WaitingClock {
  #now: Instant;
  #waited = 0;
  readonly #waiting = new Set<Waiting>();

  constructor(now: string) {
    this.#now = instant(now);
  }

  now(): Instant {
    return this.#now;
  }

  text(): string {
    return instantText(this.#now);
  }

  after(ms: number, work: () => void): () => void {
    const waiting = { at: this.#waited + ms, work };
    this.#waiting.add(waiting);
    return () => void this.#waiting.delete(waiting);
  }

  /** Time passes until then; everything whose time comes is woken. */
  async moveTo(time: string): Promise<void> {
    const end = this.#waited + millisecondsBetween(this.#now, instant(time));
    await settled();
    for (let next = this.#first(end); next !== null; next = this.#first(end)) {
      this.#waiting.delete(next);
      this.#pass(next.at);
      next.work();
      await settled();
    }
    this.#pass(end);
    await settled();
  }

  /** The machine sleeps until then, or somebody sets its clock: nothing is woken by it. */
  jumpTo(time: string): void {
    this.#now = instant(time);
  }

  #pass(waited: number): void {
    this.#now += BigInt(waited - this.#waited) * 1_000_000n;
    this.#waited = waited;
  }

  #first(end: number): Waiting | null {
    const due = [...this.#waiting].filter(({ at }) => at <= end);
    return due.reduce<Waiting | null>(
      (first, one) => (first === null || one.at < first.at ? one : first),
      null,
    );
  }
}

/** What runs without waiting has run. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
