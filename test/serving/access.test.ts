/** Who is let in, to what, and from where: every route of the table, over real HTTP. */
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Scope, scopes } from '../../src/service/serving/access/actor.ts';
import { isOwnHost, isOwnOrigin } from '../../src/service/serving/access/addresses.ts';
import { sameSecret } from '../../src/service/serving/access/secrets.ts';
import { Tokens } from '../../src/service/serving/access/tokens.ts';
import type { Route } from '../../src/service/serving/route.ts';
import { routes } from '../../src/service/serving/routes.ts';
import { openServiceFile } from '../../src/store/service-file.ts';
import { type Asking, type Served, serve } from './served.ts';

let served: Served;
beforeAll(async () => {
  served = await serve({ limits: { requestsPerSecond: 100_000, signInsPerMinute: 1_000 } });
});
afterAll(() => served.close());

const minute = 60_000;
const day = 86_400_000;

/** Parameters that name nothing: who is let in is told before what is there. */
const addressOf = ({ path }: Route): string =>
  path
    .replace(/:day\b/, '2026-01-01')
    .replace(/:(account|sequence)\b/g, '1')
    .replace(/:\w+/g, 'x1y2');

const askFor = (one: Route, asking: Asking) =>
  served.ask(one.method, addressOf(one), {
    ...asking,
    ...(one.method === 'POST' ? { body: {} } : {}),
  });

/** It was let in, whatever came of it then. */
const passed = (status: number): boolean => status !== 401 && status !== 403;

const allowed = (scope: Scope): readonly Scope[] =>
  scope === 'read' ? scopes : scope === 'admin' ? ['admin'] : [scope, 'admin'];

describe('the table of routes', () => {
  const guarded = routes.filter(({ scope }) => scope !== null);
  const free = routes.filter(({ scope }) => scope === null);

  test('SV2 only health, sign-in and what describes the API are for everybody', () => {
    const paths = new Set(free.map(({ path }) => path));
    expect([...paths].sort()).toEqual([
      ...['/api/v1/problems/:code', '/api/v1/session', '/health', '/healthz', '/openapi.json'],
      ...['/problems/:code', '/readyz', '/reference', '/reference.css', '/reference/breaks'],
    ]);
    expect(guarded.length).toBeGreaterThan(50);
  });

  test.each(guarded.map((one) => [`${one.method} ${one.path}`, one] as const))(
    'SV2 %s is refused without a token, by a wrong scope and a wrong token',
    async (_, one) => {
      const none = await askFor(one, { token: null });
      expect(none).toMatchObject({ status: 401, body: { type: '/problems/unauthenticated' } });
      const unknown = await askFor(one, { token: 'tru_guessed' });
      expect(unknown.status).toBe(401);
      for (const scope of scopes) {
        const { status, body } = await askFor(one, { token: served.token(scope) });
        expect([scope, passed(status)]).toEqual([scope, allowed(one.scope!).includes(scope)]);
        if (!passed(status)) expect(body).toMatchObject({ type: '/problems/scope-missing' });
      }
    },
  );

  test('SV2 what is for everybody answers without a token', async () => {
    for (const one of free.filter(({ method }) => method === 'GET')) {
      const { status } = await askFor(one, { token: null });
      expect([one.path, status === 200 || status === 404]).toEqual([one.path, true]);
    }
  });
});

