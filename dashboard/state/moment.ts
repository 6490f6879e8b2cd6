/** The instant that ages are counted from: now, or the one of the past that is looked at. */
import { computed } from '@preact/signals';
import { relativeText } from '../words/times.ts';
import { now } from './clock.ts';
import { asOf } from './location.ts';

/** Milliseconds of the service's clock. */
export const moment = computed(() => (asOf.value === null ? now.value : Date.parse(asOf.value)));

/** `3 s ago`; of another instant than now, `3 s before` it. */
export function relativeToMoment(time: string): string {
  const told = relativeText(time, moment.value);
  if (asOf.value === null) return told;
  if (told === 'now') return 'then';
  return told.startsWith('in ') ? `${told.slice(3)} after` : told.replace(/ago$/, 'before');
}
