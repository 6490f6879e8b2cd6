/** Equity over time, why it changed, and the records of it. */
import { z } from 'zod';
import { instant, instantText } from '../../../model/instant.ts';
import { performanceAnswer } from '../documents/book.ts';
import { bridgeAnswer, equityAnswer } from '../documents/equity.ts';
import * as form from '../documents/forms.ts';
import { aside } from '../reads/aside.ts';
import { equityOf } from '../reads/equity.ts';
import { accountChosen } from '../reads/looks.ts';
import { route } from '../route.ts';
import { bridgeView } from '../views/equity-view.ts';

const words = { method: 'GET', tag: 'performance', scope: 'read' } as const;
const range = { from: form.instantIn.optional(), to: form.instantIn.optional() };
const account = z
  .string()
  .max(200)
  .optional()
  .meta({ description: 'Absent: the only one, or that of the settings' });
const limit = z.coerce.number().int().min(1).max(1_000).default(200);

const bounds = (query: {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}) => ({
  from: query.from === undefined ? null : instant(query.from),
  to: query.to === undefined ? null : instant(query.to),
});

const performance = route(
  {
    ...{ ...words, path: '/api/v1/performance', holdsMs: 5_000 },
    summary: 'Records of equity with the change between them, restated, and the bridge',
    query: z.object({ account, limit, ...range }),
    answer: performanceAnswer,
  },
  async (parts, { query }) => {
    const one = accountChosen(parts, query.account);
    const { markMaxAgeMs } = parts;
    const asked = { account: one, markMaxAgeMs, limit: query.limit, ...bounds(query) };
    return { body: await aside(parts, 'performed', asked) };
  },
);

const bridge = route(
  {
    ...{ ...words, path: '/api/v1/bridge', holdsMs: 5_000 },
    summary: 'Why equity changed in [from, to): rows that add up to the last digit',
    query: z.object({ account, ...range }),
    answer: bridgeAnswer,
  },
  async (parts, { query }) => {
    const one = accountChosen(parts, query.account);
    const { from, to } = bounds(query);
    const asked = { account: one, markMaxAgeMs: parts.markMaxAgeMs, from, to };
    const { document, asOf } = await aside(parts, 'bridged', asked);
    const first = parts.reader.file.firstAt(one.account) ?? asOf;
    const ends = { from: instantText(from ?? first), to: instantText(to ?? asOf) };
    return { body: bridgeView(document, ends) };
  },
);

const equity = route(
  {
    ...{ ...words, path: '/api/v1/equity', holdsMs: 5_000 },
    summary: 'The curve, its drawdown, transfers, and the times in which breaks were open',
    query: z.object({ account, limit, ...range }),
    answer: equityAnswer,
  },
  async (parts, { query }) => {
    const one = accountChosen(parts, query.account);
    return { body: await equityOf(parts, one, { limit: query.limit, ...bounds(query) }) };
  },
);

export const equityRoutes = [performance, bridge, equity];
