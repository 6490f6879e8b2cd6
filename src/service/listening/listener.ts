/**
 * Listens to a venue until it is stopped. A message is kept before it is interpreted; a reconnect,
 * a start and a silence are gaps until the venue has listed what lies in them; and while all looks
 * well, what it lists is compared all the same, because a single frame can be lost.
 */
import type { AccountFact } from '../../model/fact.ts';
import { addMilliseconds, type Instant, millisecondsBetween } from '../../model/instant.ts';
import type { NewGap } from '../../store/feeds.ts';
import type { RawMessage } from '../../store/raw-events.ts';
import type { Venue, VenueEvent } from '../../venues/venue.ts';
import { durationText } from '../duration.ts';
import type { Log } from '../log.ts';
import type { WaitingClock } from '../system-clock.ts';
import { rest } from './asking.ts';
import type { Comparison, Following } from './following.ts';
import { Inbox } from './inbox.ts';
import type { ListenSettings } from './settings.ts';
import { type StreamHealth, StreamWatch } from './stream-watch.ts';

export interface ListenerParts {
  readonly venue: Venue;
  readonly following: Following;
  /** Made where the book has none. */
  readonly account: AccountFact;
  readonly clock: WaitingClock;
  readonly log: Log;
  readonly settings: ListenSettings;
}

const hourMs = 3_600_000;
/** A gap is not waited with until the next comparison, nor asked for at every turn. */
const soonMs = 2_000;
const longestRestMs = 60_000;
/** With the pauses between them some two minutes. */
const refusalsMax = 6;
export const allStreams = 'all streams';

export class Listener {
  readonly #parts: ListenerParts;
  readonly #inbox: Inbox<VenueEvent>;
  readonly #watch = new StreamWatch();
  readonly #patience: { clock: WaitingClock; signal: AbortSignal; tries: number };
  readonly #stop = new AbortController();
  #nextCompare: Instant;
  #lastCompare: Instant | null = null;
  #comparing: Promise<void> | null = null;
  #failures = 0;
  #prunedAt: Instant;
  #last: Comparison | null = null;
  #fault: unknown = null;
  /** Comparisons in a row for which the venue refused the key. */
  #refusals = 0;
  /** The venue was listed to its end since this began. */
  #wasGood = false;
  #isRefused = false;

  constructor(parts: ListenerParts) {
    this.#parts = parts;
    const { clock, settings } = parts;
    this.#inbox = new Inbox(settings.inboxMax, clock);
    this.#patience = { clock, signal: this.#stop.signal, tries: 3 };
    this.#nextCompare = clock.now();
    this.#prunedAt = clock.now();
  }

