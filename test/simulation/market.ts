/** The market and whoever trades in it: a bot, a hand beside it, and the exchange itself. */
import { decimal, toText } from '../../src/decimal/text.ts';
import type { Leg } from '../../src/model/fact.ts';
import type { Instant } from '../../src/model/instant.ts';
import { type Instrument, instrumentFromName } from '../../src/model/instrument.ts';
import { openPaperExchange } from '../../src/venues/paper/exchange.ts';
import { PaperRefusal } from '../../src/venues/paper/forced.ts';
import type {
  PaperExchange,
  PaperFees,
  PaperOptions,
} from '../../src/venues/paper/paper-exchange.ts';
import type { OrderRequest, Venue } from '../../src/venues/venue.ts';
import type { Ledger } from './ledger.ts';
import type { Step } from './step.ts';

const listed = (name: string, lotSize: string): Instrument => ({
  ...instrumentFromName('paper', name)!,
  ...{ tickSize: decimal('0.1'), lotSize: decimal(lotSize) },
});

const usual: readonly Instrument[] = [
  listed('BTC/USDT:USDT', '0.001'),
  listed('ETH/USDT:USDT', '0.01'),
  listed('BTC/USDT', '0.001'),
];

/** Each contract is 100 dollars, and settles in the coin that spot trades and fees move too. */
const inverse: Instrument = { ...listed('BTC/USD:BTC', '0.01'), multiplier: decimal('100') };

/** What is traded in which mode, by the seed: the same plan is another day in another account. */
export interface Shape {
  readonly positionMode: 'net' | 'hedge';
  readonly instruments: readonly Instrument[];
}

export const shapeOf = (seed: number): Shape => ({
  positionMode: seed % 7 === 0 || seed % 7 === 5 ? 'hedge' : 'net',
  instruments: seed % 7 === 2 || seed % 7 === 5 ? [...usual, inverse] : usual,
});

const feeKinds: readonly PaperFees['in'][] = [
  'quote',
  'received',
  { coin: 'BNB', rate: decimal('613.7') },
];

export const optionsOf = (seed: number, startAt: Instant): PaperOptions => ({
  ...{ account: 'main', venue: 'paper', currency: 'USDT', seed, latencyMs: 0, ...shapeOf(seed) },
  ...{ minNotional: null, leverageMax: 20 },
  ...{ maintenanceRate: decimal('0.005'), fundingHours: 1, startAt },
  fees: { maker: decimal('-0.0001'), taker: decimal('0.00055'), in: feeKinds[seed % 3]! },
});

/** An exchange with money in it, of which the ledger keeps what happens. */
export function openExchange(options: PaperOptions, ledger: Ledger): PaperExchange {
  const multipliers = new Map(
    options.instruments.map(({ name, multiplier }) => [name, toText(multiplier)]),
  );
  const exchange = openPaperExchange(options);
  exchange.listen((event) => {
    if (event.kind === 'bust') ledger.bust(event.bust.executionId, event.at);
    else if (event.kind === 'cash-flow') {
      const { id, kind, currency, amount, time: at } = event.flow;
      ledger.flow({ id, kind, currency, amount: toText(amount), at });
    } else if (event.kind === 'fill') {
      const { executionId: id, instrument, side, leg, quantity, price, fees } = event.fill;
      const multiplier = multipliers.get(instrument)!;
      ledger.fill({
        ...{ id, instrument, side, leg, multiplier, at: event.fill.time },
        ...{ quantity: toText(quantity), price: toText(price) },
        fees: (fees ?? []).map(({ currency, amount }) => [currency, toText(amount)]),
      });
    }
  });
  exchange.deposit('USDT', decimal('1000000'));
  exchange.deposit('BTC', decimal('50'));
  exchange.deposit('BNB', decimal('5'));
  return exchange;
}

const tenth = (tenths: number) => decimal(`${Math.floor(tenths / 10)}.${tenths % 10}`);

export class Market {
  readonly #exchange: PaperExchange;
  readonly #venue: Venue;
  readonly #shape: Shape;
  /** In tenths. */
  readonly #prices = [10_000, 2_000, 10_000, 10_000];
  #orders = 0;

  constructor(exchange: PaperExchange, venue: Venue, shape: Shape) {
    this.#exchange = exchange;
    this.#venue = venue;
    this.#shape = shape;
  }

  /** What the market or somebody in it does. False: the step is none of theirs. */
  act(step: Step): boolean {
    try {
      return this.#act(step);
    } catch (error) {
      // The exchange cannot do it now: nothing happened.
      if (error instanceof PaperRefusal) return true;
      throw error;
    }
  }

