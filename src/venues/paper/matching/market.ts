/**
 * One instrument: what the data shows of its market, our orders in it, and which of them trade.
 * It knows neither money nor time: the host books fills and says how much of one it allows.
 */
import type { Decimal } from '../../../decimal/decimal.ts';
import type { Instrument } from '../../../model/instrument.ts';
import type { MarketEvent } from '../paper-exchange.ts';
import { type Grid, gridOf, sizeUnits, unitsOf } from './grid.ts';
import { type Level, Levels } from './levels.ts';
import { leftOf, type PaperOrder, queueUnknown } from './order.ts';
import { eatQueue, joinQueue, seeDisplay } from './queue.ts';
import { Resting } from './resting.ts';
import { Triggers } from './triggers.ts';

export interface Host {
  /** Books it, and tells how much was: less where the position or the money allows no more. */
  fill(order: PaperOrder, price: number, size: number, liquidity: 'maker' | 'taker'): number;
  /** How much of the order may trade now. */
  allowed(order: PaperOrder, price: number): number;
  /** Holds back what a triggered order needs; false where it is not there. */
  funded(order: PaperOrder): boolean;
  finish(order: PaperOrder, status: 'filled' | 'cancelled' | 'rejected'): void;
  rested(order: PaperOrder): void;
}

export type Of<Kind> = Extract<MarketEvent, { kind: Kind }>;

export class Market {
  readonly instrument: Instrument;
  readonly grid: Grid;
  readonly host: Host;
  readonly bids: Levels;
  readonly asks: Levels;
  readonly buys = new Resting(-1);
  readonly sells = new Resting(1);
  readonly triggers = new Triggers();
  /** At the venue before anything was known of its market. */
  waiting: PaperOrder[] = [];
  /** A touch or a whole book was seen. */
  hasBook = false;
  hasMarks = false;
  /** Units; NaN while not known. */
  last = Number.NaN;
  lastPrice: Decimal | null = null;
  mark: Decimal | null = null;
  #hasTouch = false;

  constructor(instrument: Instrument, host: Host) {
    this.instrument = instrument;
    this.grid = gridOf(instrument);
    this.bids = new Levels(-1, this.grid.tick);
    this.asks = new Levels(1, this.grid.tick);
    this.host = host;
  }

  touched(event: Of<'touch'>): void {
    const { priceScale, sizeScale } = this.grid;
    this.bids.setTouch(unitsOf(event.bid, priceScale, 'down'), sizeUnits(event.bidSize, sizeScale));
    this.asks.setTouch(unitsOf(event.ask, priceScale, 'up'), sizeUnits(event.askSize, sizeScale));
    this.#hasTouch = true;
    this.#bookSeen();
  }

  deepened(event: Of<'depth'>): void {
    if (event.snapshot) {
      this.bids.clear();
      this.asks.clear();
    }
    this.#setLevels(this.bids, this.buys, event.bids, 'down');
    this.#setLevels(this.asks, this.sells, event.asks, 'up');
    if (this.#hasTouch || !(this.hasBook || event.snapshot)) return;
    this.bids.touchFromLevels();
    this.asks.touchFromLevels();
    this.#bookSeen();
  }

  #setLevels(
    levels: Levels,
    ours: Resting,
    told: Of<'depth'>['bids'],
    rounding: 'down' | 'up',
  ): void {
    const { priceScale, sizeScale } = this.grid;
    for (const [price, size] of told) {
      const units = unitsOf(price, priceScale, rounding);
      const displayed = sizeUnits(size, sizeScale);
      levels.setLevel(units, displayed);
      if (ours.size === 0 || units === levels.touch) continue;
      const orders = ours.at(units);
      if (orders !== undefined) for (const order of orders) seeDisplay(order, displayed);
    }
  }

