/** RFC 9457 problem documents: what a refused or failed request is answered. */
import type { Refusal } from '../../model/result.ts';

export interface ProblemKind {
  /** Stable; `type` is its page: `/problems/{code}`. */
  readonly code: string;
  readonly status: number;
  readonly title: string;
  /** What to do, where the request itself cannot say. */
  readonly hint: string;
}

const kind = (status: number, code: string, title: string, hint: string): ProblemKind => ({
  ...{ status, code, title, hint },
});

/** Every kind there is; docs/reference/problems.md is made from it. */
export const problems = {
  invalid: kind(400, 'request-invalid', 'The request is not as it has to be', 'see the errors'),
  refused: kind(400, 'refused', 'The input was refused', 'see the rule and the hint'),
  keyMissing: kind(
    400,
    'idempotency-key-missing',
    'A write needs an Idempotency-Key',
    'send a new random text with each new write, and the same one when it is sent again',
  ),
  unauthenticated: kind(
    401,
    'unauthenticated',
    'Nobody is signed in',
    'send Authorization: Bearer with a token, or sign in on the page',
  ),
  forbidden: kind(403, 'scope-missing', 'The token may not do that', 'use one with this scope'),
  csrf: kind(403, 'csrf', 'The page did not prove that it asked', 'reload the page'),
  origin: kind(403, 'origin', 'The request came from another site', 'open the page itself'),
  unknown: kind(404, 'not-found', 'There is no such thing', 'see the list it would be in'),
  wrongMethod: kind(405, 'method-not-allowed', 'That is not done to it', 'do what Allow names'),
  conflict: kind(409, 'conflict', 'It cannot be done in this state', 'look at it again'),
  gateDenies: kind(
    409,
    'gate-denies',
    'The gate lets nobody trade now',
    'see the reasons; what only reduces a position passes with reduceOnly',
  ),
  stale: kind(409, 'plan-stale', 'The plan is not for the book as it is', 'look at the new plan'),
  notTheProxy: kind(
    421,
    'not-the-proxy',
    'This port is for the proxy alone',
    'ask by the address of the proxy, which has the encryption',
  ),
  keyReused: kind(
    422,
    'idempotency-key-reused',
    'That key was used for another request',
    'send a new key',
  ),
  underWay: kind(409, 'under-way', 'The same write is still under way', 'ask again in a second'),
  outcomeUnknown: kind(
    409,
    'outcome-unknown',
    'Nobody knows whether the write was done',
    'look at what it was about, and send it with a new key only where it was not done',
  ),
  mediaType: kind(
    415,
    'media-type',
    'The body is of a type that is not read',
    'send application/json, or lines of it as application/x-ndjson',
  ),
  tooLarge: kind(413, 'too-large', 'The request is too large', 'send less at once'),
  tooMany: kind(429, 'too-many', 'Too many requests', 'wait as long as Retry-After says'),
  internal: kind(
    500,
    'internal',
    'A fault of ours',
    'tell us the request id, and what the log says',
  ),
  upstream: kind(502, 'venue-failed', 'The venue did not answer', 'ask again later'),
  sourceSilent: kind(
    503,
    'source-silent',
    'The database of the bot did not answer',
    'look at it again in a few seconds, and ask again if nothing was done',
  ),
  held: kind(
    503,
    'book-held',
    'Another process holds the book, or the file beside it',
    'ask again in a second',
  ),
  full: kind(503, 'full', 'There is no room for more', 'ask again as late as Retry-After says'),
  notReady: kind(503, 'not-ready', 'The service is not ready', 'ask again in a second'),
} as const satisfies Readonly<Record<string, ProblemKind>>;

export type ProblemName = keyof typeof problems;

/** Thrown by whoever answers a request; the server makes the document of it. */
export class Problem extends Error {
  readonly kind: ProblemKind;
  readonly hint: string;
  readonly more: Readonly<Record<string, unknown>>;

  /** `detail` says what is wrong with this request; `more` are members of the document. */
  constructor(
    name: ProblemName,
    detail: string,
    more: Readonly<Record<string, unknown>> & { readonly hint?: string } = {},
  ) {
    super(detail);
    const { hint, ...rest } = more;
    this.kind = problems[name];
    this.hint = hint ?? this.kind.hint;
    this.more = rest;
  }
}

/** What the service refuses in words of its own, as a problem. */
export const problemOf = (refusal: Refusal, name: ProblemName = 'refused'): Problem => {
  const { code, message, where, rule, hint } = refusal;
  return new Problem(name, message, { refusal: code, where, rule, hint });
};

export const problemDocument = (problem: Problem, instance: string, requestId: string) => ({
  type: `/problems/${problem.kind.code}`,
  title: problem.kind.title,
  status: problem.kind.status,
  detail: problem.message,
  instance,
  requestId,
  hint: problem.hint,
  ...problem.more,
});