  #act(step: Step): boolean {
    const { kind, which, a, b } = step;
    const exchange = this.#exchange;
    const { of, tenths, place } = this.#at(step);
    const size = decimal(`${1 + (b % 20)}.${String(a % 100).padStart(2, '0')}`);
    switch (kind) {
      case 'touch': {
        this.#prices[place] = Math.max(500, tenths + (a % 21) - 10);
        const bid = { bid: tenth(this.#prices[place]! - 1), bidSize: size };
        const ask = { ask: tenth(this.#prices[place]! + 1), askSize: size };
        exchange.advance({ kind, ...of, ...bid, ...ask });
        return true;
      }
      case 'trade': {
        const side = a % 2 === 0 ? 'buy' : 'sell';
        const price = tenth(tenths + (side === 'buy' ? 1 : -1) * (1 + (b % 12)));
        exchange.advance({ kind, ...of, price, quantity: size, side });
        return true;
      }
      case 'mark':
        exchange.advance({ kind, ...of, price: tenth(tenths) });
        return true;
      case 'rate':
        exchange.advance({ kind: 'funding-rate', ...of, rate: decimal(`0.000${1 + (a % 9)}`) });
        return true;
      case 'deposit':
        exchange.deposit('USDT', decimal(`${1 + a}.${b}`));
        return true;
      case 'withdraw':
        exchange.withdraw('USDT', decimal(`${1 + a}.${b}`));
        return true;
      case 'liquidate':
        exchange.liquidate(of.instrument);
        return true;
      case 'deleverage':
        exchange.deleverage(of.instrument, size);
        return true;
      case 'bust': {
        const young = exchange.fills().slice(-60);
        if (young.length > 0) exchange.bust(young[which % young.length]!.executionId);
        return true;
      }
      default:
        return this.#trade(step);
    }
  }

  #trade(step: Step): boolean {
    const { kind, which, a, b } = step;
    const { tenths, of } = this.#at(step);
    const side = a % 2 === 0 ? 'buy' : 'sell';
    const away = (side === 'buy' ? -1 : 1) * (b % 9);
    const parts = { side, quantity: decimal(`${1 + (a % 9)}.${b % 10}`) } as const;
    const open = this.#exchange.openOrders();
    const chosen = open[which % Math.max(1, open.length)];
    switch (kind) {
      case 'limit':
        this.#submit(of.instrument, { ...parts, type: 'limit', price: tenth(tenths + away) });
        return true;
      case 'market':
        this.#submit(of.instrument, { ...parts, type: 'market', price: null });
        return true;
      case 'by-hand':
        // Past the bot and past us.
        this.#exchange.submit(
          this.#request(of.instrument, { ...parts, type: 'market', price: null }),
        );
        return true;
      case 'cancel':
        if (chosen !== undefined) void this.#venue.cancel({ ...chosen });
        return true;
      case 'amend':
        if (chosen !== undefined)
          void this.#venue.amend({ ...chosen }, { quantity: parts.quantity });
        return true;
      default:
        return false;
    }
  }

  /** Everything that rests is cancelled. */
  end(): void {
    for (const { instrument, orderId } of this.#exchange.openOrders()) {
      this.#exchange.cancel({ instrument, orderId, clientOrderId: null });
    }
  }

  #at({ which }: Step) {
    const { instruments } = this.#shape;
    const place = which % instruments.length;
    const of = { instrument: instruments[place]!.name, at: this.#exchange.now() };
    return { place, of, tenths: this.#prices[place]! };
  }

  /** One that gets no answer is looked up, and sent again only where it is not there. */
  #submit(instrument: string, parts: OrderParts): void {
    const request = this.#request(instrument, parts);
    void this.#sent(request);
  }

  async #sent(request: OrderRequest): Promise<void> {
    const submitted = await this.#venue.place(request);
    if (submitted.status !== 'unknown') return;
    const { instrument, clientOrderId } = request;
    const known = this.#exchange.order({ instrument, orderId: null, clientOrderId });
    if (known === null) await this.#venue.place(request);
  }

  #request(instrument: string, parts: OrderParts): OrderRequest {
    this.#orders += 1;
    const clientOrderId = `c${this.#orders}`;
    const timeInForce = parts.type === 'market' ? 'ioc' : 'gtc';
    const rest = { reduceOnly: false, trigger: null, timeInForce } as const;
    const leg = this.#legOf(instrument);
    return { clientOrderId, instrument, ...parts, leg, ...rest };
  }

  /** In hedge mode a buy is for a new long as often as against a short. */
  #legOf(instrument: string): Leg {
    const isNet = this.#shape.positionMode === 'net' || !instrument.includes(':');
    if (isNet) return 'net';
    return this.#orders % 2 === 0 ? 'long' : 'short';
  }
}

type OrderParts = Pick<OrderRequest, 'side' | 'type' | 'quantity' | 'price'>;
