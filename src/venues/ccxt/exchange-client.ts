/**
 * One exchange through ccxt: numbers as text, time corrected, requests of one key in one queue,
 * errors sorted into refused and failed, and nothing secret in any text that leaves here.
 */
import { createHash } from 'node:crypto';
import { type Clock, millisecondsBetween } from '../../model/instant.ts';
import { delayedCalls, type Wait } from './delayed-calls.ts';
import {
  type CcxtCall,
  type CcxtExchange,
  type CcxtSocket,
  errorKinds,
  loadExchangeClass,
  methodOf,
} from './exchange-class.ts';
import { ExchangeFailure, failed, redacted, refusal } from './failure.ts';
import { loopbackOrigin, redirected } from './local-urls.ts';
import { object, PayloadFault, type Raw, rawJson, requiredText, text } from './raw.ts';

/** Read from a file or a systemd credential by the caller, never from arguments. */
export interface Credentials {
  readonly key: string;
  readonly secret: string;
  readonly passphrase?: string;
}

export interface ExchangeSettings {
  /** A ccxt id, such as bybit or binanceusdm. */
  readonly exchange: string;
  readonly credentials: Credentials | null;
  /** A local server to talk to instead: an address of this machine. */
  readonly local?: string;
  readonly timeoutMs?: number;
  /** Milliseconds between two requests of the cheapest kind; else the exchange's own pace. */
  readonly paceMs?: number;
  readonly clock: Clock;
  /** Waits so many milliseconds, or until the signal aborts. */
  readonly wait: Wait;
  /** Further options of ccxt for this exchange. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Answers requests instead of the network: recorded ones, for proofs. */
  readonly transport?: unknown;
}

export interface ExchangeClient {
  readonly id: string;
  /** Calls a method of ccxt by name; throws an ExchangeFailure or a PayloadFault. */
  call(method: string, ...parameters: readonly unknown[]): Promise<unknown>;
  has(capability: string): boolean;
  /** The library's word for the wallet that it reads unless told otherwise. */
  readonly wallet: string;
  /** Venue's time minus ours, in milliseconds: measured, then used for all that is signed. */
  measureClock(): Promise<number>;
  readonly clockOffsetMs: number;
  /** Sees every frame before the library does; true keeps it from the library and its caches. */
  tap(onFrame: (frame: string) => boolean, onConnected: () => void): void;
  /** Throws away what the library remembers of positions and of its login to the streams. */
  forget(): void;
  /** What the library remembers of its streams. */
  kept(what: 'positions' | 'balance' | 'orders'): unknown;
  /** How old a signed request may be when it arrives, in milliseconds; null: nobody says. */
  readonly receiveWindowMs: number | null;
  /** Of the last answer, by name in small letters. */
  lastHeaders(): ReadonlyMap<string, string>;
  redact(text: string): string;
  /** What requests wait in: the same for every client of one key. */
  readonly queue: unknown;
  /** Ends its lines and what it waits for; the next request opens them again. */
  close(): Promise<void>;
  /** For good: what still asks is told so, and asks the venue nothing more. */
  end(): Promise<void>;
}

/** One queue per key, for every client of this process. */
const queues = new Map<string, unknown>();

const defaults: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  bybit: {
    defaultType: 'swap',
    // Unified accounts only: no questions about the account's kind before each call.
    enableUnifiedMargin: false,
    enableUnifiedAccount: true,
    unifiedMarginStatus: 6,
    fetchMarkets: { types: ['spot', 'linear', 'inverse'] },
    watchPositions: { fetchPositionsSnapshot: false, awaitPositionsSnapshot: false },
  },
  binance: { defaultType: 'spot', fetchMarkets: { types: ['spot'] } },
  binanceusdm: { fetchMarkets: { types: ['linear'] } },
  binancecoinm: { fetchMarkets: { types: ['inverse'] } },
};

export async function openExchange(settings: ExchangeSettings): Promise<ExchangeClient> {
  const { exchange: id, credentials, local } = settings;
  const Exchange = await loadExchangeClass(id);
  if (Exchange === null)
    throw new ExchangeFailure(refusal('exchange-unknown', `no exchange "${id}"`));
  const exchange = new Exchange({
    ...(credentials === null ? {} : { apiKey: credentials.key, secret: credentials.secret }),
    ...(credentials?.passphrase === undefined ? {} : { password: credentials.passphrase }),
    timeout: settings.timeoutMs ?? 10_000,
    enableRateLimit: true,
    ...(settings.paceMs === undefined ? {} : { rateLimit: settings.paceMs }),
    options: { ...defaults[id], ...settings.options },
  });
  exchange.number = String;
  exchange.parseJson = readJson;
  exchange.milliseconds = () => millisecondsBetween(0n, settings.clock.now());
  // Instruments name their coins; a list of all coins is one more request, and not for every key.
  if (id in defaults || local !== undefined) exchange.has['fetchCurrencies'] = false;
  if (settings.transport !== undefined) exchange.fetchImplementation = settings.transport;
  if (local !== undefined) await pointAt(exchange, local);
  const bucket = bucketOf(id, credentials, local);
  exchange.throttler = queues.get(bucket) ?? exchange.throttler;
  queues.set(bucket, exchange.throttler);
  return client(exchange, secretsOf(credentials), settings.wait);
}

