/**
 * A bot without a plan, through the port of a venue: it places, amends and cancels, looks up what
 * it got no answer for, and the market does what it wants meanwhile.
 */
import type { Emulator } from '../../../emulator/emulator.ts';
import { add, type Decimal, decimalOf, multiply, subtract } from '../../../src/decimal/decimal.ts';
import { decimal } from '../../../src/decimal/text.ts';
import type { Leg } from '../../../src/model/fact.ts';
import type { MarketEvent } from '../../../src/venues/paper/paper-exchange.ts';
import type { Draws } from '../../../src/venues/paper/random.ts';
import type { OrderRequest, Submitted, Venue } from '../../../src/venues/venue.ts';

export interface Traded {
  readonly instrument: string;
  readonly tick: Decimal;
  readonly lot: Decimal;
  /** In ticks. */
  price: number;
}

type Told = DistributedOmit<MarketEvent, 'at' | 'instrument'>;
type DistributedOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

export class Trader {
  /** Orders that were sent, by what is known of them. */
  readonly outcomes = { accepted: 0, refused: 0, unknown: 0, found: 0 };
  readonly #venue: Venue;
  readonly #emulator: Emulator;
  readonly #draws: Draws;
  readonly #positionMode: 'net' | 'hedge';
  readonly #markets: readonly Traded[];
  #orders = 0;

  constructor(
    venue: Venue,
    emulator: Emulator,
    markets: readonly Traded[],
    draws: Draws,
    positionMode: 'net' | 'hedge' = 'net',
  ) {
    this.#venue = venue;
    this.#emulator = emulator;
    this.#markets = markets;
    this.#draws = draws;
    this.#positionMode = positionMode;
    for (const market of markets) this.#quote(market);
  }

  /** A few minutes of the day: prices, an order, and what becomes of it. */
  async act(): Promise<void> {
    const market = this.#markets[this.#below(this.#markets.length)]!;
    market.price = Math.max(1_000, market.price + this.#below(41) - 20);
    this.#quote(market);
    if (this.#below(4) === 0) await this.#take(market);
    else await this.#make(market);
  }

  /** Rates of funding for the next payment. */
  rates(): void {
    for (const market of this.#markets) {
      if (!market.instrument.includes(':')) continue;
      const rate = decimal(['0.0001', '-0.0002', '0.00005'][this.#below(3)]!);
      this.#advance(market, { kind: 'funding-rate', rate });
    }
  }

  /** Nothing of it is left resting. */
  async end(): Promise<void> {
    for (const market of this.#markets) this.#quote(market);
    for (const { instrument, orderId } of this.#emulator.exchange.openOrders())
      await this.#venue.cancel({ instrument, orderId, clientOrderId: null });
  }

  /** Across the touch, of which only a part is there: filled in part, or at two prices. */
  async #take(market: Traded): Promise<void> {
    const lots = 20 + this.#below(400);
    const cross = this.#below(2) === 0 ? 1 : -1;
    await this.#place(market, {
      quantity: multiply(market.lot, decimalOf(lots, 0)),
      side: cross === 1 ? 'buy' : 'sell',
      ...{ type: 'limit', timeInForce: this.#below(3) === 0 ? 'gtc' : 'ioc' },
      price: this.#priceOf(market, cross * 8),
    });
  }

  /** It rests, is filled piece by piece, perhaps amended, perhaps cancelled between two fills. */
  async #make(market: Traded): Promise<void> {
    const sign = this.#below(2) === 0 ? 1 : -1;
    const order = await this.#place(market, {
      quantity: multiply(market.lot, decimalOf(30 + this.#below(90), 0)),
      side: sign === 1 ? 'buy' : 'sell',
      ...{ type: 'limit', timeInForce: this.#below(3) === 0 ? 'post-only' : 'gtc' },
      price: this.#priceOf(market, -sign * 3),
    });
    if (order === null) return;
    for (let piece = this.#below(4); piece > 0; piece -= 1) this.#print(market, sign);
    if (this.#below(4) === 0) {
      await this.#venue.amend(order, { price: this.#priceOf(market, -sign * 2) });
      this.#print(market, sign);
    }
    if (this.#below(2) === 0) await this.#venue.cancel(order);
  }

  async #place(
    market: Traded,
    parts: Pick<OrderRequest, 'quantity' | 'side' | 'type' | 'price'> &
      Pick<OrderRequest, 'timeInForce'>,
  ) {
    this.#orders += 1;
    const clientOrderId = `day-${this.#orders}`;
    const { instrument } = market;
    const leg = this.#legOf(instrument);
    const request = { clientOrderId, instrument, leg, reduceOnly: false, trigger: null } as const;
    const submitted: Submitted = await this.#venue.place({ ...request, ...parts });
    this.outcomes[submitted.status] += 1;
    const reference = { instrument, orderId: null, clientOrderId };
    if (submitted.status === 'accepted') return { ...reference, orderId: submitted.orderId };
    if (submitted.status === 'refused') return null;
    const found = await this.#venue.order(reference);
    const isThere = found.status === 'answered' && found.value !== null;
    if (isThere) this.outcomes.found += 1;
    return isThere ? reference : null;
  }

  /** In hedge mode any order may open or close a leg of either side. */
  #legOf(instrument: string): Leg {
    if (this.#positionMode === 'net' || !instrument.includes(':')) return 'net';
    return this.#below(2) === 0 ? 'long' : 'short';
  }

  /** A print through what rests near the touch, of a few lots. */
  #print(market: Traded, sign: 1 | -1): void {
    const quantity = multiply(market.lot, decimalOf(1 + this.#below(40), 0));
    const price = this.#priceOf(market, -sign * 4);
    this.#advance(market, { kind: 'trade', price, quantity, side: sign === 1 ? 'sell' : 'buy' });
  }

  #quote(market: Traded): void {
    const size = () => multiply(market.lot, decimalOf(50 + this.#below(300), 0));
    const mark = this.#priceOf(market, 0);
    const bid = subtract(mark, market.tick);
    const ask = add(mark, market.tick);
    this.#advance(market, { kind: 'touch', bid, bidSize: size(), ask, askSize: size() });
    this.#advance(market, { kind: 'mark', price: mark });
  }

  #priceOf = ({ tick, price }: Traded, ticks: number): Decimal =>
    multiply(tick, decimalOf(price + ticks, 0));

  #advance({ instrument }: Traded, event: Told): void {
    this.#emulator.settle();
    const at = this.#emulator.clock.now();
    this.#emulator.advance({ ...event, instrument, at } as MarketEvent);
  }

  #below(n: number): number {
    return Math.floor(this.#draws.next() * n);
  }
}
