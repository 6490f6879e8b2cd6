/**
 * The verdict that stands on every page: true only where the service says so and said so just now.
 * An answer that is old, failed or not there yet is never the verdict that it was.
 */
import { effect } from '@preact/signals';
import type { Verdict } from '../api/forms.ts';
import type { Home, Scope } from '../api/home.ts';
import { verdictWord } from '../words/break-words.ts';
import { relativeText } from '../words/times.ts';
import { here, now } from './clock.ts';
import { asOf } from './location.ts';
import { homeAddress, type Reading, useReading } from './reading.ts';
import { mode } from './settings.ts';

export type Shown = Verdict | 'checking';

export interface StandingVerdict {
  readonly verdict: Shown;
  readonly word: string;
  /** What is wrong with it, or what it was; null: nothing is to be added. */
  readonly note: string | null;
  readonly breaks: number;
  readonly cannotSay: number;
}

/** An answer that nobody confirmed for so long says nothing of now. */
export const staleAfterMs = 30_000;

export const useHome = (): Reading<Home> => useReading<Home>(homeAddress);

/** The other where there is only one. */
export const scopeOf = (home: Home): Scope | null =>
  mode.value === 'live' ? (home.live ?? null) : (home.paper ?? null);

/** Drawn again each second, because what was true a while ago is not said any more. */
export function standingOf(reading: Reading<Home>): StandingVerdict {
  const { data, problem, confirmedAt } = reading;
  if (data === null) {
    const nothing = { breaks: 0, cannotSay: 0 };
    const comes = { verdict: 'checking', word: 'Checking…', note: null, ...nothing } as const;
    if (problem === null) return comes;
    return { verdict: 'cannot-say', word: 'CANNOT SAY', note: problem.title, ...nothing };
  }
  const scope = scopeOf(data);
  if (scope === null) {
    const note = `no ${mode.value} account`;
    return { verdict: 'cannot-say', word: 'CANNOT SAY', note, breaks: 0, cannotSay: 0 };
  }
  const { verdict, breaks, cannotSay } = scope;
  if (asOf.value !== null) {
    const note = 'verdicts are of now, and the page is of the past';
    return { verdict: 'cannot-say', word: 'CANNOT SAY', note, breaks: 0, cannotSay: 0 };
  }
  const isOld = confirmedAt === null || here.value - confirmedAt > staleAfterMs;
  if (!isOld) return { verdict, word: verdictWord[verdict], note: null, breaks, cannotSay };
  const was = relativeText(data.asOf, now.value);
  const note = `last known ${verdictWord[verdict]}, ${was}`;
  return { verdict: 'cannot-say', word: 'CANNOT SAY', note, breaks, cannotSay };
}

/** In the title and the icon of the tab. */
export function wearVerdict({ verdict, breaks, cannotSay }: StandingVerdict): void {
  const counts = [
    ...(breaks > 0 ? [`${breaks}✗`] : []),
    ...(cannotSay > 0 || (verdict === 'cannot-say' && breaks === 0)
      ? [`${Math.max(cannotSay, 1)}?`]
      : []),
  ];
  const paper = mode.value === 'paper' ? 'PAPER ' : '';
  document.title = `${counts.length === 0 ? '' : `(${counts.join(' ')}) `}${paper}trueup`;
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  const name = verdict === 'checking' ? 'cannot-say' : verdict;
  if (icon !== null) icon.href = `/icons/${name}.svg`;
}

/** Who has accounts of one kind alone looks at those. */
export function preferMode(home: Home): void {
  if (mode.value === 'live' && home.live === null && home.paper !== null) mode.value = 'paper';
  if (mode.value === 'paper' && home.paper === null && home.live !== null) mode.value = 'live';
}

/** Where the root element says which instant is looked at. */
export const wearPast = (root: HTMLElement, asOf: () => string | null) =>
  effect(() => {
    root.dataset['past'] = asOf() === null ? 'no' : 'yes';
  });
