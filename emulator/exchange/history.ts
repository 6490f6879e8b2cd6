/** What happened on the exchange, in order, with what its protocols tell about it. */
import {
  absolute,
  add,
  type Decimal,
  divideHalfEven,
  isZero,
  multiply,
  one,
  subtract,
  zero,
} from '../../src/decimal/decimal.ts';
import {
  type Bust,
  type CashFact,
  type Fill,
  isCashFact,
  type Leg,
  type OrderReport,
} from '../../src/model/fact.ts';
import type { Instant } from '../../src/model/instant.ts';
import type { Instrument } from '../../src/model/instrument.ts';
import type { PaperEvent, PaperExchange } from '../../src/venues/paper/paper-exchange.ts';
import type { OrderRequest } from './commands.ts';
import { firstIndex } from './sorted.ts';
import { Transactions } from './transactions.ts';

/** One state of an order; a new one whenever something of it changes. */
export interface OrderState {
  readonly report: OrderReport;
  /** Null: not sent by the owner of the account. */
  readonly request: OrderRequest | null;
  readonly sequence: number;
  readonly value: Decimal;
  readonly fees: ReadonlyMap<string, Decimal>;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  /** When it could be known. */
  readonly at: Instant;
  /** Whether it is the first of its order. */
  readonly isFirst: boolean;
}

export interface Execution {
  readonly kind: 'execution';
  readonly fill: Fill;
  readonly sequence: number;
  readonly leaves: Decimal;
  readonly closed: Decimal;
  readonly realised: Decimal;
  readonly at: Instant;
}

/** A payment of funding: some venues list it among the executions. */
export interface Payment {
  readonly kind: 'payment';
  readonly flow: CashFact;
  readonly sequence: number;
  readonly position: Decimal;
  readonly at: Instant;
}

/** What is new since it was last asked for. */
export interface News {
  readonly events: readonly (Execution | Payment)[];
  readonly orders: readonly OrderState[];
  /** Instruments whose position may have changed. */
  readonly positions: readonly string[];
  readonly balances: readonly string[];
}

interface Tallied {
  filled: Decimal;
  value: Decimal;
  readonly fees: Map<string, Decimal>;
}

export class History {
  readonly transactions: Transactions;
  readonly #events: (Execution | Payment)[] = [];
  readonly #busted = new Map<string, Instant>();
  readonly #orders = new Map<string, OrderState[]>();
  readonly #open = new Map<string, OrderState>();
  readonly #lastMoves = new Map<string, Execution | Payment>();
  readonly #requests = new Map<string, OrderRequest>();
  readonly #tallied = new Map<string, Tallied>();
  readonly #instruments: ReadonlyMap<string, Instrument>;
  #sequence = 0;
  #told = 0;
  readonly #reported = new Map<string, OrderReport>();
  readonly #positions = new Set<string>();
  readonly #balances = new Set<string>();

  constructor(instruments: ReadonlyMap<string, Instrument>) {
    this.#instruments = instruments;
    this.transactions = new Transactions(instruments);
  }

  /** What an exchange did before anybody listened. */
  begin(exchange: PaperExchange, at: Instant): void {
    for (const order of exchange.orders()) this.take({ kind: 'order', at, order }, at);
    const facts: (Fill | CashFact)[] = [...exchange.fills(), ...exchange.cashFlows()];
    facts.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
    for (const fact of facts)
      this.take(
        isCashFact(fact) ? { kind: 'cash-flow', at, flow: fact } : { kind: 'fill', at, fill: fact },
        at,
      );
    this.news(at);
  }

  /** An order of the owner, before the exchange is asked. */
  expect(request: OrderRequest): void {
    this.#requests.set(request.clientOrderId, request);
  }

  take(event: PaperEvent, at: Instant): void {
    if (event.kind === 'order') this.#reported.set(event.order.orderId, event.order);
    else if (event.kind === 'fill') this.#fill(event.fill, at);
    else if (event.kind === 'cash-flow') this.#flow(event.flow, at);
    else if (event.kind === 'position') this.#positions.add(event.instrument);
    else if (event.kind === 'bust') this.#bust(event.bust, at);
    else this.#balances.add(event.currency);
  }

