/**
 * Runs strategies on an exchange. At the end of a bar each strategy is asked in turn; what it
 * wants becomes at most one order. What is held comes from our book, what is open from the
 * exchange, so a run that is taken up again decides as if it had never stopped.
 */
import {
  add,
  compare,
  type Decimal,
  divideHalfEven,
  fromInteger,
  multiply,
  subtract,
  zero,
} from '../../decimal/decimal.ts';
import { decimal, toText } from '../../decimal/text.ts';
import type { Mark, OrderReport } from '../../model/fact.ts';
import type { Instrument } from '../../model/instrument.ts';
import type { Bar, Signal } from '../../strategies/strategy.ts';
import type { PaperExchange } from '../../venues/paper/paper-exchange.ts';
import type { OrderRequest, Submitted } from '../../venues/venue.ts';
import type { BookWatch } from './book-watch.ts';
import type { Booking } from './booking.ts';
import { EquityCurve } from './equity-curve.ts';
import { Notes } from './notes.ts';
import { orderName, orderPrefix, strategyOf } from './order-name.ts';
import { ask, type Runner } from './runner.ts';
import { type PlannedOrder, plan } from './sizing.ts';

export interface ExecutorOptions {
  readonly exchange: PaperExchange;
  readonly booking: Booking;
  readonly book: BookWatch;
  readonly runners: readonly Runner[];
  readonly instruments: readonly Instrument[];
  /** Bars that are only looked at before anybody is asked. */
  readonly warmUpBars: number;
  /** Most that the account may hold of an instrument, as a share of equity. */
  readonly positionMax: Decimal;
  readonly minNotional: Decimal | null;
}

/** Strategies are shown at least so many bars, where there were as many. */
export const barsShown = 1_000;
const barsKept = 4 * barsShown;

/** What orders leave of a strategy's money, for fees and for a fill at a worse price. */
const usedShare = decimal('0.98');
const shareDigits = 18;

/** One instrument as the run has seen it so far. */
interface Market {
  readonly instrument: Instrument;
  /** Its place: part of the names of orders. */
  readonly index: number;
  bars: Bar[];
  count: number;
}

export class Executor {
  readonly notes = new Notes();
  readonly curve = new EquityCurve();
  readonly #options: ExecutorOptions;
  readonly #markets: ReadonlyMap<string, Market>;
  #orderCount = new Map<string, number>();

