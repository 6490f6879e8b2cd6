/** The time of a run is that of its data; only waiting is real. Same data, same stamps. */
import type { Instant } from '../../model/instant.ts';
import { systemClock, type WaitingClock } from '../system-clock.ts';

export class DataClock implements WaitingClock {
  #now: Instant;

  constructor(now: Instant) {
    this.#now = now;
  }

  now(): Instant {
    return this.#now;
  }

  set(now: Instant): void {
    this.#now = now;
  }

  after(ms: number, work: () => void, how?: 'background'): () => void {
    return systemClock.after(ms, work, how);
  }
}
