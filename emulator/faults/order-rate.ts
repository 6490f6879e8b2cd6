/** How many orders one key may send in a second: as the venue has it, or less for a while. */
import {
  addMilliseconds,
  type Clock,
  type Instant,
  millisecondsBetween,
} from '../../src/model/instant.ts';

const second = 1_000;

export class OrderRate {
  readonly #clock: Clock;
  readonly #usual: number;
  readonly #sent = new Map<string, Instant[]>();
  #less: { readonly most: number; readonly until: Instant } | null = null;

  /** `usual` null: as many as anybody likes. */
  constructor(usual: number | null, clock: Clock) {
    this.#usual = usual ?? Number.POSITIVE_INFINITY;
    this.#clock = clock;
  }

  limit(most: number, forMs: number): void {
    this.#less = { most, until: addMilliseconds(this.#clock.now(), forMs) };
  }

  /** Counts one of a key's orders of a kind; the limit where it is one too many. */
  exceeded(kind: string): number | null {
    const now = this.#clock.now();
    const recent = (this.#sent.get(kind) ?? []).filter(
      (at) => millisecondsBetween(at, now) < second,
    );
    const isLess = this.#less !== null && now < this.#less.until;
    const most = isLess ? Math.min(this.#less!.most, this.#usual) : this.#usual;
    const isOver = recent.length >= most;
    this.#sent.set(kind, isOver ? recent : [...recent, now]);
    return isOver ? most : null;
  }
}
