/** The book on one side, the venue on the other. */
import { z } from 'zod';
import { cursorOf, placeOf } from '../cursors.ts';
import * as form from '../documents/forms.ts';
import { sidesAnswer } from '../documents/sides.ts';
import { accountNamed, asOfOf } from '../reads/looks.ts';
import { sidesBeside } from '../reads/sides.ts';
import { route } from '../route.ts';
import { holdsMs, ofAccount } from './reading-accounts.ts';

const sides = route(
  {
    ...{ method: 'GET', path: '/api/v1/accounts/:account/side-by-side', holdsMs },
    ...{ tag: 'accounts', scope: 'read' },
    summary: 'The book beside the statement on record, of its instant: the newest, or that of then',
    params: ofAccount,
    query: z.object({
      ...form.pageQuery,
      ...form.asOfIn(
        'The newest statement that was recorded at it or before it, beside the book as of the ' +
          'instant of that statement, as the book is in force now',
      ),
    }),
    answer: sidesAnswer,
  },
  async (parts, { params, query }) => {
    const asOf = asOfOf(query);
    const account = accountNamed(parts, params.account);
    const [from] = placeOf('sides', query.cursor, asOf) ?? [0];
    const end = from + query.limit;
    const { answer, count } = await sidesBeside(parts, account, { ...query, asOf, from });
    const next = end < count ? cursorOf('sides', [end], asOf) : null;
    return { body: { schema: 'trueup.side-by-side/1', ...answer, next } };
  },
);

export const sideRoutes = [sides];