describe('tokens', () => {
  const tokensOf = () => served.parts.access.tokens;
  const session = (token: string) => served.get('/api/v1/session', { token });

  test('SV1 one is told once, and kept as its hash', () => {
    const { secret, token } = tokensOf().add({
      ...{ name: 'bot', scopes: ['read'], by: 'ada', expiresAt: null },
    });
    // 32 bytes are 43 letters of base64url.
    expect(secret).toMatch(/^tru_[\w-]{43}$/);
    const { driver } = served.parts.file;
    const sql = 'SELECT id || name || hash || scopes || made_by FROM service_tokens WHERE id = ?';
    expect(String(driver.value(sql, token.id))).not.toContain(secret.slice(4));
  });

  test('SV1 it ends by its time, and when it is revoked', async () => {
    const expiresAt = served.of.clock.now() + BigInt(day) * 1_000_000n;
    const made = tokensOf().add({ name: 'short', scopes: ['read'], by: 'ada', expiresAt });
    const lasting = tokensOf().add({ name: 'long', scopes: ['read'], by: 'ada', expiresAt: null });
    expect((await session(made.secret)).body).toMatchObject({ actor: 'short', scopes: ['read'] });
    served.of.clock.pass(day);
    expect((await session(made.secret)).status).toBe(401);
    expect((await session(lasting.secret)).status).toBe(200);
    tokensOf().revoke(lasting.token.id);
    expect((await session(lasting.secret)).status).toBe(401);
  });

  test('SV1 what another process adds and revokes holds at once', async () => {
    const other = openServiceFile(served.parts.file.path);
    const elsewhere = new Tokens(other, served.of.clock);
    const made = elsewhere.add({ name: 'cli', scopes: ['read'], by: 'ada', expiresAt: null });
    expect((await session(made.secret)).status).toBe(200);
    elsewhere.revoke(made.token.id);
    expect((await session(made.secret)).status).toBe(401);
    other.close();
  });

  test('SV1 its use is written down once a minute', async () => {
    const { token, secret } = tokensOf().add({
      ...{ name: 'used', scopes: ['read'], by: 'ada', expiresAt: null },
    });
    const usedAt = () => tokensOf().get(token.id)!.usedAt;
    expect(usedAt()).toBe(null);
    await session(secret);
    const first = usedAt();
    expect(first).not.toBe(null);
    await session(secret);
    expect(usedAt()).toBe(first);
    served.of.clock.pass(minute);
    await session(secret);
    expect(usedAt()! > first!).toBe(true);
  });

  test('SV35 while nothing can be written, a token opens what it opens', async () => {
    const { secret } = tokensOf().add({
      ...{ name: 'full-disk', scopes: ['read'], by: 'ada', expiresAt: null },
    });
    const { driver } = served.parts.file;
    driver.exec('PRAGMA query_only = 1');
    expect((await session(secret)).status).toBe(200);
    served.of.clock.pass(minute);
    expect((await session(secret)).status).toBe(200);
    driver.exec('PRAGMA query_only = 0');
  });

  test('SV1 over HTTP a token is told once, also when the request is sent again', async () => {
    const asking = { body: { name: 'by-http', scopes: ['trade'] }, key: 'token-1' };
    const made = await served.ask('POST', '/api/v1/tokens', asking);
    expect(made.body).toMatchObject({ name: 'by-http', scopes: ['trade'], madeBy: 'admin' });
    const { token, id } = made.body as { token: string; id: string };
    expect((await session(token)).body).toMatchObject({ actor: 'by-http' });
    const again = await served.ask('POST', '/api/v1/tokens', asking);
    expect(again.body).toMatchObject({ id, token: null });
    const { text } = await served.get('/api/v1/tokens');
    expect(text).toContain(id);
    expect(text).not.toContain(token);
    expect((await served.ask('DELETE', `/api/v1/tokens/${id}`)).status).toBe(200);
    expect((await session(token)).status).toBe(401);
  });

  test('SV1 secrets are compared without telling where they differ', () => {
    expect([sameSecret('abc', 'abc'), sameSecret('abc', 'abd'), sameSecret('abc', 'ab')]).toEqual([
      ...[true, false, false],
    ]);
  });
});

