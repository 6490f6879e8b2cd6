/** Asking a venue, again where that may help. What failed is no answer: nothing follows from it. */
import type { Answer } from '../../venues/venue.ts';
import type { WaitingClock } from '../system-clock.ts';

export type Asked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: string; readonly credentials: boolean };

export interface Patience {
  readonly clock: WaitingClock;
  readonly signal: AbortSignal;
  /** How often it is asked at most. */
  readonly tries: number;
}

const firstPauseMs = 500;
const longestPauseMs = 30_000;

export async function asked<T>(
  question: () => Promise<Answer<T>>,
  { clock, signal, tries }: Patience,
): Promise<Asked<T>> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await answered(question);
    if (answer.status === 'answered') return { ok: true, value: answer.value };
    if (answer.status === 'refused') {
      return { ok: false, why: `${answer.why} (${answer.code})`, credentials: false };
    }
    const { why, credentials, retry, retryAfterMs } = answer;
    if (credentials || !retry || attempt >= tries || signal.aborted) {
      return { ok: false, why, credentials };
    }
    const pauseMs = Math.min(firstPauseMs * 2 ** (attempt - 1), longestPauseMs);
    await rest(clock, retryAfterMs ?? pauseMs, signal);
  }
}

/** A venue that throws gave no answer either. */
async function answered<T>(question: () => Promise<Answer<T>>): Promise<Answer<T>> {
  try {
    return await question();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { status: 'failed', why, retry: true, retryAfterMs: null, credentials: false };
  }
}

/** Ends sooner when the signal aborts. */
export function rest(clock: WaitingClock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.after(ms, end);
    signal.addEventListener('abort', end);
  });
}
