/**
 * A venue in memory that keeps the truth by sums of its own, tells it with faults, and lists it
 * as a venue does: in pages, late, cut short, or not at all.
 */
import { add, compare, type Decimal, zero } from '../../../src/decimal/decimal.ts';
import { decimal } from '../../../src/decimal/text.ts';
import type {
  Bust,
  CashFact,
  Correction,
  Fact,
  Fill,
  OrderReport,
} from '../../../src/model/fact.ts';
import { addMilliseconds, type Instant } from '../../../src/model/instant.ts';
import { type Instrument, instrumentFromName } from '../../../src/model/instrument.ts';
import { parseFact } from '../../../src/model/parse-fact.ts';
import type { Statement, StatementOrder, StatementSection } from '../../../src/model/statement.ts';
import { writeFact } from '../../../src/model/write-fact.ts';
import type { WaitingClock } from '../../../src/service/system-clock.ts';
import type {
  Answer,
  FactPage,
  Interpreted,
  OrderReference,
  Submitted,
  Ticker,
  Venue,
  VenueCapabilities,
  VenueEvent,
} from '../../../src/venues/venue.ts';
import {
  account,
  type FakeOptions,
  type Faults,
  failed,
  held,
  noFaults,
  orderOf,
  placeOf,
  type Random,
  randomOf,
  section,
} from './fake-parts.ts';
import { balancesOf, positionsOf } from './fake-truth.ts';

export { account, failed, noFaults, randomOf };

interface Executed {
  fill: Fill;
  isBusted: boolean;
}

export const usualInstruments = ['BTC/USDT', 'ETH/USDT', 'BTC/USDT:USDT', 'ETH/USDT:USDT'];

export class FakeVenue implements Venue {
  readonly name = 'fake';
  readonly account = account;
  readonly capabilities: VenueCapabilities;
  faults: Faults = { ...noFaults };
  /** Answers to give first, before any true one: a failure for each. */
  readonly failures: Answer<never>[] = [];
  /** How often each question was asked. */
  readonly asked = {
    instruments: 0,
    executions: 0,
    cashFlows: 0,
    order: 0,
    statement: 0,
    openOrders: 0,
  };
  readonly #clock: WaitingClock;
  readonly #random: Random;
  readonly #pageLength: number;
  readonly #listed: string[];
  readonly #known = new Set<string>();
  readonly #executions: Executed[] = [];
  readonly #cash: CashFact[] = [];
  readonly #orders = new Map<string, OrderReport>();
  /** What was sent and the listener has not taken. */
  readonly #queue: VenueEvent[] = [];
  #wake: () => void = () => undefined;
  #isConnected = true;
  #isHalfOpen = false;
  #lostSince: Instant | null = null;
  #breaks = false;

  constructor({ clock, random, instruments, pageLength, capabilities }: FakeOptions) {
    this.#clock = clock;
    this.#random = random ?? randomOf(1);
    this.#pageLength = pageLength ?? 50;
    this.#listed = [...(instruments ?? usualInstruments)];
    this.capabilities = {
      mode: 'live',
      executions: { complete: true, historyMs: null },
      cashFlows: { complete: true, historyMs: null },
      streams: { executions: true, orders: true, positions: false, balances: false },
      ...{ trading: false, amend: false, hedge: false, triggers: false },
      ...capabilities,
    };
  }

  // What happens there.

  list(instrument: string): void {
    this.#listed.push(instrument);
  }

  fill(fill: Fill): void {
    this.#executions.push({ fill, isBusted: false });
    const facts: Fact[] = [fill];
    if (fill.orderId !== null) facts.push(this.#progressed(fill));
    for (const fact of facts) this.tell(fact);
  }

  /** The order of a fill, as it stands after it. */
  #progressed(fill: Fill): OrderReport {
    const order = this.#orders.get(fill.orderId!) ?? orderOf(fill);
    const filled = this.#filledOf(fill.orderId!);
    const status = compare(filled, order.quantity) < 0 ? 'open' : 'filled';
    const next: OrderReport = { ...order, filled, status, time: fill.time };
    this.#orders.set(fill.orderId!, next);
    return next;
  }

  place(): Promise<Submitted> {
    return Promise.resolve({ status: 'refused', code: 'read-only', why: 'a fake' });
  }

