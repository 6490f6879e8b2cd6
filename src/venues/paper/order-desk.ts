/**
 * Orders in: what is refused at once, and what travels to the venue. Messages of one owner arrive
 * in the order in which they were sent, each after its latency.
 */
import { type Decimal, zero } from '../../decimal/decimal.ts';
import type { Instant } from '../../model/instant.ts';
import type { OrderChange, OrderReference, OrderRequest, Submitted } from '../venue.ts';
import { expectedPrice, heldAgainst } from './accounts/holding-back.ts';
import type { Core } from './core.ts';
import { decimalOfUnits, unitsOf } from './matching/grid.ts';
import type { Market } from './matching/market.ts';
import { leftOf, type PaperOrder } from './matching/order.ts';
import {
  legFault,
  notionalFault,
  priceFault,
  quantityFault,
  type Refused,
  refusedOrder,
  shapeFault,
} from './order-checks.ts';
import { Draws } from './random.ts';
import { reportOf } from './reports.ts';
import type { Settling } from './settling.ts';

interface Message {
  readonly at: Instant;
  readonly arrive: () => void;
}

export class OrderDesk {
  readonly #core: Core;
  readonly #settling: Settling;
  readonly #slippage: Decimal;
  readonly #draws: Draws;
  readonly #travelling: Message[] = [];
  #lastArrival: Instant;

  constructor(core: Core, settling: Settling, slippage: Decimal) {
    this.#core = core;
    this.#settling = settling;
    this.#slippage = slippage;
    this.#draws = new Draws(core.options.seed);
    this.#lastArrival = core.now;
  }

  /** When the next message arrives; null when none travels. */
  nextArrival(): Instant | null {
    return this.#travelling[0]?.at ?? null;
  }

  arriveNext(): void {
    this.#travelling.shift()!.arrive();
  }

