/** Why a number is what it is: every figure opens to the entries that made it. */
import { z } from 'zod';
import { cursorOf, placeOf } from '../cursors.ts';
import { whyAnswer } from '../documents/account.ts';
import * as form from '../documents/forms.ts';
import type { ServingParts } from '../parts.ts';
import { Problem } from '../problem.ts';
import { aside } from '../reads/aside.ts';
import { accountNamed, asOfOf } from '../reads/looks.ts';
import { type WhyAsked, why as whyOf } from '../reads/why.ts';
import { route } from '../route.ts';
import { ofAccount } from './reading-accounts.ts';

const query = z.object({
  what: z.enum(['balance', 'position', 'realised', 'fees', 'funding']),
  key: z.string().min(1).max(200).meta({
    description: 'A currency, an instrument or a coin; `*`: the account, of all but a position',
  }),
  leg: z.enum(['net', 'long', 'short']).default('net'),
  span: z.enum(['lifetime', 'open']).default('lifetime').meta({
    description: '`open`: since the position was flat last, as positions list it',
  }),
  ...form.asOfIn(
    'The figure of that instant: facts that took effect at it or before it, as they are in force ' +
      'now, as balances and positions have them',
  ),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(1_500).optional(),
});

const why = route(
  {
    ...{ method: 'GET', path: '/api/v1/accounts/:account/why', tag: 'accounts', scope: 'read' },
    summary: 'The entries that made a figure, the newest first, with the figure after each',
    holdsMs: 60_000,
    params: ofAccount,
    query,
    answer: whyAnswer,
  },
  async (parts, { params, query: asked }) => {
    const account = accountNamed(parts, params.account);
    const asOf = asOfOf(asked);
    const { what, key, leg, span, limit } = asked;
    const told = await toldWhy(parts, {
      ...{
        account,
        asOf,
        limit,
        markMaxAgeMs: parts.markMaxAgeMs,
        figure: { what, key, leg, span },
      },
      place: placeOf('why', asked.cursor, asOf),
    });
    if (told.said === 'moved') throw moved();
    if (told.said === 'never') {
      const by = asked.as_of === undefined ? '' : ` by ${asked.as_of}`;
      const said = `${account.name} never held ${key} ${leg}${by}: it has no ${what}`;
      throw new Problem('unknown', said, { hint: 'name what balances and positions list' });
    }
    const next = told.next && cursorOf('why', told.next, asOf);
    return { body: { ...told.answer, next } };
  },
);

/** The end of a history is at hand; one of the past is a page of each group. */
const toldWhy = (parts: ServingParts, asked: WhyAsked) =>
  asked.asOf === null ? whyOf(parts.reader, asked) : aside(parts, 'why', asked);

const moved = () =>
  new Problem(
    'conflict',
    'the history before this place has changed meanwhile, or too much came after it',
    {
      hint: 'begin again without a cursor',
    },
  );

export const whyRoutes = [why];
