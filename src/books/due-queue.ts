/** Things that are due at instants, the earliest first: a binary heap. */
import type { Instant } from '../model/instant.ts';

interface Due<T> {
  readonly at: Instant;
  readonly thing: T;
}

export class DueQueue<T> {
  readonly #heap: Due<T>[] = [];

  put(at: Instant, thing: T): void {
    const heap = this.#heap;
    const due = { at, thing };
    let index = heap.length;
    heap.push(due);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (heap[parent]!.at <= at) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = due;
  }

  /** Takes out the earliest that is due by then; null when there is none. */
  take(by: Instant): T | null {
    const heap = this.#heap;
    const first = heap[0];
    if (first === undefined || first.at > by) return null;
    const last = heap.pop()!;
    if (heap.length > 0) this.#sink(last);
    return first.thing;
  }

  /** Puts one in at the top, and lets it down to its place. */
  #sink(due: Due<T>): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.at < heap[child]!.at) child += 1;
      if (heap[child]!.at >= due.at) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = due;
  }
}
