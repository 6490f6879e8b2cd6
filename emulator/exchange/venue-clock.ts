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
  /** How far what it says is from what is: a venue whose clock is wrong. */
  skewMs = 0;
  readonly #clock: EmulatorClock;
  #jumpedMs = 0;

  constructor(clock: EmulatorClock) {
    this.#clock = clock;
  }

  now(): Instant {
    return addMilliseconds(this.#clock.now(), this.#jumpedMs);
  }

  told(): Instant {
    return addMilliseconds(this.now(), this.skewMs);
  }

  after(ms: number, work: () => void, how?: 'background'): () => void {
    return this.#clock.after(ms, work, how);
  }

  /** It is that late now; never earlier than it was. */
  jumpTo(at: Instant): void {
    this.#jumpedMs += Math.max(0, millisecondsBetween(this.now(), at));
  }
}
