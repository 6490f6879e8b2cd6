import { connect } from 'node:net';
import fastify, { type FastifyError, type FastifyReply, type FastifyRequest } from 'fastify';
import { validatorCompiler } from 'fastify-type-provider-zod';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Actor, nobody } from '../../../src/service/serving/access/actor.ts';
import type { ServingParts } from '../../../src/service/serving/parts.ts';
import { Problem } from '../../../src/service/serving/problem.ts';
import { Seats } from '../../../src/service/serving/streaming/seats.ts';
import { addStream, type StreamKeeper } from '../../../src/service/serving/streaming/sse.ts';
import { deposit, type Heard, type HubKit, heardOf, hubKit, settled } from './hub-kit.ts';

/** Lets everybody in who says `in`. */
const keeper: StreamKeeper = {
  admit(request) {
    if (request.headers.authorization !== 'in') throw new Problem('unauthenticated', 'who?');
  },
  actorOf: (): Actor => nobody,
  stillMay: () => holds,
};

let holds = true;
const limits = { streams: 3, streamsPerToken: 2 };

let kit: HubKit;
let app: ReturnType<typeof fastify>;
let port: number;

beforeEach(async () => {
  kit = hubKit();
  holds = true;
  app = fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setErrorHandler((error: FastifyError, _request: FastifyRequest, reply: FastifyReply) =>
    reply.code(error instanceof Problem ? error.kind.status : (error.statusCode ?? 500)).send(),
  );
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  addStream(
    app,
    { clock: kit.clock, hub: kit.hub, log, reader: kit.held } as unknown as ServingParts,
    keeper,
    limits,
  );
  await app.listen({ port: 0, host: '127.0.0.1' });
  port = app.addresses()[0]!.port;
});

afterEach(async () => {
  app.server.closeAllConnections();
  await app.close();
  await kit.close();
});

/** What is told until the line ends, or `stop`. */
function listen(path: string, headers: Readonly<Record<string, string>> = {}) {
  const stop = new AbortController();
  const heard: Heard[] = [];
  const text = { raw: '', over: false };
  const open = fetch(`http://127.0.0.1:${port}${path}`, {
    headers: { authorization: 'in', ...headers },
    signal: stop.signal,
  });
  const done = (async () => {
    const answer = await open;
    let rest = '';
    try {
      for await (const chunk of answer.body!.pipeThrough(new TextDecoderStream())) {
        text.raw += chunk;
        const parts = (rest + chunk).split('\n\n');
        rest = parts.pop()!;
        heard.push(...parts.filter((part) => part.includes('event: ')).map(heardOf));
      }
    } catch (error) {
      if (!stop.signal.aborted) throw error;
    }
    text.over = true;
  })();
  return { open, done, heard, text, stop: () => stop.abort() };
}

async function until(isSo: () => boolean): Promise<void> {
  for (let turns = 0; turns < 20_000 && !isSo(); turns += 1) await settled();
  expect(isSo()).toBe(true);
}

async function book(account = 'main'): Promise<void> {
  await kit.held.book.record(deposit(account));
  kit.hub.advance();
}

test.each(['/api/stream', '/api/v1/stream'])(
  'ES10 %s tells what is booked as it happens',
  async (path) => {
    const line = listen(path);
    const answer = await line.open;
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    await book();
    await until(() => line.heard.length === 2);
    expect(line.heard.map(({ data }) => data.sequence)).toEqual([1, 2]);
    line.stop();
    await line.done;
    await until(() => kit.hub.listeners === 0);
  },
);

test('ES11 a client that comes back with the id of its last event misses nothing', async () => {
  const line = listen('/api/v1/stream');
  await line.open;
  await book();
  await until(() => line.heard.length === 2);
  line.stop();
  await line.done;
  await book();
  const seen = line.heard[0]!.id!;
  for (const again of [
    listen('/api/v1/stream', { 'last-event-id': seen }),
    listen(`/api/v1/stream?lastEventId=${seen}`),
  ]) {
    await until(() => again.heard.length === 2);
    expect(again.heard.map(({ data }) => data.sequence)).toEqual([2, 3]);
    again.stop();
    await again.done;
  }
});

test('ES12 ?account= tells the entries of that account alone', async () => {
  await book('spot');
  const line = listen('/api/v1/stream?account=spot');
  await line.open;
  await book('main');
  await book('spot');
  await until(() => line.heard.length === 1);
  expect(line.heard[0]!.data).toMatchObject({ account: 'spot', sequence: 3 });
  line.stop();
  await line.done;
});

test.each([
  ['?account=mian', 404],
  ['?acount=main', 400],
  ['?account=main', 200],
])('ES19 %s is answered %i, and nobody waits for what never comes', async (asked, status) => {
  await book('main');
  const line = listen(`/api/v1/stream${asked}`);
  expect((await line.open).status).toBe(status);
  expect(kit.hub.listeners).toBe(status === 200 ? 1 : 0);
  line.stop();
  await line.done;
});

test('ES13 a silent line is kept alive, and says at once when to come back', async () => {
  const line = listen('/api/v1/stream');
  await line.open;
  await until(() => line.text.raw.includes('retry: 2000\n\n'));
  await kit.clock.moveTo('2026-01-12T10:00:15Z');
  await until(() => line.text.raw.includes(': still here\n\n'));
  line.stop();
  await line.done;
});

