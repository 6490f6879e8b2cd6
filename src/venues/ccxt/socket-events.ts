/**
 * What an exchange pushes, word for word, before the library sees it. A line that broke is a gap
 * from the last frame on: told when it breaks, and again once every stream is subscribed anew, as
 * only what is fetched after that covers what came in between.
 */
import type { Instant } from '../../model/instant.ts';
import type { VenueEvent } from '../venue.ts';
import type { Streams } from './dialect.ts';
import type { ExchangeClient } from './exchange-client.ts';
import { ExchangeFailure } from './failure.ts';
import { PayloadFault } from './raw.ts';

export interface WaitingTime {
  now(): Instant;
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** Beyond so many unread messages the line is broken off and told as a gap: memory has an end. */
const messagesMax = 200_000;
const pauseMaxMs = 30_000;
/** A line that does not stand by then is tried anew. */
const standMaxMs = 20_000;
const closeMaxMs = 1000;

/** Until the signal aborts; `subscribed` frames tell when a stream stands. */
export async function* socketEvents(
  client: ExchangeClient,
  streams: Streams,
  time: WaitingTime,
  signal: AbortSignal,
): AsyncIterable<VenueEvent> {
  const line = new Line(client, streams, time);
  client.tap(
    (frame) => line.take(frame),
    () => line.opened(),
  );
  const done = line.run(signal);
  const wake = () => line.wake();
  signal.addEventListener('abort', wake);
  try {
    while (!signal.aborted) {
      for (const event of line.drain()) yield event;
      await line.changed(signal);
    }
    yield* line.drain();
  } finally {
    signal.removeEventListener('abort', wake);
    line.stop();
    await done;
  }
}

class Line {
  readonly #client: ExchangeClient;
  readonly #streams: Streams;
  readonly #time: WaitingTime;
  #events: VenueEvent[] = [];
  #wake: (() => void) | null = null;
  #since: Instant | null = null;
  #connected = false;
  #stopped = false;
  #overflow = false;
  #acknowledged = 0;
  #broken = false;
  #stands: (() => void) | null = null;
  #ended: (() => void) | null = null;

  constructor(client: ExchangeClient, streams: Streams, time: WaitingTime) {
    this.#client = client;
    this.#streams = streams;
    this.#time = time;
  }

  /** True keeps the frame from the library. */
  take(frame: string): boolean {
    const receivedAt = this.#time.now();
    if (this.#connected) this.#since = receivedAt;
    const stream = this.#streams.streamOf(frame);
    if (stream === null) {
      if (this.#streams.acknowledges?.(frame) === true) this.#acknowledge();
      return false;
    }
    if (this.#events.length >= messagesMax) {
      this.#overflow = true;
      void this.#client.close();
      return true;
    }
    this.#push({ kind: 'message', stream, receivedAt, raw: frame });
    if (this.#streams.ends?.(frame) === true) void this.#client.close();
    return this.#streams.exclusive;
  }

  opened(): void {
    if (this.#streams.acknowledges === null) this.#stands?.();
  }

  #acknowledge(): void {
    this.#acknowledged += 1;
    if (this.#acknowledged >= Object.keys(this.#streams.methods).length) this.#stands?.();
  }

  drain(): readonly VenueEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  changed(signal: AbortSignal): Promise<void> {
    if (this.#events.length > 0 || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Whoever waits for a change looks again. */
  wake(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }

  stop(): void {
    this.#stopped = true;
    this.#ended?.();
  }

  async run(signal: AbortSignal): Promise<void> {
    let pause = 0;
    while (!signal.aborted && !this.#stopped) {
      if (pause > 0) await this.#time.wait(pause, signal);
      if (signal.aborted || this.#stopped) return;
      const connectedAt = this.#time.now();
      const why = await this.#session(signal);
      if (signal.aborted || this.#stopped) return;
      const lasted = this.#time.now() - connectedAt > 30_000_000_000n;
      pause = lasted ? 500 : Math.min(pauseMaxMs, Math.max(500, pause * 2));
      this.#gaps(why);
      this.#connected = false;
      this.#client.forget();
      await this.#measure();
    }
  }

  /** The venue's clock may be why the line did not stand: each login is signed by a fresh one. */
  async #measure(): Promise<void> {
    try {
      await this.#client.measureClock();
    } catch (error) {
      // It does not answer now: the next login says why, and it is measured after that.
      if (!(error instanceof ExchangeFailure || error instanceof PayloadFault)) throw error;
    }
  }

  /** From subscribing to the moment the line breaks; why it broke. */
  async #session(signal: AbortSignal): Promise<string> {
    this.#acknowledged = 0;
    const stands = new Promise<null>((resolve) => {
      this.#stands = () => resolve(null);
    });
    const ended = new Promise<string>((resolve) => {
      this.#ended = () => resolve('stopped');
      signal.addEventListener('abort', () => resolve('stopped'), { once: true });
    });
    const kept = Object.values(this.#streams.methods).map((method) => this.#keep(method));
    const late = this.#time.wait(standMaxMs, signal).then(() => 'no subscription in time');
    const failure = Promise.race([...kept, ended]);
    const early = await Promise.race([failure, stands, late]);
    if (early === null) this.#begin();
    const why = early ?? (await failure);
    // What still stands on the broken line must not go on beside the next one.
    this.#broken = true;
    await Promise.race([this.#client.close(), this.#time.wait(closeMaxMs, signal)]);
    await Promise.race([Promise.all(kept), this.#time.wait(closeMaxMs, signal)]);
    return this.#overflow ? 'more messages than are read: the line was broken off' : why;
  }

  #begin(): void {
    this.#gaps('the streams begin here; what came before has to be fetched');
    this.#connected = true;
    this.#since = this.#time.now();
    for (const stream of Object.keys(this.#streams.methods)) {
      this.#push({ kind: 'connected', stream, at: this.#time.now() });
    }
  }

  /** Calls a watch method until it fails; each answer is asked for again. */
  async #keep(method: string): Promise<string> {
    this.#broken = false;
    while (!this.#broken) {
      try {
        await this.#client.call(method);
      } catch (error) {
        return error instanceof Error ? error.message : this.#client.redact(String(error));
      }
    }
    return 'stopped';
  }

  #gaps(why: string): void {
    const at = this.#time.now();
    this.#overflow = false;
    for (const stream of Object.keys(this.#streams.methods)) {
      this.#push({ kind: 'gap', stream, since: this.#since, at, why });
    }
  }

  #push(event: VenueEvent): void {
    this.#events.push(event);
    this.wake();
  }
}
