/**
 * Duties without hours: they go on for as long as the service does. One that ends is begun anew,
 * after a pause that grows while it ends again and again.
 */
import { millisecondsBetween } from '../../model/instant.ts';
import type { AlertDesk } from '../alerts/alert.ts';
import { durationText } from '../duration.ts';
import { failureOf } from '../failure.ts';
import { rest } from '../listening/asking.ts';
import type { Log } from '../log.ts';
import type { WaitingClock } from '../system-clock.ts';
import { type AlertName, alertOf, caseKey, settle } from './alerting.ts';

export interface StandingDuty {
  readonly name: string;
  /** The alert of a duty that ends again and again. */
  readonly alert: AlertName;
  readonly rationale: string;
  /** Until the signal aborts; what it throws is why it ended. */
  run(context: StandingContext): Promise<void>;
}

export interface StandingContext {
  readonly clock: WaitingClock;
  readonly log: Log;
  readonly signal: AbortSignal;
}

export interface StandingParts {
  readonly clock: WaitingClock;
  readonly log: Log;
  readonly alerts: AlertDesk;
  /** What the service looks after: its cases are told apart by it. */
  readonly source: string;
  readonly duties: readonly StandingDuty[];
}

const firstPauseMs = 5_000;
const longestPauseMs = 5 * 60_000;
/** Whoever lasted so long was well. */
const wellAfterMs = 60_000;
/** A line may break once: a person is told when it does again. */
const toldAfter = 3;

export class Standing {
  readonly #parts: StandingParts;
  readonly #stop = new AbortController();

  constructor(parts: StandingParts) {
    this.#parts = parts;
  }

  /** Until `stop`, and every one of them has ended. */
  async run(): Promise<void> {
    await Promise.all(this.#parts.duties.map((duty) => this.#keep(duty)));
  }

  stop(): void {
    this.#stop.abort();
  }

  async #keep(duty: StandingDuty): Promise<void> {
    const { clock, log } = this.#parts;
    const { signal } = this.#stop;
    for (let ends = 1; !signal.aborted; ends += 1) {
      const began = clock.now();
      const cancel = clock.after(wellAfterMs, () => void this.#tellWell(duty), 'background');
      const ended = await this.#once(duty);
      cancel();
      if (signal.aborted) return;
      if (millisecondsBetween(began, clock.now()) >= wellAfterMs) ends = 1;
      const pauseMs = Math.min(firstPauseMs * 2 ** Math.min(ends - 1, 10), longestPauseMs);
      const msg = `${duty.name} ended: ${ended.why}; begun anew in ${durationText(pauseMs)}`;
      log.error({ event: 'standing.ended', msg });
      if (ends >= toldAfter || ended.isForGood) await this.#tellEnded(duty, ended);
      await rest(clock, pauseMs, signal);
    }
  }

  async #once(duty: StandingDuty): Promise<Ended> {
    const { clock, log } = this.#parts;
    try {
      await duty.run({ clock, log, signal: this.#stop.signal });
      return { why: 'it came to its end', hint: null, isForGood: false };
    } catch (error) {
      const failure = failureOf(error);
      const why = error instanceof Error ? error.message : String(error);
      // Only in the log: a stack is for whoever looks for the fault.
      if (failure === null && error instanceof Error && error.stack !== undefined) {
        log.error({ event: 'standing.ended', msg: error.stack });
      }
      return { why, hint: failure?.hint ?? null, isForGood: failure?.retry === false };
    }
  }

  #key = ({ name }: StandingDuty): string => caseKey('standing', this.#parts.source, name);

  async #tellEnded(duty: StandingDuty, { why, hint }: Ended): Promise<void> {
    const { alerts, clock } = this.#parts;
    const { name, alert } = duty;
    const told = { key: this.#key(duty), name: alert, severity: 'high' } as const;
    const lines = [...(hint === null ? [] : [hint]), 'It is begun anew until it goes on.'];
    const title = `${name} ended: ${why}`;
    await alerts.raise(alertOf({ ...told, title, lines }, clock.now()));
  }

  async #tellWell(duty: StandingDuty): Promise<void> {
    const { alerts, clock } = this.#parts;
    await settle(alerts, this.#key(duty), [], `${duty.name} goes on again`, clock.now());
  }
}

interface Ended {
  readonly why: string;
  readonly hint: string | null;
  /** It will end so again, until a person does something. */
  readonly isForGood: boolean;
}
