/** The venue's time: what it is given, moved by jumps; and what it says the time is. */
import {
  addMilliseconds,
  type Clock,
  type Instant,
  millisecondsBetween,
} from '../../src/model/instant.ts';

/** Time as it is given: the machine's, or a test's. */
export interface EmulatorClock extends Clock {
  /** Runs the work once after so many milliseconds; the returned function cancels it. */
  after(ms: number, work: () => void, how?: 'background'): () => void;
}

export class VenueClock implements EmulatorClock {
  /** Since when it says so many milliseconds more than it is. */
  readonly #skews: { readonly from: Instant; readonly ms: number }[] = [];
  readonly #clock: EmulatorClock;
  #jumpedMs = 0;

  constructor(clock: EmulatorClock) {
    this.#clock = clock;
  }

  now(): Instant {
    return addMilliseconds(this.#clock.now(), this.#jumpedMs);
  }

  told(): Instant {
    return addMilliseconds(this.now(), this.skewAt(this.now()));
  }

  /** From now on what it says is so far from what is: a venue whose clock is wrong. */
  skew(ms: number): void {
    this.#skews.push({ from: this.now(), ms });
  }

  /** How wrong it was: what happened keeps the stamp that it got. */
  skewAt(at: Instant): number {
    return this.#skews.findLast(({ from }) => from <= at)?.ms ?? 0;
  }

  after(ms: number, work: () => void, how?: 'background'): () => void {
    return this.#clock.after(ms, work, how);
  }

  /** It is that late now; never earlier than it was. */
  jumpTo(at: Instant): void {
    this.#jumpedMs += Math.max(0, millisecondsBetween(this.now(), at));
  }
}
