/** The paper exchange: data and commands in, events out, in the order in which things happen. */
import { type Decimal, isPositive, subtract } from '../../decimal/decimal.ts';
import { decimal } from '../../decimal/text.ts';
import type { CashFact, Fill, OrderReport } from '../../model/fact.ts';
import type { Instant } from '../../model/instant.ts';
import { InvariantError } from '../../model/result.ts';
import type { Statement } from '../../model/statement.ts';
import type { OrderChange, OrderReference, OrderRequest, Submitted, Ticker } from '../venue.ts';
import { SafeMarks } from './accounts/safe-marks.ts';
import { assumptionsOf } from './assumptions.ts';
import { nextFunding, payFunding } from './calendar.ts';
import { Core } from './core.ts';
import {
  bustFill,
  deleverageNow,
  liquidateNow,
  liquidateWhereDue,
  PaperRefusal,
} from './forced.ts';
import { type BarRules, matchBar } from './matching/bars.ts';
import { Market, type Of } from './matching/market.ts';
import { OrderDesk } from './order-desk.ts';
import type {
  MarketEvent,
  PaperAssumptions,
  PaperEvent,
  PaperExchange,
  PaperHoldings,
  PaperOptions,
} from './paper-exchange.ts';
import { openReports, reportOf, tickerOf } from './reports.ts';
import { Settling } from './settling.ts';
import { holdingsOf, statementOf } from './statement.ts';

const usualBars: BarRules = { slippage: decimal('0.0005'), volumeShare: decimal('0.1') };

export const openPaperExchange = (options: PaperOptions): PaperExchange => new Exchange(options);

class Exchange implements PaperExchange {
  readonly assumptions: PaperAssumptions;
  readonly #core: Core;
  readonly #bars: BarRules;
  readonly #settling: Settling;
  readonly #desk: OrderDesk;
  readonly #rates = new Map<string, Decimal>();
  readonly #listeners = new Set<(event: PaperEvent) => void>();
  readonly #safe = new SafeMarks();
  #funding: Instant | null;
  /** Before it, data finds nothing else to do. */
  #due: Instant;
  #telling = false;

