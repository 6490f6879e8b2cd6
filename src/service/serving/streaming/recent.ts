/** The newest events, as bytes: most who come back missed only a few. */
import type { StreamEvent } from './hub.ts';

const keptMax = 2_048;
/** A break with its evidence has tens of kilobytes. */
const bytesMax = 4 * 1024 * 1024;

export class Recent {
  readonly #events: StreamEvent[] = [];
  /** The number of the first; they have no holes. */
  #first = 0;
  #bytes = 0;

  add(number: number, event: StreamEvent): void {
    if (this.#events.length === 0) this.#first = number;
    this.#events.push(event);
    this.#bytes += event.bytes.length;
    // Half of them at once: what is left is moved seldom.
    if (this.#events.length < 2 * keptMax && this.#bytes <= bytesMax) return;
    const gone = this.#events.splice(0, Math.ceil(this.#events.length / 2));
    this.#first += gone.length;
    for (const { bytes } of gone) this.#bytes -= bytes.length;
  }

  /** There is a hole before whatever comes. */
  clear(): void {
    this.#events.length = 0;
    this.#bytes = 0;
  }

  /** Those after a number, at most `limit`; null: some of them are not here any more. */
  after(
    number: number,
    limit: number,
  ): readonly (readonly [number: number, event: StreamEvent])[] | null {
    const from = number + 1 - this.#first;
    if (this.#events.length === 0 || from < 0) return null;
    const events = this.#events.slice(from, from + limit);
    return events.map((event, index) => [number + 1 + index, event]);
  }
}
