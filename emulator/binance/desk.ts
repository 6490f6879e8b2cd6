/** What Binance's requests and stream share. */
import {
  absolute,
  add,
  decimalOf,
  divideHalfEven,
  multiply,
  zero,
} from '../../src/decimal/decimal.ts';
import type { ApiKey } from '../door/keys.ts';
import { figures } from '../exchange/figures.ts';
import type { Floor, View } from '../exchange/floor.ts';
import type { Execution, OrderState } from '../exchange/history.ts';
import type { FaultRun } from '../faults/fault-run.ts';
import type { OrderRate } from '../faults/order-rate.ts';
import { BinanceNames } from './names.ts';
import { assetPayload, positionPayload } from './payload-account.ts';
import type { BinanceTerms } from './payload-order.ts';

export class BinanceDesk {
  readonly floor: Floor;
  readonly faults: FaultRun;
  readonly keys: readonly ApiKey[];
  readonly orderRate: OrderRate;
  readonly terms: BinanceTerms;
  /** Until when each listen key opens the stream, in milliseconds. */
  readonly listenKeys = new Map<string, number>();
  subscriptions = 0;

  constructor(floor: Floor, faults: FaultRun, keys: readonly ApiKey[], orderRate: OrderRate) {
    this.floor = floor;
    this.faults = faults;
    this.keys = keys;
    this.orderRate = orderRate;
    const isWide = faults.has('wide-numbers');
    this.terms = {
      names: new BinanceNames(floor.instruments.values(), isWide),
      figures: figures(isWide, (at) => floor.clock.skewAt(at)),
    };
  }

  nowMs(): number {
    return Number(this.floor.clock.told() / 1_000_000n);
  }

  isOurs(instrument: string): boolean {
    return this.terms.names.instruments.some(({ name }) => name === instrument);
  }

  orders(view: View): OrderState[] {
    return view.orders.filter(({ report }) => this.isOurs(report.instrument));
  }

  executions(view: View): Execution[] {
    return view.events.filter(
      (event) => event.kind === 'execution' && this.isOurs(event.fill.instrument),
    ) as Execution[];
  }

  positions(view: View) {
    const { leverageMax, maintenanceRate } = this.floor.paper;
    return view.positions.flatMap((position) => {
      const instrument = this.terms.names.instruments.find(
        ({ name }) => name === position.instrument,
      );
      if (instrument === undefined) return [];
      return [positionPayload(position, instrument, leverageMax, maintenanceRate, this.terms)];
    });
  }

  assets(view: View, omitted: readonly string[]) {
    const leverage = decimalOf(this.floor.paper.leverageMax, 0);
    return view.balances
      .filter(({ currency }) => !omitted.includes(currency))
      .map((balance) => {
        let margin = zero;
        for (const { instrument, quantity, markPrice } of view.positions) {
          if (this.floor.instruments.get(instrument)?.settle !== balance.currency) continue;
          const notional = absolute(multiply(quantity, markPrice ?? zero));
          margin = add(margin, divideHalfEven(notional, leverage, 18));
        }
        return assetPayload(balance, margin, this.terms);
      });
  }

  /** The coins that the next wallet leaves out. */
  omitted(): readonly string[] {
    const faults = this.faults.strike({ seam: 'account', to: 'the wallet' }, ['omit-coin']);
    return faults.flatMap((fault) => (fault.fault === 'omit-coin' ? [fault.coin] : []));
  }
}
