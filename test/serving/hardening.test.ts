/** What somebody may try who has no token, a small one, or one that has ended. */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { peersOf } from '../../src/service/serving/access/peers.ts';
import { Sessions } from '../../src/service/serving/access/sessions.ts';
import { Tokens } from '../../src/service/serving/access/tokens.ts';
import { systemClock } from '../../src/service/system-clock.ts';
import { Driver } from '../../src/store/driver.ts';
import { openServiceFile } from '../../src/store/service-file.ts';
import { LaterClock, type Served, serve } from './served.ts';

let served: Served;
beforeAll(async () => {
  served = await serve({ venue: false, limits: { requestsPerSecond: 100_000 } });
});
afterAll(() => served.close());

/** All of it is within one second, however long it takes. */
class StandingClock extends LaterClock {
  readonly #at = systemClock.now();

  override now(): bigint {
    return this.#at;
  }
}

const metric = async (of: Served, name: string): Promise<number> => {
  const { text } = await of.get('/metrics');
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)![1]);
};

describe('how often somebody asks', () => {
  test.each([
    ['without a token', '/api/v1/policy', null, 401],
    ['with a wrong token', '/api/v1/policy', 'tru_wrong', 401],
    ['for what is not there', '/nowhere', null, 404],
    ['for the page', '/', null, 503],
    ['for the stream', '/api/v1/stream', null, 401],
  ])('SV36 whoever asks %s counts like others', async (_, path, token, status) => {
    const few = await serve({
      ...{ venue: false, limits: { requestsPerSecond: 2 }, clock: new StandingClock() },
    });
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1) {
      statuses.push((await few.get(path, { token })).status);
    }
    expect(statuses).toEqual([status, status, 429, 429]);
    await few.close();
  });

  test('SV36 a write that was refused for who asked is counted, and leaves no row', async () => {
    const { driver } = served.parts.file;
    const rows = () => driver.value('SELECT count(*) FROM service_actions');
    const before = [rows(), await metric(served, 'trueup_writes_refused_total')] as const;
    const reason = { reason: 'x' };
    for (const token of [served.token('read'), null, 'tru_wrong']) {
      const { status } = await served.post('/api/v1/policy/stop', reason, { token });
      expect([401, 403]).toContain(status);
    }
    await served.post('/api/v1/session', { token: 'tru_wrong' }, { token: null });
    await served.ask('DELETE', '/api/v1/session', { token: null });
    await served.ask('DELETE', '/api/v1/session', { token: served.token('read') });
    expect(rows()).toBe(before[0]);
    expect(await metric(served, 'trueup_writes_refused_total')).toBe(before[1] + 4);
  });

  test('SV5 one network of IPv6 is one address to whoever counts', async () => {
    const proxy = { origin: 'https://t.example.com', trust: ['127.0.0.1'] };
    const few = await serve({ venue: false, settings: { proxy, limits: { signInsPerMinute: 2 } } });
    const bound = few.of.service.app.server.address() as { port: number };
    const statuses: number[] = [];
    for (let host = 1; host <= 4; host += 1) {
      const headers = { authorization: 'Bearer tru_x', 'x-forwarded-for': `2001:db8:0:1::${host}` };
      const asked = await fetch(`http://127.0.0.1:${bound.port}/api/v1/policy`, { headers });
      statuses.push(asked.status);
    }
    expect(statuses).toEqual([401, 401, 429, 429]);
    await few.close();
  });
});

