/**
 * The built page with answers that a test chooses: for pictures, and for states that no real
 * service stays in. The page is served as the service serves it; only what it asks for is played.
 */
import fastify from 'fastify';
import type { Page, Route } from 'playwright-core';
import { addPage } from '../../src/service/serving/page.ts';
import { builtPage } from '../../src/service/serving/page-build.ts';
import * as main from './showcase.ts';
import * as rest from './showcase-rest.ts';
import { sides } from './showcase-sides.ts';
import * as source from './showcase-source.ts';

export interface PageServer {
  readonly origin: string;
  close(): Promise<void>;
}

let built: Promise<string | null> | null = null;

/** Built once, where it is older than its sources. */
export async function pageFolder(): Promise<string> {
  built ??= builtPage({ tell: () => undefined });
  const folder = await built;
  if (folder === null) throw new Error('the page could not be built');
  return folder;
}

export async function servePage(): Promise<PageServer> {
  const app = fastify();
  await addPage(app, { page: await pageFolder() });
  // Open and silent, as a stream is while nothing is booked.
  app.get('/api/v1/stream', (_request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream' }).write(': here\n\n');
  });
  const origin = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    origin,
    close: async () => {
      app.server.closeAllConnections();
      await app.close();
    },
  };
}

export type Played = Readonly<Record<string, unknown>>;

/** By the path that is asked for, and its beginning where that ends with a star. */
export const morning: Played = {
  '/api/v1/session': {
    ...{ schema: 'trueup.session/1', actor: 'mara', csrf: 'c' },
    scopes: ['read', 'repair', 'approve', 'admin'],
  },
  '/api/v1/home': main.home,
  '/api/v1/breaks': main.inbox,
  '/api/v1/breaks/*': main.oneBreak,
  '/api/v1/accounts/*/why': rest.why,
  '/api/v1/accounts/*/rows': source.rows,
  '/api/v1/accounts/*/entries/*': rest.entry,
  '/api/v1/accounts/*/side-by-side': sides,
  '/api/v1/accounts/*/fills': { schema: 'trueup.fills/1', items: [], next: null },
  '/api/v1/accounts/*': rest.account,
  '/api/v1/equity': rest.equity,
  '/api/v1/bridge': rest.bridge,
  '/api/v1/audit': rest.auditOf(200),
  '/api/v1/venues': rest.venues,
  '/api/v1/duties': rest.duties,
  '/api/v1/policy': rest.policy,
  '/api/v1/exits': rest.exits,
  '/api/v1/reports': rest.reports,
};

/** A number is a status to fail with, and null is silence. */
export async function play(page: Page, played: Played = morning): Promise<void> {
  await page.route('**/api/**', (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/api/v1/stream') return route.continue();
    const found = Object.keys(played).find((pattern) => fits(pathname, pattern));
    return answer(route, found === undefined ? 404 : played[found]);
  });
}

const hangOn = () => new Promise<void>(() => undefined);

const fits = (path: string, pattern: string): boolean =>
  new RegExp(`^${pattern.replaceAll('*', '[^/]+')}$`).test(path);

function answer(route: Route, told: unknown): Promise<void> {
  if (told === null) return hangOn();
  const headers = { 'x-request-id': 'req-42', date: new Date().toUTCString() };
  if (typeof told !== 'number') return route.fulfill({ json: told, headers });
  const problem = {
    ...{ type: '/problems/internal', title: 'A fault of ours', status: told },
    ...{ detail: 'something went wrong here', requestId: 'req-42' },
    hint: 'tell us the request id, and what the log says',
  };
  return route.fulfill({
    ...{ status: told, headers, contentType: 'application/problem+json' },
    body: JSON.stringify(problem),
  });
}
