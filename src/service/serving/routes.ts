/** Every route of the API, in the order of the reference. */
import type { Route } from './route.ts';
import { healthRoutes } from './routes/health.ts';
import { readingRoutes } from './routes/reading.ts';
import { referenceRoutes } from './routes/reading-reference.ts';
import { bookRoutes } from './routes/writing-book.ts';
import { breakRoutes } from './routes/writing-breaks.ts';
import { holdRoutes } from './routes/writing-holds.ts';
import { operationRoutes } from './routes/writing-operations.ts';
import { orderRoutes } from './routes/writing-orders.ts';
import { sessionRoutes } from './routes/writing-session.ts';
import { tokenRoutes } from './routes/writing-tokens.ts';

const writing: readonly Route[] = [
  ...healthRoutes,
  ...sessionRoutes,
  ...breakRoutes,
  ...holdRoutes,
  ...bookRoutes,
  ...orderRoutes,
  ...operationRoutes,
  ...tokenRoutes,
];

const answering: readonly Route[] = [...readingRoutes, ...writing];

export const routes: readonly Route[] = [...answering, ...referenceRoutes(answering)];