  constructor(options: ExecutorOptions) {
    this.#options = options;
    this.#markets = new Map(
      options.instruments.map((instrument, index) => [
        instrument.name,
        { instrument, index, bars: [], count: 0 },
      ]),
    );
  }

  /** Orders that were sent for a strategy. */
  orders = (strategy: string): number => this.#orderCount.get(strategy) ?? 0;

  /** Books what the exchange has told, and looks at the book again. */
  async book(): Promise<void> {
    const { booking, book, exchange } = this.#options;
    if (!booking.isUrgent) return;
    await booking.book(book.newestMarks());
    book.read(exchange.now());
  }

  /** A bar has closed, and the exchange stands at its end. */
  async closed(instrument: string, bar: Bar): Promise<void> {
    const market = this.#markets.get(instrument)!;
    market.bars.push(bar);
    market.count += 1;
    if (market.bars.length > barsKept) market.bars = market.bars.slice(-barsShown);
    await this.book();
    const mark: Mark = { kind: 'mark', instrument, price: bar.close, source: 'bar', time: bar.at };
    this.curve.add(bar.at, this.#options.book.mark(mark));
    if (market.count <= this.#options.warmUpBars || !this.#isWhole(market, bar)) return;
    for (const runner of this.#options.runners) await this.#decide(runner, market, bar);
  }

  /** Whether the strategies' parts add up to what the book holds; else nothing is ordered. */
  #isWhole({ instrument }: Market, { at }: Bar): boolean {
    const { book } = this.#options;
    const [parts, net] = [book.folds.heldByAll(instrument), book.net(instrument)];
    if (compare(parts, net) === 0) return true;
    const why = `${instrument.name}: strategies hold ${toText(parts)}, the book ${toText(net)}`;
    this.notes.add('parts-differ', null, why, at);
    return false;
  }

  async #decide(runner: Runner, market: Market, bar: Bar): Promise<void> {
    const { name: instrument } = market.instrument;
    const held = this.#options.book.held(runner.name, market.instrument);
    const signal = ask(runner, { instrument, bars: market.bars, held });
    if (signal === null) return;
    const planned = this.#plan(runner, market, bar, signal, held.quantity);
    const [open] = this.#openOrders(runner.name, market);
    if (open !== undefined) {
      if (planned !== null && isSame(open, planned)) return;
      if (!(await this.#withdraw(open, runner, bar)) && planned?.reduceOnly !== true) return;
      // What filled before the order was gone is in the book by now.
      const left = this.#options.book.held(runner.name, market.instrument).quantity;
      const again = this.#plan(runner, market, bar, signal, left);
      if (again !== null) await this.#send(runner, market, bar, again);
    } else if (planned !== null) await this.#send(runner, market, bar, planned);
  }

  #plan(
    runner: Runner,
    market: Market,
    bar: Bar,
    { want, limit }: Signal,
    held: Decimal,
  ): PlannedOrder | null {
    if (want === 'as-is') return null;
    const { book, minNotional, positionMax } = this.#options;
    const { instrument } = market;
    const { equity } = book;
    const price = bar.close;
    const share = divideHalfEven(
      multiply(runner.share, usedShare),
      fromInteger(this.#markets.size),
      shareDigits,
    );
    const value = equity === null ? null : multiply(equity, share);
    const most = equity === null ? null : multiply(equity, positionMax);
    const open = this.#open(market);
    const net = book.net(instrument);
    const gross = book.folds.gross(instrument);
    const wish = { want, limit, price, held, net, gross, open, value, most };
    const answer = plan(wish, instrument, minNotional);
    if (answer.order !== null) return answer.order;
    if (answer.code !== null) this.notes.add(answer.code, runner.name, answer.why, bar.at);
    return null;
  }

  /** What all strategies have open, by side. */
  #open({ instrument }: Market): Readonly<Record<OrderReport['side'], Decimal>> {
    const open = { buy: zero, sell: zero };
    for (const order of this.#options.exchange.openOrders()) {
      if (order.instrument !== instrument.name) continue;
      open[order.side] = add(open[order.side], leftOf(order));
    }
    return open;
  }

  #openOrders(strategy: string, { instrument, index }: Market): readonly OrderReport[] {
    const prefix = orderPrefix(strategy, index);
    return this.#options.exchange
      .openOrders()
      .filter(
        (order) =>
          order.instrument === instrument.name && order.clientOrderId?.startsWith(prefix) === true,
      );
  }

  /** Whether the order is gone: the exchange says so, not the answer to the cancellation. */
  async #withdraw(open: OrderReport, { name }: Runner, bar: Bar): Promise<boolean> {
    const { exchange } = this.#options;
    const { instrument, orderId } = open;
    const reference = { instrument, orderId, clientOrderId: null };
    exchange.cancel(reference);
    await this.book();
    const now = exchange.order(reference);
    const isGone = now !== null && !['new', 'open', 'unknown'].includes(now.status);
    if (!isGone) this.notes.add('cancel-under-way', name, `${orderId} is not gone yet`, bar.at);
    return isGone;
  }

  async #send(runner: Runner, market: Market, bar: Bar, planned: PlannedOrder): Promise<void> {
    const { side, quantity, price, reduceOnly } = planned;
    const clientOrderId = orderName(runner.name, market.index, bar.at);
    if (price === null) this.#clearWay(market, side, bar);
    const request: OrderRequest = {
      ...{ clientOrderId, instrument: market.instrument.name, leg: 'net', side, quantity, price },
      ...{ type: price === null ? 'market' : 'limit', timeInForce: 'gtc', reduceOnly },
      trigger: null,
    };
    const answer = this.#submitted(request);
    if (answer.status === 'accepted') {
      this.#orderCount.set(runner.name, this.orders(runner.name) + 1);
    } else {
      const code = answer.status === 'refused' ? answer.code : 'order-unknown';
      this.notes.add(code, runner.name, `${clientOrderId}: ${answer.why}`, bar.at);
    }
    await this.book();
  }

  /**
   * An account does not trade with itself: an exchange would take an order at market back that
   * meets one of ours. Whoever takes goes first; the other strategy asks again at its next bar.
   */
  #clearWay({ instrument }: Market, side: OrderReport['side'], bar: Bar): void {
    const { exchange } = this.#options;
    for (const order of exchange.openOrders()) {
      const rests = order.price !== null && order.side !== side;
      if (!rests || order.instrument !== instrument.name) continue;
      exchange.cancel({
        instrument: order.instrument,
        orderId: order.orderId,
        clientOrderId: null,
      });
      const strategy = strategyOf(order.clientOrderId);
      this.notes.add(
        'way-cleared',
        strategy,
        `${order.orderId} stood before an order of ours`,
        bar.at,
      );
    }
  }

  /** No answer says nothing: the exchange is asked for the order before it is sent again, once. */
  #submitted(request: OrderRequest): Submitted {
    const { exchange } = this.#options;
    const { instrument, clientOrderId } = request;
    let answer = exchange.submit(request);
    for (let again = 0; answer.status === 'unknown'; again += 1) {
      const known = exchange.order({ instrument, orderId: null, clientOrderId });
      if (known !== null) return { status: 'accepted', orderId: known.orderId, clientOrderId };
      if (again === 1) return answer;
      answer = exchange.submit(request);
    }
    return answer;
  }
}

const leftOf = ({ quantity, filled }: OrderReport): Decimal => subtract(quantity, filled ?? zero);

/** An order that is already on its way to what is wanted is left where it stands in its queue. */
function isSame(open: OrderReport, { side, price, quantity }: PlannedOrder): boolean {
  if (open.side !== side || open.price === null || price === null) return false;
  return compare(open.price, price) === 0 && compare(leftOf(open), quantity) <= 0;
}
