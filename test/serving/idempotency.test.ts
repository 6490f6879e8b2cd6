/** A write that is sent twice is done once; a process that died in one does not do it again. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ActionLog } from '../../src/service/serving/access/action-log.ts';
import { KeptWrites, neverAnswered } from '../../src/service/serving/idempotency.ts';
import { Problem } from '../../src/service/serving/problem.ts';
import type { Answered, Asked, Route } from '../../src/service/serving/route.ts';
import { routes } from '../../src/service/serving/routes.ts';
import { openServiceFile, type ServiceFile } from '../../src/store/service-file.ts';
import { root } from '../house/sources.ts';
import { LaterClock, type Served, serve } from './served.ts';

const folder = mkdtempSync(join(tmpdir(), 'trueup-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a key, whatever happens to the process', () => {
  const clock = new LaterClock();
  let file: ServiceFile;
  let kept: KeptWrites;
  let done = 0;
  beforeEach(() => {
    file = openServiceFile(join(folder, 'keys.db'), { busyTimeoutMs: 5 });
    kept = new KeptWrites(file, clock);
    done = 0;
  });
  afterEach(() => {
    file.close();
    rmSync(join(folder, 'keys.db'));
  });

  /** As after a restart: what was in memory is gone. */
  const restart = () => {
    file.close();
    file = openServiceFile(join(folder, 'keys.db'), { busyTimeoutMs: 5 });
    kept = new KeptWrites(file, clock);
  };

  const work = async (): Promise<Answered> => {
    done += 1;
    return { status: 201, body: { done } };
  };

  interface Sent {
    readonly key?: string | null;
    readonly url?: string;
    readonly body?: unknown;
    readonly actor?: string;
    readonly make?: () => Promise<Answered>;
  }

  async function send({
    key = 'k',
    url = '/a',
    body = { n: 1 },
    actor = 'ada',
    make = work,
  }: Sent = {}) {
    const asked = {
      ...{ idempotencyKey: key, body, actor: { name: actor, token: actor }, requestId: 'r-1' },
    };
    const answer = await kept.once(
      { method: 'POST', path: '/a' } as Route,
      { method: 'POST', url } as never,
      asked as Asked<unknown, unknown, unknown>,
      make,
    );
    return { status: answer.status, body: JSON.parse(answer.bytes.toString()) as unknown };
  }

  const refused = async (sent: Sent) => {
    const error = await send(sent).catch((one: unknown) => one);
    return error instanceof Problem ? error.kind.code : error;
  };

  test('SV7 sent again it is answered alike, also after a restart', async () => {
    const first = await send();
    expect(first).toEqual({ status: 201, body: { done: 1 } });
    expect(await send()).toEqual(first);
    restart();
    expect(await send()).toEqual(first);
    expect(done).toBe(1);
  });

  test('SV7 a key is one actor’s, and of one request', async () => {
    await send();
    expect(await send({ actor: 'bob' })).toMatchObject({ body: { done: 2 } });
    expect(await refused({ body: { n: 2 } })).toBe('idempotency-key-reused');
    expect(await refused({ url: '/b' })).toBe('idempotency-key-reused');
    expect(await refused({ key: null })).toBe('idempotency-key-missing');
    expect(done).toBe(2);
  });

  test('SV7 while the first goes on, the second is told so', async () => {
    let finish: (answered: Answered) => void = () => undefined;
    const first = send({
      make: () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    });
    expect(await refused({})).toBe('under-way');
    finish({ body: { done: 'late' } });
    expect(await first).toMatchObject({ body: { done: 'late' } });
    expect(await send()).toMatchObject({ body: { done: 'late' } });
    expect(done).toBe(0);
  });

  test('SV8 one that a crash cut off is never done again silently', async () => {
    void send({ make: () => new Promise(() => undefined) });
    restart();
    expect(await refused({})).toBe('outcome-unknown');
    expect(await refused({})).toBe('outcome-unknown');
    expect(done).toBe(0);
    expect(await send({ key: 'another' })).toMatchObject({ body: { done: 1 } });
  });

  test.each([
    ['refused', false],
    ['conflict', false],
    ['held', false],
    ['upstream', true],
    ['internal', true],
  ] as const)('SV8 after %s it may be sent again with its key: %#', async (name, isUnknown) => {
    const make = () => Promise.reject(new Problem(name, 'no'));
    expect(await refused({ make })).not.toBe(null);
    const again = await refused({});
    expect(again instanceof Object ? 'done' : again).toBe(isUnknown ? 'outcome-unknown' : 'done');
    expect(done).toBe(isUnknown ? 0 : 1);
  });

  const locked = (ends: () => Promise<Answered>) => async () => {
    const other = new DatabaseSync(join(folder, 'keys.db'));
    other.exec('BEGIN IMMEDIATE');
    unlock = () => {
      other.exec('COMMIT');
      other.close();
    };
    return ends();
  };
  let unlock = () => undefined as unknown;

  test('SV26 what was done while the file is locked is answered, and not done again', async () => {
    const first = await send({ make: locked(work) });
    expect(first).toEqual({ status: 201, body: { done: 1 } });
    unlock();
    expect(await send()).toEqual(first);
    expect(done).toBe(1);
    restart();
    expect(await send()).toEqual(first);
  });

  test('SV26 what died before it could be written down is never done again silently', async () => {
    await send({ make: locked(work) });
    unlock();
    restart();
    expect(await refused({})).toBe('outcome-unknown');
    expect(done).toBe(1);
  });

  test('SV26 what did nothing while the file is locked may be sent again', async () => {
    const make = locked(() => Promise.reject(new Problem('conflict', 'no')));
    expect(await refused({ make })).toBe('conflict');
    unlock();
    expect(await send()).toMatchObject({ body: { done: 1 } });
  });

  test('SV26 a write that was cut off is in the audit once, from the next start on', async () => {
    const rows = () =>
      file.driver.prepare('SELECT actor, action, object, status, request_id FROM service_actions');
    await send();
    void send({ key: 'cut', url: '/a?b=c', make: () => new Promise(() => undefined) });
    expect(rows().all()).toEqual([]);
    restart();
    restart();
    expect(rows().all()).toEqual([['ada', 'POST /a', '/a', neverAnswered, 'r-1']]);
    expect(await refused({ key: 'cut', url: '/a?b=c' })).toBe('outcome-unknown');
  });

  test('SV26 a row of the audit that cannot be written now comes with the next', async () => {
    const log = new ActionLog(file, clock);
    const row = { actor: 'ada', action: 'POST /a', object: '/a', status: 200 };
    await locked(work)();
    log.add({ ...row, requestId: 'r-1' });
    unlock();
    log.add({ ...row, requestId: 'r-2' });
    const rows = file.driver.prepare('SELECT request_id FROM service_actions ORDER BY n').all();
    expect(rows).toEqual([['r-1'], ['r-2']]);
  });

  /** `POST /api/v1/facts` of each row of the table. */
  const keyless = readFileSync(join(root, 'docs', 'serve.md'), 'utf8')
    .split('\n')
    .flatMap((line) => /^\| `((?:POST|DELETE) [^`]+)` \|/.exec(line)?.[1] ?? []);

  test.each(
    routes
      .filter(({ method }) => method !== 'GET')
      .map((one) => [`${one.method} ${one.path}`, one] as const),
  )(
    'SV46 %s goes without a key where the documentation says why, and only there',
    async (name, one) => {
      const asked = {
        ...{
          idempotencyKey: null,
          body: {},
          actor: { name: 'ada', token: 'ada' },
          requestId: 'r-1',
        },
      } as unknown as Asked<unknown, unknown, unknown>;
      const sent = kept.once(one, { method: one.method, url: one.path } as never, asked, work);
      const outcome = await sent.then(
        () => 'done',
        (error: unknown) => (error instanceof Problem ? error.kind.code : error),
      );
      expect(outcome).toBe(keyless.includes(name) ? 'done' : 'idempotency-key-missing');
    },
  );

  test('SV46 the documentation names no write that there is not', () => {
    const names = routes.map(({ method, path }) => `${method} ${path}`);
    expect(keyless).toHaveLength(5);
    for (const name of keyless) expect(names).toContain(name);
  });

  test('SV7 answers are kept for a day', async () => {
    await send();
    clock.pass(86_400_000);
    expect(await send()).toMatchObject({ body: { done: 2 } });
  });
});

describe('over HTTP', () => {
  let served: Served;
  beforeEach(async () => {
    served = await serve();
  });
  afterEach(() => served.close());

  test('SV7 two at once are one, and the other is told that it goes on', async () => {
    const asking = { body: {}, key: 'same' };
    const both = await Promise.all([
      served.ask('POST', '/api/v1/checks', asking),
      served.ask('POST', '/api/v1/checks', asking),
    ]);
    const statuses = both.map(({ status }) => status).toSorted();
    expect(statuses).toEqual([200, 409]);
    expect(both.find(({ status }) => status === 409)!.body).toMatchObject({
      type: '/problems/under-way',
    });
    const again = await served.ask('POST', '/api/v1/checks', asking);
    expect(again.status).toBe(200);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  test('SV28 what a sign-in is answered is kept under no key', async () => {
    const token = served.token('read');
    const signIn = () =>
      served.ask('POST', '/api/v1/session', { token: null, body: { token }, key: 'twice' });
    const [first, second] = [await signIn(), await signIn()];
    expect(second.headers.get('set-cookie')).not.toBe(first.headers.get('set-cookie'));
    expect(second.headers.get('idempotency-replayed')).toBe(null);
    expect(served.parts.file.driver.value('SELECT count(*) FROM service_answers')).toBe(0);
  });

  test('SV46 what goes without a key is sent twice, and done once', async () => {
    const time = '2026-01-05T10:00:00Z';
    const deposit = {
      kind: 'deposit',
      account: 'main',
      currency: 'USDT',
      amount: '1',
      id: 'x',
      time,
    };
    const told = () =>
      served.ask('POST', '/api/v1/facts', {
        ...{ body: JSON.stringify(deposit), key: null },
      });
    expect((await told()).body).toMatchObject({ outcomes: [{ status: 'booked' }] });
    expect((await told()).body).toMatchObject({ outcomes: [{ status: 'duplicate' }] });
    const made = await served.post('/api/v1/tokens', { name: 'gone', scopes: ['read'] });
    const { id } = made.body as { id: string };
    const revoke = () => served.ask('DELETE', `/api/v1/tokens/${id}`, { key: null });
    const first = await revoke();
    expect(first.status).toBe(200);
    expect((await revoke()).body).toEqual(first.body);
    const signOut = () => served.ask('DELETE', '/api/v1/session', { key: null });
    expect([(await signOut()).status, (await signOut()).status]).toEqual([200, 200]);
    // An order without a name is refused: it could be sent twice.
    const order = { symbol: 'BTC/USDT:USDT', side: 'buy', quantity: '0.01' };
    const nameless = await served.ask('POST', '/api/order', { body: order, key: null });
    expect(nameless).toMatchObject({
      status: 400,
      body: { type: '/problems/idempotency-key-missing' },
    });
  });

  test('SV47 a body of more than a mebibyte is refused, of whatever kind it is', async () => {
    const ask = async (bytes: number, type: string) => {
      const body = JSON.stringify({ text: 'x'.repeat(bytes - '{"text":""}'.length) });
      expect(body).toHaveLength(bytes);
      const headers = { 'content-type': type };
      return served.ask('POST', '/api/v1/facts', { body, headers, key: null });
    };
    const mebibyte = 1024 * 1024;
    for (const type of ['application/json', 'application/x-ndjson']) {
      const large = await ask(mebibyte + 1, type);
      expect(large).toMatchObject({ status: 413, body: { type: '/problems/too-large' } });
      // One that is no larger is read, and refused for what it says.
      expect((await ask(mebibyte, type)).status).toBe(400);
    }
    expect((await served.get('/healthz')).status).toBe(200);
  });

  test('SV7 a write without a key, or with one that is none, is refused', async () => {
    for (const key of [null, 'with space', 'x'.repeat(256)]) {
      const { status } = await served.ask('POST', '/api/v1/checks', { body: {}, key });
      expect(status).toBe(400);
    }
  });
});
