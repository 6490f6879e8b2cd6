/**
 * The bot of the incident, and whoever else trades in its account. Its manager of aged positions
 * sizes every exit from what its database stores, cancels the old order before it makes a new one,
 * and hears of no fill.
 */
import type { Decimal } from '../../decimal/decimal.ts';
import { decimal, toText } from '../../decimal/text.ts';
import type { Side } from '../../model/fact.ts';
import type { OrderRequest, Submitted, Venue } from '../../venues/venue.ts';
import { nameOf } from './mismatch-market.ts';
import { NotThere } from './rehearsal.ts';

/** How client order ids of the bot begin, and of whoever trades by hand beside it. */
export const botPrefix = 'bot-';
export const exitPrefix = `${botPrefix}exit-`;
export const handPrefix = 'hand-';

export interface Traded {
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: Decimal;
}

export class NaiveTrader {
  readonly #venue: Venue;
  /** Client order ids of exits that rest, by symbol. */
  readonly #exits = new Map<string, string>();
  #count = 0;

  constructor(venue: Venue) {
    this.#venue = venue;
  }

  /** At market; `reduceOnly` closes no more than there is. */
  async trade(prefix: string, what: Traded, reduceOnly: boolean): Promise<void> {
    await this.#place({ prefix, what, price: null, reduceOnly });
  }

  /** A limit exit of a short position for the stored size. */
  async exit(symbol: string, stored: string, price: string): Promise<void> {
    const what = { symbol, side: 'buy', quantity: decimal(stored) } as const;
    const placing = { prefix: exitPrefix, what, price: decimal(price), reduceOnly: true };
    this.#exits.set(symbol, await this.#place(placing));
  }

  /** Those that it placed last. */
  async cancelExits(): Promise<void> {
    for (const [symbol, clientOrderId] of this.#exits) {
      const order = { instrument: nameOf(symbol), orderId: null, clientOrderId };
      taken(`cancelling ${clientOrderId}`, await this.#venue.cancel(order));
    }
    this.#exits.clear();
  }

  async #place({ prefix, what, price, reduceOnly }: Placing): Promise<string> {
    this.#count += 1;
    const { symbol, side, quantity } = what;
    const clientOrderId = `${prefix}${symbol}-${this.#count}`;
    const request: OrderRequest = {
      ...{ clientOrderId, instrument: nameOf(symbol), leg: 'net', side, quantity, price },
      ...{ type: price === null ? 'market' : 'limit', reduceOnly, trigger: null },
      timeInForce: price === null ? 'ioc' : 'gtc',
    };
    const words = `${side} ${toText(quantity)} ${symbol}`;
    taken(words, await this.#venue.place(request));
    return clientOrderId;
  }
}

interface Placing {
  readonly prefix: string;
  readonly what: Traded;
  /** Null: at market. */
  readonly price: Decimal | null;
  readonly reduceOnly: boolean;
}

function taken(what: string, submitted: Submitted): void {
  if (submitted.status === 'accepted') return;
  throw new NotThere(`an order of the bot was not taken: ${what}: ${submitted.why}`);
}
