/** Instants: integer nanoseconds since 1970 UTC, as text RFC 3339. */
export type Instant = bigint;

const form =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:([Zz])|([+-])(\d\d):(\d\d))$/;

const million = 1_000_000n;
const dayMs = 86_400_000;
/** The calendar repeats every 400 years; Date.UTC takes the years 0 to 99 for 1900 to 1999. */
const cycleMs = 146_097 * dayMs;
const firstMs = Date.UTC(400, 0) - cycleMs;
const lastMs = Date.UTC(10_000, 0) - 1;

/**
 * RFC 3339 text with offset to an instant of the years 0000 to 9999 UTC; null when it is none
 * (29 February 2023 included). A leap second, the last of a UTC day, is the first of the next day.
 */
export function parseInstant(text: string): Instant | null {
  const parts = form.exec(text);
  if (parts === null) return null;
  const [, year, month, day, hour, minute, second, fraction, , sign, offHour, offMinute] = parts;
  const leap = second === '60';
  const shifted = Date.UTC(
    +year! + 400,
    +month! - 1,
    +day!,
    +hour!,
    +minute!,
    leap ? 59 : +second!,
  );
  const date = new Date(shifted);
  if (date.getUTCMonth() !== +month! - 1 || date.getUTCDate() !== +day!) return null;
  if (+hour! > 23 || +minute! > 59 || +second! > 60 || +(offHour ?? 0) > 23) return null;
  if (+(offMinute ?? 0) > 59) return null;
  const offset = sign === undefined ? 0 : (+offHour! * 60 + +offMinute!) * 60_000;
  const utc = shifted - cycleMs + (leap ? 1000 : 0) - (sign === '-' ? -offset : offset);
  if (utc < firstMs || utc > lastMs || (leap && utc % dayMs !== 0)) return null;
  const nanos = fraction === undefined ? 0 : +fraction.padEnd(9, '0');
  return BigInt(utc) * million + BigInt(nanos);
}

/** Trusted text to an instant; throws a RangeError when it is none. */
export function instant(text: string): Instant {
  const value = parseInstant(text);
  if (value === null) throw new RangeError(`"${text}" is not an RFC 3339 time with offset`);
  return value;
}

/** n / divisor rounded down; the divisor is > 0. */
const floored = (n: bigint, divisor: bigint): bigint =>
  n >= 0n ? n / divisor : (n - divisor + 1n) / divisor;

/**
 * UTC, shortest: no fraction where it is zero, no trailing zeros in it. Throws a RangeError on an
 * instant outside the years 0000 to 9999, which has no RFC 3339 text.
 */
export function instantText(at: Instant): string {
  const billion = 1000n * million;
  const seconds = floored(at, billion);
  const ms = Number(seconds) * 1000;
  if (ms < firstMs || ms > lastMs)
    throw new RangeError(`${at} ns is outside the years 0000 to 9999`);
  const rest = Number(at - seconds * billion);
  const whole = new Date(ms).toISOString().slice(0, 19);
  if (rest === 0) return `${whole}Z`;
  return `${whole}.${String(rest).padStart(9, '0').replace(/0+$/, '')}Z`;
}

export const instantTextOrNull = (at: Instant | null): string | null =>
  at === null ? null : instantText(at);

export const fromMilliseconds = (ms: number): Instant => BigInt(ms) * million;

/** Whole milliseconds from `from` to `to`, rounded down; negative when `to` is earlier. */
export const millisecondsBetween = (from: Instant, to: Instant): number =>
  Number(floored(to - from, million));

export const addMilliseconds = (at: Instant, ms: number): Instant => at + BigInt(ms) * million;

/** The source of the present time: core code is given one and never asks the machine. */
export interface Clock {
  now(): Instant;
}
