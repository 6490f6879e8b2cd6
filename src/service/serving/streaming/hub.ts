/**
 * The stream's hub: turns what is committed into numbered events, once, and hands the same bytes to
 * everybody who listens.
 *
 * An event's id is `{epoch}-{number}`: numbers are given once and kept in the service's file, so
 * that whoever comes back with the id of the last event that it saw is told everything after it.
 */
import type { Instant } from '../../../model/instant.ts';

/**
 *   entry   an entry of a stream of the book: every kind
 *   duty    a duty began or ended; not replayed
 *   reset   what was missed cannot be told: read everything anew
 */
export type StreamEventName = 'entry' | 'duty' | 'reset';

export interface StreamEvent {
  /** Null: it is not replayed. */
  readonly id: string | null;
  readonly account: string | null;
  readonly at: Instant;
  /** The event as it goes over the wire, made once. */
  readonly bytes: Buffer;
}

export interface Subscriber {
  /** Must not throw. Whoever cannot follow ends by itself. */
  take(event: StreamEvent): void;
  /** Of the past no more is told for now. */
  isFull(): boolean;
  /** Called once, when it has read what waits for it; not at all where it never does. */
  onceRead(work: () => void): void;
  /** The hub lets go of it. */
  end(why: string): void;
}

export interface Hub {
  readonly lastId: string;
  readonly listeners: number;
  /** After a commit of this process, and now and then for those of others. */
  advance(): void;
  /** Something that is told and not kept. */
  tell(name: Exclude<StreamEventName, 'entry'>, data: object): void;
  /**
   * Events after `lastEventId` first (null: none of the past), then whatever comes. The returned
   * function ends it.
   */
  listen(subscriber: Subscriber, lastEventId: string | null): () => void;
  close(why: string): void;
}
