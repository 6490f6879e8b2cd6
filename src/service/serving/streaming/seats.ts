/** How many may listen at once, in all and with one token: each keeps memory while it listens. */
import type { Actor } from '../access/actor.ts';
import { Problem } from '../problem.ts';

export interface StreamLimits {
  readonly streams: number;
  readonly streamsPerToken: number;
}

/** When whoever found no seat asks again. */
const retryAfterSeconds = 5;

export class Seats {
  readonly #limits: StreamLimits;
  /** By the token; those of its sessions are its own. */
  readonly #taken = new Map<string | null, number>();
  #all = 0;

  constructor(limits: StreamLimits) {
    this.#limits = limits;
  }

  /** The returned function gives it back, once. Throws a Problem where there is none. */
  take({ token }: Pick<Actor, 'token'>): () => void {
    const { streams, streamsPerToken } = this.#limits;
    const own = this.#taken.get(token) ?? 0;
    if (own >= streamsPerToken) {
      const hint = 'close some, or raise serve.limits.streamsPerToken';
      const said = `this token listens ${own} times already`;
      throw new Problem('tooMany', said, { retryAfterSeconds, hint });
    }
    if (this.#all >= streams) {
      const hint = 'come back later, or raise serve.limits.streams';
      throw new Problem('full', `${this.#all} listen already`, { retryAfterSeconds, hint });
    }
    this.#taken.set(token, own + 1);
    this.#all += 1;
    let isGiven = false;
    return () => {
      if (isGiven) return;
      isGiven = true;
      this.#leave(token);
    };
  }

  #leave(token: string | null): void {
    this.#all -= 1;
    const left = this.#taken.get(token)! - 1;
    if (left === 0) this.#taken.delete(token);
    else this.#taken.set(token, left);
  }
}
