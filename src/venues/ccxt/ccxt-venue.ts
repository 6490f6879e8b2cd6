/**
 * Any exchange of ccxt as a venue. Before the first answer the venue's clock is measured, the key
 * is looked at and the instruments are read; while one of these fails, so does every call.
 */
import type { CashFact, Fill, OrderReport } from '../../model/fact.ts';
import { addMilliseconds, type Instant, millisecondsBetween } from '../../model/instant.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { StatementOrder, StatementSection } from '../../model/statement.ts';
import type {
  Answer,
  CachedAnswers,
  FactPage,
  Interpreted,
  ListedFrom,
  OrderChange,
  OrderReference,
  OrderRequest,
  StatementQuestion,
  Submitted,
  Ticker,
  Venue,
  VenueCapabilities,
  VenueEvent,
  VenueStatement,
  VenueStep,
} from '../venue.ts';
import { cachedAnswers } from './cached-answers.ts';
import { diagnosed } from './diagnosing.ts';
import type { Dialect, History } from './dialect.ts';
import { type ExchangeClient, type ExchangeSettings, openExchange } from './exchange-client.ts';
import { capabilitiesOf, dialectOf } from './exchanges.ts';
import { attempt, ExchangeFailure, failed, refusal } from './failure.ts';
import { type Pace, readHistory } from './history-reader.ts';
import { type InstrumentIndex, instrumentIndex, readAgain, watched } from './instrument-index.ts';
import type { MappingContext } from './mapping/bybit-executions.ts';
import { refuseUnfit } from './order-faults.ts';
import { pollingEvents } from './polling-events.ts';
import { keepingRows } from './raw.ts';
import { socketEvents } from './socket-events.ts';
import { readOpenOrders, readStatement } from './statement-reader.ts';

export interface CcxtVenueSettings extends ExchangeSettings, Partial<Pace> {
  readonly name: string;
  readonly account: string;
  readonly mode?: 'live' | 'paper';
  readonly positionMode?: 'net' | 'hedge';
  /** Without it nothing is ever placed, amended or cancelled. */
  readonly trading?: boolean;
  /** Takes a key that can withdraw, which is refused otherwise. */
  readonly allowWithdrawals?: boolean;
  /** Symbols whose trades are asked for where a venue lists them one by one. */
  readonly symbols?: readonly string[];
}

/** How much of the past a statement tells at most. */
const hour = 3_600_000;
/** Asked again after it, the list of instruments is read again: new ones are in it. */
const indexMaxAgeMs = 10_000;
/** How often an exchange without streams is asked. */
const pollMs = 10_000;

/** Throws an ExchangeFailure where ccxt has no such exchange, or its address may not be used. */
export async function ccxtVenue(settings: CcxtVenueSettings): Promise<Venue> {
  const client = await openExchange(settings);
  // Streams stand on a client of their own: breaking a line off ends no request.
  const streaming: Streaming = (options) =>
    openExchange({ ...settings, options: { ...settings.options, ...options } });
  return new CcxtVenue(
    settings,
    client,
    streaming,
    dialectOf(settings.exchange, client, settings.symbols ?? []),
  );
}

const namedText = ({ name, symbol }: Instrument) => `${name}|${symbol}`;

/** Looked for without success, a symbol is looked for again after so long. */
const strangerMs = 600_000;

type Streaming = (options: ExchangeSettings['options']) => Promise<ExchangeClient>;

class CcxtVenue implements Venue {
  readonly name: string;
  readonly account: string;
  readonly capabilities: VenueCapabilities;
  readonly #settings: CcxtVenueSettings;
  readonly #client: ExchangeClient;
  readonly #streaming: Streaming;
  readonly #dialect: Dialect;
  readonly #pace: Pace;
  readonly #coins = new Set<string>();
  /** When an order was sent, by its client order id. */
  readonly #sent = new Map<string, Instant>();
  /** Instruments that were spoken of and are not listed; when each was looked for. */
  readonly #missed = new Set<string>();
  readonly #lookedFor = new Map<string, Instant>();
  #index: InstrumentIndex;
  #indexedAt: Instant = 0n;
  #ready: Promise<Answer<null>> | null = null;

  constructor(
    settings: CcxtVenueSettings,
    client: ExchangeClient,
    streaming: Streaming,
    dialect: Dialect,
  ) {
    this.#settings = settings;
    this.#client = client;
    this.#streaming = streaming;
    this.#dialect = dialect;
    this.name = settings.name;
    this.account = settings.account;
    const { overlapMs = 60_000, lagMs = 10_000, factsAtOnce = 5_000 } = settings;
    this.#pace = { overlapMs, lagMs, factsAtOnce };
    this.#index = instrumentIndex(dialect.venue, [], () => null);
    this.capabilities = capabilitiesOf(settings, dialect);
  }

