/** Durations as people write them: 30s, 5m, 24h, 2d; and times of day. */

const units: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A whole number and its unit to milliseconds; null when the text is none. */
export function parseDuration(text: string): number | null {
  const [, count, unit] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text) ?? [];
  return count === undefined || unit === undefined ? null : Number(count) * units[unit]!;
}

/** The same in its largest whole unit. */
export function durationText(ms: number): string {
  for (const unit of ['d', 'h', 'm', 's']) {
    const length = units[unit]!;
    if (ms !== 0 && ms % length === 0) return `${ms / length}${unit}`;
  }
  return `${ms}ms`;
}

export const isTimeOfDay = (text: string): boolean => /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
