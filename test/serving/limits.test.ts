/** Who asks too often, or tries too much. */
import { expect, test } from 'vitest';
import { serve } from './served.ts';

test('SV5 too many requests a second are refused, with when to come back', async () => {
  const served = await serve({
    venue: false,
    limits: { requestsPerSecond: 5, signInsPerMinute: 20 },
  });
  const asked = Array.from({ length: 12 }, () => served.get('/api/v1/session'));
  const answers = await Promise.all(asked);
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]!.body).toMatchObject({ type: '/problems/too-many', status: 429 });
  expect(refused[0]!.headers.get('retry-after')).toBe('1');
  await served.close();
});

test('SV5 sign-ins that fail are limited by address, and told without what was shown', async () => {
  const served = await serve({
    venue: false,
    limits: { requestsPerSecond: 1_000, signInsPerMinute: 3 },
  });
  const signIn = (token: string) => served.post('/api/v1/session', { token }, { token: null });
  const statuses: number[] = [];
  for (let count = 0; count < 5; count += 1) {
    statuses.push((await signIn(`tru_wrong-${count}`)).status);
  }
  expect(statuses).toEqual([401, 401, 401, 429, 429]);
  const late = await signIn(served.token('admin'));
  expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0);
  served.of.clock.pass(60_000);
  expect((await signIn(served.token('admin'))).status).toBe(200);
  const said = served.of.log.said().filter((line) => line.startsWith('sign-in.failed'));
  expect(said).toHaveLength(3);
  expect(said.join()).toContain('127.0.0.1');
  expect(said.join()).not.toContain('tru_wrong');
  await served.close();
});

test('SV5 wrong tokens from an address do not keep out a right one', async () => {
  const served = await serve({
    venue: false,
    limits: { requestsPerSecond: 1_000, signInsPerMinute: 2 },
  });
  const ask = async (token: string) => (await served.get('/api/v1/session', { token })).status;
  const wrong = [await ask('tru_a'), await ask('tru_b'), await ask('tru_c')];
  expect(wrong).toEqual([401, 401, 429]);
  expect(await ask(served.token('read'))).toBe(200);
  await served.close();
});
