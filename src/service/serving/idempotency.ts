/**
 * A write that is sent twice with one Idempotency-Key is done once, and answered alike. Before the
 * work begins it is written down that it did: a process that dies in between never does it again
 * silently, and says that it does not know.
 */
import type { FastifyRequest } from 'fastify';
import { sha256 } from '../../journal/digest.ts';
import { addMilliseconds } from '../../model/instant.ts';
import type { ServiceFile } from '../../store/service-file.ts';
import { StoreError } from '../../store/store-error.ts';
import type { WaitingClock } from '../system-clock.ts';
import { bytesOf, type KeptAnswer } from './answers.ts';
import { isNothingDone } from './failing.ts';
import { Problem } from './problem.ts';
import type { Answered, Asked, Route } from './route.ts';

export interface Idempotency {
  /** Throws a Problem where the key is missing, was of another request, or is under way. */
  once(
    route: Route,
    request: FastifyRequest,
    asked: Asked<unknown, unknown, unknown>,
    make: () => Promise<Answered>,
  ): Promise<KeptAnswer>;
}

/** An answer that was given before says so. */
export const replayed = 'idempotency-replayed';

/** The status that the audit shows of a write that was cut off. */
export const neverAnswered = 0;

const keptMs = 86_400_000;
const sound = /^[\x21-\x7e]{1,255}$/;

/** Null: there is none. Throws a Problem where it is not to be used. */
export function idempotencyKeyOf({ headers }: FastifyRequest): string | null {
  const given = headers['idempotency-key'];
  if (given === undefined) return null;
  if (typeof given === 'string' && sound.test(given)) return given;
  throw new Problem('invalid', 'Idempotency-Key is 1 to 255 letters, digits and signs');
}

interface Row {
  readonly hash: string;
  readonly status: number | null;
  readonly body: string | null;
}

export class KeptWrites implements Idempotency {
  readonly #file: ServiceFile;
  readonly #clock: WaitingClock;
  /** Those of this process that go on. */
  readonly #underWay = new Set<string>();
  /** How it ended, where that could not be written down at once; null: nothing was done. */
  readonly #unwritten = new Map<string, Ended>();

  constructor(file: ServiceFile, clock: WaitingClock) {
    this.#file = file;
    this.#clock = clock;
    this.#noteCutOff();
  }

  async once(
    route: Route,
    request: FastifyRequest,
    asked: Asked<unknown, unknown, unknown>,
    make: () => Promise<Answered>,
  ): Promise<KeptAnswer> {
    const key = asked.idempotencyKey;
    if (key === null) {
      if (route.idempotencyKey === false) return bytesOf(await make());
      throw new Problem('keyMissing', `${route.method} ${route.path} without Idempotency-Key`);
    }
    const actor = asked.actor.token ?? asked.actor.name;
    const place = `${actor} ${key}`;
    if (this.#underWay.has(place)) {
      throw new Problem('underWay', 'a write with this key has not been answered yet');
    }
    const said = JSON.stringify([request.method, request.url, asked.body ?? null]);
    const before = this.#begin({ actor, key }, sha256(said), begunOf(route, request, asked));
    if (before !== null) return before;
    this.#underWay.add(place);
    try {
      const answered = await make();
      const answer = bytesOf(answered);
      const { again } = answered;
      const kept = again === undefined ? answer : bytesOf({ ...answered, body: again });
      this.#end({ actor, key, kept });
      return answer;
    } catch (error) {
      // What did nothing may be tried again with the same key; of the rest nobody knows.
      if (isNothingDone(error)) this.#end({ actor, key, kept: null });
      throw error;
    } finally {
      this.#underWay.delete(place);
    }
  }

  /** Null: it is new, and written down. */
  #begin({ actor, key }: Keyed, hash: string, begun: Begun): KeptAnswer | null {
    const { driver } = this.#file;
    const now = this.#clock.now();
    const before = this.#file.write(() => {
      for (const ended of this.#unwritten.values()) this.#write(ended);
      driver
        .prepare('DELETE FROM service_answers WHERE at <= ?')
        .run(addMilliseconds(now, -keptMs));
      const row = this.#find(actor, key);
      if (row !== null) return answerOf(row, hash);
      driver
        .prepare(
          'INSERT INTO service_answers (actor, key, request_hash, at, body) VALUES (?, ?, ?, ?, ?)',
        )
        .run(actor, key, hash, now, JSON.stringify(begun));
      return null;
    });
    this.#unwritten.clear();
    return before;
  }

  #find(actor: string, key: string): Row | null {
    const row = this.#file.driver
      .prepare('SELECT request_hash, status, body FROM service_answers WHERE actor=? AND key=?')
      .get(actor, key);
    if (row === undefined) return null;
    const [hash, status, body] = row;
    return { hash: String(hash), status: status as number | null, body: body as string | null };
  }

  /**
   * What is done is done, whether or not it can be written down now: who asked is told, and the
   * next write of all catches up. A process that dies before leaves a key without an answer.
   */
  #end(ended: Ended): void {
    try {
      this.#file.write(() => this.#write(ended));
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#unwritten.set(`${ended.actor} ${ended.key}`, ended);
    }
  }

  #write({ actor, key, kept }: Ended): void {
    const { driver } = this.#file;
    if (kept === null) {
      driver.prepare('DELETE FROM service_answers WHERE actor = ? AND key = ?').run(actor, key);
      return;
    }
    driver
      .prepare('UPDATE service_answers SET status = ?, body = ? WHERE actor = ? AND key = ?')
      .run(kept.status, kept.bytes.toString(), actor, key);
  }

  /** A row of the audit for each write that an earlier process began and never answered. */
  #noteCutOff(): void {
    const { driver } = this.#file;
    this.#file.write(() => {
      const rows = driver
        .prepare('SELECT at, body FROM service_answers WHERE status IS NULL AND body IS NOT NULL', {
          bigints: true,
        })
        .all();
      for (const [at, body] of rows) {
        const { by, action, object, requestId } = JSON.parse(String(body)) as Begun;
        driver
          .prepare(
            `INSERT INTO service_actions (at, actor, action, object, status, request_id)
             VALUES (?, ?, ?, ?, ?, ?)`,
          )
          .run(at!, by, action, object, neverAnswered, requestId);
      }
      driver.exec('UPDATE service_answers SET body = NULL WHERE status IS NULL');
    });
  }
}

interface Keyed {
  readonly actor: string;
  readonly key: string;
}

interface Ended extends Keyed {
  readonly kept: KeptAnswer | null;
}

/** Of a write that goes on: what the audit says of it, should it never be answered. */
interface Begun {
  readonly by: string;
  readonly action: string;
  readonly object: string;
  readonly requestId: string;
}

const begunOf = (
  { method, path }: Route,
  { url }: FastifyRequest,
  { actor, requestId }: Asked<unknown, unknown, unknown>,
): Begun => ({
  ...{ by: actor.name, action: `${method} ${path}`, object: url.split('?')[0]!, requestId },
});

function answerOf({ hash, status, body }: Row, wanted: string): KeptAnswer {
  if (hash !== wanted) throw new Problem('keyReused', 'this key came with another request before');
  if (status === null || body === null) {
    throw new Problem(
      'outcomeUnknown',
      'a write with this key was begun and never answered: the service stopped, or failed, in it',
    );
  }
  const headers = { [replayed]: 'true' };
  return { ...bytesOf({ status, body, type: jsonType, headers }) };
}

const jsonType = 'application/json; charset=utf-8';
