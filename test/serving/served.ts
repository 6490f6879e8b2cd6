/**
 * The service as it runs: a book on disk, a paper exchange with a desk, the duties, and a real
 * server on a free port. Nothing is faked but the exchange, and the clock may be moved.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { decimal } from '../../src/decimal/text.ts';
import type { Fact } from '../../src/model/fact.ts';
import { type PolicySettings, policyByDefault } from '../../src/reconcile/limits.ts';
import { readConfiguration } from '../../src/service/config.ts';
import { type BookHold, holdOf } from '../../src/service/duties/book-hold.ts';
import { dutyMemoryIn } from '../../src/service/duties/duty-memory.ts';
import { dutyTable, standingTable } from '../../src/service/duties/duty-table.ts';
import { Schedule } from '../../src/service/duties/schedule.ts';
import { stopInBook } from '../../src/service/policy/standing.ts';
import type { Scope } from '../../src/service/serving/access/actor.ts';
import { openService, type Service } from '../../src/service/serving/opening.ts';
import type { ServingParts } from '../../src/service/serving/parts.ts';
import { routes } from '../../src/service/serving/routes.ts';
import { parseServeSettings, type ServeSettings } from '../../src/service/serving/settings.ts';
import { openSourceDesk } from '../../src/service/source/desk.ts';
import type { ServedSource } from '../../src/service/source/served-source.ts';
import { systemClock, type WaitingClock } from '../../src/service/system-clock.ts';
import { VenueDesk } from '../../src/service/venues/desk.ts';
import { parseVenueSettings } from '../../src/service/venues/settings.ts';
import {
  openServiceFile,
  type ServiceFile,
  serviceFilePath,
} from '../../src/store/service-file.ts';
import type { Venue } from '../../src/venues/venue.ts';
import {
  dutyOptions,
  type RememberedLog,
  rememberedAlerts,
  rememberedLog,
} from '../service/duties/duty-kit.ts';
import { fillAt } from '../service/listening/ground.ts';
import { LivePaper, perpetual } from './live-paper.ts';

/** The time of the machine, and as much later as a test says; waiting is as long as it is. */
export class LaterClock implements WaitingClock {
  #later = 0n;

  now(): bigint {
    return systemClock.now() + this.#later;
  }

  after(ms: number, work: () => void, how?: 'background'): () => void {
    return systemClock.after(ms, work, how);
  }

  pass(ms: number): void {
    this.#later += BigInt(ms) * 1_000_000n;
  }
}

/** Whatever a test looks at, what is answered is what the route says that it answers. */
function expectAsDescribed(method: string, asked: string, body: Json): void {
  const [path] = asked.split('?');
  const found = routes.find((one) => one.method === method && patternOf(one.path).test(path!));
  if (found === undefined) return;
  const { error } = found.answer.safeParse(body);
  if (error !== undefined) throw new Error(`${method} ${asked}: ${error.message}`);
}

