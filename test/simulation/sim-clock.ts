/** Time of the simulation: it moves only with the plan, and whoever waits is woken in order. */
import type { Instant } from '../../src/model/instant.ts';
import type { WaitingClock } from '../../src/service/system-clock.ts';

interface Timer {
  readonly at: Instant;
  readonly work: () => void;
}

const millisecond = 1_000_000n;

export class SimClock implements WaitingClock {
  /** So many commits are under way. */
  busy = 0;
  /** The world follows the clock. */
  onTime: (now: Instant) => void = () => undefined;
  #now: Instant;
  #timers: Timer[] = [];

  constructor(now: Instant) {
    this.#now = now;
  }

  now(): Instant {
    return this.#now;
  }

  after(ms: number, work: () => void): () => void {
    const timer = { at: this.#now + BigInt(Math.round(ms)) * millisecond, work };
    this.#timers.push(timer);
    return () => {
      const place = this.#timers.indexOf(timer);
      if (place >= 0) this.#timers.splice(place, 1);
    };
  }

  async pass(ms: number): Promise<void> {
    const end = this.#now + BigInt(ms) * millisecond;
    await this.settle();
    for (let next = this.#due(end); next !== null; next = this.#due(end)) {
      this.#timers.splice(this.#timers.indexOf(next), 1);
      if (next.at > this.#now) this.#move(next.at);
      next.work();
      await this.settle();
    }
    if (end > this.#now) this.#move(end);
    await this.settle();
  }

  /** A microsecond later, and nobody is woken. */
  tick(): void {
    this.#move(this.#now + 1_000n);
  }

  /** What runs without waiting has run, commits included. */
  async settle(): Promise<void> {
    do await immediate();
    while (this.busy > 0);
  }

  #move(to: Instant): void {
    this.#now = to;
    this.onTime(to);
  }

  #due(end: Instant): Timer | null {
    let first: Timer | null = null;
    for (const timer of this.#timers) {
      if (timer.at <= end && (first === null || timer.at < first.at)) first = timer;
    }
    return first;
  }
}

/** Whoever asks it waits for the machine and not for the clock, which stands still meanwhile. */
export function counted<T extends object>(target: T, clock: SimClock): T {
  return new Proxy(target, {
    get(of, name) {
      const value: unknown = Reflect.get(of, name, of);
      if (typeof value !== 'function') return value;
      return (...args: readonly unknown[]): unknown => {
        const answer: unknown = Reflect.apply(value, of, args);
        if (!(answer instanceof Promise)) return answer;
        clock.busy += 1;
        return answer.finally(() => {
          clock.busy -= 1;
        });
      };
    },
  });
}

const immediate = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The clock as one process sees it: when that dies, nothing of it wakes again. */
export class ProcessClock implements WaitingClock {
  readonly #clock: SimClock;
  readonly #cancels = new Set<() => void>();
  #isDead = false;

  constructor(clock: SimClock) {
    this.#clock = clock;
  }

  now(): Instant {
    return this.#clock.now();
  }

  after(ms: number, work: () => void): () => void {
    if (this.#isDead) return () => undefined;
    const cancel = this.#clock.after(ms, () => {
      this.#cancels.delete(end);
      work();
    });
    const end = () => {
      this.#cancels.delete(end);
      cancel();
    };
    this.#cancels.add(end);
    return end;
  }

  die(): void {
    this.#isDead = true;
    for (const cancel of [...this.#cancels]) cancel();
  }
}