describe('past the proxy', () => {
  const proxy = { origin: 'https://t.example.com', trust: ['10.0.0.0/24', 'fd00::1'] };
  const beyond = { host: '0.0.0.0', tls: null, proxy };

  test.each([
    ['10.0.0.7', true],
    ['::ffff:10.0.0.7', true],
    ['fd00::1', true],
    ['127.0.0.1', true], // of this machine
    ['::1', true],
    ['10.0.1.7', false],
    ['fd00::2', false],
    ['::ffff:192.0.2.1', false],
  ])('SV30 %s may speak to the port: %s', (address, may) => {
    expect(peersOf(beyond)!(address)).toBe(may);
  });

  test('SV30 on this machine alone, and with TLS of its own, whoever reaches it may', () => {
    expect(peersOf({ ...beyond, host: '127.0.0.1' })).toBe(null);
    expect(peersOf({ ...beyond, proxy: null })).toBe(null);
    expect(peersOf({ ...beyond, tls: { certificate: '/c', key: '/k' } })).toBe(null);
  });

  const lan = Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.internal === false && one.family === 'IPv4')?.address;

  const onNetwork = test.skipIf(lan === undefined); // the machine has no network
  onNetwork('SV30 who asks past the proxy is told so, token or not', async () => {
    const open = await serve({ venue: false, settings: { host: '0.0.0.0', proxy } });
    const { port } = open.of.service.app.server.address() as { port: number };
    const headers = { authorization: `Bearer ${open.token('admin')}` };
    const statusAt = async (host: string, path: string) =>
      (await fetch(`http://${host}:${port}${path}`, { headers })).status;
    expect(await statusAt(lan!, '/api/v1/policy')).toBe(421);
    expect(await statusAt(lan!, '/nowhere')).toBe(421);
    expect(await statusAt('127.0.0.1', '/api/v1/policy')).toBe(200);
    await open.close();
  });
});

describe('tokens', () => {
  test.each(['anonymous', 'policy', 'read'])('SV32 no new one is called %s', async (name) => {
    served.token('read');
    const { status, body } = await served.post('/api/v1/tokens', { name, scopes: ['read'] });
    expect([status, body]).toMatchObject([400, { refusal: 'name-taken' }]);
  });

  test('SV32 the name of one that ended is free again', async () => {
    const made = await served.post('/api/v1/tokens', { name: 'twice', scopes: ['read'] });
    await served.ask('DELETE', `/api/v1/tokens/${(made.body as { id: string }).id}`);
    const again = await served.post('/api/v1/tokens', { name: 'twice', scopes: ['read'] });
    expect(again.status).toBe(200);
  });

  test('SV32 none ends later than a file can hold, and a scope is said once', async () => {
    const late = { name: 'late', scopes: ['read'], expires: '999999999d' };
    const refused = await served.post('/api/v1/tokens', late);
    expect([refused.status, refused.body]).toMatchObject([400, { refusal: 'expiry-too-late' }]);
    const many = { name: 'many', scopes: Array.from({ length: 6 }, () => 'read') };
    expect((await served.post('/api/v1/tokens', many)).status).toBe(400);
  });

  test('SV35 nobody waits for its use to be noted while another process writes', async () => {
    const secret = served.token('read');
    served.of.clock.pass(60_000);
    const other = new Driver(served.parts.file.path, { readOnly: false, busyTimeoutMs: 0 });
    other.exec('BEGIN IMMEDIATE');
    const began = systemClock.now();
    expect((await served.get('/api/v1/policy', { token: secret })).status).toBe(200);
    // The lock is waited for five seconds elsewhere.
    expect(systemClock.now() - began).toBeLessThan(4_000_000_000n);
    other.exec('ROLLBACK');
    other.close();
  });

  test('SV31 a file that is locked is told without its path', async () => {
    const { file } = served.parts;
    file.driver.exec('PRAGMA busy_timeout = 0');
    const other = new Driver(file.path, { readOnly: false, busyTimeoutMs: 0 });
    other.exec('BEGIN IMMEDIATE');
    const body = { token: served.token('read') };
    const { status, text } = await served.post('/api/v1/session', body, { token: null });
    expect([status, text.includes('.db')]).toEqual([503, false]);
    other.exec('ROLLBACK');
    other.close();
    expect(served.of.log.lines.some(({ msg }) => msg.includes(file.path))).toBe(true);
  });
});

