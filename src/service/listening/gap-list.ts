/**
 * Spans of time in which something could have been missed. A gap is closed only when the venue
 * has listed everything up to its end, in a listing that began after it.
 */
import type { Fact } from '../../model/fact.ts';
import { addMilliseconds, type Instant, instantText } from '../../model/instant.ts';
import type { Gap, NewGap } from '../../store/feeds.ts';
import type { Venue } from '../../venues/venue.ts';
import type { SectionName } from './listing.ts';
import { isUnlisted, isWithin } from './told.ts';
import { isUnreadable } from './unreadable.ts';

/** How far a venue's clock and ours may stand apart. */
const clocksMs = 5_000;

interface Open extends Gap {
  found: number;
}

export class GapList {
  readonly #open = new Map<number, Open>();
  #opened = 0;

  constructor(open: readonly Gap[]) {
    for (const gap of open) this.#open.set(gap.gap, { ...gap });
  }

  /** How many were opened since the listener began. */
  get opened(): number {
    return this.#opened;
  }

  get open(): readonly Gap[] {
    return [...this.#open.values()];
  }

  add(gaps: readonly NewGap[], numbers: readonly number[]): void {
    for (const [index, gap] of gaps.entries()) {
      const number = numbers[index]!;
      this.#open.set(number, { ...gap, gap: number, closedAt: null, found: 0 });
      this.#opened += 1;
    }
  }

  /** Whether a fact that was listed is one that an open gap explains; counts it. */
  explains(fact: Fact & { readonly time: Instant }): boolean {
    let explained = false;
    for (const gap of this.#open.values()) {
      if (fact.time > addMilliseconds(gap.to, clocksMs)) continue;
      if (gap.from !== null && fact.time < addMilliseconds(gap.from, -clocksMs)) continue;
      gap.found += 1;
      explained = true;
    }
    return explained;
  }

  /**
   * Those that a listing through that instant closes; a gap beyond the venue's memory stays, and so
   * does one that was not found whole: of a row that cannot be read, of executions that are told of
   * and not listed, and whatever these lie in.
   */
  closable(through: Instant, whole: ReadonlySet<number>): readonly Gap[] {
    const unlisted = this.open.filter((gap) => isUnlisted(gap) && !whole.has(gap.gap));
    return this.open.filter((gap) => {
      if (gap.to > through || isLost(gap)) return false;
      if (isUnreadable(gap) || isUnlisted(gap)) return whole.has(gap.gap);
      return !unlisted.some(
        ({ from, to }) => isWithin(gap, to) || (from !== null && isWithin(gap, from)),
      );
    });
  }

  close(gaps: readonly Gap[]): void {
    for (const { gap } of gaps) this.#open.delete(gap);
  }
}

const lostWhy = 'the venue lists nothing so old';

/** What a venue has forgotten, nobody can list any more. */
export const lostGap = (gap: Omit<NewGap, 'why'>): NewGap => ({ ...gap, why: lostWhy });

/** A venue lists only so far back: what lies before that, and was never listed; null: nothing. */
export function forgottenGap(
  { name: venue, account, capabilities }: Venue,
  stream: SectionName,
  through: Instant | null,
  now: Instant,
): NewGap | null {
  const { historyMs } = stream === 'executions' ? capabilities.executions : capabilities.cashFlows;
  if (historyMs === null || through === null) return null;
  const to = addMilliseconds(now, -historyMs);
  return through >= to ? null : lostGap({ venue, account, stream, from: through, to });
}

export const isLost = ({ why }: Pick<NewGap, 'why'>): boolean => why === lostWhy;

export function gapWords({ stream, from, to, why }: NewGap): string {
  const since = from === null ? 'the beginning' : instantText(from);
  return `${stream}: ${since} to ${instantText(to)} (${why})`;
}
