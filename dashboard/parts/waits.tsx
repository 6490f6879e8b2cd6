/** Who has to act next; of another instant than now, who had to. */
import type { BreakSummary } from '../api/breaks.ts';
import { asOf } from '../state/location.ts';
import { waitedWord, waitWord } from '../words/break-words.ts';

export function Waits({ on }: { readonly on: BreakSummary['waitsFor'] }) {
  return <>{(asOf.value === null ? waitWord : waitedWord)[on]}</>;
}
