/** How often somebody at one address came, or tried, within a window of time. */
import { type Instant, millisecondsBetween } from '../../../model/instant.ts';
import type { WaitingClock } from '../../system-clock.ts';

const minuteMs = 60_000;
/** Addresses that are remembered; who comes from more is let off the oldest. */
const addressesMax = 10_000;

export interface Counted {
  /** Of this window, with the one that was just counted. */
  readonly count: number;
  /** Until it ends. */
  readonly leftMs: number;
}

interface Tried {
  readonly since: Instant;
  count: number;
}

export class Attempts {
  readonly max: number;
  readonly #clock: WaitingClock;
  readonly #windowMs: number;
  readonly #tried = new Map<string, Tried>();

  /** `max`: so many in a window, which is a minute, and of an address. */
  constructor(clock: WaitingClock, max: number, windowMs = minuteMs) {
    this.max = max;
    this.#clock = clock;
    this.#windowMs = windowMs;
  }

  /** Counts one; the milliseconds to wait where there were too many, else 0. */
  take(address: string): number {
    const { count, leftMs } = this.count(address);
    return count > this.max ? leftMs : 0;
  }

  count(address: string): Counted {
    const now = this.#clock.now();
    const before = this.#tried.get(address);
    const ageMs = before === undefined ? -1 : millisecondsBetween(before.since, now);
    const isWithin = ageMs >= 0 && ageMs < this.#windowMs;
    const tried = isWithin ? before! : { since: now, count: 0 };
    tried.count += 1;
    if (isWithin) return { count: tried.count, leftMs: this.#windowMs - ageMs };
    this.#tried.delete(address);
    this.#tried.set(address, tried);
    if (this.#tried.size > addressesMax) this.#tried.delete([...this.#tried.keys()][0]!);
    return { count: 1, leftMs: this.#windowMs };
  }
}
