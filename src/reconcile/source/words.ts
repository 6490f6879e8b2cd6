/** Ages and lists in sentences. */
import { counted } from '../../model/amount.ts';
import { type Instant, instantText } from '../../model/instant.ts';

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

/** To the second, as a sentence needs it: `2026-01-12 21:00:04Z`. */
export const momentText = (at: Instant): string =>
  instantText(at).replace('T', ' ').replace(/\.\d+/, '');

const listedMax = 5;

/** `A, B, C`, and how many more. */
export function listText(names: readonly string[]): string {
  const shown = names.slice(0, listedMax).join(', ');
  const more = names.length - listedMax;
  return more > 0 ? `${shown} and ${more} more` : shown;
}
