/**
 * A venue of the settings for as long as a service runs. Its connection is shared by whatever is
 * done with it, and with the connection the limits of its rate.
 */
import { addMilliseconds, type Instant } from '../../model/instant.ts';
import type { Statement } from '../../model/statement.ts';
import type { Venue } from '../../venues/venue.ts';
import type { BookWriter } from '../book.ts';
import { type ExitMode, type ExitReport, exitsOf } from '../exiting/desk.ts';
import { Listener } from '../listening/listener.ts';
import { type Followed, openFollowed } from '../listening/opening.ts';
import { type Pulled, pull } from '../listening/pull.ts';
import type { StreamHealth } from '../listening/stream-watch.ts';
import type { Log } from '../log.ts';
import type { BookReader } from '../reading.ts';
import type { ReconcileOptions } from '../reconciling.ts';
import type { WaitingClock } from '../system-clock.ts';
import { type ComparedWithVenue, comparedWithVenue } from '../venue-check/comparing.ts';
import { type LookRequest, lookAtVenue, type VenueLook } from '../venue-check/looking.ts';
import { timesOf } from '../venue-check/times.ts';
import { accountAt } from './of-accounts.ts';
import type { OpenedVenue } from './opening.ts';
import { VenueRefused } from './refused.ts';

export interface VenueDeskOptions {
  /** The venue's name in the settings. */
  readonly name: string;
  readonly opened: OpenedVenue;
  readonly book: string;
  /** What reads the book, for as long as the desk stands; asked for once the book is there. */
  readonly reader: () => BookReader;
  readonly programVersion: string;
  readonly markMaxAgeMs: number;
  readonly clock: WaitingClock;
  /** Who writes: the process that holds the book. */
  readonly openWriter: () => Promise<BookWriter>;
  /** After something was booked. */
  readonly onBooked?: () => void;
  /** Why no order of ours may be sent yet; null: one may. Absent: the gate alone decides. */
  readonly notReady?: () => string | null;
}

export interface Listening {
  health(): StreamHealth;
  /** Until the signal aborts: 0, or 4 where the venue refuses the key. */
  run(): Promise<0 | 4>;
}

/** A service waits ten seconds for what goes on; the listener books what came within less. */
const drainMs = 5_000;
const tries = 3;
/** How far behind what was listed a pull lists again beside a listener. */
const besideListenerMs = 60_000;
/** How long checks list no further back than to when all was true. */
const briefMs = 30 * 60_000;

export class VenueDesk {
  readonly name: string;
  readonly #options: VenueDeskOptions;
  /** When a pull listed far back, for what a venue lists late: not each of them has to. */
  #deepAt: Instant | null = null;
  /** While it goes on it lists what lies behind every minute itself. */
  #listener: Listener | null = null;
  #told: Statement | null = null;
  /** When a check last listed a whole hour, for what a venue lists late. */
  #hourAt: Instant | null = null;

  constructor(options: VenueDeskOptions) {
    this.#options = options;
    this.name = options.name;
  }

  get account(): string {
    return this.#options.opened.venue.account;
  }

  /** As it was measured when it was asked last; null: nobody measures it. */
  get clockAheadMs(): number | null {
    return this.#options.opened.venue.clockAheadMs ?? null;
  }

  /** What the listener that goes on knows of its streams; null: nobody listens. */
  get health(): StreamHealth | null {
    return this.#listener?.health() ?? null;
  }

