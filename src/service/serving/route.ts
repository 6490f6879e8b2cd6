/**
 * Routes as data. Each says who may ask, what it takes and what it answers, as zod schemas: the
 * server validates by them, and the OpenAPI description is made of them.
 */
import { z } from 'zod';
import type { Actor, Scope } from './access/actor.ts';
import type { ServingParts } from './parts.ts';

export interface Asked<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly actor: Actor;
  readonly requestId: string;
  /** The client's, behind a trusted proxy, too. */
  readonly address: string;
  /** Of a write that is known by one; null: the client sent none. */
  readonly idempotencyKey: string | null;
  /** Aborted when the client hangs up or the service stops. */
  readonly signal: AbortSignal;
}

export interface Answered {
  /** 200 where it is absent. */
  readonly status?: number;
  /** JSON with decimals as text, or text that is sent as it is. */
  readonly body: unknown;
  /** Absent: application/json. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What a write is answered when it is sent again; absent: the body. A secret is told once. */
  readonly again?: unknown;
}

export interface RouteWords {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Fastify's form: `/api/v1/breaks/:id`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  /** Null: everybody, also without a token. */
  readonly scope: Scope | null;
  /**
   * Of a GET: for how long an answer holds while the book does not change, in milliseconds; null:
   * it is made anew each time. Writes are never kept.
   */
  readonly holdsMs?: number | null;
  /** Media types that it answers with beside JSON. */
  readonly types?: readonly string[];
  /** Of a write: its body is handed over as the text that came, with every digit of its numbers. */
  readonly text?: boolean;
  /** Of a write: false where nothing is done twice by sending it twice. */
  readonly idempotencyKey?: boolean;
}

export interface RouteSchemas<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly answer: z.ZodType;
}

export interface Route extends RouteWords {
  readonly params: z.ZodType | null;
  readonly query: z.ZodType;
  readonly body: z.ZodType | null;
  readonly answer: z.ZodType;
  handle(
    parts: ServingParts,
    asked: Asked<unknown, unknown, unknown>,
  ): Promise<Answered> | Answered;
}

/** What nobody reads is refused: `as_of` where only now is known would be answered with now. */
const strict = (query: z.ZodType | undefined): z.ZodType =>
  query === undefined ? z.strictObject({}) : query instanceof z.ZodObject ? query.strict() : query;

/** The one place where the types of schemas and handler meet. Throws a Problem to refuse. */
export const route = <
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
>(
  words: RouteWords & RouteSchemas<P, Q, B>,
  handle: (
    parts: ServingParts,
    asked: Asked<z.output<P>, z.output<Q>, z.output<B>>,
  ) => Promise<Answered> | Answered,
): Route => ({
  ...words,
  params: words.params ?? null,
  query: strict(words.query),
  body: words.body ?? null,
  handle: (parts, asked) => handle(parts, asked as Asked<z.output<P>, z.output<Q>, z.output<B>>),
});
