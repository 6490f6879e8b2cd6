/** The machine's time, moved forward by jumps: a day passes while its work takes seconds. */
import { addMilliseconds, type Instant, millisecondsBetween } from '../../../src/model/instant.ts';
import { systemClock, type WaitingClock } from '../../../src/service/system-clock.ts';

interface Waiting {
  readonly due: Instant;
  readonly work: () => void;
  readonly cancel: () => void;
}

export class DayClock implements WaitingClock {
  readonly #waiting = new Set<Waiting>();
  #aheadMs: number;

  constructor(startsAt: Instant) {
    this.#aheadMs = millisecondsBetween(systemClock.now(), startsAt);
  }

  now(): Instant {
    return addMilliseconds(systemClock.now(), this.#aheadMs);
  }

  after(ms: number, work: () => void, how?: 'background'): () => void {
    const due = addMilliseconds(this.now(), ms);
    const cancel = systemClock.after(ms, () => this.#run(waiting), how);
    const waiting: Waiting = { due, work, cancel };
    this.#waiting.add(waiting);
    return () => {
      waiting.cancel();
      this.#waiting.delete(waiting);
    };
  }

  /** It is so much later now; what was due by then runs, the earliest first. */
  jump(ms: number): void {
    this.#aheadMs += ms;
    const now = this.now();
    const due = [...this.#waiting].filter((one) => one.due <= now);
    due.sort((a, b) => (a.due < b.due ? -1 : 1));
    for (const one of due) {
      one.cancel();
      this.#run(one);
    }
  }

  #run(waiting: Waiting): void {
    if (this.#waiting.delete(waiting)) waiting.work();
  }
}
