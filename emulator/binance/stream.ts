/** The user data stream: ACCOUNT_UPDATE and ORDER_TRADE_UPDATE, without subscribing. */
import { isZero, zero } from '../../src/decimal/decimal.ts';
import type { Line, LineListener } from '../door/door.ts';
import type { Execution, News, OrderState } from '../exchange/history.ts';
import { FrameGate } from '../faults/frame-gate.ts';
import type { BinanceDesk } from './desk.ts';
import { positionSide } from './names.ts';
import { orderEvent, tradeEvent } from './payload-order.ts';
import { isOpen } from './trading.ts';

export class UserStream implements LineListener {
  readonly #desk: BinanceDesk;
  readonly #gate: FrameGate;
  readonly #listenKey: string;
  readonly #end: () => void;

  constructor(desk: BinanceDesk, line: Line, listenKey: string) {
    this.#desk = desk;
    this.#listenKey = listenKey;
    this.#gate = new FrameGate(line, desk.faults, desk.floor.clock);
    this.#end = desk.floor.listen((news) => this.#tell(news));
    desk.subscriptions += 1;
  }

  heard(text: string): void {
    const id = /"id"\s*:\s*(\d{1,18})/.exec(text)?.[1] ?? 'null';
    this.#gate.reply(`{"result":null,"id":${id}}`);
  }

  pinged(): boolean {
    return this.#gate.answers;
  }

  ended(): void {
    this.#end();
  }

  #tell(news: News): void {
    if ((this.#desk.listenKeys.get(this.#listenKey) ?? 0) < this.#desk.nowMs()) {
      this.#gate.reply(JSON.stringify(this.#stamped('listenKeyExpired')));
      return this.#end();
    }
    this.#account(news);
    const ours = news.orders.filter(({ report }) => this.#desk.isOurs(report.instrument));
    const trades = news.events.filter(
      (event) => event.kind === 'execution' && this.#desk.isOurs(event.fill.instrument),
    ) as Execution[];
    for (const state of ours) if (state.isFirst) this.#order(state, 'NEW');
    for (const trade of trades) this.#trade(trade);
    for (const state of ours) {
      const hasTraded = trades.some(({ fill }) => fill.orderId === state.report.orderId);
      const { status } = state.report;
      if (status === 'cancelled') this.#order(state, 'CANCELED');
      else if (status === 'expired') this.#order(state, 'EXPIRED');
      else if (status === 'rejected') this.#order(state, 'REJECTED');
      else if (isOpen(state) && !state.isFirst && !hasTraded) this.#order(state, 'AMENDMENT');
    }
  }

  #stamped(e: string) {
    const at = this.#desk.nowMs();
    return { e, T: at, E: at };
  }

  #order(state: OrderState, what: Parameters<typeof orderEvent>[1]): void {
    const o = orderEvent(state, what, this.#desk.terms);
    this.#gate.push('order', JSON.stringify({ ...this.#stamped('ORDER_TRADE_UPDATE'), o }));
  }

  #trade(event: Execution): void {
    const state = this.#desk.floor.history.order(event.fill.orderId);
    const o = tradeEvent(event, state, this.#desk.terms);
    this.#gate.push('execution', JSON.stringify({ ...this.#stamped('ORDER_TRADE_UPDATE'), o }));
  }

  /** Only what changed; of funding there are no positions. */
  #account({ events, positions, balances }: News): void {
    if (balances.length === 0) return;
    const { floor, terms } = this.#desk;
    const view = floor.view();
    const isFunding = events.length > 0 && events.every(({ kind }) => kind === 'payment');
    const omitted = this.#desk.omitted();
    const { number } = terms.figures;
    const B = view.balances
      .filter(({ currency }) => balances.includes(currency) && !omitted.includes(currency))
      .map(({ currency, total }) => ({
        ...{ a: currency, wb: number(total), cw: number(total), bc: '0' },
      }));
    const P = isFunding ? [] : positions.flatMap((name) => this.#positionsOf(name, view.positions));
    const m = isFunding ? 'FUNDING_FEE' : events.length > 0 ? 'ORDER' : 'DEPOSIT';
    const frame = { ...this.#stamped('ACCOUNT_UPDATE'), a: { m, B, P } };
    this.#gate.push('wallet', JSON.stringify(frame));
  }

  #positionsOf(name: string, held: ReturnType<BinanceDesk['floor']['view']>['positions']) {
    const { floor, terms } = this.#desk;
    if (!this.#desk.isOurs(name)) return [];
    const { number } = terms.figures;
    const legs =
      floor.paper.positionMode === 'net' ? (['net'] as const) : (['long', 'short'] as const);
    return legs.map((leg) => {
      const found = held.find((one) => one.instrument === name && one.leg === leg);
      const { realisedEver } = floor.history.transactions.tally.of(name, leg);
      const quantity = found?.quantity ?? zero;
      return {
        ...{ s: terms.names.symbol(name), pa: number(quantity) },
        ep: number(isZero(quantity) ? zero : (found?.averagePrice ?? zero)),
        ...{ bep: '0', cr: number(realisedEver), up: number(found?.unrealisedPnl ?? zero) },
        ...{ mt: 'cross', iw: '0', ps: positionSide(leg) },
      };
    });
  }
}
