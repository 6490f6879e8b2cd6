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
import { brokenSince, line, mendedAt } from './live.ts';
import { asOf } from './location.ts';
import { homeAddress, type Reading, useReading } from './reading.ts';
import { mode } from './settings.ts';

export type Shown = Verdict | 'checking';

export interface StandingVerdict {
  readonly verdict: Shown;
  readonly word: string;
  /** What is wrong with it, or what it was; null: nothing is to be added. */
  readonly note: string | null;
  /** It is what was known last, and nobody says that it holds. */
  readonly isOld: boolean;
  readonly breaks: number;
  readonly cannotSay: number;
}

/** An answer that nobody confirmed for so long says nothing of now. */
export const staleAfterMs = 30_000;

export const useHome = (): Reading<Home> => useReading<Home>(homeAddress);

/** Null: there is no account of that mode. */
export const scopeOf = (home: Home): Scope | null =>
  mode.value === 'live' ? (home.live ?? null) : (home.paper ?? null);

/**
 * Whether nobody says that it still is so: a request failed, the line broke since, or nothing was
 * heard for a while. What was then stays so, however long nobody asks.
 */
export function isOld({ problem, confirmedAt }: Reading<unknown>): boolean {
  if (problem !== null) return true;
  if (asOf.value !== null || confirmedAt === null) return false;
  // What was answered since the line broke is so, for as long as any answer is.
  const from = line.value === 'reconnecting' ? brokenSince.value : mendedAt.value;
  return confirmedAt < (from ?? 0) || here.value - confirmedAt > staleAfterMs;
}

/** Drawn again each second, because what was true a while ago is not said any more. */
export function standingOf(reading: Reading<Home>): StandingVerdict {
  const { data, problem } = reading;
  if (data === null) {
    const nothing = { breaks: 0, cannotSay: 0, isOld: false };
    const comes = { verdict: 'checking', word: 'Checking…', note: null, ...nothing } as const;
    if (problem === null) return comes;
    return { verdict: 'cannot-say', word: 'CANNOT SAY', note: problem.title, ...nothing };
  }
  const scope = scopeOf(data);
  if (scope === null) {
    const note = `no ${mode.value} account`;
    const nothing = { breaks: 0, cannotSay: 0, isOld: false };
    return { verdict: 'cannot-say', word: 'CANNOT SAY', note, ...nothing };
  }
  const { verdict, breaks, cannotSay } = scope;
  if (!isOld(reading)) {
    const note = asOf.value === null ? null : 'then';
    return { verdict, word: verdictWord[verdict], note, breaks, cannotSay, isOld: false };
  }
  const was = relativeText(data.asOf, now.value);
  const note = `last known ${verdictWord[verdict]}, ${was}`;
  return { verdict: 'cannot-say', word: 'CANNOT SAY', note, breaks, cannotSay, isOld: true };
}

/** In the title and the icon of the tab; what was true once is not worn as what is true. */
export function wearVerdict({ verdict, breaks, cannotSay }: StandingVerdict): void {
  const isNow = asOf.value === null;
  const counts = [
    ...(breaks > 0 ? [`${breaks}✗`] : []),
    ...(cannotSay > 0 || (verdict === 'cannot-say' && breaks === 0)
      ? [`${Math.max(cannotSay, 1)}?`]
      : []),
  ];
  const paper = mode.value === 'paper' ? 'PAPER ' : '';
  const count = counts.length === 0 || !isNow ? '' : `(${counts.join(' ')}) `;
  document.title = `${count}${isNow ? '' : 'past · '}${paper}trueup`;
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  const name = verdict === 'checking' || !isNow ? 'cannot-say' : verdict;
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
