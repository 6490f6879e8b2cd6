/**
 * For how much of a time the books were proven true: a check holds until the next one, and no
 * longer than it counts as fresh. What nobody checked counts neither way.
 */
import { type Decimal, divideHalfEven, fromInteger } from '../../../decimal/decimal.ts';
import type { Instant } from '../../../model/instant.ts';
import type { Verdict } from '../../../reconcile/verdict.ts';

/** A time of which a verdict is known: [from, to). */
export interface Span {
  readonly from: Instant;
  readonly to: Instant;
  readonly isTrue: boolean;
}

export interface TimeTrue {
  /** Nanoseconds. */
  readonly known: bigint;
  readonly true: bigint;
}

export interface CheckAt {
  readonly at: Instant;
  readonly verdict: Verdict;
}

/** Adjacent spans of one verdict are one: of a thousand checks that say the same, one is kept. */
export class SpansBuilder {
  readonly #maxAge: bigint;
  readonly #spans: { from: Instant; to: Instant; isTrue: boolean }[] = [];
  #last: CheckAt | null = null;

  constructor(maxAgeMs: number) {
    this.#maxAge = BigInt(maxAgeMs) * 1_000_000n;
  }

  /** In the order in which they were noted; one of an earlier time was told too late to count. */
  add(check: CheckAt): void {
    if (this.#last !== null && check.at < this.#last.at) return;
    this.#close(check.at);
    this.#last = check;
  }

  /** Up to an instant; what was told last holds as long as it is fresh. */
  upTo(now: Instant): readonly Span[] {
    const open = this.#openSpan(now);
    return open === null ? this.#spans : [...this.#spans, open];
  }

  #openSpan(until: Instant): Span | null {
    const last = this.#last;
    if (last === null || last.verdict === 'cannot-say') return null;
    const end = last.at + this.#maxAge;
    const to = end < until ? end : until;
    return to > last.at ? { from: last.at, to, isTrue: last.verdict === 'true' } : null;
  }

  #close(until: Instant): void {
    const span = this.#openSpan(until);
    if (span === null) return;
    const before = this.#spans.at(-1);
    if (before !== undefined && before.to === span.from && before.isTrue === span.isTrue) {
      before.to = span.to;
    } else this.#spans.push({ ...span });
  }
}

/** Of a range [from, to). */
export function timeTrue(spans: readonly Span[], from: Instant, to: Instant): TimeTrue {
  const sum = { known: 0n, true: 0n };
  for (const span of spans) {
    const begin = span.from > from ? span.from : from;
    const end = span.to < to ? span.to : to;
    if (end <= begin) continue;
    sum.known += end - begin;
    if (span.isTrue) sum.true += end - begin;
  }
  return sum;
}

export const addedTimes = (times: readonly TimeTrue[]): TimeTrue =>
  times.reduce((sum, one) => ({ known: sum.known + one.known, true: sum.true + one.true }), {
    known: 0n,
    true: 0n,
  });

const digits = 4;
const step = 10 ** digits;

/** Cut after four digits: what is not wholly true is never 100. Null: nothing was known. */
export function percentTrue({ known, true: isTrue }: TimeTrue): Decimal | null {
  if (known === 0n) return null;
  const cut = (isTrue * 100n * BigInt(step)) / known;
  return divideHalfEven(fromInteger(cut), fromInteger(step), digits);
}
