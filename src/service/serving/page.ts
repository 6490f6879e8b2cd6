/**
 * The page: built files of `dashboard/dist`, as they are. Names of assets carry a hash of what is
 * in them, so they may be kept for ever; the one document that names them is asked for each time.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import staticFiles from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ServingParts } from './parts.ts';

/** Addresses that the page shows something at; all of them are the one document. */
const pageRoutes = [
  '/',
  '/breaks',
  '/breaks/:id',
  '/accounts',
  '/accounts/:account',
  '/equity',
  '/exits',
  '/audit',
  '/venues',
  '/reports',
] as const;

/** Addresses under which there is never a page. */
const files = /^\/(api|assets|icons|problems)\//;

const absent = `\
The API runs, and the page was not built.

In a checkout of the sources: npm install, then npm run build, then start trueup serve again.
What the page would say first, at a terminal: trueup check
`;

/** Before the server listens. Without a built page its addresses say what is to be done. */
export async function addPage(
  app: FastifyInstance,
  { page }: Pick<ServingParts, 'page'>,
): Promise<void> {
  if (page === null || !existsSync(join(page, 'index.html'))) {
    const say = (reply: FastifyReply) => reply.code(503).type('text/plain').send(absent);
    for (const url of pageRoutes) app.get(url, shown, (_request, reply) => say(reply));
    return;
  }
  const send = async (reply: FastifyReply) =>
    reply
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      // Read each time: a page that was built anew meanwhile names other assets.
      .send(await readFile(join(page, 'index.html')));
  for (const url of pageRoutes) app.get(url, shown, (_request, reply) => send(reply));
  // Whoever typed an address that leads nowhere is told by the page; a program, by a problem.
  app.get('/*', shown, (request, reply) => {
    const isRead = request.headers.accept?.includes('text/html') === true;
    const isPage = !files.test(request.url);
    return isRead && isPage ? send(reply.code(404)) : reply.callNotFound();
  });
  await app.register(async (scope) => {
    const kept = { immutable: true, maxAge: '365d', index: false } as const;
    // Where the build compressed a file beside itself, that is sent to whoever takes it.
    const assets = { ...kept, preCompressed: true, root: join(page, 'assets'), prefix: '/assets/' };
    const icons = {
      maxAge: '1d',
      index: false,
      root: join(page, 'icons'),
      prefix: '/icons/',
    } as const;
    await scope.register(staticFiles, { ...assets, decorateReply: false });
    await scope.register(staticFiles, { ...icons, decorateReply: false });
  });
}

/** Not of the API: its description leaves them out. */
const shown = { schema: { hide: true } } as const;