describe('the file beside the book', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trueup-beside-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const mode = (path: string): number => statSync(path).mode & 0o777;

  test('SV33 it is for its owner alone; a file of another program is left as it was', () => {
    const path = join(folder, 'own.service.db');
    openServiceFile(path).close();
    expect(mode(path)).toBe(0o600);
    const foreign = join(folder, 'other.db');
    const other = new Driver(foreign, { readOnly: false, busyTimeoutMs: 0 });
    other.exec('CREATE TABLE theirs (n)');
    other.close();
    writeFileSync(join(folder, 'other.txt'), 'of somebody else');
    for (const name of ['other.db', 'other.txt']) {
      chmodSync(join(folder, name), 0o644);
      const link = join(folder, `${name}.service.db`);
      symlinkSync(join(folder, name), link);
      expect(() => openServiceFile(link)).toThrow(/another program|no database/);
      expect([name, mode(join(folder, name))]).toEqual([name, 0o644]);
    }
  });

  test('SV34 each service has a cookie of its own, and has it again after a restart', () => {
    const cookieOf = (name: string, isSecure = false) => {
      const file = openServiceFile(join(folder, name));
      const { cookie } = new Sessions(file, new Tokens(file, systemClock), systemClock, isSecure);
      file.close();
      return cookie;
    };
    expect(cookieOf('one.db')).toMatch(/^trueup_session_\w{6}$/);
    expect(cookieOf('one.db')).toBe(cookieOf('one.db'));
    expect(cookieOf('two.db')).not.toBe(cookieOf('one.db'));
    expect(cookieOf('one.db', true)).toBe(`__Host-${cookieOf('one.db')}`);
  });
});

test('SV16 how long requests took is counted', async () => {
  await served.get('/api/v1/accounts');
  const name = 'trueup_http_request_duration_seconds';
  expect(await metric(served, `${name}_sum`)).toBeGreaterThan(0);
  expect(await metric(served, `${name}_count`)).toBeGreaterThan(0);
});

test('SV9 who signs in and out is in the audit by name', async () => {
  const { headers, body } = await served.post(
    '/api/v1/session',
    { token: served.token('repair') },
    { token: null },
  );
  const cookie = headers.get('set-cookie')!.split(';')[0]!;
  const { csrf } = body as { csrf: string };
  await served.ask('DELETE', '/api/v1/session', {
    ...{ token: null, headers: { cookie, 'x-csrf-token': csrf } },
  });
  const { items } = (await served.get('/api/v1/actions?limit=2')).body as {
    items: { actor: string; action: string }[];
  };
  expect(items.map(({ actor, action }) => `${actor} ${action}`)).toEqual([
    ...['repair DELETE /api/v1/session', 'repair POST /api/v1/session'],
  ]);
});

test('SV31 what is no file of the page is not there, and no more is told', async () => {
  const page = mkdtempSync(join(tmpdir(), 'trueup-page-'));
  for (const name of ['assets', 'icons']) mkdirSync(join(page, name));
  writeFileSync(join(page, 'index.html'), '<!doctype html>');
  const open = await serve({ venue: false, page });
  for (const path of ['/assets/', '/assets/%00', '/assets/none.js']) {
    const { status, text } = await open.get(path, { token: null });
    expect([path, status, text.includes(page)]).toEqual([path, 404, false]);
  }
  await open.close();
  rmSync(page, { recursive: true });
});

test.each([
  ['PUT', '/api/v1/breaks', 405, 'GET'],
  ['DELETE', '/api/v1/breaks/BRK-16MJ71', 405, 'GET'],
  ['PUT', '/api/v1/tokens', 405, 'GET, POST'],
  ['PUT', '/api/v1/nowhere', 404, null],
])('SV74 %s %s is answered %s, and allowed is %s', async (method, path, status, allow) => {
  served = await serve({ checked: false });
  const headers = { authorization: `Bearer ${served.token('admin')}` };
  const answer = await fetch(`${served.origin}${path}`, { method, headers });
  expect([answer.status, answer.headers.get('allow')]).toEqual([status, allow]);
});

test('RD20 there is no report of a day that a book cannot hold', async () => {
  for (const day of ['9999-12-31', '2262-04-12', '2262-01-01']) {
    expect([day, (await served.get(`/api/v1/reports/${day}`)).status]).toEqual([day, 400]);
  }
});
