/** The gatekeeper: tokens, sessions, where requests come from, limits, the audit of writes. */
import type { FastifyHelmetOptions } from '@fastify/helmet';
import type { FastifyRequest } from 'fastify';
import type { ServiceFile } from '../../../store/service-file.ts';
import type { Log } from '../../log.ts';
import type { WaitingClock } from '../../system-clock.ts';
import { Problem } from '../problem.ts';
import type { Asked, Route } from '../route.ts';
import type { ServeSettings } from '../settings.ts';
import type { Access } from './access.ts';
import { type Action, ActionLog } from './action-log.ts';
import { type Actor, may, nobody, type Scope } from './actor.ts';
import { isOwnHost, isOwnOrigin } from './addresses.ts';
import { Attempts } from './attempts.ts';
import type { Asking, Gatekeeper, TokenGate } from './gatekeeper.ts';
import { addressOf, RequestRate } from './request-rate.ts';
import { sameSecret } from './secrets.ts';
import { type Session, Sessions } from './sessions.ts';
import { type Token, Tokens } from './tokens.ts';

export interface GuardParts {
  readonly settings: Pick<ServeSettings, 'host' | 'tls' | 'proxy'> & {
    readonly limits: Pick<ServeSettings['limits'], 'requestsPerSecond' | 'signInsPerMinute'>;
  };
  readonly file: ServiceFile;
  readonly clock: WaitingClock;
  readonly log: Log;
  /** Counts them. */
  readonly signInFailed?: () => void;
}

export class Guard implements Gatekeeper, TokenGate, Access {
  readonly tokens: Tokens;
  readonly sessions: Sessions;
  readonly isSecure: boolean;
  readonly headers: FastifyHelmetOptions;
  readonly #parts: GuardParts;
  readonly #actions: ActionLog;
  readonly #rate: RequestRate;
  #ownHost: string | null = null;
  readonly #signIns: Attempts;
  readonly #failures: Attempts;
  readonly #actors = new WeakMap<FastifyRequest, Actor>();

  constructor(parts: GuardParts) {
    const { file, clock, settings } = parts;
    const { limits } = settings;
    this.#parts = parts;
    this.tokens = new Tokens(file, clock);
    this.isSecure = settings.tls !== null || settings.proxy !== null;
    this.sessions = new Sessions(file, this.tokens, clock, this.isSecure);
    this.headers = headersOf(this.isSecure);
    this.#rate = new RequestRate(clock, limits.requestsPerSecond);
    this.#actions = new ActionLog(file, clock);
    this.#signIns = new Attempts(clock, limits.signInsPerMinute);
    this.#failures = new Attempts(clock, limits.signInsPerMinute);
  }

  admit(request: FastifyRequest, asking: Asking): void {
    const { host } = request.headers;
    if (!this.#isOwn(host)) {
      throw new Problem('origin', `${host ?? 'no host'} is no name of this service`, {
        hint: 'ask by the address that it prints, or name the proxy in serve.proxy.origin',
      });
    }
    const actor = this.#actorBy(request, asking);
    this.#actors.set(request, actor);
    const { scope } = asking;
    if (scope === null || may(actor, scope)) return;
    throw new Problem('forbidden', `${actor.name} has no scope ${scope}`, { scope });
  }

