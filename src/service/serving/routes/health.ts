/** For whoever runs the service: whether it lives, may be relied on, and how it does. */
import { z } from 'zod';
import { route } from '../route.ts';

const lives = route(
  {
    ...{ method: 'GET', path: '/healthz', tag: 'operations', scope: null },
    summary: 'The process lives, and answers',
    answer: z.object({ status: z.literal('ok') }),
  },
  () => ({ body: { status: 'ok' } }),
);

const ready = route(
  {
    ...{ method: 'GET', path: '/readyz', tag: 'operations', scope: null },
    summary: '200 once all was compared since the start; 503 before, with the reason',
    answer: z.object({ ready: z.boolean(), why: z.string().nullable() }),
  },
  ({ notReady }) => {
    const why = notReady();
    return { status: why === null ? 200 : 503, body: { ready: why === null, why } };
  },
);

const metrics = route(
  {
    ...{ method: 'GET', path: '/metrics', tag: 'operations', scope: 'read' },
    summary: 'For Prometheus; docs/reference/metrics.md lists them',
    answer: z.string(),
  },
  async ({ metrics: all }) => ({ body: await all.text(), type: all.contentType }),
);

export const healthRoutes = [lives, ready, metrics] as const;
