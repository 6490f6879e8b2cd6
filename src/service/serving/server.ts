/**
 * The HTTP server: routes of the table, each behind the same steps. Who asks and whether they may,
 * what they ask, whether it was answered before; then the route; then bytes.
 */
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { validatorCompiler } from 'fastify-type-provider-zod';
import type { Gatekeeper, TokenGate } from './access/gatekeeper.ts';
import { addPeers } from './access/peers.ts';
import { Answers, bytesOf, type KeptAnswer } from './answers.ts';
import { problemReply, statusOf } from './failing.ts';
import { type Idempotency, idempotencyKeyOf, replayed } from './idempotency.ts';
import type { ServingParts } from './parts.ts';
import { Problem } from './problem.ts';
import { QuickReads } from './quick-reads.ts';
import { requestIdOf } from './request-id.ts';
import type { Answered, Asked, Route } from './route.ts';
import type { ServeSettings } from './settings.ts';
import { tlsOf } from './tls.ts';

export interface ServerOptions {
  readonly settings: ServeSettings;
  readonly routes: readonly Route[];
  readonly gatekeeper: Gatekeeper & TokenGate;
  readonly idempotency: Idempotency;
}

/** Bytes of a request's body; a larger one is refused before it is read. */
const bodyMax = 1024 * 1024;
/** Connections beside those that listen; one more is hung up on at once. */
const otherConnectionsMax = 1_000;
/** A client that does not finish its request in so long is hung up on. */
const requestTimeoutMs = 30_000;

