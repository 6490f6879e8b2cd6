/** The service with TLS of its own, over a real connection. */
import { request } from 'node:https';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withoutSecrets } from '../../src/service/redaction.ts';
import { root } from '../house/sources.ts';
import { serve } from './served.ts';

const fixtures = join(root, 'test', 'postgres', 'fixtures');
const tls = { certificate: join(fixtures, 'server.crt'), key: join(fixtures, 'server.key') };

test('SV3 under TLS the cookie goes over TLS alone, and browsers stay there', async () => {
  const served = await serve({ venue: false, settings: { tls } });
  expect(served.origin).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  const body = JSON.stringify({ token: served.token('read') });
  const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
    const asked = request(
      `${served.origin}/api/v1/session`,
      {
        ...{ method: 'POST', rejectUnauthorized: false },
        headers: { 'content-type': 'application/json', 'content-length': body.length },
      },
      (answer) => {
        answer.resume();
        expect(answer.statusCode).toBe(200);
        resolve(answer.headers);
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
  expect(String(headers['set-cookie'])).toContain('; Secure');
  expect(headers['strict-transport-security']).toBe('max-age=31536000');
  await served.close();
});

test.each(['0.0.0.0', '::'])(
  'SV42 on %s the address has the name of its certificate',
  async (host) => {
    const served = await serve({ venue: false, settings: { tls, host } });
    expect(served.origin).toMatch(/^https:\/\/localhost:\d+$/);
    await served.close();
  },
);

test('SV5 no log line holds a token, or the address that signs in', () => {
  const said = 'tru_Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4 http://127.0.0.1:1/#sign-in=abc-DEF_1';
  expect(withoutSecrets(said)).toBe('tru_*** http://127.0.0.1:1/#sign-in=***');
});