  submit(request: OrderRequest): Submitted {
    const core = this.#core;
    const market = core.markets.get(request.instrument);
    if (market === undefined) {
      return refusedOrder('instrument-unknown', `${request.instrument} is not traded here`);
    }
    const refused = this.#faultOf(request, market);
    if (refused !== null) return refused;
    const order = this.#made(request, market);
    const fault = this.#stateFault(order, market);
    if (fault !== null) return fault;
    core.orders.push(order);
    core.open.add(order);
    core.byId.set(order.id, order);
    core.byClientId.set(request.clientOrderId, order);
    core.tell({ kind: 'order', at: core.now, order: reportOf(core, order) });
    this.#send(() => {
      if (order.stage === 'travelling') market.arrive(order);
    });
    return acceptedOrder(order);
  }

  #faultOf(request: OrderRequest, market: Market): Refused | null {
    const { instrument, grid } = market;
    if (this.#core.byClientId.has(request.clientOrderId)) {
      const why = `there was an order ${request.clientOrderId} before`;
      return refusedOrder('client-order-id-duplicate', why);
    }
    return (
      shapeFault(request, instrument) ??
      legFault(instrument, request.leg, this.#core.options.positionMode) ??
      quantityFault(request.quantity, grid) ??
      priceFault(request.price, grid) ??
      priceFault(request.trigger?.price ?? null, grid)
    );
  }

  /** What depends on the market, the position and the money. */
  #stateFault(order: PaperOrder, market: Market): Refused | null {
    const { request } = order;
    const { minNotional } = this.#core.options;
    const trigger = request.trigger;
    const price = trigger?.price ?? expectedPrice(market, order, this.#slippage);
    if (price === null) {
      return refusedOrder('market-unknown', 'nothing is known yet of what it would trade at');
    }
    if (!order.reduceOnly) {
      const priced = request.price ?? price;
      const fault = notionalFault(market.instrument, request.quantity, priced, minNotional);
      if (fault !== null) return fault;
    }
    if (trigger !== null) return null;
    if (order.reduceOnly && heldAgainst(this.#core, market, order) === 0) {
      return refusedOrder('reduce-only-without-position', 'there is no position that it reduces');
    }
    if (this.#settling.funded(order)) return null;
    return refusedOrder('insufficient-funds', 'more is needed than is available');
  }

  #made(request: OrderRequest, { grid, instrument }: Market): PaperOrder {
    const number = this.#core.orders.length + 1;
    const opens = request.leg === 'net' || (request.leg === 'long') === (request.side === 'buy');
    return {
      number,
      id: `${this.#core.tag}-o${number}`,
      request,
      sign: request.side === 'buy' ? 1 : -1,
      leg: request.leg,
      timeInForce: request.timeInForce,
      reduceOnly: request.reduceOnly || (instrument.type !== 'spot' && !opens),
      price: request.price === null ? null : unitsOf(request.price, grid.priceScale, 'nearest'),
      quantity: unitsOf(request.quantity, grid.sizeScale, 'nearest'),
      ...{ filled: 0, status: 'new', stage: 'travelling' },
      ...{ ahead: 0, unexplained: 0, value: zero, reserved: zero, closing: 0 },
      time: this.#core.now,
    };
  }

  cancel(reference: OrderReference): Submitted {
    const order = this.find(reference);
    if (order === null) return unknownOrder;
    if (order.stage === 'done') return doneOrder(order);
    this.#send(() => {
      if (order.stage !== 'done') this.#marketOf(order).leave(order, 'cancelled');
    });
    return acceptedOrder(order);
  }

  amend(reference: OrderReference, change: OrderChange): Submitted {
    const order = this.find(reference);
    if (order === null) return unknownOrder;
    if (order.stage === 'done') return doneOrder(order);
    const market = this.#marketOf(order);
    const fault = this.#changeFault(order, market, change);
    if (fault !== null) return fault;
    this.#send(() => this.#change(order, market, change));
    return acceptedOrder(order);
  }

  #changeFault(order: PaperOrder, market: Market, change: OrderChange): Refused | null {
    const { grid, instrument } = market;
    if (change.price !== undefined && order.price === null) {
      return refusedOrder('price-unexpected', 'a market order has no price');
    }
    const quantity = change.quantity ?? decimalOfUnits(order.quantity, grid.sizeScale);
    const shape = quantityFault(quantity, grid) ?? priceFault(change.price ?? null, grid);
    if (shape !== null) return shape;
    const price = change.price ?? order.request.price ?? order.request.trigger?.price;
    if (price !== undefined && !order.reduceOnly) {
      const least = this.#core.options.minNotional;
      const fault = notionalFault(instrument, quantity, price, least);
      if (fault !== null) return fault;
    }
    return this.#affords(order, market, change)
      ? null
      : refusedOrder('insufficient-funds', 'more is needed than is available');
  }

  /** Whether the changed order can be paid; nothing is held back yet. */
  #affords(order: PaperOrder, market: Market, change: OrderChange): boolean {
    const { price, quantity, reserved, closing } = order;
    this.#put(order, market, change);
    const held = order.stage === 'armed' || this.#settling.funded(order);
    order.price = price;
    order.quantity = quantity;
    order.closing = closing;
    this.#settling.holdExactly(order, reserved);
    return held;
  }

  #put(order: PaperOrder, { grid }: Market, { price, quantity }: OrderChange): void {
    if (price !== undefined) order.price = unitsOf(price, grid.priceScale, 'nearest');
    if (quantity !== undefined) order.quantity = unitsOf(quantity, grid.sizeScale, 'nearest');
  }

  /** At the venue. Another price or a larger size goes to the end of the queue. */
  #change(order: PaperOrder, market: Market, change: OrderChange): void {
    if (order.stage === 'done' || !this.#affords(order, market, change)) return;
    const before = { price: order.price, quantity: order.quantity };
    if (order.stage !== 'resting') {
      this.#put(order, market, change);
      if (leftOf(order) <= 0) market.leave(order, 'cancelled');
      else this.#amended(order);
      return;
    }
    market.remove(order);
    this.#put(order, market, change);
    const keeps = order.price === before.price && order.quantity <= before.quantity;
    if (leftOf(order) <= 0) {
      order.quantity = Math.max(order.quantity, order.filled);
      market.leave(order, 'cancelled');
    } else if (keeps) {
      market.putBack(order);
      this.#amended(order);
    } else {
      order.stage = 'travelling';
      this.#amended(order);
      market.activate(order);
    }
  }

  #amended(order: PaperOrder): void {
    const core = this.#core;
    if (order.stage !== 'armed') this.#settling.funded(order);
    order.time = core.now;
    core.tell({ kind: 'order', at: core.now, order: reportOf(core, order) });
  }

  find({ instrument, orderId, clientOrderId }: OrderReference): PaperOrder | null {
    const { byId, byClientId } = this.#core;
    const order =
      orderId !== null ? byId.get(orderId) : byClientId.get(clientOrderId ?? '\u0000none');
    return order !== undefined && order.request.instrument === instrument ? order : null;
  }

  #marketOf(order: PaperOrder): Market {
    return this.#core.markets.get(order.request.instrument)!;
  }

  /** Half to one and a half times the latency, never before what was sent earlier. */
  #send(arrive: () => void): void {
    const { now, options } = this.#core;
    if (options.latencyMs === 0) {
      arrive();
      return;
    }
    const drawn = options.latencyMs * (0.5 + this.#draws.next());
    const at = now + BigInt(Math.round(drawn * 1_000_000));
    this.#lastArrival = at > this.#lastArrival ? at : this.#lastArrival;
    this.#travelling.push({ at: this.#lastArrival, arrive });
  }
}

const acceptedOrder = ({ id, request }: PaperOrder): Submitted => ({
  status: 'accepted',
  orderId: id,
  clientOrderId: request.clientOrderId,
});

const unknownOrder = refusedOrder('order-unknown', 'there is no such order');

const doneOrder = ({ id, status }: PaperOrder): Submitted =>
  refusedOrder('order-done', `order ${id} is ${status}: look at what it filled`);
