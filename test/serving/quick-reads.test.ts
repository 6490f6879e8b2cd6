/** Answers that are at hand: sent as the first time, behind the same checks. */
import { request } from 'node:http';
import type { FastifyRequest } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Scope } from '../../src/service/serving/access/actor.ts';
import { Guard } from '../../src/service/serving/access/guard.ts';
import { systemClock } from '../../src/service/system-clock.ts';
import { openServiceFile } from '../../src/store/service-file.ts';
import { fillAt } from '../service/listening/ground.ts';
import { perpetual } from './live-paper.ts';
import { LaterClock, type Served, serve } from './served.ts';

let served: Served;
beforeAll(async () => {
  served = await serve({ limits: { requestsPerSecond: 100_000, signInsPerMinute: 1_000 } });
});
afterAll(() => served.close());

/** Nothing in it changes with time alone. */
const path = '/api/v1/accounts/main/entries';

/** Headers of one request alone, and of the instant. */
const itsOwn = ['x-request-id', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'date'];
const headOf = (headers: Headers) =>
  Object.fromEntries([...headers].filter(([name]) => !itsOwn.includes(name)));

/** Asked the whole way, and at once after it. */
async function twice(headers: Readonly<Record<string, string>> = {}) {
  served.of.clock.pass(60_000);
  const whole = await served.get(path, { headers });
  return { whole, quick: await served.get(path, { headers }) };
}

test('SV22 what is kept is sent with the head and the bytes of the first time', async () => {
  const { whole, quick } = await twice({ 'x-request-id': 'mine' });
  expect(quick.status).toBe(200);
  expect(quick.text).toBe(whole.text);
  expect(headOf(quick.headers)).toEqual(headOf(whole.headers));
  expect(quick.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect([whole, quick].map(({ headers }) => headers.get('x-request-id'))).toEqual([
    ...['mine', 'mine'],
  ]);
  const left = [whole, quick].map(({ headers }) => Number(headers.get('x-ratelimit-remaining')));
  expect(left[0]! - left[1]!).toBe(1);
});

test('SV22 who has it already is told so, with the head of the first time', async () => {
  const { headers } = await served.get(path);
  const { whole, quick } = await twice({ 'if-none-match': headers.get('etag')! });
  expect([whole.status, quick.status, quick.text]).toEqual([304, 304, '']);
  expect(headOf(quick.headers)).toEqual(headOf(whole.headers));
});

test('SV22 who may not have it is refused as if it were not at hand', async () => {
  const ask = (token: string | null) => served.get(path, { token });
  const { tokens } = served.parts.access;
  const made = tokens.add({ name: 'gone', scopes: ['read'], expiresAt: null, by: 'test' });
  await twice();
  expect((await ask(made.secret)).status).toBe(200);
  tokens.revoke(made.token.id);
  for (const token of [made.secret, 'tru_guessed', null]) {
    expect((await ask(token)).body).toMatchObject({ type: '/problems/unauthenticated' });
  }
  expect(await statusFor('evil.example')).toBe(403);
  expect(await statusFor('localhost')).toBe(200);
});

test('SV22 SV2 what needs a scope is not at hand for who has another', () => {
  const { log, clock, settings } = served.of;
  const file = openServiceFile(':memory:');
  const guard = new Guard({ ...{ file, clock, log, settings } });
  const passes = (scopes: readonly Scope[]) => {
    const { secret } = guard.tokens.add({ name: scopes[0]!, scopes, expiresAt: null, by: 'test' });
    const headers = { host: 'localhost', authorization: `Bearer ${secret}` };
    const request = { headers, ip: '127.0.0.1' } as unknown as FastifyRequest;
    return guard.pass(request, { method: 'GET', path, scope: 'approve' }) !== null;
  };
  expect([passes(['read', 'trade']), passes(['approve']), passes(['admin'])]).toEqual([
    ...[false, true, true],
  ]);
  file.close();
});

test('SV22 what was booked is in the next answer', async () => {
  const read = async () => (await served.get('/api/v1/accounts/main')).body as { sequence: number };
  await read();
  const { sequence } = await read();
  await served.record(fillAt('after', served.of.clock.now(), { instrument: perpetual }));
  expect((await read()).sequence).toBeGreaterThan(sequence);
});

test('SV16 SV22 it is counted among the requests', async () => {
  const counted = async () => {
    const { text } = await served.get('/metrics');
    return Number(/^trueup_http_requests_total\{class="2xx"\} (\d+)$/m.exec(text)![1]);
  };
  const before = await counted();
  await twice();
  expect((await counted()) - before).toBe(3);
});

/** All of it is within one second, however long it takes. */
class StandingClock extends LaterClock {
  readonly #at = systemClock.now();

  override now(): bigint {
    return this.#at;
  }
}

test('SV5 SV22 what is at hand counts as a request, and is one too many like others', async () => {
  const limits = { requestsPerSecond: 6, signInsPerMinute: 20 };
  const few = await serve({ venue: false, limits, clock: new StandingClock() });
  const token = few.token('read');
  const statuses: number[] = [];
  for (let count = 0; count < 8; count += 1) {
    statuses.push((await few.get('/api/v1/accounts', { token })).status);
  }
  expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 429, 429]);
  await few.close();
});

/** With the Host header of somebody else's name. */
const statusFor = (host: string) =>
  new Promise<number>((resolve, reject) => {
    const headers = { host, authorization: `Bearer ${served.token('admin')}` };
    request(served.origin + path, { headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode!);
    })
      .on('error', reject)
      .end();
  });
