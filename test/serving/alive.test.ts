/** Whether the service of a book lives, as a container asks. */
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { askAlive } from '../../src/service/serving/alive.ts';
import { root } from '../house/sources.ts';
import { type Served, serve } from './served.ts';

const fixtures = join(root, 'test', 'postgres', 'fixtures');
const tls = { certificate: join(fixtures, 'server.crt'), key: join(fixtures, 'server.key') };
const proxy = { origin: 'https://books.example', trust: ['127.0.0.1/32'] };

let served: Served;
afterEach(() => served.close());

test.each([
  ['a port of its own', {}, /^http:\/\/127\.0\.0\.1:\d+$/],
  ['TLS, by a name that nobody here knows', { tls }, /^https:\/\/127\.0\.0\.1:\d+$/],
  ['TLS, on every address', { tls, host: '0.0.0.0' }, /^https:\/\/127\.0\.0\.1:\d+$/],
  ['TLS, on every address of both kinds', { tls, host: '::' }, /^https:\/\/\[::1\]:\d+$/],
  ['a proxy with another name', { proxy }, /^http:\/\/127\.0\.0\.1:\d+$/],
])('CT3 with %s it is said to live while it does', async (_, settings, address) => {
  served = await serve({ venue: false, settings });
  const { book } = served.of;
  expect(await askAlive(book)).toEqual({
    address: expect.stringMatching(address),
    fault: null,
  });
  await served.stop();
  expect((await askAlive(book)).fault).toContain('ECONNREFUSED');
});

test('CT3 of a book that no service was started on nobody says that it lives', async () => {
  served = await serve({ venue: false });
  const other = `${served.of.book}.other`;
  expect(await askAlive(other)).toEqual({
    ...{ address: null, fault: `no service was started on ${other}` },
  });
});
