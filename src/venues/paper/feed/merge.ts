/** Several feeds as one, by time; at the same instant in the order in which they are given. */
import type { MarketEvent } from '../paper-exchange.ts';

export function* mergeByTime(feeds: readonly Iterable<MarketEvent>[]): Generator<MarketEvent> {
  const heads = feeds.map((feed) => {
    const events = feed[Symbol.iterator]();
    return { events, next: events.next() };
  });
  for (;;) {
    let first: (typeof heads)[number] | null = null;
    for (const head of heads) {
      if (head.next.done === true) continue;
      if (first === null || head.next.value.at < first.next.value.at) first = head;
    }
    if (first === null) return;
    yield first.next.value;
    first.next = first.events.next();
  }
}