  #bookSeen(): void {
    this.hasBook = true;
    if (this.waiting.length > 0) this.#serve(() => null);
    seeTouch(this.buys, this.bids);
    seeTouch(this.sells, this.asks);
  }

  traded(event: Of<'trade'>): void {
    const { priceScale, sizeScale } = this.grid;
    const low = unitsOf(event.price, priceScale, 'down');
    const high = unitsOf(event.price, priceScale, 'up');
    const size = sizeUnits(event.quantity, sizeScale);
    this.last = low;
    this.lastPrice = event.price;
    if (this.waiting.length > 0 && !this.hasBook) {
      const sign = event.side === 'buy' ? 1 : -1;
      let left = size;
      this.#serve((order) => {
        left = Math.max(0, left);
        const taken: Level = { price: sign === 1 ? high : low, size: left };
        return order.sign === sign ? { level: taken, used: (did) => (left -= did) } : 'stay';
      });
    }
    if (this.buys.size > 0) this.#print(this.buys, high, size, event.side === 'sell');
    if (this.sells.size > 0) this.#print(this.sells, low, size, event.side === 'buy');
    if (!this.hasMarks) this.mark = event.price;
    if (this.triggers.size > 0) this.#fire();
  }

  marked(price: Decimal): void {
    this.mark = price;
    this.hasMarks = true;
    if (this.triggers.size > 0) this.#fire();
  }

  #fire(): void {
    const { lastPrice, mark } = this;
    const touched = [
      ...(lastPrice === null ? [] : this.triggers.touchedBy('last', lastPrice, lastPrice)),
      ...(mark === null ? [] : this.triggers.touchedBy('mark', mark, mark)),
    ];
    for (const order of touched) {
      order.stage = 'travelling';
      if (this.host.funded(order)) this.activate(order);
      else this.leave(order, 'rejected');
    }
  }

  /** The order reaches the venue. */
  arrive(order: PaperOrder): void {
    if (order.request.trigger === null) {
      this.activate(order);
      return;
    }
    order.stage = 'armed';
    this.triggers.add(order);
    this.host.rested(order);
    this.#fire();
  }

  /** A print reaches our orders: those that it went through first, then the queue at its price. */
  #print(ours: Resting, price: number, size: number, atPrice: boolean): void {
    const reached = ours.reaching(price);
    let left = size;
    let ofLevel = 0;
    for (const order of reached) {
      if (order.stage !== 'resting') continue;
      const through = order.price !== price;
      if (!through && !atPrice) break;
      const offered = through ? left : eatQueue(order, left) - ofLevel;
      if (through) joinQueue(order, 0);
      const did = this.#made(order, Math.min(offered, leftOf(order)));
      if (through) left -= did;
      else ofLevel += did;
    }
  }

  #made(order: PaperOrder, size: number): number {
    if (size <= 0) return 0;
    const did = this.host.fill(order, order.price!, size, 'maker');
    if (leftOf(order) === 0) this.leave(order, 'filled');
    else if (this.host.allowed(order, order.price!) === 0) this.leave(order, 'cancelled');
    return did;
  }

  /** Our limit trades at its price, whatever the queue: bars know none. */
  made(order: PaperOrder, size: number): number {
    return this.#made(order, Math.min(size, leftOf(order)));
  }

  /** Takes the order out of wherever it is. */
  leave(order: PaperOrder, status: 'filled' | 'cancelled' | 'rejected'): void {
    this.remove(order);
    order.stage = 'done';
    this.host.finish(order, status);
  }

  remove(order: PaperOrder): void {
    if (order.stage === 'resting') this.#side(order).remove(order);
    else if (order.stage === 'armed') this.triggers.remove(order);
    else if (order.stage === 'waiting') this.waiting = this.waiting.filter((one) => one !== order);
  }

  /** Back to the place in the queue that it had. */
  putBack(order: PaperOrder): void {
    this.#side(order).add(order);
  }

  #side(order: PaperOrder): Resting {
    return order.sign === 1 ? this.buys : this.sells;
  }

  /** The order is at the venue: it trades, rests or goes. */
  activate(order: PaperOrder): void {
    if (this.host.allowed(order, order.price ?? this.last) === 0) this.leave(order, 'cancelled');
    else if (this.hasBook) this.execute(order, null);
    else {
      order.stage = 'waiting';
      this.waiting.push(order);
    }
  }

  /** Those that waited for the market, in turn: against a level that is given, or the book. */
  #serve(offer: (order: PaperOrder) => Offer): void {
    for (const order of this.waiting) {
      const given = offer(order);
      if (given === 'stay' || order.stage !== 'waiting') continue;
      if (given === null) this.execute(order, null);
      else if (!reaches(order, given.level.price)) this.execute(order, []);
      else if (given.level.size > 0) given.used(this.execute(order, [given.level]));
    }
    this.waiting = this.waiting.filter((order) => order.stage === 'waiting');
  }

  /** As taker against the levels (null: the displayed book); what is left rests or goes. */
  execute(order: PaperOrder, given: readonly Level[] | null): number {
    const stop = this.#ownOpposite(order);
    const opposite = order.sign === 1 ? this.asks : this.bids;
    const before = (level: Level) => stop === null || (level.price - stop) * order.sign < 0;
    const levels = given?.filter(before) ?? opposite.takeable(order.price, stop);
    const meetsOwn = stop !== null && reaches(order, stop);
    if (order.timeInForce === 'post-only' && (levels.length > 0 || meetsOwn)) {
      this.leave(order, 'rejected');
      return 0;
    }
    if (order.timeInForce === 'fok' && !this.#fillsWhole(order, levels)) {
      this.leave(order, 'cancelled');
      return 0;
    }
    const did = this.#take(order, levels, given === null ? opposite : null);
    if (order.stage === 'done') return did;
    if (leftOf(order) === 0) this.leave(order, 'filled');
    else if (order.price === null || order.timeInForce === 'ioc' || meetsOwn) {
      this.leave(order, 'cancelled');
    } else if (this.host.allowed(order, order.price) === 0) this.leave(order, 'cancelled');
    else this.#rest(order);
    return did;
  }

  #fillsWhole(order: PaperOrder, levels: readonly Level[]): boolean {
    const left = leftOf(order);
    let offered = 0;
    const worst = levels.find(({ size }) => {
      offered += size;
      return offered >= left;
    });
    return worst !== undefined && this.host.allowed(order, worst.price) >= left;
  }

  #take(order: PaperOrder, levels: readonly Level[], book: Levels | null): number {
    let total = 0;
    for (const { price, size } of levels) {
      const want = Math.min(size, leftOf(order));
      if (want === 0) break;
      const did = this.host.fill(order, price, want, 'taker');
      book?.take(price, did);
      total += did;
      if (did < want) break;
    }
    return total;
  }

  /** The price of our own best order on the other side: no order trades with it or beyond it. */
  #ownOpposite(order: PaperOrder): number | null {
    const best = (order.sign === 1 ? this.sells : this.buys).best();
    return Number.isNaN(best) ? null : best;
  }

  #rest(order: PaperOrder): void {
    if (order.stage === 'resting') return;
    const side = order.sign === 1 ? this.bids : this.asks;
    const displayed = this.hasBook ? side.displayed(order.price!) : null;
    joinQueue(order, displayed ?? queueUnknown);
    order.stage = 'resting';
    this.#side(order).add(order);
    this.host.rested(order);
  }
}

type Offer = null | 'stay' | { readonly level: Level; readonly used: (did: number) => void };

/** Whether its limit allows the price. */
export const reaches = (order: PaperOrder, price: number): boolean =>
  order.price === null || (price - order.price) * order.sign <= 0;

/** What the touch says of our orders at it and before it. */
function seeTouch(ours: Resting, levels: Levels): void {
  if (ours.size === 0) return;
  const { touch } = levels;
  for (const order of ours.orders) {
    const behind = (order.price! - touch) * ours.sign;
    if (behind > 0 || Number.isNaN(behind)) break;
    seeDisplay(order, behind === 0 ? levels.touchSize : 0);
  }
}
