/** A paper exchange that lives in the time of a clock, before and after each question. */
import { decimal } from '../../src/decimal/text.ts';
import type { CashFact, Fill } from '../../src/model/fact.ts';
import type { Instant } from '../../src/model/instant.ts';
import type { Statement, StatementOrder, StatementSection } from '../../src/model/statement.ts';
import type { WaitingClock } from '../../src/service/system-clock.ts';
import { openPaperExchange } from '../../src/venues/paper/exchange.ts';
import { PaperVenue } from '../../src/venues/paper/paper-venue.ts';
import type { Answer, FactPage, OrderRequest, Submitted } from '../../src/venues/venue.ts';
import { linear, optionsOf, spot } from '../venues/paper/paper-kit.ts';

export const perpetual = linear.name;

export class LivePaper extends PaperVenue {
  /** Answers to give instead of placing an order. */
  readonly submitted: Submitted[] = [];
  readonly placed: OrderRequest[] = [];
  /** Set: it gives no answer to anything that is asked. */
  silent: string | null = null;
  readonly #clock: WaitingClock;
  #orders = 0;

  constructor(
    clock: WaitingClock,
    account = 'main',
    venue = 'paper',
    positionMode: 'net' | 'hedge' = 'net',
  ) {
    const options = optionsOf({
      ...{ account, venue, startAt: clock.now(), instruments: [spot, linear], positionMode },
    });
    super(openPaperExchange(options), options);
    this.#clock = clock;
    this.exchange.deposit('USDT', decimal('100000'));
    this.quote('60000');
  }

  quote(price: string): void {
    this.#now();
    const at = this.#clock.now();
    for (const instrument of [spot.name, linear.name]) {
      const [bid, ask] = [decimal(price), decimal(price)];
      const size = decimal('1000');
      this.exchange.advance({
        ...{ kind: 'touch', instrument, at, bid, bidSize: size, ask, askSize: size },
      });
      this.exchange.advance({ kind: 'mark', instrument, at, price: bid });
    }
  }

  /** A market order of somebody who does not tell the book. */
  trade(side: 'buy' | 'sell', quantity: string, instrument = perpetual): Fill {
    this.#now();
    this.#orders += 1;
    const said = this.exchange.submit({
      ...{ clientOrderId: `hand-${this.#orders}`, instrument, leg: 'net', side, type: 'market' },
      ...{ quantity: decimal(quantity), price: null, timeInForce: 'ioc', reduceOnly: false },
      trigger: null,
    });
    if (said.status !== 'accepted') throw new Error(`not accepted: ${said.why}`);
    this.#now();
    return this.exchange.fills().at(-1)!;
  }

  override statement(): Promise<Answer<Statement>> {
    return this.#answer(() => super.statement());
  }

  override openOrders(): Promise<Answer<StatementSection<StatementOrder>>> {
    return this.#answer(() => super.openOrders());
  }

  override executions(
    cursor: string | null,
    since: Instant | null,
  ): Promise<Answer<FactPage<Fill>>> {
    return this.#answer(() => super.executions(cursor, since));
  }

  override cashFlows(
    cursor: string | null,
    since: Instant | null,
  ): Promise<Answer<FactPage<CashFact>>> {
    return this.#answer(() => super.cashFlows(cursor, since));
  }

  override async place(request: OrderRequest): Promise<Submitted> {
    this.placed.push(request);
    const instead = this.submitted.shift();
    if (instead !== undefined) return instead;
    this.#now();
    const said = await super.place(request);
    this.#now();
    return said;
  }

  #now(): void {
    const now = this.#clock.now();
    if (now > this.exchange.now()) this.exchange.elapse(now);
  }

  async #answer<T>(ask: () => Promise<Answer<T>>): Promise<Answer<T>> {
    if (this.silent !== null) {
      const failed = { retry: false, retryAfterMs: null, credentials: false } as const;
      return { status: 'failed', why: this.silent, ...failed };
    }
    this.#now();
    return ask();
  }
}
