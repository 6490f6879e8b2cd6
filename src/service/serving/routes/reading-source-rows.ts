/** What a bot's database stores of an account, beside what knows better. */
import { z } from 'zod';
import { instantTextOrNull } from '../../../model/instant.ts';
import { pageOfList } from '../cursors.ts';
import * as form from '../documents/forms.ts';
import { type RowsAnswer, rowsAnswer } from '../documents/rows.ts';
import { accountNamed } from '../reads/looks.ts';
import { sourceSeen } from '../reads/source-look.ts';
import { shutWhy } from '../reads/source-plan.ts';
import { rowsIn } from '../reads/source-rows.ts';
import { route } from '../route.ts';
import { secondsSince } from '../views/break-view.ts';
import { ofAccount, whose } from './reading-accounts.ts';

const rows = route(
  {
    ...{ method: 'GET', tag: 'accounts', scope: 'read', holdsMs: 1_000 },
    path: '/api/v1/accounts/:account/rows',
    summary: "A bot's own rows of the account, open ones first, beside what knows better",
    params: ofAccount,
    query: z.object({ ...form.pageQuery }),
    answer: rowsAnswer,
  },
  async (parts, { params, query }) => {
    const one = accountNamed(parts, params.account);
    const found = await sourceSeen(parts);
    const seen = found?.seen ?? null;
    const shown = seen === null ? null : rowsIn(parts, one, seen);
    // Of a database that was never looked at nobody knows whose it is.
    const isIts = shown !== null || (found !== null && seen === null);
    const { items, next } = pageOfList('rows', shown?.rows ?? [], query);
    const { source: database } = parts;
    const body: RowsAnswer = {
      ...({ schema: 'trueup.rows/1', ...whose(one) } as const),
      source:
        database === undefined || !isIts
          ? null
          : { name: database.name, kind: seen?.kind ?? null, shut: shutWhy(database) },
      lookedAt: instantTextOrNull(seen?.at ?? null),
      ageSeconds: seen === null ? null : secondsSince(seen.at, parts.clock.now()),
      why: found?.why ?? null,
      figures: shown?.figures ?? null,
      counts: shown === null ? null : { ...shown.counts },
      ...{ items, next },
    };
    return { body };
  },
);

export const sourceRowRoutes = [rows] as const;
