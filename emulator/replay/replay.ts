/**
 * Recorded data as it happens now: the first event at once, the others as far behind it as they
 * were, or so many times closer. All times are moved: the venue has one clock, the real one.
 */
import type { Instant } from '../../src/model/instant.ts';
import type { MarketEvent } from '../../src/venues/paper/paper-exchange.ts';
import type { Emulator } from '../emulator.ts';

/** So many events at once, then whoever waits is let in. */
const burst = 2_000;
/** Without data time passes in such steps: funding is paid, orders arrive. */
const stepMs = 20;

export class Replay {
  readonly #emulator: Emulator;
  readonly #events: readonly MarketEvent[];
  readonly #speed: bigint;
  readonly #began: Instant;
  #next = 0;
  #cancel: () => void = () => undefined;
  #atEnd: () => void = () => undefined;

  /** `speed`: a whole number of times faster; the events in order of time. */
  constructor(emulator: Emulator, events: readonly MarketEvent[], speed: number) {
    this.#emulator = emulator;
    this.#events = events;
    this.#speed = BigInt(speed);
    this.#began = emulator.clock.now();
  }

  /** How many events have happened. */
  get done(): number {
    return this.#next;
  }

  start(atEnd: () => void): void {
    this.#atEnd = atEnd;
    this.#step();
  }

  stop(): void {
    this.#cancel();
  }

  #step(): void {
    const now = this.#emulator.clock.now();
    const last = Math.min(this.#events.length, this.#next + burst);
    while (this.#next < last && this.#dueAt(this.#next) <= now) {
      this.#emulator.advance({ ...this.#events[this.#next]!, at: this.#dueAt(this.#next) });
      this.#next += 1;
    }
    this.#emulator.settle();
    const isOver = this.#next === this.#events.length;
    const isLate = !isOver && this.#dueAt(this.#next) <= now;
    this.#cancel = this.#emulator.clock.after(isLate ? 0 : stepMs, () => this.#step());
    if (isOver) this.#atEnd();
    if (isOver) this.#atEnd = () => undefined;
  }

  #dueAt(index: number): Instant {
    return this.#began + (this.#events[index]!.at - this.#events[0]!.at) / this.#speed;
  }
}
