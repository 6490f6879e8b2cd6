/** Signing in at the page, and out: a token, or the code of the address that the service prints. */
import { z } from 'zod';
import type { Access } from '../access/access.ts';
import { type Actor, scopes } from '../access/actor.ts';
import { type Session, sessionMs } from '../access/sessions.ts';
import type { Token } from '../access/tokens.ts';
import type { ServingParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { type Answered, route } from '../route.ts';

const path = '/api/v1/session';
const words = { path, tag: 'access', scope: null } as const;

export const sessionAnswer = z.object({
  schema: z.literal('trueup.session/1'),
  /** Null: nobody is signed in. */
  actor: z.string().nullable(),
  scopes: z.array(z.enum(scopes)),
  /** To be sent as x-csrf-token with each write; null without a session. */
  csrf: z.string().nullable(),
});

const signIn = z.union([
  z.strictObject({ token: z.string().min(1).max(200) }),
  z.strictObject({ code: z.string().min(1).max(200) }),
]);

const answerOf = (actor: Pick<Actor, 'name' | 'scopes' | 'session'> | null) => ({
  schema: 'trueup.session/1',
  actor: actor?.name ?? null,
  scopes: [...(actor?.scopes ?? [])],
  csrf: actor?.session?.csrf ?? null,
});

const showSession = route(
  {
    ...words,
    method: 'GET',
    summary: 'Who is signed in, and what they may',
    answer: sessionAnswer,
  },
  (_parts, { actor }) => ({
    body: answerOf(actor.via === 'none' ? null : actor),
    headers: { 'cache-control': 'no-store' },
  }),
);

const beginSession = route(
  {
    ...{ ...words, method: 'POST', summary: 'Sign in with a token or a code' },
    ...{ body: signIn, answer: sessionAnswer, idempotencyKey: false },
  },
  ({ access }, { body, address, requestId }) => {
    access.trySignIn(address);
    const token =
      'token' in body ? access.tokens.find(body.token) : access.sessions.spend(body.code);
    if (token === null) throw failed(access, address, 'token' in body);
    const { cookie, session } = access.sessions.make(token);
    access.record({ ...done('POST', token.name), requestId });
    return signedIn(access, token, cookie, session);
  },
);

const endSession = route(
  {
    ...{ ...words, method: 'DELETE', summary: 'Sign out', answer: sessionAnswer },
    idempotencyKey: false,
  },
  ({ access }: ServingParts, { actor, requestId }) => {
    if (actor.session !== undefined) {
      access.sessions.end(actor.session.hash);
      access.record({ ...done('DELETE', actor.name), requestId });
    }
    return { body: answerOf(null), headers: { 'set-cookie': cookieOf(access, '', 0) } };
  },
);

const done = (method: string, actor: string) => ({
  ...{ actor, action: `${method} ${path}`, object: path, status: 200 },
});

function failed(access: Access, address: string, isToken: boolean): Problem {
  const what = isToken
    ? 'the token is unknown, expired or revoked'
    : 'the code is spent, older than ten minutes, or of another start';
  access.signInFailed(address, what);
  const hint = 'sign in with a token; trueup token add makes one';
  return new Problem('unauthenticated', what, { hint });
}

function signedIn(access: Access, token: Token, cookie: string, session: Session): Answered {
  const { name } = token;
  const actor = { name, scopes: new Set(token.scopes), session };
  return {
    body: answerOf(actor),
    headers: {
      'set-cookie': cookieOf(access, cookie, sessionMs / 1_000),
      'cache-control': 'no-store',
    },
  };
}

function cookieOf({ isSecure, sessions }: Access, value: string, maxAge: number): string {
  const secure = isSecure ? '; Secure' : '';
  const rest = `Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAge}${secure}`;
  return `${sessions.cookie}=${value}; ${rest}`;
}

export const sessionRoutes = [showSession, beginSession, endSession] as const;