/** HTML or a cut body is no JSON: the library then says so by the status, or gives the text. */
function readJson(body: string): unknown {
  try {
    return rawJson(body);
  } catch (error) {
    if (error instanceof PayloadFault) return undefined;
    throw error;
  }
}

async function pointAt(exchange: CcxtExchange, local: string): Promise<void> {
  const origin = loopbackOrigin(local);
  if (origin === null) {
    throw new ExchangeFailure(
      refusal('address-not-local', `${local} is no address of this machine`),
    );
  }
  exchange.urls.api = redirected(exchange.urls.api, origin);
  await exchange.loadHttpProxyAgent();
}

const bucketOf = (id: string, credentials: Credentials | null, local: string | undefined) =>
  createHash('sha256')
    .update(JSON.stringify([id, credentials?.key, local]))
    .digest('hex');

const secretsOf = (credentials: Credentials | null): readonly string[] =>
  credentials === null
    ? []
    : [credentials.key, credentials.secret, credentials.passphrase ?? ''].filter((s) => s !== '');

function client(exchange: CcxtExchange, secrets: readonly string[], wait: Wait): ExchangeClient {
  const delayed = delayedCalls(exchange, wait);
  const redact = (said: string) => redacted(said, secrets);
  const method = (name: string): CcxtCall => {
    const found = methodOf(exchange, name);
    if (found !== null) return found;
    throw new ExchangeFailure(refusal('not-supported', `${exchange.id} has no ${name}`));
  };
  let offset = 0;
  let hasEnded = false;
  const close = async () => {
    delayed.close();
    await exchange.close();
  };
  correctSigning(exchange, () => offset);
  watchFutures(exchange);
  const call = async (name: string, ...parameters: readonly unknown[]) => {
    if (hasEnded) throw new ExchangeFailure(failed('the connection was closed', false));
    const run = method(name);
    delayed.open();
    try {
      return await run(...parameters);
    } catch (error) {
      throw sorted(error, redact);
    }
  };
  return {
    id: exchange.id,
    call,
    has: (capability) =>
      exchange.has[capability] === true || exchange.has[capability] === 'emulated',
    wallet: String(exchange.options['defaultType'] ?? 'spot'),
    get clockOffsetMs() {
      return offset;
    },
    async measureClock() {
      offset = await measuredOffset(exchange, call);
      exchange.options['timeDifference'] = -offset;
      return offset;
    },
    tap: (onFrame, onConnected) => {
      exchange.onConnected = onConnected;
      tapSockets(exchange, onFrame);
    },
    forget: () => {
      exchange.positions = undefined;
      for (const type of ['future', 'delivery']) {
        const login = exchange.options[type];
        if (typeof login === 'object' && login !== null) {
          exchange.options[type] = { ...login, listenKey: undefined, lastAuthenticatedTime: 0 };
        }
      }
    },
    kept: (what) => exchange[what],
    get receiveWindowMs() {
      const told = Number(exchange.options['recvWindow']);
      return Number.isFinite(told) && told > 0 ? told : null;
    },
    lastHeaders: () => {
      const headers = Object.entries(exchange.last_response_headers ?? {});
      return new Map(headers.map(([name, value]) => [name.toLowerCase(), String(value)]));
    },
    redact,
    queue: exchange.throttler,
    close,
    async end() {
      hasEnded = true;
      await close();
    },
  };
}

/** The answer with the shortest way there and back is the closest to the venue's time. */
async function measuredOffset(exchange: CcxtExchange, call: ExchangeClient['call']) {
  let best = { way: Number.POSITIVE_INFINITY, offset: 0 };
  for (let round = 0; round < 3; round++) {
    const before = exchange.milliseconds();
    const theirs = Number(await call('fetchTime'));
    const after = exchange.milliseconds();
    if (!Number.isFinite(theirs)) throw new PayloadFault('the venue tells no time');
    const way = after - before;
    if (way < best.way) best = { way, offset: Math.round(theirs - (before + after) / 2) };
  }
  return best.offset;
}