  pass(request: FastifyRequest, { scope }: Asking): readonly string[] | null {
    const { host, authorization } = request.headers;
    if (authorization === undefined || !this.#isOwn(host)) return null;
    const secret = secretIn(authorization);
    const token = secret === null ? null : this.tokens.find(secret);
    if (token === null || (scope !== null && !may(actorOfToken(token), scope))) return null;
    return this.#rate.take(request.ip);
  }

  count({ ip }: FastifyRequest): readonly string[] {
    return this.#rate.count(ip);
  }

  actorOf(request: FastifyRequest): Actor {
    return this.#actors.get(request) ?? nobody;
  }

  stillMay(actor: Actor, scope: Scope): boolean {
    const { session, token: id } = actor;
    const token = id === null ? null : this.tokens.get(id);
    if (token === null || !this.tokens.isValid(token) || !may(actor, scope)) return false;
    return session === undefined || this.sessions.isOpen(session.hash);
  }

  /** What is for everybody leaves no rows: whoever asks could push those of others out. */
  note(
    { method, path, scope }: Route,
    request: FastifyRequest,
    { actor }: Pick<Asked<unknown, unknown, unknown>, 'actor'>,
    status: number,
  ): void {
    if (scope === null) return;
    const [object] = request.url.split('?');
    const action = `${method} ${path}`;
    this.record({ actor: actor.name, action, object: object!, status, requestId: request.id });
  }

  record(action: Action): void {
    this.#actions.add(action);
  }

  trySignIn(address: string): void {
    const waitMs = this.#signIns.take(addressOf(address));
    if (waitMs > 0) throw tooMany(waitMs);
  }

  signInFailed(address: string, what: string): void {
    const msg = `A sign-in from ${address} failed: ${what}`;
    this.#parts.log.warn({ event: 'sign-in.failed', msg });
    this.#parts.signInFailed?.();
  }

  /** Most ask by the same name. */
  #isOwn(host: string | undefined): boolean {
    if (host !== undefined && host === this.#ownHost) return true;
    if (!isOwnHost(host, this.#parts.settings)) return false;
    this.#ownHost = host ?? null;
    return true;
  }

  #actorBy(request: FastifyRequest, asking: Asking): Actor {
    const { authorization } = request.headers;
    if (authorization !== undefined) return this.#byToken(request, authorization);
    const isWrite = asking.method !== 'GET';
    if (isWrite) this.#refuseForeign(request);
    const cookie = request.cookies[this.sessions.cookie];
    const session = cookie === undefined ? null : this.sessions.find(cookie);
    if (session === null) {
      if (asking.scope === null) return nobody;
      const hint = 'send Authorization: Bearer with a token of trueup token add, or sign in';
      throw new Problem('unauthenticated', `${asking.path} is not for everybody`, { hint });
    }
    const isSignIn = asking.scope === null && asking.method === 'POST';
    if (isWrite && !isSignIn) refuseUnproven(request, session);
    return actorOfSession(session);
  }

  #byToken(request: FastifyRequest, authorization: string): Actor {
    const secret = secretIn(authorization);
    const token = secret === null ? null : this.tokens.find(secret);
    if (token !== null) return actorOfToken(token);
    const waitMs = this.#failures.take(addressOf(request.ip));
    if (waitMs > 0) throw tooMany(waitMs);
    const isForm = secret !== null;
    const why = isForm ? 'the token is unknown, expired or revoked' : 'it is no Bearer token';
    this.signInFailed(request.ip, why);
    throw new Problem('unauthenticated', why, { hint: 'trueup token list says which hold' });
  }

  #refuseForeign({ headers }: FastifyRequest): void {
    const { host, origin } = headers;
    const fetchSite = headers['sec-fetch-site'];
    const said = { host, origin, fetchSite: typeof fetchSite === 'string' ? fetchSite : undefined };
    if (isOwnOrigin(said, this.#parts.settings)) return;
    throw new Problem('origin', `a write came from ${origin ?? fetchSite}, not from our page`);
  }
}

function refuseUnproven({ headers }: FastifyRequest, { csrf }: Session): void {
  const given = headers['x-csrf-token'];
  if (typeof given === 'string' && sameSecret(given, csrf)) return;
  const hint = 'send x-csrf-token as GET /api/v1/session answers it, or reload the page';
  throw new Problem('csrf', 'x-csrf-token is missing, or of another session', { hint });
}

function tooMany(waitMs: number): Problem {
  const seconds = Math.ceil(waitMs / 1_000);
  return new Problem('tooMany', 'too many sign-ins from one address', {
    retryAfterSeconds: seconds,
    hint: `wait ${seconds} seconds`,
  });
}

/** Null: it is no Bearer token. */
const secretIn = (authorization: string): string | null =>
  /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? null;

const actors = new WeakMap<Token, Actor>();

function actorOfToken(token: Token): Actor {
  const { id, name, scopes } = token;
  const known = actors.get(token);
  if (known !== undefined) return known;
  const actor: Actor = { name, token: id, scopes: new Set<Scope>(scopes), via: 'token' };
  actors.set(token, actor);
  return actor;
}

const actorOfSession = (session: Session): Actor => ({
  ...actorOfToken(session.token),
  via: 'session',
  session: { hash: session.hash, csrf: session.csrf },
});

const selfOnly = ["'self'"];
const none = ["'none'"];

const headersOf = (isSecure: boolean): FastifyHelmetOptions => ({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: none,
      ...{ scriptSrc: selfOnly, styleSrc: selfOnly, imgSrc: selfOnly, fontSrc: selfOnly },
      ...{ connectSrc: selfOnly, manifestSrc: selfOnly, formAction: selfOnly },
      ...{ baseUri: none, frameAncestors: none },
    },
  },
  frameguard: { action: 'deny' },
  referrerPolicy: { policy: 'no-referrer' },
  strictTransportSecurity: isSecure && { maxAge: 31_536_000, includeSubDomains: false },
});
