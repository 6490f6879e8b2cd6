/**
 * The stream over HTTP, as server-sent events. A client comes back with the id of the last event
 * that it saw and misses nothing; one that does not read is let go of, with the reason.
 */
import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Gatekeeper } from '../access/gatekeeper.ts';
import type { ServingParts } from '../parts.ts';
import { accountsChosen } from '../reads/looks.ts';
import type { StreamEvent, Subscriber } from './hub.ts';
import { Seats, type StreamLimits } from './seats.ts';
import { eventOf, greeting, heartbeat } from './wire.ts';

/** Bytes that wait for a client: more, and it is one that does not read. */
const waitingMax = 1024 * 1024;
/** Of the past, a client is told more while less than this waits. */
const fullAt = 64 * 1024;
const heartbeatMs = 15_000;
/** Whoever reads nothing of what waits for so many heartbeats is gone. */
const silentBeatsMax = 2;
/** How long a client that is let go of has to read why. */
const lingerMs = 5_000;

const query = z.strictObject({
  account: z.string().max(100).optional().meta({ description: 'Entries of this account alone' }),
  lastEventId: z.string().max(64).optional().meta({
    description: 'As the header Last-Event-ID: what came after it is told first, for 30 days',
  }),
});

/** The old name and the new one; both are the same stream. */
export const streamPaths = ['/api/stream', '/api/v1/stream'] as const;

const words = {
  scope: 'read',
  method: 'GET',
  summary: 'Everything that is booked, as it happens, and what was missed before it',
} as const;

export type StreamKeeper = Pick<Gatekeeper, 'admit' | 'actorOf' | 'stillMay'>;

export function addStream(
  app: FastifyInstance,
  parts: ServingParts,
  keeper: StreamKeeper,
  limits: StreamLimits,
): void {
  const seats = new Seats(limits);
  for (const path of streamPaths) {
    app.get(
      path,
      {
        schema: { querystring: query, tags: ['stream'], summary: words.summary },
        // Whoever asks for the head alone would wait for an end that never comes.
        exposeHeadRoute: false,
        onRequest: async (request) => keeper.admit(request, { ...words, path }),
      },
      async (request, reply) => {
        const actor = keeper.actorOf(request);
        const { account, lastEventId } = request.query as z.output<typeof query>;
        // Of one that is not there nothing would ever be told.
        accountsChosen(parts, account);
        const leave = seats.take(actor);
        reply.hijack();
        reply.raw.once('close', leave);
        // Who hung up already is not heard to hang up once more.
        if (reply.raw.destroyed) {
          leave();
          return;
        }
        // What was set for every answer goes with this one, too.
        for (const [name, value] of Object.entries(reply.getHeaders())) {
          if (value !== undefined) reply.raw.setHeader(name, value as string);
        }
        const from = lastIdOf(request) ?? lastEventId ?? null;
        const client = new StreamClient(reply.raw, parts, {
          ...{ account: account ?? null, mayStay: () => keeper.stillMay(actor, words.scope) },
        });
        client.begin(from);
      },
    );
  }
}

function lastIdOf({ headers }: FastifyRequest): string | null {
  const given = headers['last-event-id'];
  return typeof given === 'string' && given !== '' ? given : null;
}

interface Listening {
  /** Null: all of them. */
  readonly account: string | null;
  /** Asked at each heartbeat: tokens and sessions end. */
  readonly mayStay: () => boolean;
}

class StreamClient implements Subscriber {
  readonly #response: ServerResponse;
  readonly #parts: ServingParts;
  readonly #listening: Listening;
  #leave: () => void = () => undefined;
  #cancelBeat: () => void = () => undefined;
  #isEnded = false;
  /** Bytes that it was sent, and those of them that it had taken at the last heartbeat. */
  #written = 0;
  #read = 0;
  #silentBeats = 0;

  constructor(response: ServerResponse, parts: ServingParts, listening: Listening) {
    this.#response = response;
    this.#parts = parts;
    this.#listening = listening;
  }

  begin(lastEventId: string | null): void {
    this.#response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // A proxy that collects answers would hold back what is told.
      'x-accel-buffering': 'no',
    });
    this.#response.on('error', () => this.#response.destroy());
    this.#response.once('close', () => this.#over());
    this.#write(greeting);
    this.#beat();
    this.#leave = this.#parts.hub.listen(this, lastEventId);
    if (this.#isEnded) this.#leave();
  }

  isFull(): boolean {
    return this.#response.writableLength > fullAt;
  }

  onceRead(work: () => void): void {
    this.#response.once('drain', work);
  }

  take(event: StreamEvent): void {
    if (this.#isEnded) return;
    const { account } = event;
    const wanted = this.#listening.account;
    if (wanted !== null && account !== null && account !== wanted) return;
    if (this.#response.writableLength > waitingMax) {
      this.#tooSlow(`did not read ${waitingMax} bytes`);
      return;
    }
    this.#write(event.bytes);
  }

  end(why: string): void {
    if (this.#isEnded) return;
    this.#over();
    const at = this.#parts.clock.now();
    const event = eventOf({ id: null, name: 'end', account: null, at }, { why });
    this.#response.end(event.bytes);
    const cut = this.#parts.clock.after(lingerMs, () => this.#response.destroy(), 'background');
    this.#response.once('close', cut);
  }

  #write(bytes: Buffer): void {
    this.#written += bytes.length;
    this.#response.write(bytes);
  }

  /** Whether it read anything since the last time that it was asked, or had nothing to read. */
  #isReading(): boolean {
    const { writableLength } = this.#response;
    const read = this.#written - writableLength;
    const isReading = writableLength === 0 || read > this.#read;
    this.#read = Math.max(read, this.#read);
    return isReading;
  }

  #tooSlow(what: string): void {
    const { log } = this.#parts;
    const msg = `A listener of the stream ${what} and was let go of`;
    log.warn({ event: 'stream.slow', msg });
    this.end('you read more slowly than things happen; come back with the last id that you saw');
  }

  #beat(): void {
    const { clock } = this.#parts;
    const again = () => {
      if (!this.#listening.mayStay()) {
        this.end('the token or the session that let you in holds no more');
        return;
      }
      this.#silentBeats = this.#isReading() ? 0 : this.#silentBeats + 1;
      if (this.#silentBeats === silentBeatsMax) {
        this.#tooSlow(`read nothing for ${(silentBeatsMax * heartbeatMs) / 1_000} s`);
        return;
      }
      if (this.#response.writableLength === 0) this.#write(heartbeat);
      this.#beat();
    };
    this.#cancelBeat = clock.after(heartbeatMs, again, 'background');
  }

  #over(): void {
    this.#isEnded = true;
    this.#cancelBeat();
    this.#leave();
  }
}