  /** Once, from where the last pull ended. Throws a VenueRefused, or a StoreError. */
  async pull(log: Log, signal: AbortSignal): Promise<Pulled> {
    const { opened, clock, markMaxAgeMs } = this.#options;
    // What is pulled is told at the end; what goes wrong meanwhile, at once.
    const quiet = { ...log, info: () => undefined };
    return await this.#following(quiet, signal, false, async ({ following, ...parts }) => {
      await following.begin(parts.account, { clock, signal, tries });
      const { keeper, reader } = parts;
      const { venue } = opened;
      const asked = { venue, following, keeper, reader, clock, signal, markMaxAgeMs };
      const pulled = await pull(asked, null);
      this.#deepAt = following.deepAt;
      return pulled;
    });
  }

  /** Until the signal aborts. Throws as `pull` does, and what the book cannot outlive. */
  async listen(log: Log, signal: AbortSignal, begun: (health: () => StreamHealth) => void) {
    const { opened, clock } = this.#options;
    const { venue } = opened;
    const streams = venue.capabilities.streams.executions;
    return await this.#following(
      log,
      signal,
      streams,
      async ({ following, account, listening }) => {
        const listener = new Listener({
          ...{ venue, following, account, clock, log, settings: listening },
        });
        const stop = () => listener.stop();
        signal.addEventListener('abort', stop, { once: true });
        if (signal.aborted) stop();
        begun(() => listener.health());
        this.#listener = listener;
        try {
          return await listener.run();
        } finally {
          this.#listener = null;
          signal.removeEventListener('abort', stop);
        }
      },
    );
  }

  /** Whether a person configured that orders may leave aged positions. */
  get leavesAged(): boolean {
    const { settings } = this.#options.opened;
    return settings.exits?.enabled === true && !settings.readOnly;
  }

  /** Plans, or carries out, the exits of aged positions. Throws as `pull` does. */
  exits(mode: ExitMode, log: Log, signal: AbortSignal): Promise<ExitReport> {
    const { opened, book, reader, markMaxAgeMs, clock, notReady } = this.#options;
    const pulled = () => this.pull(log, signal);
    const parts = { ...opened, book, reader, markMaxAgeMs, clock, log, signal, pull: pulled };
    return exitsOf(notReady === undefined ? parts : { ...parts, notReady }, mode);
  }

  /** The account beside what the venue says now; nothing is noted. Throws as `pull` does. */
  async compared(
    reader: BookReader,
    options: ReconcileOptions,
    signal: AbortSignal,
  ): Promise<ComparedWithVenue> {
    const { opened, clock } = this.#options;
    const { venue, settings } = opened;
    const account = accountAt(reader.file.accounts(), venue, null);
    if (!account.ok) throw new VenueRefused(account.refusal);
    const asking = { clock, signal, times: timesOf(settings) };
    return await comparedWithVenue(reader, { account: account.value, venue }, options, asking);
  }

  /** For orders; null: the settings leave it read-only, or it cannot trade. */
  get trading(): Pick<Venue, 'place' | 'cancel' | 'order' | 'name'> | null {
    const { venue, settings } = this.#options.opened;
    return settings.readOnly || !venue.capabilities.trading ? null : venue;
  }

  /** What the last check was told, while it is known; null: no answer, or no check yet. */
  get told(): Statement | null {
    return this.#told;
  }

  /** Holds the account against the book, once. Throws as `pull` does. */
  async check(
    signal: AbortSignal,
    how: Pick<LookRequest, 'repair' | 'policy'>,
  ): Promise<VenueLook | null> {
    const { opened, reader, markMaxAgeMs, clock, openWriter } = this.#options;
    const began = clock.now();
    const isBrief = this.#hourAt !== null && addMilliseconds(this.#hourAt, briefMs) > began;
    const asked = { ...opened, markMaxAgeMs, clock, signal, openWriter, ...how };
    const look = await lookAtVenue({ ...asked, reader: reader(), isBrief });
    if (look === null) return null;
    this.#told = look.told;
    if (!isBrief && look.why === null) this.#hourAt = began;
    return look;
  }

  async close(): Promise<void> {
    await this.#options.opened.venue.close();
  }

  async #following<T>(
    log: Log,
    signal: AbortSignal,
    streams: boolean,
    work: (followed: Followed) => Promise<T>,
  ): Promise<T> {
    const { name, opened, book, programVersion, markMaxAgeMs, clock, openWriter } = this.#options;
    const { reader, onBooked } = this.#options;
    const followed = await openFollowed({
      ...{ ...opened, book, reader, programVersion, markMaxAgeMs, clock, log, signal, streams },
      ...{ holder: `trueup schedule of ${name}`, openWriter },
      listening: { drainMs, ...(this.#listener !== null ? { overlapMs: besideListenerMs } : {}) },
      deepAt: streams ? null : this.#deepAt,
      ...(onBooked === undefined ? {} : { onBooked }),
    });
    if (!followed.ok) throw new VenueRefused(followed.refusal);
    try {
      return await work(followed.value);
    } finally {
      await followed.value.close();
    }
  }
}
