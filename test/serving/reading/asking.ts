/** Asks routes without a server: what is asked is parsed, and what is answered validated. */
import { expect } from 'vitest';
import { type Instant, instant } from '../../../src/model/instant.ts';
import { policyByDefault } from '../../../src/reconcile/limits.ts';
import { readConfiguration } from '../../../src/service/config.ts';
import type { DutyShown } from '../../../src/service/duties/control.ts';
import type { BookReader } from '../../../src/service/reading.ts';
import type { Actor } from '../../../src/service/serving/access/actor.ts';
import type { ServingParts } from '../../../src/service/serving/parts.ts';
import { Problem } from '../../../src/service/serving/problem.ts';
import type { Answered, Route } from '../../../src/service/serving/route.ts';
import { readingRoutes } from '../../../src/service/serving/routes/reading.ts';
import type { WaitingClock } from '../../../src/service/system-clock.ts';
import { openServiceFile } from '../../../src/store/service-file.ts';
import { markMaxAgeMs } from '../../service/held-book.ts';

export interface Ground {
  readonly path: string;
  readonly clock: WaitingClock;
  readonly reader: BookReader;
}

/** What a reading needs of a service: nothing listens, and nobody writes. */
export function partsOn(ground: Ground, changes: Partial<ServingParts> = {}): ServingParts {
  const { path: book, clock, reader } = ground;
  const around = { environment: {}, folder: '/nowhere', home: '/nowhere' };
  const configuration = readConfiguration({ book }, around);
  if (!configuration.ok) throw new Error(configuration.refusal.message);
  const parts: Partial<ServingParts> = {
    ...{ book, clock, reader, markMaxAgeMs, version: 'test', configuration: configuration.value },
    ...{ startedAt: instant('2026-11-20T00:00:00Z'), file: openServiceFile(':memory:') },
    ...{ desks: [], policy: () => policyByDefault, stop: () => null, notReady: () => null },
    duties: {
      status: () => [] as readonly DutyShown[],
      ...{ runNow: () => false, pause: () => false, resume: () => false },
    },
    ...changes,
  };
  return parts as ServingParts;
}

export type Json = Readonly<Record<string, unknown>>;

const reader: Actor = { name: 'test', token: null, scopes: new Set(['read']), via: 'token' };

function routeOf(path: string): { readonly route: Route; readonly params: Json } {
  for (const route of readingRoutes) {
    const names: string[] = [];
    const pattern = route.path.replaceAll(/:(\w+)/g, (_, name: string) => {
      names.push(name);
      return '([^/]+)';
    });
    const match = new RegExp(`^${pattern}$`).exec(path);
    if (match === null) continue;
    const values = match.slice(1).map(decodeURIComponent);
    return { route, params: Object.fromEntries(names.map((name, at) => [name, values[at]!])) };
  }
  throw new Error(`no route reads ${path}`);
}

export async function answerOf(parts: ServingParts, url: string): Promise<Answered> {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const { route, params } = routeOf(pathname);
  const query = Object.fromEntries(searchParams);
  return await route.handle(parts, {
    params: route.params?.parse(params),
    query: route.query?.parse(query),
    ...{ body: undefined, actor: reader, requestId: 'r1' },
    ...{ signal: new AbortController().signal },
    ...{ address: '::1', idempotencyKey: null },
  });
}

/** The answer as it goes over the wire: it has what its schema says, and nothing else. */
export async function ask<T = Json>(parts: ServingParts, url: string): Promise<T> {
  const { body, type } = await answerOf(parts, url);
  expect(type, url).toBeUndefined();
  const sent: unknown = JSON.parse(JSON.stringify(body));
  const { pathname } = new URL(url, 'http://localhost');
  const read = routeOf(pathname).route.answer.safeParse(sent);
  expect(read.error?.issues ?? [], url).toEqual([]);
  expect(read.data, url).toEqual(sent);
  return sent as T;
}

/** The problem that a request is answered. */
export async function problemAt(parts: ServingParts, url: string): Promise<Problem> {
  try {
    await answerOf(parts, url);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error(`${url} was answered`);
}

export const later = (at: Instant, seconds: number): Instant =>
  at + BigInt(seconds) * 1_000_000_000n;
