/** The host of all markets: what a match does to orders, wallets and positions, and who hears. */
import {
  add,
  compare,
  type Decimal,
  decimalOf,
  isZero,
  multiply,
  roundHalfEven,
  roundingScale,
  zero,
} from '../../decimal/decimal.ts';
import type { Fee, Fill, FillCause, Side } from '../../model/fact.ts';
import { feeOf } from './accounts/fees.ts';
import {
  closingOf,
  coinHeldFor,
  expectedPrice,
  heldAgainst,
  needOf,
  payable,
} from './accounts/holding-back.ts';
import type { Position } from './accounts/position.ts';
import type { Core } from './core.ts';
import type { BarRules } from './matching/bars.ts';
import { decimalOfUnits } from './matching/grid.ts';
import type { Host, Market } from './matching/market.ts';
import { leftOf, type PaperOrder } from './matching/order.ts';
import { reportOf } from './reports.ts';

export class Settling implements Host {
  readonly #core: Core;
  readonly #bars: BarRules;

  constructor(core: Core, bars: BarRules) {
    this.#core = core;
    this.#bars = bars;
  }

  allowed(order: PaperOrder, price: number): number {
    const market = this.#marketOf(order);
    const left = leftOf(order);
    if (order.reduceOnly) return Math.min(left, heldAgainst(this.#core, market, order));
    if (market.instrument.type !== 'spot' || order.sign === -1) return left;
    return order.price !== null || Number.isNaN(price)
      ? left
      : payable(this.#core, market, order, price);
  }

  /** Whether it can be paid; holds back what it needs. */
  funded(order: PaperOrder): boolean {
    const market = this.#marketOf(order);
    order.closing = closingOf(this.#core, market, order);
    const price = expectedPrice(market, order, this.#bars.slippage);
    if (price === null) return false;
    const coin = coinHeldFor(market, order);
    const need = needOf(this.#core, market, order, price);
    const free = add(this.#core.available(coin), order.reserved);
    if (!isZero(need) && compare(free, need) < 0) return false;
    this.#core.reserve(order, coin, need);
    return true;
  }

  holdExactly(order: PaperOrder, amount: Decimal): void {
    this.#core.reserve(order, coinHeldFor(this.#marketOf(order), order), amount);
  }

  fill(order: PaperOrder, price: number, size: number, liquidity: 'maker' | 'taker'): number {
    const core = this.#core;
    const market = this.#marketOf(order);
    const units = Math.min(size, this.allowed(order, price));
    if (units <= 0) return 0;
    const { instrument, grid } = market;
    const quantity = decimalOfUnits(units, grid.sizeScale);
    const paid = decimalOfUnits(price, grid.priceScale);
    const { side, clientOrderId } = order.request;
    order.filled += units;
    order.closing = Math.max(0, order.closing - units);
    order.value = add(order.value, multiply(quantity, paid));
    this.#holdBack(order, market);
    const covers = (coin: string, amount: Decimal) => compare(core.available(coin), amount) >= 0;
    const fee = feeOf(
      core.options.fees,
      { instrument, side, quantity, price: paid, liquidity },
      covers,
    );
    this.#change(order, leftOf(order) === 0 ? 'filled' : 'open');
    this.#book(market, {
      ...{ leg: order.leg, side, quantity, price: paid, fee, liquidity },
      ...{ orderId: order.id, clientOrderId, cause: 'trade' },
    });
    this.#dropReducers(market, order);
    return units;
  }

  /** A position closed by the venue and not by an order. */
  force(
    { instrument, leg, quantity }: Pick<Position, 'instrument' | 'leg' | 'quantity'>,
    cause: 'liquidation' | 'adl',
  ): void {
    const market = this.#core.markets.get(instrument.name)!;
    const size = quantity.coefficient < 0 ? multiply(quantity, decimalOf(-1, 0)) : quantity;
    const side: Side = quantity.coefficient < 0 ? 'buy' : 'sell';
    // A mark may have more digits than a price can be told with.
    const price = roundHalfEven(market.mark!, roundingScale);
    const charged = { instrument, side, quantity: size, price, liquidity: 'taker' } as const;
    const inSettle = { ...this.#core.options.fees, in: 'quote' } as const;
    const fee = cause === 'adl' ? null : feeOf(inSettle, charged, () => false);
    this.#book(market, {
      ...{ leg, side, quantity: size, price, fee, liquidity: 'taker', cause },
      ...{ orderId: null, clientOrderId: null },
    });
    this.#dropReducers(market, null);
  }

  finish(order: PaperOrder, status: 'filled' | 'cancelled' | 'rejected'): void {
    const market = this.#marketOf(order);
    this.#core.reserve(order, coinHeldFor(market, order), zero);
    this.#core.open.delete(order);
    if (order.status !== status) this.#change(order, status);
  }

  rested(order: PaperOrder): void {
    if (order.status !== 'open') this.#change(order, 'open');
  }

  #change(order: PaperOrder, status: PaperOrder['status']): void {
    const core = this.#core;
    order.status = status;
    order.time = core.now;
    core.tell({ kind: 'order', at: core.now, order: reportOf(core, order) });
  }

  /** Less is needed for what is left; never more than is held already. */
  #holdBack(order: PaperOrder, market: Market): void {
    if (isZero(order.reserved)) return;
    const price = expectedPrice(market, order, this.#bars.slippage);
    const need = price === null ? zero : needOf(this.#core, market, order, price);
    const less = compare(need, order.reserved) < 0 ? need : order.reserved;
    this.#core.reserve(order, coinHeldFor(market, order), leftOf(order) === 0 ? zero : less);
  }

  /** What reduces goes when there is nothing left to reduce. */
  #dropReducers(market: Market, filling: PaperOrder | null): void {
    const resting = [...market.buys.orders, ...market.sells.orders];
    for (const order of resting) {
      if (order === filling || !order.reduceOnly || order.stage !== 'resting') continue;
      if (heldAgainst(this.#core, market, order) === 0) market.leave(order, 'cancelled');
    }
  }

  #book(market: Market, of: Booked): void {
    const core = this.#core;
    const { name, type } = market.instrument;
    const venueSequence = core.nextSequence();
    const { fee, ...rest } = of;
    const fill: Fill = {
      ...{ kind: 'fill', account: core.options.account, instrument: name, ...rest },
      fees: fee === null ? [] : [fee],
      executionId: `${core.tag}-x${venueSequence}`,
      ...{ strategy: null, venueSequence, provisional: false, time: core.now },
    };
    core.fills.push(fill);
    const coins = core.ledger.fill(fill);
    core.tell({ kind: 'fill', at: core.now, fill });
    if (type !== 'spot') core.tell({ kind: 'position', at: core.now, instrument: name });
    for (const currency of coins) core.tell({ kind: 'balance', at: core.now, currency });
  }

  #marketOf(order: PaperOrder): Market {
    return this.#core.markets.get(order.request.instrument)!;
  }
}

interface Booked
  extends Pick<
    Fill,
    'leg' | 'side' | 'quantity' | 'price' | 'liquidity' | 'orderId' | 'clientOrderId'
  > {
  readonly fee: Fee | null;
  readonly cause: FillCause;
}
