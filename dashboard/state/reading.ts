/**
 * What the page has read. Each address is asked for once however many show it, kept with its ETag,
 * and asked for again when something was booked, now and then, and when somebody asks. What failed
 * keeps what was there before, with why and since when: old is never shown as new.
 */
import { type Signal, signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { type Problem, problemFrom, unreachable } from '../api/problem.ts';
import { hearTime } from './clock.ts';
import { asOf } from './location.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { forgetSession } from './session.ts';

/** Asked for on every page: it says what the time is, too. */
export const homeAddress = '/api/v1/home';

export interface Reading<T> {
  readonly data: T | null;
  /** When the service last said that it is as it is here; milliseconds of this machine. */
  readonly confirmedAt: number | null;
  readonly problem: Problem | null;
  readonly failingSince: number | null;
  readonly isAsking: boolean;
}

interface Kept {
  readonly shown: Signal<Reading<unknown>>;
  etag: string | null;
  /** How many parts of the page show it. */
  watchers: number;
  /** Asks the service, after whoever is asked for it now has answered. */
  readonly ask: () => Promise<void>;
}

const nothing: Reading<unknown> = {
  ...{ data: null, confirmedAt: null, problem: null, failingSince: null, isAsking: false },
};
const kept = new Map<string, Kept>();
/** Ages and verdicts change although nothing is booked. */
const askAgainMs = 10_000;
/** Many entries come at once. */
const settleMs = 150;

/** What the service knows as it was: the first page, breaks, accounts, figures and the trail. */
const ofAccount = 'accounts/[^/]+(/(fills|orders|why|side-by-side))?';
const looksBack = new RegExp(`^/api/v1/(home|audit|actions|breaks(/[^/]+)?|${ofAccount})$`);

/** The address with the instant that is looked at, where that changes the answer. */
export function addressOf(url: string): string {
  const [path = '', search] = url.split('?');
  if (asOf.value === null || !looksBack.test(path)) return url;
  return `${url}${search === undefined ? '?' : '&'}as_of=${encodeURIComponent(asOf.value)}`;
}

function of(url: string): Kept {
  const found = kept.get(url);
  if (found !== undefined) return found;
  const ask = oneAtATime(() => answer(url, made));
  const made: Kept = { shown: signal(nothing), etag: null, watchers: 0, ask };
  kept.set(url, made);
  return made;
}

/** Null as address: nothing is read. */
export function useReading<T>(url: string | null): Reading<T> {
  const address = url === null ? null : addressOf(url);
  useEffect(() => {
    if (address === null) return;
    const one = of(address);
    one.watchers += 1;
    // What is being asked for anyhow is asked for because something was booked, or just now.
    if (!one.shown.peek().isAsking) void one.ask();
    return () => {
      one.watchers -= 1;
    };
  }, [address]);
  const shown = useMemo(() => (address === null ? signal(nothing) : of(address).shown), [address]);
  return shown.value as Reading<T>;
}

async function answer(address: string, one: Kept): Promise<void> {
  const before = one.shown.peek();
  one.shown.value = { ...before, isAsking: true };
  const told = await fetched(address, one);
  const at = Date.now();
  if ('problem' in told) {
    const failingSince = before.failingSince ?? at;
    one.shown.value = { ...before, problem: told.problem, failingSince, isAsking: false };
    return;
  }
  const data = told.data === null ? before.data : told.data;
  one.shown.value = {
    ...{ data, confirmedAt: at, problem: null, failingSince: null, isAsking: false },
  };
}

/** `data` null: it is as it was. */
async function fetched(
  address: string,
  one: Pick<Kept, 'etag'>,
): Promise<{ readonly problem: Problem } | { readonly data: unknown }> {
  try {
    const headers: Record<string, string> = one.etag === null ? {} : { 'if-none-match': one.etag };
    const response = await fetch(address, { headers, signal: AbortSignal.timeout(20_000) });
    if (response.status === 304) return { data: null };
    if (response.status === 401) forgetSession();
    if (!response.ok) return { problem: await problemFrom(response) };
    const data: unknown = await response.json();
    if (address === homeAddress) hearTime((data as { readonly asOf: string }).asOf);
    one.etag = response.headers.get('etag');
    return { data };
  } catch (error) {
    return { problem: unreachable(error) };
  }
}

/** As it is now, for something that is about to be done; null: there was no answer. */
export async function readOnce<T>(address: string): Promise<T | null> {
  const told = await fetched(address, { etag: null });
  return 'problem' in told ? null : (told.data as T);
}

/** More are those of somebody who looked at everything. */
const keptMax = 200;

let askedAt = 0;

/** Everything that is shown, as it is from now on. */
export async function askAll(): Promise<void> {
  askedAt = Date.now();
  // What is under way for somebody who left may be shown again before it is answered.
  const shown = [...kept.values()].filter(
    ({ watchers, shown }) => watchers > 0 || shown.peek().isAsking,
  );
  if (kept.size > keptMax) {
    for (const [address, { watchers }] of kept) if (watchers === 0) kept.delete(address);
  }
  await Promise.all(shown.map(({ ask }) => ask()));
}

let waiting: ReturnType<typeof setTimeout> | null = null;

/** Soon, once for all that happens until then. */
export function askSoon(): void {
  if (waiting !== null) return;
  waiting = setTimeout(() => {
    waiting = null;
    if (asOf.value === null) void askAll();
  }, settleMs);
}

/**
 * Also of a page that nobody sees, whose title is looked at instead. A browser slows its timers
 * down to one a minute, so that each sign of life of the line asks, too.
 */
export function askIfDue(): void {
  if (asOf.value === null && Date.now() - askedAt >= askAgainMs / 2) void askAll();
}

export function startAsking(): void {
  setInterval(askIfDue, askAgainMs);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') askSoon();
  });
}
