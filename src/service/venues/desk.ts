/**
 * A venue of the settings for as long as a service runs. Its connection is shared by whatever is
 * done with it, and with the connection the limits of its rate.
 */
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

export class VenueDesk {
  readonly name: string;
  readonly #options: VenueDeskOptions;

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

  /** Once, from where the last pull ended. Throws a VenueRefused, or a StoreError. */
  async pull(log: Log, signal: AbortSignal): Promise<Pulled> {
    const { opened, clock, markMaxAgeMs } = this.#options;
    // What is pulled is told at the end; what goes wrong meanwhile, at once.
    const quiet = { ...log, info: () => undefined };
    return await this.#following(quiet, signal, false, async ({ following, ...parts }) => {
      await following.begin(parts.account, { clock, signal, tries });
      const { keeper, reader } = parts;
      const { venue } = opened;
      return pull({ venue, following, keeper, reader, clock, signal, markMaxAgeMs }, null);
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
        try {
          return await listener.run();
        } finally {
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
    const { opened, book, markMaxAgeMs, clock, notReady } = this.#options;
    const pulled = () => this.pull(log, signal);
    const parts = { ...opened, book, markMaxAgeMs, clock, log, signal, pull: pulled };
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

  /** Holds the account against the book, once. Throws as `pull` does. */
  check(
    signal: AbortSignal,
    how: Pick<LookRequest, 'repair' | 'policy'>,
  ): Promise<VenueLook | null> {
    const { opened, book, markMaxAgeMs, clock, openWriter } = this.#options;
    return lookAtVenue({ ...opened, book, markMaxAgeMs, clock, signal, openWriter, ...how });
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
    const { onBooked } = this.#options;
    const followed = await openFollowed({
      ...{ ...opened, book, programVersion, markMaxAgeMs, clock, log, signal, streams },
      ...{ holder: `trueup schedule of ${name}`, openWriter, listening: { drainMs } },
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
