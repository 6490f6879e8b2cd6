/** The only place that asks the machine for the time, or waits. */
import { type Clock, fromMilliseconds } from '../model/instant.ts';

export interface WaitingClock extends Clock {
  /** Runs the work once after so many milliseconds; the returned function cancels it. */
  after(ms: number, work: () => void): () => void;
}

export const systemClock: WaitingClock = {
  now: () => fromMilliseconds(Date.now()),
  after(ms, work) {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};
