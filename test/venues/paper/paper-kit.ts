/** Exchanges for tests, and market data and orders in few words. */
import { decimal, toText } from '../../../src/decimal/text.ts';
import type { Fill, OrderReport } from '../../../src/model/fact.ts';
import { type Instant, instant } from '../../../src/model/instant.ts';
import { type Instrument, instrumentFromName } from '../../../src/model/instrument.ts';
import { openPaperExchange } from '../../../src/venues/paper/exchange.ts';
import type {
  MarketEvent,
  PaperExchange,
  PaperFees,
  PaperOptions,
} from '../../../src/venues/paper/paper-exchange.ts';
import type { OrderRequest } from '../../../src/venues/venue.ts';

export const start = instant('2026-01-05T09:00:00Z');
export const at = (seconds: number): Instant => start + BigInt(Math.round(seconds * 1e9));

export const listed = (name: string, tickSize = '0.1', lotSize = '0.001'): Instrument => ({
  ...instrumentFromName('paper', name)!,
  tickSize: decimal(tickSize),
  lotSize: decimal(lotSize),
});

export const spot = listed('BTC/USDT');
export const linear = listed('BTC/USDT:USDT');
export const inverse = listed('BTC/USD:BTC', '0.1', '1');

export const fees = (maker: string, taker: string, where: PaperFees['in'] = 'quote') => ({
  ...{ maker: decimal(maker), taker: decimal(taker) },
  in: where,
});

export const optionsOf = (parts: Partial<PaperOptions> = {}): PaperOptions => ({
  ...{ account: 'main', venue: 'paper', currency: 'USDT', seed: 7, latencyMs: 0 },
  ...{ instruments: [spot, linear, inverse], minNotional: null, positionMode: 'net' },
  ...{ leverageMax: 10, maintenanceRate: decimal('0.005'), fees: fees('0', '0') },
  ...{ fundingHours: 8, startAt: start },
  ...parts,
});

type Request = Partial<Omit<OrderRequest, 'quantity' | 'price' | 'trigger'>> & {
  readonly quantity?: string;
  readonly price?: string;
  readonly trigger?: readonly ['rises-to' | 'falls-to', string, ('last' | 'mark')?];
};

/** One exchange and one instrument of it; each call is a second later than the one before. */
export class Bench {
  readonly exchange: PaperExchange;
  readonly instrument: string;
  #seconds = 0;
  #orders = 0;

  constructor(instrument: Instrument = linear, parts: Partial<PaperOptions> = {}) {
    this.instrument = instrument.name;
    this.exchange = openPaperExchange(optionsOf(parts));
    this.exchange.deposit('USDT', decimal('1000000'));
    this.exchange.deposit('BTC', decimal('100'));
  }

  advance(event: DistributedOmit<MarketEvent, 'instrument' | 'at'>, time?: Instant): void {
    this.#seconds += 1;
    const stamp = time ?? at(this.#seconds);
    this.exchange.advance({ ...event, instrument: this.instrument, at: stamp } as MarketEvent);
  }

  /** `touch('100 5', '101 3')`: bid and ask with their sizes. */
  touch(bidText: string, askText: string, time?: Instant): void {
    const [bid, bidSize] = pair(bidText);
    const [ask, askSize] = pair(askText);
    this.advance({ kind: 'touch', bid, bidSize, ask, askSize }, time);
  }

  depth(bids: readonly string[], asks: readonly string[], snapshot = false): void {
    this.advance({ kind: 'depth', snapshot, bids: bids.map(pair), asks: asks.map(pair) });
  }

  trade(text: string, side: 'buy' | 'sell', time?: Instant): void {
    const [price, quantity] = pair(text);
    this.advance({ kind: 'trade', price, quantity, side }, time);
  }

  /** `bar('100 110 90 105', '50')` */
  bar(text: string, volume: string, time?: Instant): void {
    const [open, high, low, close] = text.split(' ').map(decimal);
    const prices = { open: open!, high: high!, low: low!, close: close! };
    this.advance({ kind: 'bar', ...prices, volume: decimal(volume) }, time);
  }

  mark(price: string, time?: Instant): void {
    this.advance({ kind: 'mark', price: decimal(price) }, time);
  }

  submit(side: 'buy' | 'sell', parts: Request) {
    const { quantity = '1', price, trigger, ...rest } = parts;
    this.#orders += 1;
    return this.exchange.submit({
      ...{ clientOrderId: `c${this.#orders}`, instrument: this.instrument, leg: 'net', side },
      type: price === undefined ? 'market' : 'limit',
      quantity: decimal(quantity),
      price: price === undefined ? null : decimal(price),
      ...{ timeInForce: 'gtc', reduceOnly: false },
      trigger:
        trigger === undefined
          ? null
          : { when: trigger[0], price: decimal(trigger[1]), of: trigger[2] ?? 'last' },
      ...rest,
    });
  }

  order(clientOrderId: string): OrderReport {
    return this.exchange.order({ instrument: this.instrument, orderId: null, clientOrderId })!;
  }

  cancel(clientOrderId: string) {
    return this.exchange.cancel({ instrument: this.instrument, orderId: null, clientOrderId });
  }

  amend(clientOrderId: string, change: { readonly price?: string; readonly quantity?: string }) {
    const reference = { instrument: this.instrument, orderId: null, clientOrderId };
    return this.exchange.amend(reference, {
      ...(change.price === undefined ? {} : { price: decimal(change.price) }),
      ...(change.quantity === undefined ? {} : { quantity: decimal(change.quantity) }),
    });
  }

  /** `c1 buy 1 @ 100 maker` */
  fills(): readonly string[] {
    return this.exchange.fills().map(fillText);
  }

  wallet(currency: string): string {
    const { items } = this.exchange.statement().balances!;
    return toText(items.find((one) => one.currency === currency)!.total);
  }

  available(currency: string): string {
    const { items } = this.exchange.statement().balances!;
    return toText(items.find((one) => one.currency === currency)!.available!);
  }

  /** `net 1 @ 100` */
  positions(): readonly string[] {
    return this.exchange
      .statement()
      .positions!.items.map(
        ({ leg, quantity, averagePrice }) =>
          `${leg} ${toText(quantity)} @ ${averagePrice === null ? '?' : toText(averagePrice)}`,
      );
  }
}

type DistributedOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

const pair = (text: string): [ReturnType<typeof decimal>, ReturnType<typeof decimal>] => {
  const [price, size] = text.split(' ').map(decimal);
  return [price!, size!];
};

export const fillText = (fill: Fill): string =>
  `${fill.clientOrderId ?? fill.cause} ${fill.side} ${toText(fill.quantity)} @ ` +
  `${toText(fill.price)} ${fill.liquidity}`;
