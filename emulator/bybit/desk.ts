/** What the handlers of requests and the stream share, and what they tell of the account. */
import {
  add,
  type Decimal,
  decimalOf,
  divideHalfEven,
  multiply,
  subtract,
  zero,
} from '../../src/decimal/decimal.ts';
import type { Leg } from '../../src/model/fact.ts';
import type { Instrument } from '../../src/model/instrument.ts';
import type { ApiKey } from '../door/keys.ts';
import { figures } from '../exchange/figures.ts';
import type { Floor, View } from '../exchange/floor.ts';
import { type Execution, happened, type Payment } from '../exchange/history.ts';
import { priceOf } from '../exchange/market.ts';
import type { FaultRun } from '../faults/fault-run.ts';
import type { OrderRate } from '../faults/order-rate.ts';
import { Names } from './names.ts';
import { executionPayload, paymentPayload } from './payload-execution.ts';
import { orderPayload } from './payload-order.ts';
import { positionPayload, worthOf } from './payload-position.ts';
import { type CoinToTell, walletPayload } from './payload-wallet.ts';
import type { Terms } from './terms.ts';

const dollars = ['USD', 'USDT', 'USDC'];

export class Desk {
  readonly floor: Floor;
  readonly faults: FaultRun;
  readonly keys: readonly ApiKey[];
  readonly orderRate: OrderRate;
  readonly terms: Terms;
  readonly leverages = new Map<string, Decimal>();
  /** How many subscriptions were taken. */
  subscriptions = 0;

  constructor(floor: Floor, faults: FaultRun, keys: readonly ApiKey[], orderRate: OrderRate) {
    this.floor = floor;
    this.faults = faults;
    this.keys = keys;
    this.orderRate = orderRate;
    const isWide = faults.has('wide-numbers');
    this.terms = {
      names: new Names(floor.instruments.values(), isWide),
      figures: figures(isWide, (at) => floor.clock.skewAt(at)),
      instruments: floor.instruments,
    };
  }

  /** Milliseconds, by the venue's own clock. */
  nowMs(): number {
    return Number(this.floor.clock.told() / 1_000_000n);
  }

  leverage(instrument: string): Decimal {
    return this.leverages.get(instrument) ?? decimalOf(this.floor.paper.leverageMax, 0);
  }

  /** Rows of one instrument: all its legs, also those that are flat. */
  positionRows(instrument: Instrument, view: View) {
    const { floor, terms } = this;
    const legs: readonly Leg[] = floor.paper.positionMode === 'net' ? ['net'] : ['long', 'short'];
    return legs.map((leg) => {
      const isIt = (one: { instrument: string; leg: Leg }) =>
        one.instrument === instrument.name && one.leg === leg;
      const mark = priceOf(floor.market.quote(instrument.name));
      const last = floor.history.lastMove(instrument.name, leg);
      return positionPayload(
        {
          ...{ instrument, leg, mark, leverage: this.leverage(instrument.name) },
          position: view.positions.find(isIt) ?? null,
          tally: floor.history.transactions.tally.of(instrument.name, leg),
          maintenanceRate: floor.paper.maintenanceRate,
          at: last === null ? floor.paper.startAt : happened(last),
          sequence: last?.sequence ?? 0,
        },
        terms,
      );
    });
  }

  /** The coins that the next wallet leaves out. */
  omitted(): readonly string[] {
    const faults = this.faults.strike({ seam: 'account', to: 'the wallet' }, ['omit-coin']);
    return faults.flatMap((fault) => (fault.fault === 'omit-coin' ? [fault.coin] : []));
  }

  /** Coins that are named are told without any of them as well. */
  wallet(view: View, omitted: readonly string[], named: readonly string[] | null = null) {
    const wanted =
      named?.map((coin) => view.balances.find((one) => one.currency === coin) ?? none(coin)) ??
      view.balances;
    const coins = wanted.filter(({ currency }) => !omitted.includes(currency));
    return walletPayload(
      coins.map((balance) => this.#coin(balance.currency, balance, view)),
      this.terms,
    );
  }

  execution(event: Execution | Payment) {
    const { floor, terms } = this;
    if (event.kind === 'payment')
      return paymentPayload(event, floor.market.quote(event.flow.instrument ?? ''), terms);
    const quote = floor.market.quote(event.fill.instrument);
    return executionPayload(event, floor.history.order(event.fill.orderId), quote, terms);
  }

  order(state: View['orders'][number]) {
    return orderPayload(state, this.terms);
  }

  #coin(coin: string, balance: View['balances'][number], view: View): CoinToTell {
    let locked = zero;
    let orderMargin = zero;
    for (const { report } of this.floor.history.openOrders()) {
      const instrument = this.floor.instruments.get(report.instrument);
      if (instrument === undefined || report.price === null) continue;
      const left = subtract(report.quantity, report.filled ?? zero);
      const worth = worthOf(instrument, left, report.price);
      if (instrument.type !== 'spot') {
        if (instrument.settle !== coin || report.reduceOnly) continue;
        orderMargin = add(orderMargin, divideHalfEven(worth, this.leverage(instrument.name), 18));
      } else if (report.side === 'buy' && instrument.quote === coin) locked = add(locked, worth);
      else if (report.side === 'sell' && instrument.base === coin) locked = add(locked, left);
    }
    const held = this.#held(coin, view);
    return { balance, locked, orderMargin, ...held, rate: this.#rate(coin) };
  }

  #held(coin: string, view: View) {
    let positionMargin = zero;
    let maintenance = zero;
    let realisedEver = zero;
    for (const position of view.positions) {
      const instrument = this.floor.instruments.get(position.instrument);
      if (instrument === undefined || instrument.settle !== coin) continue;
      const price = position.averagePrice ?? zero;
      const worth = worthOf(instrument, position.quantity, price);
      const leverage = this.leverage(instrument.name);
      positionMargin = add(positionMargin, divideHalfEven(worth, leverage, 18));
      maintenance = add(maintenance, multiply(worth, this.floor.paper.maintenanceRate));
      const tally = this.floor.history.transactions.tally.of(instrument.name, position.leg);
      realisedEver = add(realisedEver, tally.realisedEver);
    }
    return { positionMargin, maintenance, realisedEver };
  }

  #rate(coin: string): Decimal {
    if (dollars.includes(coin)) return decimalOf(1, 0);
    const found = [...this.floor.instruments.values()].find(
      ({ base, quote }) => base === coin && dollars.includes(quote),
    );
    return found === undefined ? zero : priceOf(this.floor.market.quote(found.name));
  }
}

export const whatMoved = (event: Execution | Payment): { instrument: string; leg: Leg } =>
  event.kind === 'execution'
    ? event.fill
    : { instrument: event.flow.instrument ?? '', leg: event.flow.leg ?? 'net' };

const none = (currency: string): View['balances'][number] => ({
  ...{ currency, total: zero, available: zero, equity: zero, borrowed: zero },
});
