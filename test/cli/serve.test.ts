/** serve and token, as processes that people start, ask and stop. */
import { readFileSync, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CommandLine } from './command-line.ts';
import { type Running, startCommand } from './running.ts';

let cli: CommandLine;
let running: Running | null = null;
beforeEach(() => {
  cli = new CommandLine();
});
afterEach(async () => {
  running?.kill('SIGKILL');
  await running?.ended;
  running = null;
  cli.remove();
});

interface Started {
  readonly address: string;
  readonly token: string;
  readonly code: string;
  /** How to sign in. */
  readonly told: string;
  readonly process: Running;
}

/** The page is built by others: here nothing is built. */
async function start(words = ''): Promise<Started> {
  const process = startCommand(cli.folder, `serve --port 0 --json${words}`);
  running = process;
  await process.says('"schema":"trueup.serve/1"');
  await process.says('How to sign in is in');
  const said = process.said();
  // No terminal: a journal would keep what is told.
  expect(said).not.toContain('tru_');
  const path = join(cli.folder, 'trueup.db.first-token');
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const told = readFileSync(path, 'utf8');
  const { address, pid } = JSON.parse(said.match(/\{"schema":"trueup.serve\/1".*\}/)![0]) as {
    address: string;
    pid: number;
  };
  expect(pid).toBe(process.pid);
  const token = told.match(/tru_[\w-]{43}/)![0];
  const code = told.match(/#sign-in=([\w-]+)/)![1]!;
  return { address, token, code, told, process };
}

const ask = (address: string, path: string, token: string | null, body?: object) =>
  fetch(address + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined
        ? {}
        : { 'content-type': 'application/json', 'idempotency-key': 'key-1' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

const day = '2026-01-05T10:00:00Z';
const facts = [
  {
    ...{ kind: 'account', account: 'bot', venue: 'manual', currency: 'USDT', time: day },
    ...{ costMethod: 'average', feesInCost: false, mode: 'paper', positionMode: 'net' },
  },
  { kind: 'deposit', account: 'bot', id: 'd1', currency: 'USDT', amount: '100', time: day },
];

describe('a book alone', () => {
  test('SV17 the first start prints a token and a code, once; SIGTERM ends it', async () => {
    await cli.book(facts);
    const { address, token, code, process } = await start();
    expect((await ask(address, '/healthz', null)).status).toBe(200);
    const signedIn = await ask(address, '/api/v1/session', null, { code });
    expect(await signedIn.json()).toMatchObject({ actor: 'first', scopes: ['admin'] });
    await process.says('check-book took');
    expect((await ask(address, '/readyz', null)).status).toBe(200);
    const checks = await ask(address, '/api/v1/checks', token, {});
    expect(await checks.json()).toMatchObject({ accounts: [{ account: 'bot' }] });
    // A client that listens does not hold it up, and is told why it is let go.
    const stream = await ask(address, '/api/v1/stream', token);
    const told = stream.text();
    process.kill('SIGTERM');
    expect(await process.ended).toMatchObject({ code: 0, signal: null });
    expect(await told).toContain('the service stops: SIGTERM');
    running = null;

    const again = startCommand(cli.folder, 'serve --port 0 --json');
    running = again;
    await again.says('"schema":"trueup.serve/1"');
    await again.says('check-book took');
    expect(again.said()).not.toContain('tru_');
    expect(again.said()).not.toContain('#sign-in');
    again.kill('SIGINT');
    expect((await again.ended).code).toBe(0);
  });

  test('SV17 tokens are made, listed and revoked while it runs', async () => {
    const { address } = await start();
    const made = await cli.run('token add bot --scope trade,read --expires 30d --by ada');
    expect(made.code).toBe(0);
    const token = made.out.trim();
    expect(token).toMatch(/^tru_[\w-]{43}$/);
    const session = await ask(address, '/api/v1/session', token);
    expect(await session.json()).toMatchObject({ actor: 'bot', scopes: ['read', 'trade'] });
    const { items } = await cli.json<{ items: { id: string; name: string; usedAt: string }[] }>(
      'token list',
    );
    expect(items.map(({ name }) => name)).toEqual(['bot', 'first']);
    expect(items[0]!.usedAt).not.toBe(null);
    expect((await cli.run('token list')).out).not.toContain('tru_');
    expect((await cli.run(`token revoke ${items[0]!.id}`)).code).toBe(0);
    expect((await ask(address, '/api/v1/session', token)).status).toBe(401);
  });

  test('SV17 killed at any moment it has lost nothing that it acknowledged', async () => {
    const { address, token, process } = await start();
    const said = await fetch(`${address}/api/v1/facts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
      body: facts.map((one) => JSON.stringify(one)).join('\n'),
    });
    expect(said.status).toBe(200);
    process.kill('SIGKILL');
    await process.ended;
    const book = await cli.json<{ accounts?: unknown; account?: string }>('book');
    expect(JSON.stringify(book)).toContain('"100"');
  });
});

test('SV8 killed while it writes, no write is done twice when it is sent again', async () => {
  const first = await start();
  const names = Array.from({ length: 40 }, (_, index) => `made-${index}`);
  const make = async (address: string, token: string, name: string) => {
    const response = await fetch(`${address}/api/v1/tokens`, {
      method: 'POST',
      headers: {
        ...{ authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        'idempotency-key': name,
      },
      body: JSON.stringify({ name, scopes: ['read'] }),
    });
    return { status: response.status, body: (await response.json()) as { type?: string } };
  };
  const sent = Promise.allSettled(names.map((name) => make(first.address, first.token, name)));
  await make(first.address, first.token, 'before');
  first.process.kill('SIGKILL');
  await Promise.all([sent, first.process.ended]);

  const again = startCommand(cli.folder, 'serve --port 0 --json');
  running = again;
  await again.says('"schema":"trueup.serve/1"');
  const address = again.said().match(/http:\/\/127\.0\.0\.1:\d+/)![0];
  for (const name of names) {
    const { status, body } = await make(address, first.token, name);
    const isKnown = status === 200 || body.type === '/problems/outcome-unknown';
    expect([name, isKnown]).toEqual([name, true]);
  }
  const { items } = await cli.json<{ items: { name: string }[] }>('token list');
  const made = items.map(({ name }) => name).filter((name) => name.startsWith('made-'));
  expect(new Set(made).size).toBe(made.length);
});

test('SV18 told twice it ends at once, whatever still goes on', async () => {
  const { address, process } = await start();
  const { hostname, port } = new URL(address);
  // A request that never ends is waited for.
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.write('POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99\r\n');
  socket.write('Content-Type: application/json\r\n\r\n{');
  await process.says('check-book took');
  process.kill('SIGTERM');
  await process.says('schedule.stopping');
  process.kill('SIGTERM');
  expect((await process.ended).code).toBe(143);
  socket.destroy();
});

describe('what cannot be', () => {
  test('SV17 SV41 a port that is taken is said, and the next start tells the token', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    const { exitCode, ...said } = await cli.json(`serve --port ${port}`);
    expect([exitCode, said]).toMatchObject([1, { code: 'port-taken' }]);
    expect(String(said['hint'])).toContain('--port 0');
    await new Promise((resolve) => server.close(resolve));
    const { address, token } = await start();
    expect((await ask(address, '/api/v1/session', token)).status).toBe(200);
    const { items } = await cli.json<{ items: object[] }>('token list');
    expect(items).toHaveLength(1);
  });

  test('SV17 two services of one book are one too many', async () => {
    await start();
    const { exitCode, ...said } = await cli.json('serve --port 0');
    expect([exitCode, said['code']]).toEqual([7, 'schedule-runs']);
    const noFolder = await cli.json('serve --port 0 --book nowhere/trueup.db');
    expect([noFolder.exitCode, noFolder['code']]).toEqual([2, 'no-folder']);
  });

  test.each([
    ['serve --host 0.0.0.0', 'serve-exposed'],
    ['serve --port 70000', 'port-bad'],
    ['serve --port many', 'count-bad'],
    ['serve --venue nowhere', 'venue-unknown'],
    ['serve --repair maybe', 'repair-bad'],
    ['token add bot --scope everything', 'scope-unknown'],
    ['token add bot --scope read --expires soon', 'duration-bad'],
    ['token add bot --scope read --expires 1d --never-expires', 'option-unfit'],
    ['token revoke nobody', 'no-tokens'],
    ['token list', 'no-tokens'],
  ])('SV17 "%s" is refused as %s', async (words, code) => {
    const { exitCode, ...said } = await cli.json(words);
    expect([exitCode, said['code']]).toEqual([2, code]);
  });
});

test('SV17 it listens behind a proxy, by the address that people type', async () => {
  const settings = {
    serve: { proxy: { origin: 'https://trueup.example.com', trust: ['127.0.0.1/32'] } },
  };
  cli.file('trueup.json', JSON.stringify(settings));
  const { address, told } = await start();
  expect(address).toBe('https://trueup.example.com');
  expect(told).toContain('https://trueup.example.com/#sign-in=');
});

test('SV48 a policy written while it serves holds at once, and nothing else does', async () => {
  const settings = (repairsPerDay: number, rest = '') =>
    cli.file('trueup.yaml', `policy:\n  takingBack:\n    repairsPerDay: ${repairsPerDay}\n${rest}`);
  settings(3);
  await cli.book(facts);
  const { address, token, process } = await start();
  settings(4, 'serve:\n  repair: auto\n');
  await process.says('Holds from now on: policy.takingBack.repairsPerDay');
  await process.says('Takes effect at the next start: serve.repair');
  const policy = await (await ask(address, '/api/v1/policy', token)).text();
  expect(policy).toContain('"repairsPerDay":4');
});

test('CT3 whoever watches it asks whether it lives, and is told when it does not', async () => {
  await cli.book(facts);
  const { address, process } = await start();
  const alive = await cli.json('service alive');
  expect(alive).toMatchObject({ schema: 'trueup.alive/1', exitCode: 0, address, alive: true });
  expect(await cli.run('service alive')).toMatchObject({
    ...{ code: 0, out: `The service answers at ${address}\n` },
  });
  process.kill('SIGTERM');
  await process.ended;
  const { code, out } = await cli.run('service alive');
  expect([code, out]).toEqual([1, expect.stringContaining(`${address} does not live: `)]);
  const other = await cli.run('service alive --book other.db');
  expect([other.code, other.out]).toEqual([1, 'no service was started on other.db\n']);
});

test('SV17 a unit of the service runs where its settings stand, with what was said', async () => {
  cli.file(
    'trueup.json',
    JSON.stringify({
      venues: { main: { exchange: 'bybit', account: 'main' } },
      serve: { repair: 'auto' },
    }),
  );
  const { out, code } = await cli.run('service unit --serve --user games --check-interval 2');
  expect(code).toBe(0);
  const book = `${cli.folder}/trueup.db`;
  expect(out).toMatch(
    new RegExp(`ExecStart=\\S+ serve --book ${book} --venue main --check-interval 2\n`),
  );
  expect(out).toContain(`WorkingDirectory=${cli.folder}\n`);
  expect(out).toContain('# LoadCredential=TRUEUP_VENUE_MAIN_KEY:');
  expect((await cli.run('service unit --serve --timer')).code).toBe(2);
});