const patternOf = (path: string): RegExp => new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`);

export interface ServedOptions {
  /** Where the book is, or is made; absent: a folder of its own, which `close` removes. */
  readonly book?: string;
  /** False: a book alone, which nobody outside is asked about. */
  readonly venue?: boolean;
  /** Of the venue's settings; a venue trades where it is not read-only. */
  readonly venueSettings?: object;
  readonly settings?: object;
  readonly clock?: LaterClock;
  readonly paper?: LivePaper;
  /** Instead of the paper exchange. */
  readonly exchange?: Venue;
  readonly limits?: Partial<ServeSettings['limits']>;
  readonly page?: string | null;
  /** Whether the timetable runs; without it the account is pulled and checked once. */
  readonly runs?: boolean;
  /** Booked before it opens, after the account was pulled. */
  readonly facts?: readonly Fact[];
  /** False: nothing was pulled and checked: it is not ready. */
  readonly checked?: boolean;
  readonly repair?: 'auto' | 'never';
  /** The end of the book is taken as it is. */
  readonly acceptHead?: boolean;
  readonly drainMs?: number;
  /** Whether whoever proposed may not approve. */
  readonly fourEyes?: boolean;
  /** The database of a bot that it looks after; absent: none. */
  readonly source?: (at: { readonly book: string; readonly clock: LaterClock }) => ServedSource;
}

/** What a route answers, as tests compare it. */
export type Json = Record<string, unknown> | null;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Json;
}

export interface Asking {
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Of a write; absent: a new one, null: none. */
  readonly key?: string | null;
}

const venueName = 'paper';
const markMaxAgeMs = 3_600_000;
let keys = 0;

interface ServedParts {
  readonly service: Service;
  readonly origin: string;
  readonly book: string;
  readonly clock: LaterClock;
  readonly paper: LivePaper;
  readonly desk: VenueDesk | null;
  readonly hold: BookHold;
  readonly schedule: Schedule;
  readonly log: RememberedLog;
  readonly settings: ServeSettings;
  /** The folder of a book of its own. */
  readonly remove: () => void;
}

export class Served {
  readonly of: ServedParts;
  readonly #tokens = new Map<string, string>();
  readonly #end: () => Promise<void>;
  #ended: Promise<void> | null = null;

  constructor(parts: ServedParts, end: () => Promise<void>) {
    this.of = parts;
    this.#end = end;
  }

  get origin(): string {
    return this.of.origin;
  }

  get parts(): ServingParts {
    return this.of.service.parts;
  }

  /** One that may this; made when it is asked for first. */
  token(...scopes: readonly Scope[]): string {
    const name = scopes.join('-');
    const known = this.#tokens.get(name);
    if (known !== undefined) return known;
    const { tokens } = this.parts.access;
    const { secret } = tokens.add({ name, scopes, expiresAt: null, by: 'test' });
    this.#tokens.set(name, secret);
    return secret;
  }

  /** `token` absent: one that may everything; null: none. */
  async ask(method: string, path: string, asking: Asking = {}): Promise<Answer> {
    const { token = this.token('admin'), body, key } = asking;
    const isWrite = method !== 'GET';
    keys += 1;
    const idempotency = key === undefined ? `key-${keys}` : key;
    const response = await fetch(this.origin + path, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(isWrite && idempotency !== null ? { 'idempotency-key': idempotency } : {}),
        ...asking.headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    const said = isJson && text !== '' ? (JSON.parse(text) as Json) : null;
    if (response.status === 200 && isJson) expectAsDescribed(method, path, said);
    return { status: response.status, headers: response.headers, text, body: said };
  }

  get(path: string, asking: Asking = {}): Promise<Answer> {
    return this.ask('GET', path, asking);
  }

  post(path: string, body: unknown = {}, asking: Asking = {}): Promise<Answer> {
    return this.ask('POST', path, { ...asking, body });
  }

  async record(...facts: readonly Fact[]): Promise<void> {
    const writer = await this.of.hold.writer();
    const { outcomes } = await writer.recordAll(facts);
    const refused = outcomes.find(({ status }) => status === 'refused');
    if (refused !== undefined) throw new Error(JSON.stringify(refused));
  }

  /**
   * A fill in the book that the exchange knows nothing of; a person has to agree that it goes. Only
   * inside of what is listed is absence a proof: a few seconds pass before it and after.
   */
  async phantom(quantity: string, executionId = 'phantom'): Promise<void> {
    const { clock } = this.of;
    clock.pass(3_000);
    const of = { instrument: perpetual, quantity: decimal(quantity) };
    await this.record(fillAt(executionId, clock.now(), of));
    clock.pass(3_000);
  }

  /** Pulls what the exchange lists, and holds the account against the book. */
  async check(repair: 'auto' | 'never' = 'never'): Promise<void> {
    const { desk, log } = this.of;
    const { signal } = new AbortController();
    await desk?.pull(log, signal);
    await desk?.check(signal, { repair });
  }

  /** As when it is told to stop; the book stays where it is. */
  stop(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async close(): Promise<void> {
    await this.stop();
    this.of.remove();
  }
}

export async function serve(options: ServedOptions = {}): Promise<Served> {
  const { clock = new LaterClock(), repair = 'never', venue: hasVenue = true } = options;
  const folder = options.book === undefined ? mkdtempSync(join(tmpdir(), 'trueup-served-')) : null;
  const book = options.book ?? join(folder!, 'trueup.db');
  const log = rememberedLog();
  const { fourEyes = false } = options;
  const policy: PolicySettings = { ...policyByDefault, approvals: { fourEyes } };
  const paper = options.paper ?? new LivePaper(clock);
  let committed = () => undefined as unknown;
  const hold = holdOf(
    book,
    {
      ...{ clock, holder: 'trueup serve', programVersion: 'test', markMaxAgeMs },
      onCommitted: () => committed(),
    },
    log,
  );
  await hold.ensure();
  const desk = hasVenue
    ? deskOf(options.exchange ?? paper, { book, clock, hold, options }, () =>
        service.parts.notReady(),
      )
    : null;
  const desks = desk === null ? [] : [desk];
  const file = openServiceFile(serviceFilePath(book));
  const source = options.source?.({ book, clock });
  const schedule = scheduleOf(
    { book, clock, hold, desks, file, repair, log, source },
    (name, run) => service.parts.hub.tell('duty', { name, running: run === null }),
  );
  const settings = settingsOf({ port: 0, limits: options.limits, ...options.settings });
  const configuration = readConfiguration(
    { book },
    { environment: {}, folder: dirname(book), home: dirname(book) },
  );
  if (!configuration.ok) throw new Error(configuration.refusal.message);
  const service = await openService({
    ...{ clock, log, version: 'test', book, configuration: configuration.value, settings, file },
    ...{ reader: hold.reader(), writer: () => hold.writer(), desks },
    ...{ duties: schedule.control, ...(source === undefined ? {} : { source }) },
    ...{ policy: () => policy, stop: () => stopInBook(hold.reader().file, policy) },
    page: options.page ?? null,
    acceptHead: options.acceptHead === true,
    ...(options.drainMs === undefined ? {} : { drainMs: options.drainMs }),
  });
  committed = () => service.committed();
  const remove = () => {
    if (folder !== null) rmSync(folder, { recursive: true });
  };
  const origin = await service.listen();
  const running = options.runs === true ? schedule.run() : null;
  const served = new Served(
    { service, origin, book, clock, paper, desk, hold, schedule, log, settings, remove },
    async () => {
      if (running !== null) await schedule.stop('the test ends');
      await running;
      await service.drain('the test ends');
      await hold.close();
      file.close();
    },
  );
  if (options.checked !== false && options.runs !== true) await served.check(repair);
  if (options.facts !== undefined) await served.record(...options.facts);
  return served;
}

interface ScheduledParts extends Omit<DeskParts, 'options'> {
  readonly desks: readonly VenueDesk[];
  readonly file: ServiceFile;
  readonly repair: 'auto' | 'never';
  readonly log: RememberedLog;
  readonly source: ServedSource | undefined;
}

type Watch = (name: string, run: object | null) => void;

function scheduleOf(parts: ScheduledParts, watch: Watch): Schedule {
  const { book, clock, hold, desks, file, repair, log, source } = parts;
  const checkedBook = {
    ...{ reader: () => hold.reader(), markMaxAgeMs, intervalMinutes: 5 },
    openWriter: () => hold.writer(),
  };
  const options = dutyOptions({
    ...{ hasSource: source !== undefined && desks.length === 0, repair },
    report: { at: '00:05', zone: 'UTC', folder: dirname(book) },
    venues: { desks, intervalMinutes: 5, checkIntervalMinutes: 5, listen: true },
    ...(desks.length > 0 ? {} : { book: checkedBook }),
  });
  return new Schedule({
    ...{ clock, log, source: 'test', logFile: null, hold, options, watch },
    ...{ duties: dutyTable(options), standing: standingTable(options) },
    ...{ alerts: rememberedAlerts(), memory: dutyMemoryIn(file) },
    reporter: { stateOf: async () => 'written', write: async () => [] },
    notes: { read: () => null, write: () => undefined },
    manager: {
      ...{ ready: () => undefined, status: () => undefined, stopping: () => undefined },
      ...{ watch: () => undefined, close: async () => undefined },
    },
    openDesk: () =>
      source === undefined
        ? Promise.reject(new Error('there is no source'))
        : openSourceDesk(source.options),
  });
}

interface DeskParts {
  readonly book: string;
  readonly clock: WaitingClock;
  readonly hold: BookHold;
  readonly options: ServedOptions;
}

function deskOf(
  venue: Venue,
  { book, clock, hold, options }: DeskParts,
  notReady: () => string | null,
): VenueDesk {
  const read = parseVenueSettings(
    {
      [venueName]: {
        ...{ exchange: 'bybit', account: venue.account, readOnly: false, mode: 'paper' },
        ...{ settle: '0s', confirm: '5ms', ...options.venueSettings },
      },
    },
    'trueup.json',
  );
  if (!read.ok) throw new Error(read.refusal.message);
  return new VenueDesk({
    ...{ name: venueName, opened: { venue, settings: read.value[venueName]! }, book },
    ...{ programVersion: 'test', markMaxAgeMs, clock },
    reader: () => hold.reader(),
    openWriter: () => hold.writer(),
    notReady,
  });
}

function settingsOf(value: object): ServeSettings {
  const read = parseServeSettings(value, '/nowhere/trueup.yaml');
  if (!read.ok) throw new Error(read.refusal.message);
  return read.value;
}
