/**
 * What came of a call to an exchange, without anything secret in it. A failure is no answer; a
 * refusal is one. Whether an order was taken is known in neither case but a refusal.
 */
import type { Answer } from '../venue.ts';
import { PayloadFault } from './raw.ts';

export type NoAnswer = Exclude<Answer<never>, { readonly status: 'answered' }>;

export class ExchangeFailure extends Error {
  readonly answer: NoAnswer;
  /** The venue has no such order. */
  readonly orderNotFound: boolean;
  /** The client order id was used before. */
  readonly duplicate: boolean;
  /** The venue found our time too far from its own. */
  readonly clock: boolean;
  /** The venue has no such symbol: it may be called something else by now. */
  readonly symbol: boolean;

  constructor(
    answer: NoAnswer,
    kind: { orderNotFound?: boolean; duplicate?: boolean; clock?: boolean; symbol?: boolean } = {},
  ) {
    super(answer.why);
    this.name = 'ExchangeFailure';
    this.answer = answer;
    this.orderNotFound = kind.orderNotFound ?? false;
    this.duplicate = kind.duplicate ?? false;
    this.clock = kind.clock ?? false;
    this.symbol = kind.symbol ?? false;
  }
}

export const failed = (
  why: string,
  retry = true,
  retryAfterMs: number | null = null,
): NoAnswer => ({
  status: 'failed',
  why,
  retry,
  retryAfterMs,
  credentials: false,
});

export const refusal = (code: string, why: string): NoAnswer => ({ status: 'refused', code, why });

/** The answer, or why there is none; our own bugs go on. */
export async function attempt<T>(call: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { status: 'answered', value: await call() };
  } catch (error) {
    return noAnswerOf(error);
  }
}

export function noAnswerOf(error: unknown): NoAnswer {
  if (error instanceof ExchangeFailure) return error.answer;
  if (error instanceof PayloadFault)
    return failed(`the answer is not as expected: ${error.message}`);
  throw error;
}

/** Text without keys, signatures and whatever else a URL carries behind its question mark. */
export function redacted(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length > 0) clean = clean.replaceAll(secret, '[redacted]');
  }
  return clean
    .replace(/(https?:\/\/[^\s?]+)\?\S*/g, '$1')
    .replace(/\b[0-9a-fA-F]{64,}\b/g, '[redacted]');
}
