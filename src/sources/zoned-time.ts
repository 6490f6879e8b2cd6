/**
 * Wall-clock times of a zone, which is an IANA name or an offset such as +04:00. A time that the
 * clocks skip is taken with the offset before the change, one that they show twice is the first.
 */
import { fromMilliseconds, type Instant } from '../model/instant.ts';
import { fixedOffsetMs } from '../model/zone.ts';

/** Milliseconds that a wall clock shows, counted as if it were in UTC, and what is below them. */
export interface WallTime {
  readonly ms: number;
  readonly nanos: number;
}

const dayMs = 86_400_000;

export function instantOfWall({ ms, nanos }: WallTime, zone: string): Instant {
  const [before, after] = [offsetMs(ms - dayMs, zone), offsetMs(ms + dayMs, zone)];
  const fits = [before, after].filter((offset) => offsetMs(ms - offset, zone) === offset);
  // Of two that fit, the larger offset is the earlier instant; where none does, time was skipped.
  const offset = fits.length === 0 ? before : Math.max(...fits);
  return fromMilliseconds(ms - offset) + BigInt(nanos);
}

export function wallOf(at: Instant, zone: string): WallTime {
  const ms = Number(at / 1_000_000n);
  return { ms: ms + offsetMs(ms, zone), nanos: Number(at % 1_000_000n) };
}

/** Ahead of UTC, in milliseconds, at that moment. */
export function offsetMs(utcMs: number, zone: string): number {
  const always = fixedOffsetMs(zone);
  if (always !== null) return always;
  const name = formatOf(zone)
    .formatToParts(utcMs)
    .find(({ type }) => type === 'timeZoneName');
  const [, sign, hours, minutes, seconds] =
    /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(name?.value ?? '') ?? [];
  const size = (+(hours ?? 0) * 60 + +(minutes ?? 0)) * 60_000 + +(seconds ?? 0) * 1_000;
  return sign === '-' ? -size : size;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  formats.set(zone, made);
  return made;
}
