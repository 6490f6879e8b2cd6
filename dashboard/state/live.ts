/**
 * The stream of what is booked. A line that breaks is taken up again with the id of the last event
 * that was seen, so that nothing is missed; until then the page says that it may be behind.
 */
import { signal } from '@preact/signals';
import { askIfDue, askSoon } from './reading.ts';
import { eventsOf, type ServerEvent } from './server-events.ts';
import { forgetSession } from './session.ts';

export type Line = 'connecting' | 'live' | 'reconnecting';

export interface LastEvent {
  readonly id: string | null;
  readonly at: number;
  readonly words: string;
}

export const line = signal<Line>('connecting');
export const lastEvent = signal<LastEvent | null>(null);
/** When the line broke. */
export const brokenSince = signal<number | null>(null);
/** When it was there again: what was known before is to be asked for anew. */
export const mendedAt = signal<number | null>(null);
/** Events that came after the line was there again: what was missed. */
export const replayed = signal(0);

const firstWaitMs = 500;
const waitMaxMs = 10_000;
/** The service says that it lives four times as often. */
const silentMaxMs = 60_000;

let lastId: string | null = null;

export async function startStream(signedOut: AbortSignal): Promise<void> {
  let wait = firstWaitMs;
  while (!signedOut.aborted) {
    const began = Date.now();
    await listen(signedOut);
    if (signedOut.aborted) return;
    if (line.value === 'live' || brokenSince.value === null) brokenSince.value = Date.now();
    line.value = 'reconnecting';
    wait = Date.now() - began > waitMaxMs ? firstWaitMs : Math.min(wait * 2, waitMaxMs);
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

/** Until it ends or says nothing for too long. */
async function listen(signedOut: AbortSignal): Promise<void> {
  const over = new AbortController();
  const leave = () => over.abort();
  signedOut.addEventListener('abort', leave, { once: true });
  let watchdog = setTimeout(leave, silentMaxMs);
  const alive = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(leave, silentMaxMs);
    if (document.visibilityState === 'hidden') askIfDue();
  };
  try {
    const headers: Record<string, string> = lastId === null ? {} : { 'last-event-id': lastId };
    const response = await fetch('/api/v1/stream', { headers, signal: over.signal });
    if (response.status === 401) forgetSession();
    if (!response.ok || response.body === null) return;
    arrive();
    for await (const event of eventsOf(response.body, alive)) take(event);
  } catch {
    // The line broke: whoever called takes it up again, and the page says so meanwhile.
  } finally {
    clearTimeout(watchdog);
    signedOut.removeEventListener('abort', leave);
  }
}

function arrive(): void {
  const wasBroken = line.value === 'reconnecting';
  line.value = 'live';
  brokenSince.value = null;
  if (wasBroken) mendedAt.value = Date.now();
  replayed.value = 0;
  if (wasBroken) askSoon();
}

function take({ id, name, data }: ServerEvent): void {
  if (id !== null) lastId = id;
  if (name === 'reset') lastId = null;
  const told = wordsIn(data);
  if (name === 'entry') {
    replayed.value += 1;
    lastEvent.value = { id, at: Date.now(), words: told };
  }
  if (name !== 'end') askSoon();
}

function wordsIn(data: string): string {
  try {
    const told = JSON.parse(data) as { readonly words?: unknown; readonly account?: unknown };
    return typeof told.words === 'string' ? told.words : '';
  } catch {
    return ''; // Words are for reading; what is shown is asked for anew all the same.
  }
}
