/**
 * What a venue pushed and nobody worked on yet. It is bounded: when it is full, whoever puts
 * waits, and with it the venue's stream; nothing is thrown away.
 */
import type { WaitingClock } from '../system-clock.ts';

export class Inbox<T> {
  readonly #limit: number;
  readonly #clock: WaitingClock;
  #items: T[] = [];
  #room: () => void = () => undefined;
  #arrived: () => void = () => undefined;
  #most = 0;

  constructor(limit: number, clock: WaitingClock) {
    this.#limit = limit;
    this.#clock = clock;
  }

  get size(): number {
    return this.#items.length;
  }

  /** The most that ever waited. */
  get most(): number {
    return this.#most;
  }

  /** Resolves when there is room for the next one. Only one caller puts. */
  put(item: T): Promise<void> | null {
    this.#items.push(item);
    this.#most = Math.max(this.#most, this.#items.length);
    this.#arrived();
    if (this.#items.length < this.#limit) return null;
    return new Promise((resolve) => {
      this.#room = resolve;
    });
  }

  /** At most `max`, in order; none when nothing came within `ms`, or `wake` was called. */
  async take(max: number, ms: number): Promise<readonly T[]> {
    if (this.#items.length === 0) await this.#arrival(ms);
    const taken = this.#items.splice(0, max);
    if (this.#items.length < this.#limit) this.#room();
    return taken;
  }

  /** Whoever waits in `take` goes on. */
  wake(): void {
    this.#arrived();
  }

  #arrival(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        cancel();
        this.#arrived = () => undefined;
        resolve();
      };
      const cancel = this.#clock.after(Math.max(ms, 1), end);
      this.#arrived = end;
    });
  }
}
