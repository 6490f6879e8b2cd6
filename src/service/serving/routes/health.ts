/** For whoever runs the service: whether it lives, may be relied on, and how it does. */
import { z } from 'zod';
import { venueAdvice } from '../reads/source-advice.ts';
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
  async (parts) => {
    const why = parts.notReady();
    if (why === null) return { status: 200, body: { ready: true, why } };
    const advice = await venueAdvice(parts);
    return {
      status: 503,
      body: { ready: false, why: advice === null ? why : `${why}; ${advice}` },
    };
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
