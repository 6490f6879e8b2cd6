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
  to: Instant;
  found: number;
}

interface Grown {
  readonly opened: readonly NewGap[];
  readonly extended: readonly { readonly gap: number; readonly to: Instant }[];
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

  /**
   * Of gaps that a stream told: those to open, and the open ones that grow by the others. Where a
   * stream does not know when it was whole last (`from` null), everything listed was; and one that
   * cannot begin says so again and again, which is one gap however its reason is worded.
   */
  grow(gaps: readonly NewGap[], through: Instant | null): Grown {
    const opened: NewGap[] = [];
    const extended = new Map<number, Instant>();
    for (const gap of gaps) {
      const from = gap.from ?? through;
      const goesOn = (one: NewGap) =>
        one.stream === gap.stream &&
        (gap.from === null || one.why === gap.why) &&
        (one.from === null || (from !== null && one.from <= from)) &&
        (from === null || from <= one.to);
      const known = [...this.#open.values()].find(goesOn);
      const fresh = opened.findIndex(goesOn);
      if (known !== undefined) {
        if (gap.to > known.to) known.to = gap.to;
        extended.set(known.gap, known.to);
      } else if (fresh >= 0) opened[fresh] = { ...opened[fresh]!, to: gap.to };
      else opened.push({ ...gap, from });
    }
    return { opened, extended: [...extended].map(([gap, to]) => ({ gap, to })) };
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
      if (gap.to > through || isLost(gap) || isUnproven(gap)) return false;
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

const unprovenWhy = 'it is not known yet whether this is all that the account began with';

/** A first listing that was not whole could not be held against what the account holds. */
export const unprovenGap = (gap: Omit<NewGap, 'why'>): NewGap => ({ ...gap, why: unprovenWhy });

const isUnproven = ({ why }: Pick<NewGap, 'why'>): boolean => why === unprovenWhy;

/** What an account began with: only what it holds tells whether it is all there. */
export const isOfBeginning = (gap: Pick<NewGap, 'why' | 'from'>): boolean =>
  gap.from === null && (isLost(gap) || isUnproven(gap));

export const isLost = ({ why }: Pick<NewGap, 'why'>): boolean => why === lostWhy;

export function gapWords({ stream, from, to, why }: NewGap): string {
  const since = from === null ? 'the beginning' : instantText(from);
  return `${stream}: ${since} to ${instantText(to)} (${why})`;
}
