/** Time zones by name: what the platform knows, or an offset that is always the same. */

const offset = /^([+-])(\d\d):?(\d\d)$/;

/** No clock on earth is further from UTC. */
const offsetMaxMs = 18 * 3_600_000;

/** An IANA name, or an offset such as +04:00. */
export function isZone(name: string): boolean {
  const fixed = fixedOffsetMs(name);
  if (fixed !== null) return Math.abs(fixed) <= offsetMaxMs;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch (error) {
    if (error instanceof RangeError) return false; // the platform knows no such zone
    throw error;
  }
}

/** Ahead of UTC, in milliseconds; null: a place, whose clocks may change. */
export function fixedOffsetMs(zone: string): number | null {
  if (zone === 'UTC' || zone === 'Z') return 0;
  const [, sign, hours, minutes] = offset.exec(zone) ?? [];
  if (sign === undefined) return null;
  const size = (+hours! * 60 + +minutes!) * 60_000;
  return sign === '-' ? -size : size;
}