  news(at: Instant): News {
    const orders = [...this.#reported.values()].map((report) => this.#state(report, at));
    const events = this.#events.slice(this.#told);
    const news = { orders, events, positions: [...this.#positions], balances: [...this.#balances] };
    this.#told = this.#events.length;
    this.#reported.clear();
    this.#positions.clear();
    this.#balances.clear();
    return news;
  }

  /** As it could be known at an instant. */
  events(at: Instant): (Execution | Payment)[] {
    return this.#events.filter((event) => this.#isKnown(event, at));
  }

  /** The same from the newest back, in a span of time, before a sequence. */
  *newest(
    at: Instant,
    { from, to, before }: { from: Instant; to: Instant; before: number },
  ): Generator<Execution | Payment> {
    const later = firstIndex(this.#events, (event) => happened(event) > to);
    for (let i = Math.min(later, before - 1) - 1; i >= 0; i--) {
      const event = this.#events[i]!;
      if (happened(event) < from) return;
      if (this.#isKnown(event, at)) yield event;
    }
  }

  #isKnown(event: Execution | Payment, at: Instant): boolean {
    if (event.at > at) return false;
    if (this.#busted.size === 0 || event.kind === 'payment') return true;
    const busted = this.#busted.get(keyOf(event.fill));
    return busted === undefined || busted > at;
  }

  orders(at: Instant): OrderState[] {
    return [...this.#orders.values()].flatMap((states) => {
      const state = states.findLast((one) => one.at <= at);
      return state === undefined ? [] : [state];
    });
  }

  order(orderId: string | null): OrderState | null {
    return orderId === null ? null : (this.#orders.get(orderId)?.at(-1) ?? null);
  }

  /** Orders that may still be filled. */
  openOrders(): Iterable<OrderState> {
    return this.#open.values();
  }

  /** What moved a position last. */
  lastMove(instrument: string, leg: Leg): Execution | Payment | null {
    return this.#lastMoves.get(`${instrument}|${leg}`) ?? null;
  }

  #push(event: Execution | Payment, instrument: string, leg: Leg): void {
    this.#events.push(event);
    this.#lastMoves.set(`${instrument}|${leg}`, event);
  }

  #bust({ executionId, instrument }: Bust, at: Instant): void {
    const busted = this.#events.find(
      (event) =>
        event.kind === 'execution' &&
        event.fill.executionId === executionId &&
        (instrument === null || event.fill.instrument === instrument),
    );
    if (busted?.kind !== 'execution') return;
    const { fill } = busted;
    this.#busted.set(keyOf(fill), at);
    this.transactions.bust(fill, at);
    this.#moved(fill.instrument);
    const state = this.order(fill.orderId);
    if (state === null) return;
    const tallied = this.#talliedOf(state.report.orderId);
    tallied.filled = subtract(tallied.filled, fill.quantity);
    tallied.value = subtract(tallied.value, fillValue(fill, this.#instruments));
    for (const { currency, amount } of fill.fees ?? [])
      tallied.fees.set(currency, subtract(tallied.fees.get(currency) ?? zero, amount));
    const { filled } = tallied;
    const averagePrice = isZero(filled) ? null : state.report.averagePrice;
    this.#reported.set(state.report.orderId, { ...state.report, filled, averagePrice });
  }

  #fill(fill: Fill, at: Instant): void {
    const { closed, realised, moves } = this.transactions.fill(fill, at);
    const tallied = this.#talliedOf(fill.orderId ?? fill.executionId);
    tallied.filled = add(tallied.filled, fill.quantity);
    tallied.value = add(tallied.value, fillValue(fill, this.#instruments));
    for (const { currency, amount } of fill.fees ?? [])
      tallied.fees.set(currency, add(tallied.fees.get(currency) ?? zero, amount));
    const orderId = fill.orderId ?? '';
    const report = this.#reported.get(orderId) ?? this.order(orderId)?.report ?? null;
    const left = report === null ? zero : subtract(report.quantity, tallied.filled);
    const leaves = isZero(left) || left.coefficient < 0 ? zero : left;
    this.#sequence += 1;
    const sequence = this.#sequence;
    this.#push(
      { kind: 'execution', fill, sequence, leaves, closed, realised, at },
      fill.instrument,
      fill.leg,
    );
    if (report !== null) this.#reported.set(orderId, this.#reported.get(orderId) ?? report);
    this.#moved(fill.instrument);
    for (const { currency } of moves) this.#balances.add(currency);
  }

  #flow(flow: CashFact, at: Instant): void {
    this.transactions.flow(flow, at);
    this.#balances.add(flow.currency);
    if (flow.kind !== 'funding' || flow.instrument === null) return;
    this.#sequence += 1;
    const quantity = this.transactions.tally.quantity(flow.instrument, flow.leg ?? 'net');
    const sequence = this.#sequence;
    const payment: Payment = { kind: 'payment', flow, sequence, position: quantity, at };
    this.#push(payment, flow.instrument, flow.leg ?? 'net');
    this.#positions.add(flow.instrument);
  }

  #moved(name: string): void {
    const instrument = this.#instruments.get(name);
    if (instrument !== undefined && instrument.type !== 'spot') this.#positions.add(name);
    if (instrument !== undefined) this.#balances.add(instrument.settle);
  }

  #talliedOf(orderId: string): Tallied {
    const known = this.#tallied.get(orderId);
    if (known !== undefined) return known;
    const tallied = { filled: zero, value: zero, fees: new Map<string, Decimal>() };
    this.#tallied.set(orderId, tallied);
    return tallied;
  }

  #state(report: OrderReport, at: Instant): OrderState {
    const states = this.#orders.get(report.orderId) ?? [];
    const first = states[0];
    const { value, fees } = this.#talliedOf(report.orderId);
    const state: OrderState = {
      report,
      request: this.#requests.get(report.clientOrderId ?? '') ?? null,
      sequence: first?.sequence ?? this.#orders.size + 1,
      value,
      fees: new Map(fees),
      createdAt: first?.createdAt ?? report.time,
      updatedAt: report.time,
      at,
      isFirst: first === undefined,
    };
    if (first === undefined) this.#orders.set(report.orderId, [state]);
    else states.push(state);
    if (mayFill(report)) this.#open.set(report.orderId, state);
    else this.#open.delete(report.orderId);
    return state;
  }
}

export const mayFill = ({ status }: OrderReport): boolean => status === 'new' || status === 'open';

export const happened = (event: Execution | Payment): Instant =>
  event.kind === 'execution' ? event.fill.time : event.flow.time;

/** An execution has one id on both sides of a self-match, and ids are unique per symbol only. */
const keyOf = ({ executionId, instrument, side }: Fill) => `${instrument}|${executionId}|${side}`;

/** What a fill is worth: quote units, or base units of an inverse contract. */
export function fillValue(fill: Fill, instruments: ReadonlyMap<string, Instrument>): Decimal {
  const instrument = instruments.get(fill.instrument);
  const units = absolute(multiply(fill.quantity, instrument?.multiplier ?? one));
  return instrument?.type === 'inverse'
    ? divideHalfEven(units, fill.price, 18)
    : multiply(units, fill.price);
}
