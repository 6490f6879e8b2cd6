import { expect, test } from 'vitest';
import { decimal } from '../../../src/decimal/text.ts';
import { openPaperExchange } from '../../../src/venues/paper/exchange.ts';
import { BinanceCapture } from '../../../src/venues/paper/feed/binance-capture.ts';
import { decimalOfUnits, gridOf, unitsOf } from '../../../src/venues/paper/matching/grid.ts';
import type { PaperExchange } from '../../../src/venues/paper/paper-exchange.ts';
import type { OrderRequest } from '../../../src/venues/venue.ts';
import { Random } from '../../decimal/random.ts';
import { hasData } from '../../real-data/data-folder.ts';
import { needs } from '../../real-data/needs-data.ts';
import { LegalFills } from './legal-fills.ts';
import { fees, optionsOf } from './paper-kit.ts';
import { linesOf, namesOf, type RecordedFeed, recordedFeeds } from './recorded-feed.ts';

needs(hasData('feed-binance-hft'), 'feed-binance-hft');

const kinds = ['gtc', 'gtc', 'post-only', 'ioc', 'fok'] as const;

/** An order near the touch, of a size that is sometimes larger than what is shown. */
function randomOrder(random: Random, feed: RecordedFeed, touch: Touch, id: number): OrderRequest {
  const { instrument } = feed;
  const grid = gridOf(instrument);
  const side = random.chance(0.5) ? 'buy' : 'sell';
  const isMarket = random.chance(0.15);
  const near = side === 'buy' ? touch.bid : touch.ask;
  const away = random.between(-12, 30) * grid.tick * (side === 'buy' ? -1 : 1);
  const lots = random.between(1, instrument.type === 'inverse' ? 4000 : 3000) * grid.lot;
  return {
    clientOrderId: `c${id}`,
    instrument: instrument.name,
    leg: 'net',
    side,
    type: isMarket ? 'market' : 'limit',
    quantity: decimalOfUnits(lots, grid.sizeScale),
    price: isMarket ? null : decimalOfUnits(near + away, grid.priceScale),
    timeInForce: isMarket ? 'ioc' : random.pick(kinds),
    reduceOnly: instrument.type !== 'spot' && random.chance(0.1),
    trigger: random.chance(0.05)
      ? {
          price: decimalOfUnits(near + 5 * grid.tick, grid.priceScale),
          ...{ when: 'rises-to', of: 'last' },
        }
      : null,
  };
}

interface Touch {
  readonly bid: number;
  readonly ask: number;
}

function changeOne(random: Random, exchange: PaperExchange): void {
  const open = exchange.openOrders();
  if (open.length === 0) return;
  const { instrument, orderId, clientOrderId, quantity, price } = random.pick(open);
  const reference = { instrument, orderId, clientOrderId };
  if (random.chance(0.5) || price === null) exchange.cancel(reference);
  else exchange.amend(reference, random.chance(0.5) ? { quantity } : { price });
}

function run(
  feed: RecordedFeed,
  latencyMs: number,
): { legal: LegalFills; exchange: PaperExchange } {
  const random = new Random(11);
  const capture = new BinanceCapture(namesOf(feed));
  const grid = gridOf(feed.instrument);
  const legal = new LegalFills();
  const [first, ...lines] = linesOf(feed);
  const startAt = capture.decode(first!)!.at;
  const exchange = openPaperExchange(
    optionsOf({ instruments: [feed.instrument], latencyMs, startAt, fees: fees('0', '0.0004') }),
  );
  exchange.deposit('USDT', decimal('1000000000'));
  exchange.deposit('BTC', decimal('10000'));
  exchange.listen((event) => {
    if (event.kind === 'order') legal.order(event.order);
    if (event.kind === 'fill') legal.fill(event.fill);
  });
  let touch: Touch | null = null;
  let orders = 0;
  for (const line of lines) {
    const event = capture.decode(line);
    if (event === null) continue;
    legal.before(event);
    exchange.advance(event);
    legal.after(event);
    if (event.kind === 'touch') {
      const bid = unitsOf(event.bid, grid.priceScale, 'down');
      touch = { bid, ask: unitsOf(event.ask, grid.priceScale, 'up') };
    }
    if (touch !== null && random.chance(0.02)) {
      orders += 1;
      exchange.submit(randomOrder(random, feed, touch, orders));
    }
    if (random.chance(0.01)) changeOne(random, exchange);
  }
  return { legal, exchange };
}

for (const feed of recordedFeeds) {
  test(`PX1 PX3 every fill on ${feed.file} is one that the data allows`, () => {
    const { legal, exchange } = run(feed, 5);
    expect(legal.illegal).toEqual([]);
    expect(legal.counts.maker).toBeGreaterThan(20);
    expect(legal.counts.taker).toBeGreaterThan(100);
    expect(exchange.fills().length).toBe(legal.counts.maker + legal.counts.taker);
  });
}