/** What may be done at an address; empty: nothing is there. */
const methodsAt = (routes: readonly Route[], address: string): readonly string[] =>
  routes
    .filter(({ path }) => new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`).test(address))
    .map(({ method }) => method)
    .toSorted();

/** Ready to listen; what no route is for is left to whoever adds it: the stream, the page. */
export async function buildServer(
  parts: ServingParts,
  { settings, routes, gatekeeper, idempotency }: ServerOptions,
): Promise<FastifyInstance> {
  const app = fastify({
    bodyLimit: bodyMax,
    requestTimeout: requestTimeoutMs,
    trustProxy: settings.proxy === null ? false : [...settings.proxy.trust],
    genReqId: requestIdOf,
    logger: false,
    ...tlsOf(settings),
  });
  app.server.maxConnections = settings.limits.streams + otherConnectionsMax;
  app.setValidatorCompiler(validatorCompiler);
  // Answers are bytes already: what a schema of one says is for its description and for tests.
  app.setSerializerCompiler(() => JSON.stringify);
  addBodies(app);
  app.setErrorHandler((error, request, reply) => problemReply(parts, error, request, reply));
  app.setNotFoundHandler((request) => {
    const [path] = request.url.split('?');
    const allow = methodsAt(routes, path!).join(', ');
    const said = `there is no ${request.method} ${path}`;
    throw allow === '' ? new Problem('unknown', said) : new Problem('wrongMethod', said, { allow });
  });
  const { metrics } = parts;
  addPeers(app, settings);
  app.addHook('onSend', (request, reply, payload, done) => {
    reply.header('x-request-id', request.id);
    const { method, beganAt } = request;
    metrics.answered({ method, status: reply.statusCode, beganAt });
    done(null, payload);
  });
  const answers = new Answers(parts.reader, parts.clock);
  const quick = new QuickReads(answers, gatekeeper, metrics);
  quick.addTo(app);
  await app.register(cookie);
  await app.register(helmet, gatekeeper.headers);
  // Before anything is looked up: what is refused, and what is not there, counts like others.
  app.addHook('onRequest', (request, reply, done) => {
    const said = gatekeeper.count(request);
    for (let at = 0; at < said.length; at += 2) reply.header(said[at]!, said[at + 1]!);
    done();
  });
  const answering: Answering = { parts, gatekeeper, idempotency, answers, quick };
  await app.register(async (scope) => {
    for (const one of routes) addRoute(scope, one, answering);
  });
  return app;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** As `MetricsShown.now` says it. */
    beganAt: number;
  }
  interface FastifyContextConfig {
    /** The body is wanted as it came. */
    readonly text?: boolean;
  }
}

/** JSON, or lines of it. What holds money is read by whoever knows its digits. */
function addBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    ['application/json', 'application/x-ndjson'],
    { parseAs: 'string' },
    (request, body: string, done) => {
      if (request.routeOptions.config.text === true) done(null, body);
      else if (body.trim() === '') done(null, undefined);
      else parse(request, body, done);
    },
  );
}

interface Answering {
  readonly parts: ServingParts;
  readonly gatekeeper: Gatekeeper;
  readonly idempotency: Idempotency;
  readonly answers: Answers;
  readonly quick: QuickReads;
}

function addRoute(app: FastifyInstance, one: Route, answering: Answering): void {
  const { params, query, body, answer, method, path: url, tag, summary, scope } = one;
  app.route({
    ...{ method, url },
    schema: {
      ...(params === null ? {} : { params }),
      ...(query === null ? {} : { querystring: query }),
      ...(body === null ? {} : { body }),
      response: { 200: answer },
      ...{ tags: [tag], summary },
      security: scope === null ? [] : [{ token: [scope] }],
    },
    config: { text: one.text === true },
    onRequest: (request, _reply, done) => {
      answering.gatekeeper.admit(request, one);
      done();
    },
    preValidation: (request, _reply, done) => {
      // Who sends nothing says nothing: what is required is then named as missing.
      if (body !== null && one.text !== true) request.body ??= {};
      done();
    },
    handler: (request, reply) => answered(one, request, reply, answering),
  });
}

async function answered(
  one: Route,
  request: FastifyRequest,
  reply: FastifyReply,
  { parts, gatekeeper, idempotency, answers, quick }: Answering,
): Promise<FastifyReply> {
  const asked = askedOf(one, request, reply, gatekeeper);
  const make = async () => one.handle(parts, asked);
  if (one.method !== 'GET') {
    return send(reply, await written(one, request, asked, { gatekeeper, idempotency, make }));
  }
  const { holdsMs = null } = one;
  if (holdsMs === null) return sendRead(request, reply, bytesOf(await make()));
  const answer = await answers.of(request.url, holdsMs, make);
  return sendRead(request, reply, answer, () => quick.note(one, answer, reply));
}

interface Writing extends Pick<Answering, 'gatekeeper' | 'idempotency'> {
  readonly make: () => Promise<Answered>;
}

/** Who asked is written down, also where it was refused; what was answered before, once. */
async function written(
  one: Route,
  request: FastifyRequest,
  asked: Asked<unknown, unknown, unknown>,
  { gatekeeper, idempotency, make }: Writing,
): Promise<KeptAnswer> {
  try {
    const answer = await idempotency.once(one, request, asked, make);
    const isNew = answer.headers[replayed] === undefined;
    if (isNew) gatekeeper.note(one, request, asked, answer.status);
    return answer;
  } catch (error) {
    gatekeeper.note(one, request, asked, statusOf(error));
    throw error;
  }
}

function askedOf(
  one: Route,
  request: FastifyRequest,
  reply: FastifyReply,
  gatekeeper: Gatekeeper,
): Asked<unknown, unknown, unknown> {
  const { params, query, body, id: requestId, ip: address } = request;
  // Whoever is nobody has no keys: what one was answered is not for the next.
  const idempotencyKey = one.scope === null ? null : idempotencyKeyOf(request);
  const actor = gatekeeper.actorOf(request);
  const of = { actor, requestId, address, idempotencyKey };
  let signal: AbortSignal | null = null;
  return {
    ...{ params, query, body, ...of },
    // Most never ask.
    get signal() {
      signal ??= hangUpOf(reply);
      return signal;
    },
  };
}

function hangUpOf({ raw }: FastifyReply): AbortSignal {
  const hungUp = new AbortController();
  const ended = () => {
    if (!raw.writableFinished) hungUp.abort();
  };
  if (raw.closed) ended();
  else raw.once('close', ended);
  return hungUp.signal;
}

/** `sending` is called with all of its head set. */
function sendRead(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: KeptAnswer,
  sending: () => void = () => undefined,
): FastifyReply {
  const { status, etag, headers, type, bytes } = answer;
  if (status !== 200) return send(reply, answer);
  reply.headers({ etag, 'cache-control': 'private, no-cache' }).headers(headers).type(type);
  sending();
  if (request.headers['if-none-match'] !== etag) return reply.send(bytes);
  return reply.removeHeader('content-type').code(304).send();
}

function send(reply: FastifyReply, { status, type, headers, bytes }: KeptAnswer): FastifyReply {
  return reply.code(status).headers(headers).type(type).send(bytes);
}
