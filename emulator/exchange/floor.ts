/**
 * The floor: the paper exchange with its history and its market, as every protocol sees it. All
 * commands go through here, so that time has passed before them and their news are told after.
 */

import type { Instant } from '../../src/model/instant.ts';
import { addMilliseconds } from '../../src/model/instant.ts';
import type { Instrument } from '../../src/model/instrument.ts';
import type { StatementBalance, StatementPosition } from '../../src/model/statement.ts';
import type {
  MarketEvent,
  PaperExchange,
  PaperOptions,
} from '../../src/venues/paper/paper-exchange.ts';
import type { OrderChange, OrderReference, OrderRequest, Submitted } from './commands.ts';
import {
  type Execution,
  History,
  mayFill,
  type News,
  type OrderState,
  type Payment,
} from './history.ts';
import { Market } from './market.ts';
import type { Transaction } from './transactions.ts';
import type { VenueClock } from './venue-clock.ts';

/** What the account looked like at an instant. */
export interface View {
  readonly at: Instant;
  readonly positions: readonly StatementPosition[];
  readonly balances: readonly StatementBalance[];
  readonly orders: readonly OrderState[];
  /** Those of them that may still be filled. */
  readonly resting: readonly OrderState[];
  readonly events: readonly (Execution | Payment)[];
  readonly transactions: readonly Transaction[];
}

type Snapshot = Pick<View, 'at' | 'positions' | 'balances'>;

const snapshotsMax = 2_000;

export interface FloorOptions {
  readonly exchange: PaperExchange;
  readonly paper: PaperOptions;
  readonly clock: VenueClock;
  /** Whether answers of earlier may be asked for. */
  readonly remembers: boolean;
}

export class Floor {
  readonly exchange: PaperExchange;
  readonly paper: PaperOptions;
  readonly clock: VenueClock;
  readonly market = new Market();
  readonly history: History;
  readonly instruments: ReadonlyMap<string, Instrument>;
  #remembers: boolean;
  readonly #snapshots: Snapshot[] = [];
  #isTelling = false;
  #told: Snapshot | null = null;
  readonly #listeners = new Set<(news: News) => void>();
  readonly #ends: (() => void)[] = [];

  constructor({ exchange, paper, clock, remembers }: FloorOptions) {
    this.exchange = exchange;
    this.paper = paper;
    this.clock = clock;
    this.#remembers = remembers;
    this.instruments = new Map(paper.instruments.map((one) => [one.name, one]));
    this.history = new History(this.instruments);
    this.history.begin(exchange, clock.now());
    this.#ends.push(exchange.listen((event) => this.history.take(event, clock.now())));
    this.#remember();
  }

  /** The market moves; an event of the past is taken as of now. */
  advance(event: MarketEvent): void {
    const now = this.exchange.now();
    const due = event.at < now ? { ...event, at: now } : event;
    this.market.note(due);
    this.exchange.advance(due);
    this.tell();
  }

  /** Lets time pass to now. */
  settle(): void {
    const now = this.clock.now();
    if (now > this.exchange.now()) this.exchange.elapse(now);
    this.tell();
  }

  submit(request: OrderRequest): Submitted {
    this.history.expect(request);
    return this.#command(() => this.exchange.submit(request));
  }

  amend(order: OrderReference, change: OrderChange): Submitted {
    return this.#command(() => this.exchange.amend(order, change));
  }

  cancel(order: OrderReference): Submitted {
    return this.#command(() => this.exchange.cancel(order));
  }

  /** Whatever is done to the exchange itself, with its news told. */
  act<T>(work: (exchange: PaperExchange) => T): T {
    const done = work(this.exchange);
    this.tell();
    return done;
  }

  /** The account as it is, or as it was so many milliseconds ago; read at once, not kept. */
  view(agoMs = 0): View {
    const at = addMilliseconds(this.clock.now(), -agoMs);
    const { history } = this;
    const snapshot = () => (agoMs === 0 ? this.#snapshot() : this.#snapshotAt(at));
    return {
      at,
      get positions() {
        return snapshot().positions;
      },
      get balances() {
        return snapshot().balances;
      },
      get orders() {
        return history.orders(at);
      },
      get resting() {
        if (agoMs === 0) return [...history.openOrders()];
        return history.orders(at).filter(({ report }) => mayFill(report));
      },
      get events() {
        return history.events(at);
      },
      get transactions() {
        return history.transactions.list.filter((row) => row.at <= at);
      },
    };
  }

  listen(listener: (news: News) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(): void {
    const news = this.history.news(this.clock.now());
    const { events, orders, positions, balances } = news;
    if (events.length + orders.length + positions.length + balances.length === 0) return;
    // All who listen are told of one moment.
    this.#isTelling = true;
    this.#remember();
    for (const listener of this.#listeners) listener(news);
    this.#isTelling = false;
    this.#told = null;
  }

  /** From now on what was is kept. */
  remember(): void {
    this.#remembers = true;
    this.#remember();
  }

  close(): void {
    for (const end of this.#ends) end();
  }

  #command(work: () => Submitted): Submitted {
    this.settle();
    const submitted = work();
    this.settle();
    const { latencyMs } = this.paper;
    if (latencyMs > 0) this.clock.after(latencyMs + 1, () => this.settle(), 'background');
    return submitted;
  }

  #snapshot(): Snapshot {
    if (this.#told !== null) return this.#told;
    const taken = { at: this.clock.now(), ...this.exchange.holdings() };
    if (this.#isTelling) this.#told = taken;
    return taken;
  }

  #snapshotAt(at: Instant): Snapshot {
    const found = this.#snapshots.findLast((one) => one.at <= at);
    return found ?? this.#snapshots[0] ?? this.#snapshot();
  }

  #remember(): void {
    if (!this.#remembers) return;
    this.#snapshots.push(this.#snapshot());
    if (this.#snapshots.length > snapshotsMax) this.#snapshots.shift();
  }
}
