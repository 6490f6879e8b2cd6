/**
 * When duties run. Times are computed from the timetable alone, never from the run before, so that
 * a slow run moves no later one. A slot is a time of the timetable.
 */
import { Cron } from 'croner';
import { fromMilliseconds, type Instant, millisecondsBetween } from '../../model/instant.ts';

export type Timetable =
  /** At every multiple of the interval since 1970: every 5 minutes is :00, :05, :10 ... */
  | { readonly kind: 'every'; readonly ms: number }
  /** Once a day at this time (`00:05`) of the zone, through its changes of clock. */
  | { readonly kind: 'daily'; readonly at: string; readonly zone: string };

export const everyMinutes = (minutes: number): Timetable => ({
  kind: 'every',
  ms: minutes * 60_000,
});

/** Slots that passed without a run. */
export interface MissedSlots {
  readonly count: number;
  readonly first: Instant;
  readonly last: Instant;
}

/** The first slot later than the instant. */
export function nextSlot(timetable: Timetable, after: Instant): Instant {
  if (timetable.kind === 'daily') {
    const next = cronOf(timetable).nextRun(dateOf(after));
    return fromMilliseconds(next!.getTime());
  }
  return multiple(timetable.ms, after) + fromMilliseconds(timetable.ms);
}

/** The newest slot that is not later than the instant. */
export function slotAt(timetable: Timetable, at: Instant): Instant {
  if (timetable.kind === 'every') return multiple(timetable.ms, at);
  // The one before the next: croner leaves out a slot at the very instant.
  const [slot] = cronOf(timetable).previousRuns(1, dateOf(nextSlot(timetable, at)));
  return fromMilliseconds(slot!.getTime());
}

/** The slots between two instants, neither included; null: none. */
export function slotsBetween(
  timetable: Timetable,
  after: Instant,
  before: Instant,
): MissedSlots | null {
  const first = nextSlot(timetable, after);
  if (first >= before) return null;
  if (timetable.kind === 'every') {
    const last = multiple(timetable.ms, before - 1n);
    return { count: millisecondsBetween(first, last) / timetable.ms + 1, first, last };
  }
  let [count, last] = [1, first];
  for (let next = nextSlot(timetable, last); next < before; next = nextSlot(timetable, last)) {
    last = next;
    count += 1;
  }
  return { count, first, last };
}

/** In words for people: `every 5 minutes`, `daily at 00:05 UTC`. */
export function timetableText(timetable: Timetable): string {
  if (timetable.kind === 'daily') return `daily at ${timetable.at} ${timetable.zone}`;
  const minutes = timetable.ms / 60_000;
  return minutes === 1 ? 'every minute' : `every ${minutes} minutes`;
}

const multiple = (ms: number, at: Instant): Instant => {
  const step = fromMilliseconds(ms);
  return at - (((at % step) + step) % step);
};

const dateOf = (at: Instant): Date => new Date(millisecondsBetween(0n, at));

/** Only asked when it would run: it waits for nothing and starts nothing. */
function cronOf({ at, zone }: Extract<Timetable, { kind: 'daily' }>): Cron {
  const [hour, minute] = at.split(':');
  return new Cron(`0 ${Number(minute)} ${Number(hour)} * * *`, { timezone: zone, paused: true });
}
