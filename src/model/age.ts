/** How old something is, in words: one rounding rule wherever an age stands in a text. */
import { counted } from './amount.ts';

const units = [
  { ms: 86_400_000, name: 'day' },
  { ms: 3_600_000, name: 'hour' },
  { ms: 60_000, name: 'minute' },
] as const;

/** `48 days`, `3 hours`, `1 minute`, `40 seconds`: the nearest whole number of the unit. */
export function ageText(ms: number): string {
  const unit = units.find((one) => ms >= one.ms);
  if (unit !== undefined) return counted(Math.round(ms / unit.ms), unit.name);
  return counted(Math.max(Math.floor(ms / 1000), 0), 'second');
}
