/** The service: duties by the clock, with their log, their alerts, and the book held meanwhile. */
import { type Instant, millisecondsBetween } from '../../model/instant.ts';
import { durationText } from '../duration.ts';
import type { Log } from '../log.ts';
import type { LogFile } from '../log-file.ts';
import type { SourceDesk } from '../source/desk.ts';
import type { WaitingClock } from '../system-clock.ts';
import { alertOf, caseKey, type FlushedDesk, safely, settle } from './alerting.ts';
import type { BookHold } from './book-hold.ts';
import { type DutyControl, type DutyMemory, type DutyShown, noMemory } from './control.ts';
import type {
  DayReporter,
  Duty,
  DutyContext,
  DutyOptions,
  DutyResult,
  DutyRun,
  DutyStatus,
} from './duty.ts';
import type { DutyNotes } from './duty-notes.ts';
import { performDuty } from './performing.ts';
import { longestWaitMs, Scheduler } from './scheduler.ts';
import type { ServiceManager } from './service-manager.ts';
import { Standing, type StandingDuty } from './standing.ts';
import { type MissedSlots, timetableText } from './timetable.ts';

export interface ScheduleParts {
  readonly clock: WaitingClock;
  readonly duties: readonly Duty[];
  /** They go on while the service does; `--once` runs none. */
  readonly standing: readonly StandingDuty[];
  readonly options: DutyOptions;
  readonly source: string;
  readonly log: Log;
  /** Null: the log is not kept in a file. */
  readonly logFile: LogFile | null;
  readonly alerts: FlushedDesk;
  readonly reporter: DayReporter;
  readonly notes: DutyNotes;
  readonly hold: BookHold;
  readonly manager: ServiceManager;
  readonly openDesk: () => Promise<SourceDesk>;
  /** What outlives the process; absent: nothing does. */
  readonly memory?: DutyMemory;
  /** Told when a run begins, and when it has ended. */
  readonly watch?: (name: string, run: DutyRun | null) => void;
}

/** A run that takes longer is stuck: nobody waits for it silently. */
const stuckAfterMs = 5 * 60_000;
/** Whoever stops the service waits at most so long for the run that goes on. */
const stopWithinMs = 10_000;
const tickMs = longestWaitMs;
/** Waiting is cut into pieces that are much shorter. */
const idleMs = 4 * longestWaitMs;
/** What could not be sent is tried again once a minute. */
const flushEvery = 60_000 / tickMs;

export class Schedule {
  readonly #parts: ScheduleParts;
  readonly #alerts: FlushedDesk;
  readonly #scheduler: Scheduler;
  readonly #standing: Standing;
  readonly #stopping = new AbortController();
  #isReady = false;
  #isBegun = false;
  #stopped: Promise<boolean> | null = null;
  #ended: Promise<void> = Promise.resolve();
  /** The run that is waited for no longer. */
  #leave: () => void = () => undefined;
  #hasLeft = false;
  #isStuck = false;
  #turns = 0;
  #ticks = 0;
  /** Since the loop last came round. */
  #stillTicks = 0;
  #cancelTick: () => void = () => undefined;