  constructor(options: PaperOptions) {
    this.#bars = options.bars ?? usualBars;
    this.assumptions = assumptionsOf(options, this.#bars);
    this.#core = new Core(options);
    this.#settling = new Settling(this.#core, this.#bars);
    for (const instrument of options.instruments) {
      this.#core.markets.set(instrument.name, new Market(instrument, this.#settling));
    }
    this.#desk = new OrderDesk(this.#core, this.#settling, this.#bars.slippage);
    this.#funding = nextFunding(options.startAt, options.fundingHours);
    this.#due = this.#nextDue();
  }

  now(): Instant {
    return this.#core.now;
  }

  advance(event: MarketEvent): void {
    const core = this.#core;
    const { at } = event;
    if (at < core.now) throw new InvariantError(`market data of ${at} comes after ${core.now}`);
    if (at >= this.#due) this.#passTo(at, false);
    core.now = at;
    const market = core.markets.get(event.instrument);
    if (market === undefined) return;
    const before = market.mark;
    this.#show(market, event);
    if (market.mark !== before) this.#look(market);
    if (core.outbox.length > 0) this.#flush();
  }

  #show(market: Market, event: MarketEvent): void {
    switch (event.kind) {
      case 'touch':
        return market.touched(event);
      case 'trade':
        return market.traded(event);
      case 'depth':
        return market.deepened(event);
      case 'mark':
        return market.marked(event.price);
      case 'bar':
        return this.#bar(market, event);
      case 'funding-rate':
        this.#rates.set(event.instrument, event.rate);
    }
  }

  /** The worst that can have been in the bar is looked at before its close. */
  #bar(market: Market, bar: Of<'bar'>): void {
    if (market.hasBook) return;
    matchBar(market, bar, this.#bars);
    market.lastPrice = bar.close;
    if (market.hasMarks) return;
    for (const price of [bar.low, bar.high, bar.close]) {
      market.mark = price;
      this.#look(market);
    }
  }

  #look({ instrument, mark }: Market): void {
    const { ledger, margin } = this.#core;
    const { name, settle } = instrument;
    if (instrument.type === 'spot' || mark === null || !ledger.holdsContracts) return;
    if (this.#safe.isSafe(ledger, name, mark)) return;
    const { version } = ledger;
    liquidateWhereDue(this.#core, this.#settling, settle);
    if (ledger.version === version) this.#safe.note(ledger, name, settle, mark, margin);
  }

  elapse(to: Instant): void {
    if (to < this.#core.now) throw new InvariantError(`time does not go back to ${to}`);
    this.#passTo(to, true);
    this.#core.now = to;
    this.#flush();
  }

  /** Arrivals up to an instant, and funding before it (or at it, when nothing else is to come). */
  #passTo(to: Instant, whole: boolean): void {
    for (;;) {
      const arrival = this.#desk.nextArrival();
      const funding = this.#funding;
      const pays = funding !== null && (whole ? funding <= to : funding < to);
      if (pays && (arrival === null || funding <= arrival)) {
        this.#core.now = funding;
        payFunding(this.#core, this.#rates);
        this.#funding = nextFunding(funding, this.#core.options.fundingHours);
      } else if (arrival !== null && arrival <= to) {
        if (arrival > this.#core.now) this.#core.now = arrival;
        this.#desk.arriveNext();
      } else break;
      this.#flush();
    }
    this.#due = this.#nextDue();
  }

  #nextDue(): Instant {
    const arrival = this.#desk.nextArrival();
    const funding = this.#funding ?? never;
    return arrival !== null && arrival < funding ? arrival : funding;
  }

  /** Listeners may give commands: what these cause is told after what caused them. */
  #flush(): void {
    if (this.#telling) return;
    this.#telling = true;
    try {
      const { outbox } = this.#core;
      for (let event = outbox.shift(); event !== undefined; event = outbox.shift()) {
        for (const listener of this.#listeners) listener(event);
      }
    } finally {
      this.#telling = false;
    }
  }

  #command<T>(work: () => T): T {
    const answer = work();
    this.#due = this.#nextDue();
    this.#flush();
    return answer;
  }

  submit(request: OrderRequest): Submitted {
    return this.#command(() => this.#desk.submit(request));
  }

  amend(order: OrderReference, change: OrderChange): Submitted {
    return this.#command(() => this.#desk.amend(order, change));
  }

  cancel(order: OrderReference): Submitted {
    return this.#command(() => this.#desk.cancel(order));
  }

  deposit(currency: string, amount: Decimal): CashFact {
    if (!isPositive(amount)) throw new PaperRefusal('amount-not-positive', 'deposit what is > 0');
    return this.#command(() => this.#core.cash('deposit', currency, amount));
  }

  withdraw(currency: string, amount: Decimal): CashFact {
    if (!isPositive(amount)) throw new PaperRefusal('amount-not-positive', 'withdraw what is > 0');
    if (subtract(this.#core.available(currency), amount).coefficient < 0) {
      throw new PaperRefusal('insufficient-funds', `not that much ${currency} is available`);
    }
    return this.#command(() => this.#core.cash('withdrawal', currency, amount));
  }

  order(reference: OrderReference): OrderReport | null {
    const order = this.#desk.find(reference);
    return order === null ? null : reportOf(this.#core, order);
  }

  ticker(instrument: string): Ticker | null {
    const market = this.#core.markets.get(instrument);
    return market === undefined ? null : tickerOf(market, this.#core.now);
  }

  openOrders(): readonly OrderReport[] {
    return openReports(this.#core);
  }

  orders(): readonly OrderReport[] {
    return this.#core.orders.map((order) => reportOf(this.#core, order));
  }

  fills(): readonly Fill[] {
    return [...this.#core.fills];
  }

  cashFlows(): readonly CashFact[] {
    return [...this.#core.flows];
  }

  statement(): Statement {
    return statementOf(this.#core);
  }

  holdings(): PaperHoldings {
    return holdingsOf(this.#core);
  }

  listen(listener: (event: PaperEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  bust(executionId: string): void {
    this.#command(() => bustFill(this.#core, executionId));
  }

  liquidate(instrument: string): void {
    this.#command(() => liquidateNow(this.#core, this.#settling, instrument));
  }

  deleverage(instrument: string, quantity: Decimal): void {
    this.#command(() => deleverageNow(this.#core, this.#settling, instrument, quantity));
  }
}

/** Later than any data. */
const never: Instant = 1n << 63n;
