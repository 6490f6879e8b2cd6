/** Requests of one address in a second: one count of them, whichever way they are answered. */
import { normalizeIP } from '@fastify/rate-limit';
import type { WaitingClock } from '../../system-clock.ts';
import { Problem } from '../problem.ts';
import { Attempts } from './attempts.ts';

const windowMs = 1_000;
const rateHeaders = ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset'] as const;

export class RequestRate {
  readonly #requests: Attempts;
  /** Of whoever asked last, who mostly asks again: as it came, and as it is counted. */
  #last = { ip: '', address: '' };

  constructor(clock: WaitingClock, max: number) {
    this.#requests = new Attempts(clock, max, windowMs);
  }

  /** Counts one, and what its answer says of it. Throws a Problem where it is one too many. */
  count(ip: string): readonly string[] {
    const said = this.take(ip);
    if (said !== null) return said;
    const most = `${this.#requests.max} requests a second from one address`;
    throw new Problem('tooMany', `there are more than ${most}`, {
      retryAfterSeconds: windowMs / 1_000,
    });
  }

  /** The same; null: it is one too many. */
  take(ip: string): readonly string[] | null {
    const { max } = this.#requests;
    if (ip !== this.#last.ip) this.#last = { ip, address: addressOf(ip) };
    const { count, leftMs } = this.#requests.count(this.#last.address);
    if (count > max) return null;
    const [limit, remaining] = [String(max), String(max - count)];
    const reset = String(Math.ceil(leftMs / 1_000));
    const [first, second, third] = rateHeaders;
    return [first, limit, second, remaining, third, reset];
  }
}

/** As it is counted: of IPv6 a network of 64 bits is one address. */
export const addressOf = (ip: string): string => normalizeIP(ip);