test('ES14 nobody listens who may not read', async () => {
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/stream`);
  expect(answer.status).not.toBe(200);
  expect(kit.hub.listeners).toBe(0);
});

test('ES15 a client that does not read is let go of, and is told why once it reads', async () => {
  const socket = connect(port, '127.0.0.1');
  socket.write('GET /api/v1/stream HTTP/1.1\r\nhost: x\r\nauthorization: in\r\n\r\n');
  await until(() => kit.hub.listeners === 1);
  socket.pause();
  const good = listen('/api/v1/stream');
  await good.open;
  let told = 0;
  // More than the socket's own buffers and ours take.
  while (kit.hub.listeners === 2 && told < 500) {
    kit.hub.tell('duty', { name: 'x'.repeat(200_000) });
    told += 1;
    await settled();
  }
  expect(kit.hub.listeners).toBe(1);
  let text = '';
  socket.on('data', (chunk) => {
    text = (text + chunk.toString()).slice(-2_000);
  });
  socket.resume();
  await until(() => text.includes('event: end'));
  expect(text).toContain('you read more slowly than things happen');
  await until(() => good.heard.length === told);
  good.stop();
  await good.done;
  socket.destroy();
});

test('ES15 one that came back for the past and reads none of it is let go of, too', async () => {
  const from = kit.hub.lastId;
  const amount = `0.${'1'.repeat(18)}`;
  for (let turns = 0; turns < 20; turns += 1) {
    await kit.held.book.recordAll(Array.from({ length: 1_000 }, () => deposit('main', amount)));
  }
  kit.hub.advance();
  await settled();
  const socket = connect(port, '127.0.0.1');
  const asked = ['GET /api/v1/stream HTTP/1.1', 'host: x', 'authorization: in'];
  socket.write(`${[...asked, `last-event-id: ${from}`].join('\r\n')}\r\n\r\n`);
  socket.pause();
  await until(() => kit.hub.listeners === 1);
  await settled();
  await kit.clock.moveTo('2026-01-12T10:00:15Z');
  await kit.clock.moveTo('2026-01-12T10:00:30Z');
  expect(kit.hub.listeners).toBe(1);
  await kit.clock.moveTo('2026-01-12T10:00:45Z');
  expect(kit.hub.listeners).toBe(0);
  let text = '';
  socket.on('data', (chunk) => {
    text = (text + chunk.toString()).slice(-2_000);
  });
  socket.resume();
  await until(() => text.includes('event: end'));
  expect(text).toContain('you read more slowly than things happen');
  socket.destroy();
});

test('ES8 one that reads the past slowly is told all of it', async () => {
  const from = kit.hub.lastId;
  const amount = `0.${'1'.repeat(18)}`;
  for (let turns = 0; turns < 5; turns += 1) {
    await kit.held.book.recordAll(Array.from({ length: 1_000 }, () => deposit('main', amount)));
  }
  kit.hub.advance();
  await settled();
  const line = listen('/api/v1/stream', { 'last-event-id': from });
  await until(() => line.heard.length === 5_001);
  const sequences = line.heard.map(({ data }) => data.sequence);
  expect(sequences).toEqual(Array.from({ length: 5_001 }, (_, at) => at + 1));
  line.stop();
  await line.done;
});

test('ES16 when the service ends, each line is ended with the reason', async () => {
  const line = listen('/api/v1/stream');
  await line.open;
  kit.hub.close('the service ends');
  await line.done;
  expect(line.heard.at(-1)).toMatchObject({ name: 'end', data: { why: 'the service ends' } });
});

test('ES17 a line ends with the token or the session that opened it, and says why', async () => {
  const line = listen('/api/v1/stream');
  await line.open;
  await kit.clock.moveTo('2026-01-12T10:00:15Z');
  await until(() => line.text.raw.includes(': still here'));
  holds = false;
  await kit.clock.moveTo('2026-01-12T10:00:30Z');
  await line.done;
  const why = 'the token or the session that let you in holds no more';
  expect(line.heard.at(-1)).toMatchObject({ name: 'end', data: { why } });
  await until(() => kit.hub.listeners === 0);
});

test('ES18 one more than a token may is told when to come back, until one left', async () => {
  const lines = [listen('/api/v1/stream'), listen('/api/stream')];
  for (const { open } of lines) expect((await open).status).toBe(200);
  const third = listen('/api/v1/stream');
  expect((await third.open).status).toBe(429);
  lines[0]!.stop();
  await until(() => kit.hub.listeners === 1);
  const again = listen('/api/v1/stream');
  expect((await again.open).status).toBe(200);
  again.stop();
  lines[1]!.stop();
  await Promise.all([...lines, third, again].map(({ done }) => done));
});

test('ES18 seats are counted by token, and all together', () => {
  const seats = new Seats({ streams: 3, streamsPerToken: 2 });
  const refusal = (token: string) => {
    try {
      seats.take({ token });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return [error.kind.status, error.more['retryAfterSeconds']];
    }
    return null;
  };
  const leave = seats.take({ token: 'a' });
  expect([refusal('a'), refusal('a'), refusal('b')]).toEqual([null, [429, 5], null]);
  expect(refusal('c')).toEqual([503, 5]);
  leave();
  leave();
  expect([refusal('c'), refusal('d')]).toEqual([null, [503, 5]]);
});

test('ES10 whoever asks for the head alone is not kept waiting for the end', async () => {
  const headers = { authorization: 'in' };
  const asked = await fetch(`http://127.0.0.1:${port}/api/v1/stream`, { method: 'HEAD', headers });
  expect([asked.status, kit.hub.listeners]).toEqual([404, 0]);
});
