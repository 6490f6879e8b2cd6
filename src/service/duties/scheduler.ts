/**
 * Runs duties when their slots come, one at a time, in the order of the table, so that a check sees
 * what an update wrote. A slot that passes while its duty runs, or that nobody was there for (the
 * machine slept, the service was stopped), is missed: counted, said once, never made up for.
 */
import { addMilliseconds, type Instant, millisecondsBetween } from '../../model/instant.ts';
import type { WaitingClock } from '../system-clock.ts';
import type { DutyPause } from './control.ts';
import type { Duty, DutyResult, DutyRun, DutyStatus } from './duty.ts';
import { type MissedSlots, nextSlot, slotAt, slotsBetween } from './timetable.ts';

export interface SchedulerOptions {
  readonly clock: WaitingClock;
  readonly duties: readonly Duty[];
  /** Runs a duty; what it throws is a fault of ours that ends the service. */
  readonly perform: (duty: Duty, slot: Instant, missed: MissedSlots | null) => Promise<DutyResult>;
  /** After each run, with every duty's state. */
  readonly ran: (status: DutyStatus, all: readonly DutyStatus[]) => Promise<void>;
  /** The slot that a duty served before this service started; null: not known. */
  readonly served: (name: string) => Instant | null;
  /** The clock was set back by so many milliseconds. */
  readonly setBack: (ms: number) => void;
  /** Those that are paused already; absent: none. */
  readonly paused?: (name: string) => DutyPause | null;
}

interface State {
  readonly duty: Duty;
  served: Instant | null;
  next: Instant;
  last: DutyRun | null;
  runs: number;
  failures: number;
  missed: number;
  paused: DutyPause | null;
  /** Who wants it now, whatever its timetable says. */
  askedBy: string | null;
}

/** Waiting is cut into pieces: timers stand still while the machine sleeps, clocks may be set. */
export const longestWaitMs = 15_000;

export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #states: readonly State[];
  #running: State | null = null;
  #stopping = false;
  #wake: () => void = () => undefined;
  #turns = 0;
  #seenAt: Instant;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    const now = options.clock.now();
    this.#seenAt = now;
    this.#states = options.duties.map((duty) => {
      const paused = options.paused?.(duty.name) ?? null;
      return { ...stateOf(duty, options.served(duty.name), now), paused };
    });
  }

  /** Until `stop`, and the run that goes on then has ended. */
  async run(): Promise<void> {
    while (!this.#stopping) {
      const now = this.#options.clock.now();
      this.#turns += 1;
      this.#follow(now);
      this.#passOver(now);
      const due = this.#states.find(({ next, askedBy }) => askedBy !== null || next <= now);
      if (due === undefined) await this.#wait(now);
      else await this.#serve(due);
    }
  }

  /** Every duty that is due now, once, in order. */
  async once(): Promise<void> {
    const now = this.#options.clock.now();
    for (const state of this.#states) {
      if (!this.#stopping && state.next <= now) await this.#serve(state);
    }
  }

  /** Soon, also where it is paused; false: there is no such duty. */
  runNow(name: string, by: string): boolean {
    const state = this.#stateOf(name);
    if (state === null) return false;
    state.askedBy = by;
    this.#wake();
    return true;
  }

  /** No slot is served, and none is missed, until it is null again; false: no such duty. */
  pause(name: string, pause: DutyPause | null): boolean {
    const state = this.#stateOf(name);
    if (state === null) return false;
    if (pause === null) this.#passOver(this.#options.clock.now());
    state.paused = pause;
    this.#wake();
    return true;
  }

  pauseOf(name: string): DutyPause | null {
    return this.#stateOf(name)?.paused ?? null;
  }

  #stateOf(name: string): State | null {
    return this.#states.find(({ duty }) => duty.name === name) ?? null;
  }

  /** Slots of those that are paused go by. */
  #passOver(now: Instant): void {
    for (const state of this.#states) {
      if (state.paused === null || state.next > now) continue;
      const { timetable } = state.duty;
      state.served = slotAt(timetable, now);
      state.next = nextSlot(timetable, now);
    }
  }

  /** Takes no more work. */
  stop(): void {
    this.#stopping = true;
    this.#wake();
  }

  /** How often the loop came round, and the duty that runs since then. */
  get progress(): { readonly turns: number; readonly running: string | null } {
    return { turns: this.#turns, running: this.#running?.duty.name ?? null };
  }

  status(): readonly DutyStatus[] {
    return this.#states.map((state) => this.#statusOf(state));
  }

  #statusOf(state: State): DutyStatus {
    const { duty, last, next, runs, failures, missed } = state;
    const { name, timetable } = duty;
    const running = this.#running === state;
    return { name, timetable, last, next, running, runs, failures, missed };
  }

  async #serve(state: State): Promise<void> {
    const { clock, perform, ran } = this.#options;
    const { duty, served, askedBy } = state;
    state.askedBy = null;
    const beganAt = clock.now();
    const slot = slotAt(duty.timetable, beganAt);
    const missed = served === null ? null : slotsBetween(duty.timetable, served, slot);
    this.#running = state;
    state.served = slot;
    state.missed += missed?.count ?? 0;
    const result = await perform(duty, slot, missed);
    const endedAt = clock.now();
    this.#running = null;
    this.#seenAt = endedAt;
    state.last = { slot, beganAt, endedAt, result, missed, askedBy };
    state.runs += 1;
    state.failures = isFailure(result) ? state.failures + 1 : 0;
    state.next = nextOf(duty, result, endedAt);
    await ran(this.#statusOf(state), this.status());
  }

  /** A clock that was set back since it was last looked at. */
  #follow(now: Instant): void {
    const back = millisecondsBetween(now, this.#seenAt);
    this.#seenAt = now;
    if (back <= 0) return;
    this.#options.setBack(back);
    for (const state of this.#states) {
      const { timetable } = state.duty;
      const next = nextSlot(timetable, now);
      if (next < state.next) state.next = next;
      const slot = slotAt(timetable, now);
      if (state.served !== null && state.served > slot) state.served = slot;
    }
  }

  #wait(now: Instant): Promise<void> {
    const first = this.#states.reduce<Instant>(
      (soonest, { next }) => (next < soonest ? next : soonest),
      addMilliseconds(now, longestWaitMs),
    );
    // Rounded up: a wait that ends before its slot would begin again.
    const ms = -millisecondsBetween(first, now);
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(ms, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}

/** Whether the duty could not do what it is for; a break that it found is no failure. */
export const isFailure = ({ exitCode }: DutyResult): boolean =>
  exitCode !== 0 && exitCode !== 3 && exitCode !== 5;

function stateOf(duty: Duty, served: Instant | null, now: Instant): State {
  const slot = slotAt(duty.timetable, now);
  // Notes of a clock that ran ahead.
  const known = served !== null && served > slot ? slot : served;
  const isDue = duty.atStart === 'always' || known === null || known < slot;
  const next = isDue ? now : nextSlot(duty.timetable, now);
  const none = { last: null, paused: null, askedBy: null };
  return { duty, served: known, next, ...none, runs: 0, failures: 0, missed: 0 };
}

function nextOf(duty: Duty, result: DutyResult, endedAt: Instant): Instant {
  const next = nextSlot(duty.timetable, endedAt);
  if (duty.retry === null || !isFailure(result)) return next;
  const retry = nextSlot(duty.retry, endedAt);
  return retry < next ? retry : next;
}
