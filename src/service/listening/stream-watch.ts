/** When each stream was heard last, and how the listener fares. */
import { addMilliseconds, type Instant, millisecondsBetween } from '../../model/instant.ts';
import type { Gap } from '../../store/feeds.ts';
import type { VenueEvent } from '../../venues/venue.ts';
import type { OrdersCompared } from './open-orders.ts';
import type { Tally } from './tally.ts';

export interface OneStream {
  readonly stream: string;
  readonly lastEventAt: Instant;
  readonly lastEventAgeMs: number;
  readonly silent: boolean;
}

export interface StreamHealth extends Tally {
  readonly streams: readonly OneStream[];
  /** Null: nothing was heard yet. */
  readonly lastEventAgeMs: number | null;
  /** Since the listener began. */
  readonly gaps: number;
  readonly openGaps: readonly Gap[];
  /** Messages that are kept and not in the book. */
  readonly unread: number;
  readonly completeThrough: Instant | null;
  readonly comparedAt: Instant | null;
  /** Why the venue could not be listed last; null: it could. */
  readonly problem: string | null;
  /** What became of orders at the last comparison; null: there was none. */
  readonly orders: OrdersCompared | null;
  readonly waiting: number;
  readonly waitedMost: number;
}

interface Heard {
  at: Instant;
  /** The silence that goes on was told. */
  told: boolean;
}

export class StreamWatch {
  readonly #heard = new Map<string, Heard>();

  /** Of any stream; null: none was heard. */
  get lastHeard(): Instant | null {
    const times = [...this.#heard.values()].map(({ at }) => at);
    return times.reduce<Instant | null>(
      (last, at) => (last === null || at > last ? at : last),
      null,
    );
  }

  heard({ stream }: VenueEvent, at: Instant): void {
    this.#heard.set(stream, { at, told: false });
  }

  /** Streams that have been silent for so long and were not said to be; they are now. */
  silentSince(
    now: Instant,
    silenceMs: number,
  ): readonly { readonly stream: string; readonly since: Instant }[] {
    const silent: { stream: string; since: Instant }[] = [];
    for (const [stream, one] of this.#heard) {
      if (one.told || addMilliseconds(one.at, silenceMs) > now) continue;
      one.told = true;
      silent.push({ stream, since: one.at });
    }
    return silent;
  }

  /** Milliseconds until a stream may be silent; null: none can become so. */
  untilSilence(now: Instant, silenceMs: number): number | null {
    const waits = [...this.#heard.values()]
      .filter(({ told }) => !told)
      .map(({ at }) => millisecondsBetween(now, addMilliseconds(at, silenceMs)));
    return waits.length === 0 ? null : Math.max(0, Math.min(...waits));
  }

  at(now: Instant, silenceMs: number): Pick<StreamHealth, 'streams' | 'lastEventAgeMs'> {
    const streams = [...this.#heard].map(([stream, { at }]) => ({
      stream,
      lastEventAt: at,
      lastEventAgeMs: millisecondsBetween(at, now),
      silent: addMilliseconds(at, silenceMs) <= now,
    }));
    const last = this.lastHeard;
    return { streams, lastEventAgeMs: last === null ? null : millisecondsBetween(last, now) };
  }
}
