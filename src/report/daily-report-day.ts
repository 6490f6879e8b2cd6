/** A calendar day of a zone as a range of instants: 23 or 25 hours where its clocks change. */
import { fromMilliseconds, type Instant } from '../model/instant.ts';

export interface Day {
  /** `2026-11-19`. */
  readonly date: string;
  readonly zone: string;
  /** [from, to). */
  readonly from: Instant;
  readonly to: Instant;
}

const dayMs = 86_400_000;
/** No zone is further from UTC. */
const offsetMaxMs = 15 * 3_600_000;

/** Null: there is no such day, or no such zone. */
export function dayOf(date: string, zone: string): Day | null {
  const utc = utcOf(date);
  const dateAt = utc === null ? null : datesIn(zone);
  if (utc === null || dateAt === null) return null;
  const from = startOf(utc, dateAt);
  const to = startOf(utc + dayMs, dateAt);
  return { date, zone, from: fromMilliseconds(from), to: fromMilliseconds(to) };
}

/** Midnight of the date in UTC. */
function utcOf(date: string): number | null {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(date) ?? [];
  if (year === undefined) return null;
  const ms = Date.UTC(+year, +month! - 1, +day!);
  return +year >= 1900 && new Date(ms).toISOString().startsWith(date) ? ms : null;
}

/** Days since 1970 by the calendar of the zone, at a time in milliseconds. */
type DateAt = (ms: number) => number;

function datesIn(zone: string): DateAt | null {
  try {
    const parts = { year: 'numeric', month: 'numeric', day: 'numeric' } as const;
    const format = new Intl.DateTimeFormat('en-US', {
      ...parts,
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
    });
    return (ms) => {
      const found = format.formatToParts(ms);
      const part = (type: string) => Number(found.find((one) => one.type === type)!.value);
      return Date.UTC(part('year'), part('month') - 1, part('day')) / dayMs;
    };
  } catch (error) {
    if (error instanceof RangeError) return null; // no such zone
    throw error;
  }
}

/** The first millisecond of a date: some zones have no midnight on the day their clocks change. */
function startOf(utc: number, dateAt: DateAt): number {
  const day = utc / dayMs;
  let [before, after] = [utc - offsetMaxMs, utc + offsetMaxMs];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (dateAt(middle) >= day) after = middle;
    else before = middle;
  }
  return after;
}
