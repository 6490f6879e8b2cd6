/** One side of a market as the data shows it: the touch, levels behind it, and what we took. */

/** What of a displayed level has been taken by us since the data last added to it. */
interface Taken {
  shown: number;
  taken: number;
}

export interface Level {
  readonly price: number;
  readonly size: number;
}

export class Levels {
  /** 1 for asks (better is lower), -1 for bids (better is higher). */
  readonly #sign: 1 | -1;
  readonly #tick: number;
  readonly #sizes = new Map<number, number>();
  readonly #taken = new Map<number, Taken>();
  #touch = Number.NaN;
  #touchSize = 0;
  /** The data tells the touch; else it follows from the levels. */
  #told = false;
  #best = Number.NaN;

  constructor(sign: 1 | -1, tick: number) {
    this.#sign = sign;
    this.#tick = tick;
  }

  get touch(): number {
    return this.#touch;
  }

  get touchSize(): number {
    return this.#touchSize;
  }

  setTouch(price: number, size: number): void {
    if (!this.#told) {
      this.#told = true;
      this.#dropBefore(price);
    } else if (price !== this.#touch) this.#moveTouch(price);
    this.#touchIs(price, size);
  }

  #touchIs(price: number, size: number): void {
    this.#touch = price;
    this.#touchSize = size;
    if (this.#taken.size > 0) this.#show(price, size);
  }

  /** The newest that is known of a level is kept: what the touch said of it, or that it is gone. */
  #moveTouch(price: number): void {
    const ahead = (price - this.#touch) * this.#sign;
    if (ahead < 0) {
      if (this.#touchSize > 0) this.#sizes.set(this.#touch, this.#touchSize);
      else this.#sizes.delete(this.#touch);
    } else if (ahead / this.#tick <= this.#sizes.size) {
      const step = this.#tick * this.#sign;
      for (let at = this.#touch; (price - at) * this.#sign > 0; at += step) {
        this.#sizes.delete(at);
      }
    } else this.#dropBefore(price);
  }

  #dropBefore(price: number): void {
    for (const level of this.#sizes.keys()) {
      if ((level - price) * this.#sign < 0) this.#sizes.delete(level);
    }
  }

  /** Size 0 removes the level. What is better than a touch that is told is not there. */
  setLevel(price: number, size: number): void {
    if (this.#told && (price - this.#touch) * this.#sign < 0) return;
    if (size === 0) this.#sizes.delete(price);
    else this.#sizes.set(price, size);
    if (this.#taken.size > 0 && price !== this.#touch) this.#show(price, size);
    if (price === this.#best ? size === 0 : (price - this.#best) * this.#sign < 0) {
      this.#best = size === 0 ? Number.NaN : price;
    }
  }

  clear(): void {
    this.#sizes.clear();
    this.#best = Number.NaN;
  }

  /** Where no touch is told, the best level is it. */
  touchFromLevels(): void {
    if (Number.isNaN(this.#best)) {
      for (const price of this.#sizes.keys()) {
        if (!((price - this.#best) * this.#sign >= 0)) this.#best = price;
      }
    }
    this.#touchIs(this.#best, this.#sizes.get(this.#best) ?? 0);
  }

  /** What is displayed at a price; null where the data does not say. */
  displayed(price: number): number | null {
    const behind = (price - this.#touch) * this.#sign;
    if (behind === 0) return this.#touchSize;
    return behind < 0 ? 0 : (this.#sizes.get(price) ?? null);
  }

  /** What can be taken, best first, up to `limit` and before `stop` (null: no end). */
  takeable(limit: number | null, stop: number | null): Level[] {
    if (Number.isNaN(this.#touch)) return [];
    const within = (price: number) =>
      (limit === null || (price - limit) * this.#sign <= 0) &&
      (stop === null || (price - stop) * this.#sign < 0);
    const behind: number[] = [];
    for (const price of this.#sizes.keys()) {
      if ((price - this.#touch) * this.#sign > 0 && within(price)) behind.push(price);
    }
    behind.sort((a, b) => (a - b) * this.#sign);
    const prices = within(this.#touch) ? [this.#touch, ...behind] : [];
    return prices
      .map((price) => ({ price, size: this.#left(price) }))
      .filter(({ size }) => size > 0);
  }

  take(price: number, size: number): void {
    const before = this.#taken.get(price);
    if (before !== undefined) before.taken += size;
    else this.#taken.set(price, { shown: this.displayed(price) ?? 0, taken: size });
  }

  #left(price: number): number {
    const shown = this.displayed(price) ?? 0;
    const taken = this.#taken.get(price);
    return taken === undefined ? shown : Math.min(shown, taken.shown) - taken.taken;
  }

  /** What is shown no more cannot have been taken; a level that is gone begins anew. */
  #show(price: number, size: number): void {
    for (const [level, taken] of this.#taken) {
      if (level === price) {
        taken.taken = Math.min(taken.taken, size);
        taken.shown = size;
      }
      const gone = (level - this.#touch) * this.#sign < 0;
      if (gone || taken.taken === 0) this.#taken.delete(level);
    }
  }
}
