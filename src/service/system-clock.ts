/** The only place that asks the machine for the time, or waits. */
import { type Clock, fromMilliseconds } from '../model/instant.ts';

export interface WaitingClock extends Clock {
  /**
   * Runs the work once after so many milliseconds; the returned function cancels it. Waiting in
   * the background alone keeps no process alive.
   */
  after(ms: number, work: () => void, how?: 'background'): () => void;
}

export const systemClock: WaitingClock = {
  now: () => fromMilliseconds(Date.now()),
  after(ms, work, how) {
    const timer = setTimeout(work, ms);
    if (how === 'background') timer.unref();
    return () => clearTimeout(timer);
  },
};