describe('sessions', () => {
  const cookieOf = (headers: Headers): string => headers.get('set-cookie')!.split(';')[0]!;
  const post = (path: string, cookie: string, headers: Record<string, string> = {}) =>
    served.ask('POST', path, { token: null, headers: { cookie, ...headers }, body: {} });

  async function signedIn(body: object) {
    const {
      status,
      headers,
      body: said,
    } = await served.post('/api/v1/session', body, {
      ...{ token: null, key: null },
    });
    expect(status).toBe(200);
    return { cookie: cookieOf(headers), csrf: (said as { csrf: string }).csrf, headers };
  }

  test('SV3 a token signs in: a cookie that no script reads and no other site sends', async () => {
    const { headers } = await signedIn({ token: served.token('repair') });
    const cookie = headers.get('set-cookie')!;
    for (const part of ['HttpOnly', 'SameSite=Strict', 'Path=/', 'Max-Age=604800']) {
      expect(cookie).toContain(part);
    }
    expect(cookie).not.toContain('Secure');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test('SV3 a write of a session proves by its token that our page asked', async () => {
    const { cookie, csrf } = await signedIn({ token: served.token('repair') });
    const shown = await served.get('/api/v1/session', { token: null, headers: { cookie } });
    expect(shown.body).toMatchObject({ actor: 'repair', scopes: ['repair'], csrf });
    expect(shown.headers.get('cache-control')).toBe('no-store');
    const bare = await post('/api/v1/checks', cookie);
    expect(bare).toMatchObject({ status: 403, body: { type: '/problems/csrf' } });
    const other = await signedIn({ token: served.token('repair') });
    expect((await post('/api/v1/checks', cookie, { 'x-csrf-token': other.csrf })).status).toBe(403);
    expect((await post('/api/v1/checks', cookie, { 'x-csrf-token': csrf })).status).toBe(200);
  });

  test('SV3 signed out, expired, or with its token revoked, the cookie opens nothing', async () => {
    const read = (cookie: string) =>
      served.get('/api/v1/tokens', { token: null, headers: { cookie } });
    const admin = served.parts.access.tokens.add({
      ...{ name: 'ada', scopes: ['admin'], by: 'test', expiresAt: null },
    });
    const [out, old, lost] = [
      await signedIn({ token: admin.secret }),
      await signedIn({ token: served.token('admin') }),
      await signedIn({ token: admin.secret }),
    ];
    const left = await served.ask('DELETE', '/api/v1/session', {
      token: null,
      headers: { cookie: out.cookie, 'x-csrf-token': out.csrf },
    });
    expect(left.headers.get('set-cookie')).toContain('Max-Age=0');
    expect((await read(out.cookie)).status).toBe(401);
    served.parts.access.tokens.revoke(admin.token.id);
    expect((await read(lost.cookie)).status).toBe(401);
    expect((await read(old.cookie)).status).toBe(200);
    served.of.clock.pass(7 * day);
    expect((await read(old.cookie)).status).toBe(401);
  });

  test('SV3 a code signs in once, and for ten minutes', async () => {
    const { sessions, tokens } = served.parts.access;
    const { token } = tokens.add({ name: 'eve', scopes: ['read'], by: 'test', expiresAt: null });
    const [code, late] = [sessions.code(token), sessions.code(token)];
    await signedIn({ code });
    const again = await served.post('/api/v1/session', { code }, { token: null });
    expect(again.status).toBe(401);
    served.of.clock.pass(10 * minute);
    const tooLate = await served.post('/api/v1/session', { code: late }, { token: null });
    expect(tooLate.status).toBe(401);
  });
});

describe('where a request comes from', () => {
  const local = { host: '127.0.0.1', tls: null, proxy: null };
  const tls = { ...local, host: '0.0.0.0', tls: { certificate: '/c', key: '/k' } };
  const proxied = { ...local, proxy: { origin: 'https://t.example.com', trust: ['10.0.0.1'] } };

  test.each([
    ['127.0.0.1:8787', local, true],
    ['localhost:8787', local, true],
    ['trueup.localhost', local, true],
    ['[::1]:8787', local, true],
    ['192.168.1.5:8787', local, true],
    ['evil.example:8787', local, false],
    ['localhost.evil.example', local, false],
    ['127.0.0.1.evil.example', local, false],
    ['evil.example@127.0.0.1', local, false],
    ['', local, false],
    [undefined, local, false],
    ['t.example.com', proxied, true],
    ['u.example.com', proxied, false],
    ['whatever.example', tls, true],
  ])('SV4 a Host of %s is ours: %#', (header, place, is) => {
    expect(isOwnHost(header, place)).toBe(is);
  });

  test.each([
    [{ host: '127.0.0.1:1' }, local, true],
    [{ host: '127.0.0.1:1', origin: 'http://127.0.0.1:1' }, local, true],
    [{ host: '127.0.0.1:1', origin: 'http://127.0.0.1:2' }, local, false],
    [{ host: '127.0.0.1:1', origin: 'https://127.0.0.1:1' }, local, false],
    [{ host: '127.0.0.1:1', origin: 'null' }, local, false],
    [{ host: 'a:1', origin: 'https://a:1' }, tls, true],
    [{ host: '127.0.0.1:1', origin: 'https://t.example.com' }, proxied, true],
    [{ host: '127.0.0.1:1', fetchSite: 'same-origin' }, local, true],
    [{ host: '127.0.0.1:1', fetchSite: 'none' }, local, true],
    [{ host: '127.0.0.1:1', fetchSite: 'same-site' }, local, false],
    [{ host: '127.0.0.1:1', fetchSite: 'cross-site' }, local, false],
  ])('SV4 %o is our own page: %#', (said, place, is) => {
    expect(isOwnOrigin({ origin: undefined, fetchSite: undefined, ...said }, place)).toBe(is);
  });

  /** `fetch` sets Host itself. */
  const withHost = (host: string) =>
    new Promise<number>((resolve, reject) => {
      const { port } = new URL(served.origin);
      const headers = { host, authorization: `Bearer ${served.token('admin')}` };
      const asked = request({ port, path: '/api/v1/session', headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode!);
      });
      asked.on('error', reject);
      asked.end();
    });

  test('SV4 a name that was pointed at this machine opens nothing, token or not', async () => {
    expect(await withHost('evil.example')).toBe(403);
    expect(await withHost('localhost')).toBe(200);
  });

  test('SV4 what a form of another site can send is no write', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const headers = { 'content-type': type };
      const { status } = await served.post('/api/v1/checks', '{}', { headers });
      expect([type, status]).toEqual([type, 415]);
    }
  });

  test('SV4 another site signs nobody in', async () => {
    const { status, body } = await served.post(
      '/api/v1/session',
      { token: served.token('admin') },
      { token: null, headers: { origin: 'https://evil.example' } },
    );
    expect([status, body]).toMatchObject([403, { type: '/problems/origin' }]);
  });
});

test('SV6 an answer lets browsers load nothing of others, and tell others nothing', async () => {
  const { headers } = await served.get('/api/v1/session');
  const policy = headers.get('content-security-policy')!;
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('strict-transport-security')).toBe(null);
});
