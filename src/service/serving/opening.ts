/**
 * The service put together: the book is open and its end is what was left, then come the stream,
 * the routes and the page. Nothing listens before `listen`; `drain` ends it in order.
 */
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { PolicySettings } from '../../reconcile/limits.ts';
import type { StopShown } from '../../report/check-document.ts';
import type { ServiceFile } from '../../store/service-file.ts';
import type { BookWriter } from '../book.ts';
import type { Configuration } from '../config.ts';
import { checkBookName } from '../duties/check-book.ts';
import type { DutyControl } from '../duties/control.ts';
import type { Log } from '../log.ts';
import type { BookReader } from '../reading.ts';
import type { ServedSource } from '../source/served-source.ts';
import type { WaitingClock } from '../system-clock.ts';
import type { VenueDesk } from '../venues/desk.ts';
import { type FirstAccess, firstAccess } from './access/first-access.ts';
import { Guard } from './access/guard.ts';
import { noteAddress } from './alive.ts';
import { KeptWrites } from './idempotency.ts';
import { Metrics } from './metrics.ts';
import { addPage } from './page.ts';
import type { ServingParts } from './parts.ts';
import { Readiness } from './readiness.ts';
import { endAside } from './reads/aside.ts';
import { routes } from './routes.ts';
import { buildServer } from './server.ts';
import type { ServeSettings } from './settings.ts';
import { OpenHub } from './streaming/open-hub.ts';
import { addStream } from './streaming/sse.ts';
import { certifiedName } from './tls.ts';

export interface ServiceOptions {
  readonly clock: WaitingClock;
  readonly log: Log;
  readonly version: string;
  /** Path of the book, which is there. */
  readonly book: string;
  readonly configuration: Configuration;
  /** As it was read last; absent: nothing changes while it runs. */
  readonly lastRead?: () => Configuration;
  readonly settings: ServeSettings;
  readonly file: ServiceFile;
  /** Whose it is closes it, once the service has drained. */
  readonly reader: BookReader;
  readonly writer: () => Promise<BookWriter>;
  readonly desks: readonly VenueDesk[];
  /** The database of a bot that it looks after; absent: none. */
  readonly source?: ServedSource;
  readonly duties: DutyControl;
  readonly policy: () => PolicySettings;
  readonly stop: () => StopShown | null;
  /** Folder of the built page; null: there is none. */
  readonly page: string | null;
  /** The end of the book is taken as it is: an older one was put back knowingly. */
  readonly acceptHead?: boolean;
  /** How long requests that go on are waited for; absent: eight seconds. */
  readonly drainMs?: number;
}

/** Whoever stops the service waits ten seconds for all of it. */
const usualDrainMs = 8_000;

export interface Service {
  readonly app: FastifyInstance;
  readonly parts: ServingParts;
  /** Why the book is not the one that was left; null: it is. */
  readonly headFault: string | null;
  /** Where it listens, as people type it. Throws what the system says: the port is taken, say. */
  listen(): Promise<string>;
  /** How a person gets in, once it listens; null: there is a token already. */
  readonly first: FirstAccess | null;
  /** After commits of this process. */
  committed(): void;
  /** No more requests, streams told why, and what was begun ends. Once: it may be called again. */
  drain(why: string): Promise<void>;
}

export async function openService(options: ServiceOptions): Promise<Service> {
  const { clock, log, file, settings, configuration } = options;
  const { reader } = options;
  const stopping = new AbortController();
  const hub = new OpenHub({
    ...{ reader, file, clock, log },
    acceptHead: options.acceptHead === true,
  });
  const head = hub.headFault;
  if (head !== null) log.error({ event: 'head.differs', msg: head.message });
  const startedAt = clock.now();
  const readiness = new Readiness({
    ...{ reader, startedAt, head, isStopping: () => stopping.signal.aborted },
    accounts: options.desks.map(({ account }) => account),
    unchecked: () => uncheckedBook(options.duties),
  });
  const metrics = new Metrics();
  const access = new Guard({
    ...{ settings, file, clock, log, signInFailed: () => metrics.signInFailed() },
  });
  const parts: ServingParts = {
    ...{ clock, log, startedAt, configuration, reader, file, access, metrics, hub },
    ...{ version: options.version, book: options.book, page: options.page },
    ...{ markMaxAgeMs: configuration.markMaxAgeMs, writer: options.writer },
    ...{ desks: options.desks, duties: options.duties },
    ...(options.source === undefined ? {} : { source: options.source }),
    ...(options.lastRead === undefined ? {} : { lastRead: options.lastRead }),
    ...{ policy: options.policy, stop: options.stop, stopping: stopping.signal },
    notReady: () => readiness.whyNot(),
  };
  metrics.of(parts);
  const idempotency = new KeptWrites(file, clock);
  const app = await buildServer(parts, { settings, routes, gatekeeper: access, idempotency });
  addStream(app, parts, access, settings.limits);
  await addPage(app, parts);
  let drained: Promise<void> | null = null;
  const ended = async (why: string) => {
    stopping.abort();
    hub.close(why);
    const { drainMs = usualDrainMs } = options;
    const cancel = clock.after(drainMs, () => app.server.closeAllConnections(), 'background');
    await app.close();
    cancel();
    await endAside(reader);
  };
  let first: FirstAccess | null = null;
  return {
    ...{ app, parts, headFault: head?.message ?? null },
    async listen() {
      const address = await listening(app, settings, file);
      first = firstAccess(access, file, clock);
      return address;
    },
    get first() {
      return first;
    },
    committed: () => hub.advance(),
    drain(why) {
      drained ??= ended(why);
      return drained;
    },
  };
}

/** Duties that compare what no venue holds: the book with itself, and a bot's database. */
const ownChecks: ReadonlySet<string> = new Set([checkBookName, 'balance']);

/** The first that has not said anything since the start; a database that is silent did not. */
export function uncheckedBook(duties: Pick<DutyControl, 'status'>): string | null {
  for (const { name, last } of duties.status()) {
    if (!ownChecks.has(name)) continue;
    if (last === null) return `the first run of the duty ${name} has not ended`;
    const { exitCode, sentence } = last.result;
    const isSaid = name === checkBookName || exitCode === 0 || exitCode === 3;
    if (!isSaid) return `the duty ${name} could not say anything since the start: ${sentence}`;
  }
  return null;
}

/** It listens there, and nobody can go there. */
const anyAddress: ReadonlySet<string> = new Set(['0.0.0.0', '::']);

async function listening(
  app: FastifyInstance,
  settings: ServeSettings,
  file: ServiceFile,
): Promise<string> {
  const { host, port, tls, proxy } = settings;
  await app.listen({ host, port });
  const bound = app.server.address() as AddressInfo;
  noteAddress(file, bound, settings);
  if (proxy !== null) return proxy.origin;
  const meant = anyAddress.has(host) ? (certifiedName(settings) ?? 'localhost') : host;
  const name = meant.includes(':') ? `[${meant}]` : meant;
  return `${tls === null ? 'http' : 'https'}://${name}:${bound.port}`;
}
