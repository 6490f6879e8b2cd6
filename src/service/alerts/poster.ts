/** Posts JSON to a service over HTTP: one attempt, bounded in time, its outcome as a value. */
import { millisecondsBetween } from '../../model/instant.ts';
import { withoutThese } from '../redaction.ts';
import type { WaitingClock } from '../system-clock.ts';
import type { Failed } from './alert.ts';
import { cut, oneLine } from './wording.ts';

export interface Post {
  readonly url: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Never told, whatever the service answers. */
  readonly secrets: readonly string[];
}

export interface Posting {
  readonly clock: WaitingClock;
  readonly timeoutMs: number;
}

/** What the service answered with 2xx. */
export interface Posted {
  readonly status: 'posted';
  readonly body: string;
}

/** A failure that the service described: its status and words. */
export interface Refused extends Failed {
  readonly http?: { readonly status: number; readonly body: string };
}

const answerMax = 64 * 1024;
const quotedMax = 200;

export async function post(
  request: Post,
  { clock, timeoutMs }: Posting,
): Promise<Posted | Refused> {
  const abort = new AbortController();
  const cancel = clock.after(timeoutMs, () => abort.abort());
  try {
    const response = await fetch(request.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', ...request.headers },
      body: request.body,
      // Somebody else's address is not the one that was configured.
      redirect: 'manual',
      signal: abort.signal,
    });
    const body = await bodyOf(response);
    if (response.ok) return { status: 'posted', body };
    return refusalOf(response, body, request, clock);
  } catch (error) {
    if (abort.signal.aborted) return failed(`no answer within ${timeoutMs} ms`, true);
    return failed(networkFault(error), true);
  } finally {
    cancel();
  }
}

const failed = (why: string, retry: boolean): Failed => ({ status: 'failed', why, retry });

async function bodyOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > answerMax) break;
  }
  return text;
}

/** 408 and 425 ask for another attempt, 429 for a later one; other 4xx stay as they are. */
const transient: ReadonlySet<number> = new Set([408, 425, 429]);

function refusalOf(response: Response, body: string, request: Post, clock: WaitingClock): Refused {
  const { status, statusText, headers } = response;
  const said = cut(oneLine(withoutThese(body, request.secrets)).trim(), quotedMax);
  const answered = `it answered ${[status, statusText].join(' ').trim()}`;
  const afterMs = retryAfterMs(headers.get('retry-after'), clock);
  return {
    ...failed(
      `${answered}${said === '' ? '' : `: ${said}`}`,
      status >= 500 || transient.has(status),
    ),
    ...(afterMs === null ? {} : { afterMs }),
    http: { status, body },
  };
}

/** Seconds, or an HTTP date. */
function retryAfterMs(text: string | null, clock: WaitingClock): number | null {
  if (text === null) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  if (Number.isNaN(date)) return null;
  return Math.max(0, date - millisecondsBetween(0n, clock.now()));
}

const faults: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  ENOTFOUND: 'the host is not known',
  EAI_AGAIN: 'the host cannot be looked up now',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_SOCKET: 'the connection was closed',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
};

/** By its code alone: messages of the network quote the address, which may be a secret. */
export function networkFault(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code =
    typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : null;
  if (code === null) return 'it could not be reached';
  return faults[code] ?? `it could not be reached (${code})`;
}