  async instruments() {
    return this.#asking(async () => {
      const { clock } = this.#settings;
      const age = millisecondsBetween(this.#indexedAt, clock.now());
      if (age > indexMaxAgeMs) await this.#readInstruments();
      return this.#index.instruments;
    });
  }

  async statement(how: StatementQuestion = {}): Promise<Answer<VenueStatement>> {
    const { raw = false, coins = [], since = null } = how;
    const kept = <T>(work: () => Promise<T>) => (raw ? keepingRows(work) : work());
    const read = await this.#asking(() =>
      kept(() =>
        readStatement({
          dialect: this.#dialect,
          context: this.#context,
          now: () => this.#now(),
          takenAt: () => this.#settings.clock.now(),
          pastMs: hour,
          ...{ coins: this.#coins, named: coins, since },
        }),
      ),
    );
    if (read.status !== 'answered') return read;
    if (read.value.credentials !== null) return read.value.credentials;
    const { statement } = read.value;
    return { status: 'answered', value: raw ? { ...statement, raw: read.value.raw } : statement };
  }

  openOrders(): Promise<Answer<StatementSection<StatementOrder>>> {
    return this.#asking(() => readOpenOrders({ dialect: this.#dialect, context: this.#context }));
  }

  cached(listenMs: number): Promise<Answer<CachedAnswers>> {
    const { wait } = this.#settings;
    return this.#asking(async () => {
      // As programs use it: a snapshot first, then what is pushed.
      const client = await this.#streaming({ watchPositions: {} });
      try {
        await client.measureClock();
        return await cachedAnswers({
          ...{ client, dialect: this.#dialect, context: this.#context, listenedMs: listenMs },
          ...{ now: () => this.#now(), listen: () => wait(listenMs) },
        });
      } finally {
        await client.close();
      }
    });
  }

  diagnose(): AsyncIterable<VenueStep> {
    return diagnosed({
      ...{ venue: this, settings: this.#settings, client: this.#client, dialect: this.#dialect },
      streaming: () => this.#openStreams(),
    });
  }

  executions(...from: ListedFrom): Promise<Answer<FactPage<Fill>>> {
    return this.#past(this.#dialect.executions, from);
  }

  cashFlows(...from: ListedFrom): Promise<Answer<FactPage<CashFact>>> {
    return this.#past(this.#dialect.cashFlows, from);
  }

  ticker(instrument: string): Promise<Answer<Ticker>> {
    return this.#asking(async () => {
      const told = await this.#dialect.ticker(this.#context, instrument);
      return { ...told, at: told.at ?? this.#now() };
    });
  }

  async place(request: OrderRequest): Promise<Submitted> {
    const { clientOrderId, instrument } = request;
    const reference = { instrument, orderId: null, clientOrderId };
    this.#sent.set(clientOrderId, this.#settings.clock.now());
    const place = async () => {
      refuseUnfit(this.#context, request);
      return this.#dialect.place(this.#context, request);
    };
    return this.#submit(reference, place, 'look-up');
  }

  amend(order: OrderReference, change: OrderChange): Promise<Submitted> {
    return this.#submit(order, () => this.#dialect.amendOrder(this.#context, order, change));
  }

  cancel(order: OrderReference): Promise<Submitted> {
    return this.#submit(order, () => this.#dialect.cancel(this.#context, order));
  }

  order(order: OrderReference): Promise<Answer<OrderReport | null>> {
    return this.#asking(async () => {
      const found = await this.#dialect.order(this.#context, order);
      if (found !== null) return found;
      const sent = this.#sent.get(order.clientOrderId ?? '');
      const age = sent === undefined ? null : millisecondsBetween(sent, this.#settings.clock.now());
      if (age !== null && age < this.#pace.lagMs) {
        throw new ExchangeFailure(failed(`sent ${age} ms ago, and the venue may not list it yet`));
      }
      return null;
    });
  }

  async *events(signal: AbortSignal): AsyncIterable<VenueEvent> {
    const { clock, wait } = this.#settings;
    const time = { now: () => clock.now(), wait };
    let ready = await this.#prepare();
    while (ready.status !== 'answered' && !signal.aborted) {
      const { why } = ready;
      const gap = { kind: 'gap', since: null, at: clock.now(), why } as const;
      for (const stream of Object.keys(this.#dialect.streams.methods)) yield { ...gap, stream };
      await wait(5000, signal);
      ready = await this.#prepare();
    }
    if (signal.aborted) return;
    if (Object.keys(this.#dialect.streams.methods).length === 0) {
      yield* pollingEvents(pollMs, time, signal);
      return;
    }
    const client = await this.#openStreams();
    yield* socketEvents(client, this.#dialect.streams, time, signal);
  }

  async #openStreams(): Promise<ExchangeClient> {
    const client = await this.#streaming({});
    await client.measureClock();
    // Frames are read here: the library needs no instruments of its own to pass them on.
    if (this.#dialect.streams.exclusive) await client.call('setMarkets', []);
    return client;
  }

  interpret(stream: string, raw: string): Interpreted {
    return this.#dialect.interpret(this.#context, stream, raw);
  }

  async close(): Promise<void> {
    await this.#client.end();
  }

  get clockAheadMs(): number {
    return this.#client.clockOffsetMs;
  }

  get #context(): MappingContext {
    const { account, positionMode = 'net' } = this.#settings;
    return { account, positionMode, index: watched(this.#index, (key) => this.#wonder(key)) };
  }

  /** The venue's present time. */
  #now(): Instant {
    return addMilliseconds(this.#settings.clock.now(), this.clockAheadMs);
  }

  #past<F extends Fill | CashFact>(history: History<F>, from: ListedFrom) {
    return this.#asking(() => readHistory(history, this.#context, from, this.#now(), this.#pace));
  }

  /** Once more where the venue found our clock wrong, or knows no such symbol any more. */
  async #asking<T>(call: () => Promise<T>): Promise<Answer<T>> {
    const ready = await this.#prepare();
    if (ready.status !== 'answered') return ready;
    return attempt(() => this.#onTime(() => this.#knowing(call)));
  }

  async #onTime<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ExchangeFailure)) throw error;
      if (error.clock) await this.#client.measureClock();
      else if (!error.symbol || !(await this.#isListedAnew())) throw error;
      return call();
    }
  }

  #wonder(key: string): void {
    const before = this.#lookedFor.get(key);
    const now = this.#settings.clock.now();
    if (before === undefined || millisecondsBetween(before, now) > strangerMs)
      this.#missed.add(key);
  }

  /** Once more where it speaks of instruments that the list did not have, and has by now. */
  async #knowing<T>(read: () => Promise<T>): Promise<T> {
    const told = await read();
    return this.#missed.size > 0 && (await this.#isListedAnew()) ? read() : told;
  }

  /** Whether the list of instruments, read again, calls any of them otherwise than before. */
  async #isListedAnew(): Promise<boolean> {
    const age = millisecondsBetween(this.#indexedAt, this.#settings.clock.now());
    if (age <= indexMaxAgeMs) return false;
    const before = new Set(this.#index.instruments.map(namedText));
    await this.#readInstruments();
    for (const key of this.#missed) this.#lookedFor.set(key, this.#indexedAt);
    this.#missed.clear();
    return !this.#index.instruments.map(namedText).every((told) => before.has(told));
  }

  async #submit(
    order: OrderReference,
    send: () => Promise<string>,
    afterwards?: 'look-up',
  ): Promise<Submitted> {
    if (this.#settings.trading !== true) {
      const why = `${this.name} is read-only: trading is not configured`;
      return { status: 'refused', code: 'trading-not-configured', why };
    }
    const ready = await this.#prepare();
    if (ready.status === 'refused') return ready;
    if (ready.status === 'failed') return { status: 'refused', code: 'not-ready', why: ready.why };
    const clientOrderId = order.clientOrderId ?? '';
    try {
      const orderId = await this.#onTime(send);
      return { status: 'accepted', orderId, clientOrderId };
    } catch (error) {
      const answer = await attempt<never>(() => Promise.reject(error));
      const duplicate = error instanceof ExchangeFailure && error.duplicate;
      if (answer.status === 'refused' && !duplicate) return answer;
      const why = answer.status === 'answered' ? '' : answer.why;
      return afterwards === undefined ? { status: 'unknown', why } : this.#lookUp(order, why);
    }
  }

  /** Sent without an answer: found, it was accepted. Not found, it may still come. */
  async #lookUp(order: OrderReference, why: string): Promise<Submitted> {
    const found = await attempt(() => this.#dialect.order(this.#context, order));
    if (found.status === 'answered' && found.value !== null) {
      const { orderId } = found.value;
      return { status: 'accepted', orderId, clientOrderId: order.clientOrderId ?? '' };
    }
    return { status: 'unknown', why };
  }

  #prepare(): Promise<Answer<null>> {
    this.#ready ??= this.#prepared().then((answer) => {
      if (answer.status !== 'answered') this.#ready = null;
      return answer;
    });
    return this.#ready;
  }

  #prepared(): Promise<Answer<null>> {
    return attempt(async () => {
      await this.#client.measureClock();
      const { credentials, allowWithdrawals } = this.#settings;
      if (credentials !== null && allowWithdrawals !== true) await this.#checkKey();
      await this.#readInstruments();
      return null;
    });
  }

  async #readInstruments(): Promise<void> {
    const { index } = await this.#dialect.instruments();
    const { instruments } = this.#index;
    const isNew = index.instruments.some(({ name }) => this.#index.byName(name) === null);
    // A list without anything new is no reason to forget what it leaves out.
    if (isNew || instruments.length <= index.instruments.length) {
      this.#index = readAgain(index, this.#index);
    }
    this.#indexedAt = this.#settings.clock.now();
  }

  async #checkKey(): Promise<void> {
    if (!this.#dialect.verified) return;
    const { canWithdraw } = await this.#onTime(() => this.#dialect.keyScope());
    if (canWithdraw === false) return;
    const what = canWithdraw === null ? 'it is not told whether the key can' : 'the key can';
    throw new ExchangeFailure(
      refusal('key-can-withdraw', `${what} withdraw: use one without that permission, or allow it`),
    );
  }
}
