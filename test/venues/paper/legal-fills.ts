/**
 * Which fills the recorded data allows, by code that knows nothing of the exchange's: integers of
 * 10^-8 from the texts, the last touch and levels, and one budget for each print.
 */
import { toText } from '../../../src/decimal/text.ts';
import type { Fill, OrderReport } from '../../../src/model/fact.ts';
import type { Instant } from '../../../src/model/instant.ts';
import type { MarketEvent } from '../../../src/venues/paper/paper-exchange.ts';

type Number8 = bigint;
type Value = Parameters<typeof toText>[0];

function units(value: Value): Number8 {
  const [whole = '', fraction = ''] = toText(value).split('.');
  return BigInt(whole + fraction.padEnd(8, '0'));
}

interface Shown {
  size: Number8;
  taken: Number8;
}

export class LegalFills {
  readonly illegal: string[] = [];
  readonly counts = { maker: 0, taker: 0, throughPrint: 0 };
  readonly #levels = { buy: new Map<Number8, Shown>(), sell: new Map<Number8, Shown>() };
  readonly #arrived = new Map<string, Instant>();
  #touch: { readonly bid: Number8; readonly ask: Number8 } | null = null;
  #printed: { readonly event: Extract<MarketEvent, { kind: 'trade' }>; left: Number8 } | null =
    null;

  /** Before the exchange sees it. */
  before(event: MarketEvent): void {
    this.#printed = event.kind === 'trade' ? { event, left: units(event.quantity) } : null;
  }

  /** After the exchange saw it: arrivals before the event met what was shown before it. */
  after(event: MarketEvent): void {
    if (event.kind === 'touch') {
      const before = this.#touch;
      this.#touch = { bid: units(event.bid), ask: units(event.ask) };
      const { bid, ask } = this.#touch;
      if (before?.ask !== ask) this.#passed('buy', (price) => price < ask);
      if (before?.bid !== bid) this.#passed('sell', (price) => price > bid);
      this.#show('buy', this.#touch.ask, units(event.askSize));
      this.#show('sell', this.#touch.bid, units(event.bidSize));
    }
    if (event.kind !== 'depth') return;
    if (event.snapshot) this.#fresh();
    for (const [price, size] of event.asks) this.#deep('buy', units(price), units(size));
    for (const [price, size] of event.bids) this.#deep('sell', units(price), units(size));
  }

  /** Levels that the touch left behind are empty: whatever comes there later is new. */
  #passed(taker: 'buy' | 'sell', isPassed: (price: Number8) => boolean): void {
    const levels = this.#levels[taker];
    for (const price of levels.keys()) if (isPassed(price)) levels.delete(price);
  }

  /** A whole book: what it does not list is not there. */
  #fresh(): void {
    for (const side of ['buy', 'sell'] as const) {
      const touch = side === 'buy' ? this.#touch?.ask : this.#touch?.bid;
      for (const price of this.#levels[side].keys()) {
        if (price !== touch) this.#levels[side].delete(price);
      }
    }
  }

  #deep(taker: 'buy' | 'sell', price: Number8, size: Number8): void {
    const touch = taker === 'buy' ? this.#touch?.ask : this.#touch?.bid;
    const isBehind = touch === undefined || (taker === 'buy' ? price > touch : price < touch);
    if (isBehind) this.#show(taker, price, size);
  }

  /** What we took of a level stays taken, as long as so much of it is shown. */
  #show(taker: 'buy' | 'sell', price: Number8, size: Number8): void {
    const levels = this.#levels[taker];
    const taken = levels.get(price)?.taken ?? 0n;
    levels.set(price, { size, taken: taken < size ? taken : size });
  }

  order({ orderId, status, time }: OrderReport): void {
    if (status === 'open' && !this.#arrived.has(orderId)) this.#arrived.set(orderId, time);
  }

  fill(fill: Fill): void {
    const fault = fill.liquidity === 'maker' ? this.#makerFault(fill) : this.#takerFault(fill);
    if (fill.liquidity !== null) this.counts[fill.liquidity] += 1;
    if (fault !== null) this.illegal.push(`${fill.executionId}: ${fault}`);
  }

  #makerFault({ side, price, quantity, time, orderId }: Fill): string | null {
    if (this.#printed === null) return 'no print';
    const { event } = this.#printed;
    if (event.at !== time) return 'not at the time of the print';
    const arrived = this.#arrived.get(orderId ?? '');
    if (arrived === undefined || arrived > event.at) return 'printed before the order arrived';
    const print = units(event.price);
    const ours = units(price);
    const isThrough = side === 'buy' ? print < ours : print > ours;
    if (isThrough) this.counts.throughPrint += 1;
    if (!isThrough && print !== ours) return `print ${print} did not reach ${ours}`;
    if (!isThrough && event.side === side) return 'the aggressor was on the same side';
    this.#printed.left -= units(quantity);
    return this.#printed.left < 0n ? 'more than was printed' : null;
  }

  #takerFault({ side, price, quantity }: Fill): string | null {
    if (this.#touch === null) return 'no touch was known';
    const paid = units(price);
    if (side === 'buy' ? paid < this.#touch.ask : paid > this.#touch.bid) {
      return `better than the touch: ${paid}`;
    }
    const shown = this.#levels[side].get(paid);
    if (shown === undefined) return `nothing was shown at ${paid}`;
    shown.taken += units(quantity);
    return shown.taken > shown.size ? `more than was shown at ${paid}` : null;
  }
}