/** Socket logins are signed with the plain clock; they take the corrected one while they sign. */
function correctSigning(exchange: CcxtExchange, offset: () => number): void {
  if (typeof exchange.authenticate !== 'function') return;
  const authenticate = exchange.authenticate.bind(exchange);
  const milliseconds = exchange.milliseconds.bind(exchange);
  exchange.authenticate = (...parameters) => {
    const difference = exchange.options['timeDifference'];
    exchange.milliseconds = () => milliseconds() + offset();
    // Some logins take the difference off themselves: it is not to be counted twice.
    exchange.options['timeDifference'] = 0;
    try {
      // The time is taken before anything is awaited.
      return authenticate(...parameters);
    } finally {
      exchange.milliseconds = milliseconds;
      exchange.options['timeDifference'] = difference;
    }
  };
}

/**
 * The library makes promises ahead of the requests that keep them, and waits for them after: one
 * that is broken in between, as by a close, would end the process. Whoever waits is still told.
 */
function watchFutures(exchange: CcxtExchange): void {
  const open = exchange.client.bind(exchange);
  const watched = new WeakSet<CcxtSocket>();
  exchange.client = (url) => {
    const socket = open(url);
    if (watched.has(socket)) return socket;
    watched.add(socket);
    const future = socket.future.bind(socket);
    socket.future = (name) => {
      const made = future(name);
      made.catch(() => undefined);
      return made;
    };
    return socket;
  };
}

function tapSockets(exchange: CcxtExchange, onFrame: (frame: string) => boolean): void {
  const open = exchange.client.bind(exchange);
  const tapped = new WeakSet<CcxtSocket>();
  exchange.client = (url) => {
    const socket = open(url);
    if (tapped.has(socket)) return socket;
    tapped.add(socket);
    const send = socket.send.bind(socket);
    // The library waits for none of these: on a line that broke, its end is told by its close.
    socket.send = (message) => {
      const sent = send(message);
      sent.catch(() => undefined);
      return sent;
    };
    const handle = socket.onMessage.bind(socket);
    socket.onMessage = (event) => {
      const frame = typeof event.data === 'string' ? event.data : String(event.data);
      if (!onFrame(frame)) handle({ data: frame });
      // Any frame proves that the line lives, by the clock that the socket itself looks at.
      socket.onPong();
    };
    return socket;
  };
}

/** Of ccxt's errors, what each means for us. */
function sorted(error: unknown, redact: (text: string) => string): Error {
  if (error instanceof ExchangeFailure || error instanceof PayloadFault) return error;
  const kinds = errorKinds(error);
  const said = redact(error instanceof Error ? error.message : String(error));
  if (kinds.has('AuthenticationError')) {
    const why = `the venue does not accept the key: ${said}`;
    const answer = {
      status: 'failed',
      why,
      retry: false,
      retryAfterMs: null,
      credentials: true,
    } as const;
    return new ExchangeFailure(answer);
  }
  if (kinds.has('RateLimitExceeded') || kinds.has('DDoSProtection')) {
    return new ExchangeFailure(failed(`too many requests: ${said}`, true, 1000));
  }
  if (kinds.has('InvalidNonce')) return new ExchangeFailure(failed(said), { clock: true });
  if (kinds.has('OperationFailed')) return new ExchangeFailure(failed(said));
  if (kinds.has('BadResponse') || kinds.has('NullResponse'))
    return new ExchangeFailure(failed(said));
  if (kinds.has('BaseError')) return refusedBy(kinds, said);
  // Whatever else the library throws over an answer or a key is no answer either.
  return new ExchangeFailure(failed(`the request failed in the library: ${said}`, false));
}

/** The venue's own codes, where its words carry them. */
const code = /"(?:retCode|code)"\s*:\s*"?(-?\d+)"?/;

/** Codes of exchanges that say nothing about whether a request was carried out. */
const undecided = new Set([
  ...['10000', '10016', '10019', '-1000', '-1001', '-1006', '-1007', '-1008'],
  // Bybit spot: internal, network, under way, placing, cancelling and amending timed out.
  ...['170001', '170032', '170035', '170146', '170147', '170234', '170310'],
]);
const duplicates = new Set(['110072', '170141', '-4116']);

function refusedBy(kinds: ReadonlySet<string>, said: string): ExchangeFailure {
  const number = code.exec(said)?.[1];
  if (number !== undefined && undecided.has(number)) return new ExchangeFailure(failed(said));
  const name = [...kinds][0] ?? 'ExchangeError';
  return new ExchangeFailure(refusal(number ?? name, said), {
    orderNotFound: kinds.has('OrderNotFound'),
    duplicate: kinds.has('DuplicateOrderId') || duplicates.has(number ?? ''),
    symbol: kinds.has('BadSymbol') || /symbol is invalid|symbol invalid/i.test(said),
  });
}

/** An envelope's `result` and its `time`, as Bybit wraps every answer. */
export function envelope(value: unknown): { readonly result: Raw; readonly time: string } {
  const whole = object(value, 'the answer');
  if (text(whole, 'retCode') !== '0') throw new PayloadFault(`retCode ${text(whole, 'retCode')}`);
  return { result: object(whole['result'], 'result'), time: requiredText(whole, 'time') };
}