  /** Until `stop`: 0, or 4 when the venue refused the key. Throws what the book cannot outlive. */
  async run(): Promise<0 | 4> {
    const { following, account, log, venue } = this.#parts;
    await following.begin(account, this.#patience);
    await following.take([], [this.#gap(allStreams, following.through, 'nobody listened')]);
    const paper = venue.capabilities.mode === 'paper' ? ', PAPER' : '';
    const where = `${venue.name}, ${venue.account}${paper}`;
    log.info({ event: 'listen.started', msg: `Listening to ${where}` });
    const pumped = this.#pump();
    while (!this.#stop.signal.aborted && this.#fault === null) await this.#turn();
    await this.#drain(pumped);
    if (this.#fault !== null) throw this.#fault;
    const { booked, missedByStream } = following.tally;
    const msg = `Stopped: ${booked} facts booked, ${missedByStream} missed by the stream`;
    log.info({ event: 'listen.stopped', msg });
    return this.#isRefused ? 4 : 0;
  }

  /** Takes nothing more from the venue; what came is still booked. */
  stop(): void {
    this.#stop.abort();
    this.#inbox.wake();
  }

  health(): StreamHealth {
    const { following, clock, settings } = this.#parts;
    const now = clock.now();
    return {
      ...this.#watch.at(now, settings.silenceMs),
      ...following.tally,
      gaps: following.gaps.opened,
      openGaps: following.gaps.open,
      unread: following.unread,
      completeThrough: following.through,
      comparedAt: this.#lastCompare,
      problem: this.#last?.why ?? null,
      orders: this.#last?.orders ?? null,
      waiting: this.#inbox.size,
      waitedMost: this.#inbox.most,
    };
  }

  async #turn(): Promise<void> {
    const { clock, settings } = this.#parts;
    const now = clock.now();
    const untilCompare =
      this.#comparing === null ? millisecondsBetween(now, this.#nextCompare) : soonMs;
    const untilSilence = this.#watch.untilSilence(now, settings.silenceMs) ?? untilCompare;
    const waitMs = Math.max(1, Math.min(untilCompare, untilSilence, settings.compareEveryMs));
    const events = await this.#inbox.take(settings.batchMax, waitMs);
    try {
      if (events.length > 0) await this.#work(events);
      await this.#noteSilence();
      this.#compareWhenDue();
      await this.#pruneWhenDue();
    } catch (error) {
      this.#fault ??= error;
    }
  }

  /** Of what came: messages are kept and read, gaps are noted and listed soon. */
  async #work(events: readonly VenueEvent[]): Promise<void> {
    const { following, venue, clock } = this.#parts;
    const { name, account } = venue;
    const messages: RawMessage[] = [];
    const gaps: NewGap[] = [];
    for (const event of events) {
      this.#watch.heard(event, clock.now());
      if (event.kind === 'message') {
        const { stream, receivedAt, raw: text } = event;
        messages.push({ venue: name, account, stream, receivedAt, text });
      } else if (event.kind === 'gap') {
        const { stream, since, at, why } = event;
        gaps.push({ venue: name, account, stream, from: since, to: at, why });
      }
    }
    const before = following.unread;
    await following.take(messages, gaps);
    if (this.#inbox.size === 0) await following.readKept();
    if (gaps.length > 0 || following.unread > before) this.#compareSoon();
  }

  /** At once, but not at every turn while a venue answers nothing. */
  #compareSoon(): void {
    const { clock } = this.#parts;
    const last = this.#lastCompare;
    const soonest = last === null ? clock.now() : addMilliseconds(last, soonMs);
    if (this.#failures === 0 && soonest < this.#nextCompare) this.#nextCompare = soonest;
  }

  #compareWhenDue(): void {
    const { clock } = this.#parts;
    const isDue = clock.now() >= this.#nextCompare;
    if (!isDue || this.#comparing !== null || this.#stop.signal.aborted) return;
    this.#comparing = this.#compare().then(
      () => {
        this.#comparing = null;
        this.#inbox.wake();
      },
      (error: unknown) => {
        this.#comparing = null;
        this.#fault ??= error;
        this.#inbox.wake();
      },
    );
  }

  async #compare(): Promise<void> {
    const { following, clock, log, settings } = this.#parts;
    const before = this.#last;
    const last = await following.compare(this.#patience);
    this.#last = last;
    const now = clock.now();
    this.#lastCompare = now;
    this.#failures = last.why === null ? 0 : this.#failures + 1;
    if (last.why !== null && last.why !== before?.why) {
      log.error({ event: 'listing.failed', msg: `The venue cannot be listed: ${last.why}` });
    } else if (last.why === null && before !== null && before.why !== null) {
      log.info({ event: 'listing.restored', msg: 'The venue can be listed again' });
    }
    this.#refuseWhenSure(last);
    const hasOpen = following.gaps.open.some(
      ({ to }) => last.through === null || to > last.through,
    );
    const pause =
      last.why === null && !hasOpen
        ? settings.compareEveryMs
        : Math.min(soonMs * 2 ** Math.min(this.#failures, 5), settings.compareEveryMs);
    this.#nextCompare = addMilliseconds(now, pause);
  }

  /** At once where the key was never good, and after a while where it was: that may pass. */
  #refuseWhenSure({ credentials, why }: Comparison): void {
    this.#refusals = credentials ? this.#refusals + 1 : 0;
    this.#wasGood ||= why === null;
    if (this.#refusals < (this.#wasGood ? refusalsMax : 1)) return;
    this.#isRefused = true;
    const msg = `The key is refused${this.#wasGood ? ' again and again' : ''}: ${why}`;
    this.#parts.log.error({ event: 'listen.refused', msg });
    this.stop();
  }

  /** A stream that went silent is a gap, once for each silence. */
  async #noteSilence(): Promise<void> {
    const { following, clock, settings } = this.#parts;
    const silent = this.#watch.silentSince(clock.now(), settings.silenceMs);
    if (silent.length === 0) return;
    const why = `silent for ${durationText(settings.silenceMs)}`;
    await following.take(
      [],
      silent.map(({ stream, since }) => this.#gap(stream, since, why)),
    );
    this.#compareSoon();
  }

  async #pruneWhenDue(): Promise<void> {
    const { following, clock } = this.#parts;
    if (addMilliseconds(this.#prunedAt, hourMs) > clock.now()) return;
    this.#prunedAt = clock.now();
    await following.prune();
  }

  #gap(stream: string, from: Instant | null, why: string): NewGap {
    const { venue, clock } = this.#parts;
    return { venue: venue.name, account: venue.account, stream, from, to: clock.now(), why };
  }

  /** The venue's events into the inbox, for as long as it takes. */
  async #pump(): Promise<void> {
    const { venue, clock } = this.#parts;
    const { signal } = this.#stop;
    for (let tries = 1; !signal.aborted; tries += 1) {
      const began = clock.now();
      const why = await this.#pumpOnce();
      if (signal.aborted) return;
      const since = this.#watch.lastHeard ?? began;
      await this.#inbox.put({ kind: 'gap', stream: allStreams, since, at: clock.now(), why });
      if (millisecondsBetween(began, clock.now()) > longestRestMs) tries = 1;
      this.#parts.log.warn({ event: 'stream.ended', msg: `The stream of ${venue.name} ${why}` });
      await rest(clock, Math.min(1_000 * tries, longestRestMs), signal);
    }
  }

  async #pumpOnce(): Promise<string> {
    const { signal } = this.#stop;
    try {
      for await (const event of this.#parts.venue.events(signal)) {
        const room = this.#inbox.put(event);
        // What was taken from the venue is booked, also when it is stopped meanwhile.
        if (room !== null) await room;
        if (signal.aborted) break;
      }
      return 'ended';
    } catch (error) {
      return `failed: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  /** What came is booked; what the venue is asked meanwhile is waited for, but not for ever. */
  async #drain(pumped: Promise<void>): Promise<void> {
    const { clock, settings } = this.#parts;
    this.#stop.abort();
    await this.#empty();
    await new Promise<void>((resolve) => {
      const cancel = clock.after(settings.drainMs, resolve);
      const ended = () => {
        cancel();
        resolve();
      };
      void Promise.allSettled([pumped, this.#comparing]).then(ended);
    });
    await this.#empty();
  }

  async #empty(): Promise<void> {
    const { settings } = this.#parts;
    while (this.#inbox.size > 0 && this.#fault === null) {
      const events = await this.#inbox.take(settings.batchMax, 1);
      try {
        await this.#work(events);
      } catch (error) {
        this.#fault ??= error;
      }
    }
  }
}
