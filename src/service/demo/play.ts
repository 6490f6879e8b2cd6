/**
 * Lets the demo happen: prices move, bots trade by them, things go wrong by their table, and the
 * duties are asked for as often as suits somebody who looks on.
 */
import { millisecondsBetween } from '../../model/instant.ts';
import type { DutyControl } from '../duties/control.ts';
import type { Log } from '../log.ts';
import type { WaitingClock } from '../system-clock.ts';
import type { DemoBot } from './bot.ts';
import { demoInstruments } from './market.ts';
import { type Mishap, mishaps } from './mishaps.ts';
import type { DemoAccount, DemoWorld } from './world.ts';

export interface PlayOptions {
  readonly world: DemoWorld;
  readonly bots: ReadonlyMap<DemoAccount, DemoBot>;
  readonly duties: Pick<DutyControl, 'status' | 'runNow'>;
  /** Books the newest fill of an account once more, under another id; false: there was none. */
  readonly bookAgain: (account: string) => Promise<boolean>;
  readonly clock: WaitingClock;
  readonly log: Log;
  /** How many times faster than usual everything happens. */
  readonly speed: number;
}

const moveEveryMs = 250;
const checkEveryMs = 3_000;

/** Duties that are asked for in each round, and those that are seldom. */
const every = /^(check|exit) /;
const everySecond = /^(check|exit|venue-update) |^record-equity$/;

interface Due {
  readonly mishap: Mishap;
  atMs: number;
}

export class Play {
  readonly #options: PlayOptions;
  readonly #due: Due[];
  readonly #beganAt: bigint;
  readonly #cancels = new Set<() => void>();
  #happened = 0;
  #rounds = 0;
  /** Duties of the last round, and how often each had run. */
  readonly #asked = new Map<string, number>();
  #isOver = false;

  constructor(options: PlayOptions) {
    this.#options = options;
    this.#due = mishaps.map((mishap) => ({ mishap, atMs: mishap.at * 1_000 }));
    this.#beganAt = options.clock.now();
    this.#every(moveEveryMs, () => this.#move());
    this.#every(checkEveryMs, () => this.#check());
  }

  /** Mishaps that happened. */
  get happened(): number {
    return this.#happened;
  }

  /** Nobody trades and nothing goes wrong any more. */
  stop(): void {
    this.#isOver = true;
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }

  #every(ms: number, work: () => void): void {
    if (this.#isOver) return;
    const { clock, speed } = this.#options;
    const cancel = clock.after(ms / speed, () => {
      this.#cancels.delete(cancel);
      work();
      this.#every(ms, work);
    });
    this.#cancels.add(cancel);
  }

  #move(): void {
    const { world, bots, clock } = this.#options;
    const now = clock.now();
    for (const { account, exchange, market } of world.venues) {
      for (const event of market.move(now)) exchange.advance(event);
      for (const one of demoInstruments) {
        bots.get(account)!.see(one.instrument.name, market.priceOf(one), now);
      }
    }
    this.#mishaps();
  }

  #check(): void {
    const { duties } = this.#options;
    const all = duties.status();
    // Much faster than usual, a round takes longer than the time until the next one: the first
    // duties would be asked for again, and the last of them never have their turn.
    const waits = all.filter(({ name, runs }) => this.#asked.get(name) === runs);
    if (waits.some(({ paused }) => paused === null)) return;
    this.#asked.clear();
    this.#rounds += 1;
    const wanted = this.#rounds % 2 === 0 ? everySecond : every;
    for (const { name, running, runs } of all) {
      if (running || !wanted.test(name)) continue;
      if (duties.runNow(name, 'demo')) this.#asked.set(name, runs);
    }
  }

  #mishaps(): void {
    const elapsedMs = this.#elapsedMs();
    for (const due of this.#due) {
      if (due.atMs > elapsedMs) continue;
      const { again } = due.mishap;
      due.atMs = again === null ? Number.POSITIVE_INFINITY : due.atMs + again * 1_000;
      this.#strike(due);
    }
  }

  /** Of the demo's own time. */
  #elapsedMs(): number {
    const { clock, speed } = this.#options;
    return millisecondsBetween(this.#beganAt, clock.now()) * speed;
  }

  #strike(due: Due): void {
    const { world, log, bookAgain } = this.#options;
    const { mishap } = due;
    if (mishap.what === 'venue') {
      const venue = world.venues.find(({ account }) => account === mishap.account)!;
      venue.exchange.strike(mishap.fault);
      this.#happened += 1;
      log.info({ event: 'demo.fault', account: mishap.account, msg: `DEMO ${mishap.why}` });
      return;
    }
    bookAgain(mishap.account)
      .then((isBooked) => {
        if (isBooked) {
          this.#happened += 1;
          const msg = `DEMO somebody books a fill twice: ${mishap.why}`;
          log.info({ event: 'demo.fault', account: mishap.account, msg });
        } else due.atMs = this.#elapsedMs() + retryMs;
      })
      .catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        log.warn({ event: 'demo.failed', msg: `DEMO ${mishap.why}: ${why}` });
      });
  }
}

/** Nothing was filled yet: it is tried again. */
const retryMs = 1_000;
