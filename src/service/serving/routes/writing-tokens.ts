/** Tokens over HTTP, as `trueup token` does it. */
import { z } from 'zod';
import { type Instant, instantText } from '../../../model/instant.ts';
import { parseDuration } from '../../duration.ts';
import { scopes } from '../access/actor.ts';
import { expiryAfter, type Token, usualTokenDays } from '../access/tokens.ts';
import * as form from '../documents/forms.ts';
import { Problem, problemOf } from '../problem.ts';
import { route } from '../route.ts';

export const tokenAnswer = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(scopes)),
  madeAt: form.time,
  madeBy: z.string(),
  expiresAt: form.timeOrNull,
  revokedAt: form.timeOrNull,
  usedAt: form.timeOrNull,
});

const newToken = z.strictObject({
  name: z.string().regex(/^[\w][\w .@-]{0,63}$/),
  scopes: z.array(z.enum(scopes)).min(1).max(scopes.length),
  expires: z
    .string()
    .regex(/^(never|\d{1,9}(ms|s|m|h|d))$/)
    .default(`${usualTokenDays}d`)
    .meta({ description: 'So long from now, such as 30d, or never' }),
});

const words = { tag: 'access', scope: 'admin' } as const;

const listTokens = route(
  {
    ...{ ...words, method: 'GET', path: '/api/v1/tokens', summary: 'Tokens, without secrets' },
    answer: form.pageOf('tokens', tokenAnswer),
  },
  ({ access }) => ({
    body: { schema: 'trueup.tokens/1', items: access.tokens.list().map(tokenShown), next: null },
  }),
);

const addToken = route(
  {
    ...{ ...words, method: 'POST', path: '/api/v1/tokens', summary: 'Make a token' },
    body: newToken,
    answer: tokenAnswer.extend({
      schema: z.literal('trueup.token/1'),
      token: z.string().nullable().meta({ description: 'Told once; null when asked again' }),
    }),
  },
  ({ access, clock }, { body: { name, scopes: held, expires }, actor }) => {
    const taken = access.tokens.nameRefusal(name);
    if (taken !== null) throw problemOf(taken);
    const expiresAt = expiryOf(expires, clock.now());
    const { token, secret } = access.tokens.add({ name, scopes: held, expiresAt, by: actor.name });
    const shown = { schema: 'trueup.token/1', ...tokenShown(token) };
    return { body: { ...shown, token: secret }, again: { ...shown, token: null } };
  },
);

const revokeToken = route(
  {
    ...{ ...words, method: 'DELETE', path: '/api/v1/tokens/:id', summary: 'Revoke a token' },
    ...{ params: z.object({ id: z.string() }), answer: tokenAnswer, idempotencyKey: false },
  },
  ({ access }, { params: { id } }) => {
    const token = access.tokens.revoke(id);
    if (token === null) throw new Problem('unknown', `there is no token ${id}`);
    return { body: tokenShown(token) };
  },
);

function expiryOf(expires: string, now: Instant): Instant | null {
  if (expires === 'never') return null;
  const read = expiryAfter(now, parseDuration(expires)!);
  if (!read.ok) throw problemOf(read.refusal);
  return read.value;
}

const timeOrNull = (at: Instant | null): string | null => (at === null ? null : instantText(at));

export const tokenShown = ({ madeAt, expiresAt, revokedAt, usedAt, ...token }: Token) => ({
  ...token,
  madeAt: instantText(madeAt),
  expiresAt: timeOrNull(expiresAt),
  revokedAt: timeOrNull(revokedAt),
  usedAt: timeOrNull(usedAt),
});

export const tokenRoutes = [listTokens, addToken, revokeToken] as const;
