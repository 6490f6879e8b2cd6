/** Times and lists in sentences. */
import { type Instant, instantText } from '../../model/instant.ts';

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
