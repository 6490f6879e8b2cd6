/**
 * Who may ask what. A token in the header, or a session's cookie with proof that our own page
 * asked; limits of how often; and a row for each write with who asked for it.
 */
import type { FastifyHelmetOptions } from '@fastify/helmet';
import type { FastifyRequest } from 'fastify';
import type { Asked, Route } from '../route.ts';
import type { Actor, Scope } from './actor.ts';

/** For answers that are at hand. */
export interface TokenGate {
  /**
   * Whether a token lets it in and it is not one too many: it counts then, and these are headers
   * of its answer, by name and value. Null: whether it is refused, and why, `admit` says.
   */
  pass(request: FastifyRequest, route: Asking): readonly string[] | null;
}

export type Asking = Pick<Route, 'scope' | 'method' | 'path'>;

export interface Gatekeeper {
  /** Headers against what other sites could do with the page. */
  readonly headers: FastifyHelmetOptions;
  /**
   * Counts a request, whatever is asked: headers of its answer, by name and value. Throws a Problem
   * where it is one too many of its address.
   */
  count(request: FastifyRequest): readonly string[];
  /** Throws a Problem where the route is not for whoever asks. */
  admit(request: FastifyRequest, route: Asking): void;
  /** Who was admitted. */
  actorOf(request: FastifyRequest): Actor;
  /** Whether the token, or the session, of one that was admitted still holds. */
  stillMay(actor: Actor, scope: Scope): boolean;
  /** The audit of writes: of those who were admitted by a token or a session. */
  note(
    route: Route,
    request: FastifyRequest,
    asked: Asked<unknown, unknown, unknown>,
    status: number,
  ): void;
}