  constructor(parts: ScheduleParts) {
    this.#parts = parts;
    this.#alerts = safely(parts.alerts, parts.log);
    this.#standing = new Standing({ ...parts, alerts: this.#alerts, duties: parts.standing });
    const notes = readNotes(parts);
    const pauses = (parts.memory ?? noMemory).pauses();
    this.#scheduler = new Scheduler({
      clock: parts.clock,
      duties: parts.duties,
      served: (name) => notes?.find((note) => note.name === name)?.slot ?? null,
      perform: (duty, slot, missed) => this.#perform(duty, slot, missed),
      ran: (status, all) => this.#ran(status, all),
      setBack: (ms) => this.#setBack(ms),
      paused: (name) => pauses.get(name) ?? null,
    });
  }

  /** Another service that looks after the same source with this book, by its name; null: none. */
  async rival(): Promise<string | null> {
    const { hold } = this.#parts;
    await hold.ensure();
    const other = hold.other();
    return other !== null && placeOf(other) === placeOf(hold.name) ? other : null;
  }

  /** Whether a run goes on that nobody waits for. */
  get hasLeft(): boolean {
    return this.#hasLeft;
  }

  /** Until `stop`; false when a run had to be left that did not end. */
  async run(): Promise<boolean> {
    const { manager } = this.#parts;
    this.#begin();
    this.#isBegun = true;
    manager.watch(() => this.#stillness() === null);
    this.#tick();
    const left = new Promise<boolean>((resolve) => {
      this.#leave = () => resolve(false);
    });
    this.#ended = Promise.all([this.#scheduler.run(), this.#standing.run()]).then(() => undefined);
    return await Promise.race([this.#ended.then(() => true), left]);
  }

  /** What is due now, once; the worst exit code. */
  async once(): Promise<number> {
    this.#begin();
    this.#ended = this.#scheduler.once();
    await this.#ended;
    const codes = this.status().map(({ last }) => last?.result.exitCode ?? 0);
    return worstExitCode(codes);
  }

  /** Takes no more work; true when the run that went on has ended in time. */
  stop(why: string): Promise<boolean> {
    this.#stopped ??= this.#stop(why);
    return this.#stopped;
  }

  status(): readonly DutyStatus[] {
    return this.#scheduler.status();
  }

  /** As a person sees and controls them. */
  get control(): DutyControl {
    const { memory = noMemory, duties, standing, log } = this.#parts;
    const scheduler = this.#scheduler;
    const isPaused = (name: string) => scheduler.pauseOf(name) !== null;
    return {
      status: () => [
        ...scheduler.status().map((status, index) => ({
          ...{ ...status, rationale: duties[index]!.rationale, standing: false },
          paused: scheduler.pauseOf(status.name),
        })),
        ...standing.map((duty) => this.#standingShown(duty)),
      ],
      runNow: (name, by) => scheduler.runNow(name, by),
      pause(name, pause) {
        if (isPaused(name)) return true;
        if (!scheduler.pause(name, pause)) return false;
        memory.paused(name, pause);
        const { by, reason } = pause;
        log.info({ event: 'duty.paused', msg: `${name} was paused by ${by}: ${reason}` });
        return true;
      },
      resume(name, by) {
        const wasPaused = isPaused(name);
        if (!scheduler.pause(name, null)) return false;
        memory.paused(name, null);
        if (wasPaused) log.info({ event: 'duty.resumed', msg: `${name} was resumed by ${by}` });
        return true;
      },
    };
  }

  #standingShown({ name, rationale }: StandingDuty): DutyShown {
    const running = this.#isBegun && this.#stopped === null;
    const none = { timetable: null, next: null, last: null, paused: null };
    return { name, rationale, standing: true, running, ...none, runs: 0, failures: 0, missed: 0 };
  }

  /** Sends what is to be sent, gives the book back, and says how it went. */
  async close(): Promise<void> {
    const { hold, manager, log } = this.#parts;
    this.#cancelTick();
    const words = this.status().map(({ name, runs, missed }) => `${name} ${runs} (${missed})`);
    log.info({ event: 'schedule.stopped', msg: `Stopped; runs (missed): ${words.join(', ')}` });
    await this.#alerts.flush();
    await hold.close();
    await manager.close();
  }

  #begin(): void {
    const { log, source, duties, standing, options } = this.#parts;
    const words = [
      ...standing.map(({ name }) => `${name} all the time`),
      ...duties.map(({ name, timetable }) => `${name} ${timetableText(timetable)}`),
    ];
    const repair = options.repair === 'auto' ? 'repairs by itself' : 'repairs nothing';
    const msg = `Started on ${source}: ${words.join(', ')}; ${repair}`;
    log.info({ event: 'schedule.started', msg });
  }

  async #stop(why: string): Promise<boolean> {
    const { clock, log, manager } = this.#parts;
    const { running } = this.#scheduler.progress;
    const waiting = running === null ? '' : `; ${running} is finished first`;
    log.info({ event: 'schedule.stopping', msg: `Stopping: ${why}${waiting}` });
    manager.stopping();
    this.#scheduler.stop();
    this.#standing.stop();
    this.#stopping.abort();
    const inTime = await new Promise<boolean>((resolve) => {
      const cancel = clock.after(stopWithinMs, () => resolve(false));
      const ended = () => {
        cancel();
        resolve(true);
      };
      this.#ended.then(ended, ended);
    });
    if (!inTime) {
      const left = this.#scheduler.progress.running ?? 'a listener';
      const msg = `${left} did not end within ${durationText(stopWithinMs)} and is left`;
      log.warn({ event: 'schedule.left', msg });
      this.#hasLeft = true;
      this.#leave();
    }
    return inTime;
  }

  async #perform(duty: Duty, slot: Instant, missed: MissedSlots | null): Promise<DutyResult> {
    const { hold, openDesk, options, source, reporter, clock, log } = this.#parts;
    this.#parts.watch?.(duty.name, null);
    await hold.ensure();
    const context: DutyContext = {
      ...{ clock, log, options, source, reporter, slot, signal: this.#stopping.signal },
      alerts: this.#alerts,
      async withDesk(work) {
        const desk = await openDesk();
        try {
          return await work(desk);
        } finally {
          await desk.close();
        }
      },
    };
    const before = this.status().find(({ name }) => name === duty.name)?.failures ?? 0;
    return await performDuty(duty, context, missed, before);
  }

  async #ran({ name, last }: DutyStatus, all: readonly DutyStatus[]): Promise<void> {
    const { log, notes, manager, logFile, clock, source } = this.#parts;
    if (last !== null) {
      this.#parts.watch?.(name, last);
      const took = durationText(millisecondsBetween(last.beganAt, last.endedAt));
      log.info({ event: 'duty.ran', msg: `${name} took ${took}: ${last.result.sentence}` });
    }
    try {
      notes.write(all);
      if (last !== null) this.#parts.memory?.ran(name, last);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      log.warn({ event: 'notes.failed', msg: `What was run is not noted: ${why}` });
    }
    const now = clock.now();
    const [stuck, file] = [caseKey('stuck', source), caseKey('log', source)];
    await settle(this.#alerts, stuck, [], 'the run ended', now);
    await settle(this.#alerts, file, logAlerts(file, logFile), 'the log is written again', now);
    const ran = all.filter((one) => one.last !== null);
    const isVerdict = ({ name }: DutyStatus) => name === 'balance' || name.startsWith('check ');
    const verdict = ran.find(isVerdict) ?? ran[0];
    const status = verdict?.last?.result.sentence ?? '';
    const isReady = this.#isReady || this.#stopped !== null;
    if (isReady || all.some((one) => one.next <= clock.now())) manager.status(status);
    else {
      this.#isReady = true;
      manager.ready(status);
    }
  }

  /** What does not move, one sentence; null: the loop came round lately. */
  #stillness(): string | null {
    const { running } = this.#scheduler.progress;
    const still = this.#stillTicks * tickMs;
    if (running === null) return still > idleMs ? 'the timetable stands still' : null;
    if (still <= stuckAfterMs) return null;
    return `${running} has been running for more than ${durationText(stuckAfterMs)}`;
  }

  /**
   * Looks whether the loop came round. Counted by waiting, not by the clock, which jumps when the
   * machine wakes up.
   */
  #tick(): void {
    this.#cancelTick = this.#parts.clock.after(
      tickMs,
      () => {
        const { turns } = this.#scheduler.progress;
        this.#stillTicks = turns === this.#turns ? this.#stillTicks + 1 : 0;
        this.#turns = turns;
        this.#ticks += 1;
        this.#tellStillness();
        if (this.#ticks % flushEvery === 0) void this.#alerts.flush();
        this.#tick();
      },
      'background',
    );
  }

  /** A person is told, also where no service manager ends it. */
  #tellStillness(): void {
    const { clock, log, source } = this.#parts;
    const title = this.#stillness();
    if (title !== null && !this.#isStuck) {
      log.error({ event: 'duty.stuck', msg: title });
      const key = caseKey('stuck', source);
      const lines = ['No duty runs until it ends. A service manager ends it and begins it anew.'];
      const told = { key, name: 'duty-stuck', severity: 'high', title, lines } as const;
      void this.#alerts.raise(alertOf(told, clock.now()));
    }
    this.#isStuck = title !== null;
  }

  #setBack(ms: number): void {
    const msg = `The clock was set back by ${durationText(ms)}; the timetable follows it`;
    this.#parts.log.warn({ event: 'clock.back', msg });
  }
}

/** Whoever looks after the same place does the same, whichever command it is. */
const placeOf = (holder: string): string => holder.replace(/^trueup (schedule|serve) of /, '');

function readNotes({ notes, log }: ScheduleParts) {
  try {
    return notes.read();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    log.warn({ event: 'notes.failed', msg: `What ran before is not known: ${why}` });
    return null;
  }
}

function logAlerts(key: string, file: LogFile | null) {
  if (file === null || file.fault === null) return [];
  const lines = [`${file.lost} lines are lost so far; the duties go on`];
  const told = { name: 'log-unwritable', severity: 'medium', title: file.fault, lines } as const;
  return [{ key, ...told }];
}

/** Where several hold, the first of these is what a script is told. */
const precedence = [1, 7, 4, 2, 3, 5, 6, 0];

export const worstExitCode = (codes: readonly number[]): number =>
  precedence.find((code) => codes.includes(code)) ?? 0;