  order0(order: OrderReport): void {
    this.#orders.set(order.orderId, order);
    this.tell(order);
  }

  bust(executionId: string): void {
    const executed = this.#executions.find(({ fill }) => fill.executionId === executionId)!;
    executed.isBusted = true;
    const { fill } = executed;
    const bust: Bust = {
      kind: 'bust',
      account,
      bustId: `b-${executionId}`,
      executionId,
      ...{ instrument: fill.instrument, side: fill.side, leg: fill.leg, time: this.#clock.now() },
    };
    if (fill.orderId !== null) this.#progressed(fill);
    this.tell(bust);
  }

  /** Lists again what it took back, and says nothing. */
  relist(executionId: string): void {
    this.#executions.find(({ fill }) => fill.executionId === executionId)!.isBusted = false;
  }

  /** Lists it otherwise from now on. */
  replace(fill: Fill): void {
    const known = this.#executions.find((one) => one.fill.executionId === fill.executionId)!;
    known.fill = fill;
  }

  correct(executionId: string, price: string): void {
    const executed = this.#executions.find(({ fill }) => fill.executionId === executionId)!;
    const { fill } = executed;
    executed.fill = { ...fill, price: decimal(price) };
    const correction: Correction = {
      kind: 'correction',
      account,
      correctionId: `k-${executionId}`,
      executionId,
      ...{ instrument: fill.instrument, side: fill.side, leg: fill.leg },
      ...{ price: decimal(price), quantity: null, fees: null, time: this.#clock.now() },
    };
    this.tell(correction);
  }

  cashFlow(flow: CashFact, told = true): void {
    this.#cash.push(flow);
    if (told) this.tell(flow);
  }

  /** A frame for the listener, which may never arrive, or twice, or later. */
  tell(fact: Fact): void {
    const raw = JSON.stringify(writeFact(fact));
    const stream = fact.kind === 'order' ? 'order' : 'execution';
    const { drop, duplicate, delay, delayMs } = this.faults;
    if (this.#random() < drop) return;
    const send = () => this.#send(stream, raw);
    if (this.#random() < duplicate) {
      this.#clock.after(1 + Math.floor(this.#random() * 10 * delayMs), send);
    }
    if (this.#random() < delay) this.#clock.after(1 + Math.floor(this.#random() * delayMs), send);
    else send();
  }

  /** As it came: for messages that nobody expected. */
  sendRaw(stream: string, raw: string): void {
    this.#send(stream, raw);
  }

  disconnect(): void {
    this.#lostSince ??= this.#clock.now();
    this.#isConnected = false;
  }

  reconnect(): void {
    const at = this.#clock.now();
    this.#isConnected = true;
    const since = this.#lostSince;
    this.#lostSince = null;
    this.#put({ kind: 'gap', stream: 'execution', since, at, why: 'reconnected' });
    this.#put({ kind: 'connected', stream: 'execution', at });
  }

  /** Nothing arrives any more, and nobody says so. */
  halfOpen(isHalfOpen: boolean): void {
    this.#isHalfOpen = isHalfOpen;
  }

  /** The next look at the stream throws. */
  breakStream(): void {
    this.#breaks = true;
    this.#wake();
  }

  #send(stream: string, raw: string): void {
    if (!this.#isConnected || this.#isHalfOpen) return;
    this.#put({ kind: 'message', stream, receivedAt: this.#clock.now(), raw });
  }

  #put(event: VenueEvent): void {
    this.#queue.push(event);
    this.#wake();
  }

  /** Frames that wait because the listener does not take them. */
  get backlog(): number {
    return this.#queue.length;
  }

  // What it says.

  async *events(signal: AbortSignal): AsyncIterable<VenueEvent> {
    while (!signal.aborted) {
      if (this.#breaks) {
        this.#breaks = false;
        throw new Error('the socket broke');
      }
      const event = this.#queue.shift();
      if (event !== undefined) {
        yield event;
        continue;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }

  interpret(_stream: string, raw: string): Interpreted {
    const value = JSON.parse(raw) as { readonly instrument?: string };
    const { instrument } = value;
    if (instrument !== undefined && !this.#known.has(instrument)) {
      return { facts: [], faults: [`the instrument ${instrument} is not known`] };
    }
    const { fact, refusals } = parseFact(value, {}, { strict: false });
    return fact === null
      ? { facts: [], faults: refusals.map(({ message }) => message) }
      : { facts: [fact], faults: [] };
  }

  async instruments(): Promise<Answer<readonly Instrument[]>> {
    this.asked.instruments += 1;
    const failure = this.#failure();
    if (failure !== null) return failure;
    for (const name of this.#listed) this.#known.add(name);
    const value = this.#listed.map((name) => instrumentFromName(this.name, name)!);
    return { status: 'answered', value };
  }

  async executions(cursor: string | null, since: Instant | null): Promise<Answer<FactPage<Fill>>> {
    this.asked.executions += 1;
    return this.#page(this.inForce(), cursor, since);
  }

  async cashFlows(
    cursor: string | null,
    since: Instant | null,
  ): Promise<Answer<FactPage<CashFact>>> {
    this.asked.cashFlows += 1;
    return this.#page(this.#cash, cursor, since);
  }

  /** Cursor: how many were listed, of those since an instant. Pages overlap by five. */
  #page<F extends Fill | CashFact>(
    all: readonly F[],
    cursor: string | null,
    since: Instant | null,
  ): Answer<FactPage<F>> {
    const failure = this.#failure();
    if (failure !== null) return failure;
    const [from, start] = cursor === null ? [since ?? 0n, 0] : placeOf(cursor);
    const through = addMilliseconds(this.#clock.now(), -this.faults.lagMs);
    // By time, as venues do: what comes late moves those behind it out of their places.
    const facts = all
      .filter(({ time }) => time >= from && time <= through)
      .toSorted((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
    const first = Math.max(0, start - 5);
    const end = Math.min(facts.length, start + this.#pageLength);
    const more = end < facts.length;
    const isCut = this.#random() < this.faults.truncate;
    const page = facts.slice(first, isCut ? first + Math.floor((end - first) / 2) : end);
    return {
      status: 'answered',
      value: {
        facts: page,
        cursor: `${from}:${end}`,
        through: more ? facts[end]!.time - 1n : through,
        more,
      },
    };
  }

  #failure(): Answer<never> | null {
    const given = this.failures.shift();
    if (given !== undefined) return given;
    return this.#random() < this.faults.fail ? failed('503 of a fake') : null;
  }

  async order({ orderId }: OrderReference): Promise<Answer<OrderReport | null>> {
    this.asked.order += 1;
    const failure = this.#failure();
    if (failure !== null) return failure;
    const order = this.#orders.get(orderId ?? '') ?? null;
    const value = order === null ? null : { ...order, filled: this.#filledOf(order.orderId) };
    return { status: 'answered', value };
  }

  async ticker(instrument: string): Promise<Answer<Ticker>> {
    const price = decimal('60000');
    const at = this.#clock.now();
    const none = { mark: null, bid: null, ask: null };
    return { status: 'answered', value: { instrument, at, last: price, ...none } };
  }

  async statement(): Promise<Answer<Statement>> {
    this.asked.statement += 1;
    const at = this.#clock.now();
    const orders = section(this.#resting());
    const value = {
      venue: this.name,
      asOf: at,
      ...held(this.positions(), this.balances()),
      orders,
    };
    return { status: 'answered', value: { ...value, account, takenAt: at } };
  }

  async openOrders(): Promise<Answer<StatementSection<StatementOrder>>> {
    this.asked.openOrders += 1;
    const failure = this.#failure();
    return failure ?? { status: 'answered', value: section(this.#resting()) };
  }

  #resting(): readonly StatementOrder[] {
    return [...this.#orders.values()].filter(({ status }) => status === 'open');
  }

  async amend(): Promise<Submitted> {
    return this.place();
  }

  async cancel(): Promise<Submitted> {
    return this.place();
  }

  async close(): Promise<void> {
    this.#queue.length = 0;
  }

  // The truth.

  balances(): ReadonlyMap<string, string> {
    return balancesOf(this.#cash, this.inForce());
  }

  positions(): ReadonlyMap<string, string> {
    return positionsOf(this.inForce());
  }

  inForce(): readonly Fill[] {
    return this.#executions.filter(({ isBusted }) => !isBusted).map(({ fill }) => fill);
  }

  #filledOf(orderId: string): Decimal {
    return this.inForce()
      .filter((fill) => fill.orderId === orderId)
      .reduce((sum, { quantity }) => add(sum, quantity), zero);
  }
}
