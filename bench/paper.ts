/** The recorded feeds through the paper exchange with 100 resting orders, and their decoding. */
import { existsSync } from 'node:fs';
import { decimalOf } from '../src/decimal/decimal.ts';
import { decimal } from '../src/decimal/text.ts';
import { openPaperExchange } from '../src/venues/paper/exchange.ts';
import { BinanceCapture } from '../src/venues/paper/feed/binance-capture.ts';
import type { MarketEvent, PaperExchange } from '../src/venues/paper/paper-exchange.ts';
import {
  linesOf,
  namesOf,
  type RecordedFeed,
  recordedFeeds,
} from '../test/venues/paper/recorded-feed.ts';
import { measure, linesOf as resultLines } from './measure.ts';

const rounds = 9;
const restingOrders = 100;
const folder = new URL('../../shared/data/feed-binance-hft/', import.meta.url);

export function run(): void {
  if (!existsSync(folder)) {
    console.log('  no feed-binance-hft beside the repository');
    return;
  }
  for (const feed of recordedFeeds) {
    const lines = linesOf(feed);
    const events = decoded(feed, lines);
    console.log(`${feed.file}: ${events.length.toLocaleString('en')} events`);
    const candidates = [
      { name: 'JSON.parse of the lines (baseline)', run: () => parsedPlainly(lines) },
      { name: 'decoding', run: () => decoded(feed, lines).length },
      { name: `exchange, ${restingOrders} resting orders`, run: () => traded(feed, events) },
      { name: 'exchange, no order', run: () => traded(feed, events, 0) },
    ];
    for (const line of resultLines(measure(candidates, events.length, rounds), ' events')) {
      console.log(line);
    }
  }
}

function decoded(feed: RecordedFeed, lines: readonly string[]): MarketEvent[] {
  const capture = new BinanceCapture(namesOf(feed));
  const events: MarketEvent[] = [];
  for (const line of lines) {
    const event = capture.decode(line);
    if (event !== null) events.push(event);
  }
  return events;
}

/** What the decoding is held against: it loses digits, and makes no events. */
function parsedPlainly(lines: readonly string[]): number {
  let members = 0;
  for (const line of lines) {
    const message = JSON.parse(line.slice(line.indexOf(' ') + 1)) as object;
    members += 'data' in message ? 1 : 0;
  }
  return members;
}

function traded(feed: RecordedFeed, events: readonly MarketEvent[], orders = restingOrders) {
  const exchange = openPaperExchange({
    ...{ account: 'main', venue: 'paper', currency: 'USDT', seed: 1, latencyMs: 5 },
    ...{ instruments: [feed.instrument], minNotional: null, positionMode: 'net', leverageMax: 10 },
    ...{ maintenanceRate: decimal('0.005'), fundingHours: 8, startAt: events[0]!.at },
    fees: { maker: decimal('0.0002'), taker: decimal('0.0005'), in: 'quote' },
  });
  exchange.deposit('USDT', decimal('1000000000'));
  exchange.deposit('BTC', decimal('100000'));
  let placed = orders === 0;
  for (const event of events) {
    exchange.advance(event);
    if (placed || event.kind !== 'touch') continue;
    placed = true;
    for (let number = 0; number < orders; number++) rest(exchange, feed, event, number);
  }
  return exchange.fills().length + exchange.openOrders().length;
}

/** Buys and sells in turn, a dollar further from the touch each, the nearest at it. */
function rest(
  exchange: PaperExchange,
  { instrument }: RecordedFeed,
  touch: Extract<MarketEvent, { kind: 'touch' }>,
  number: number,
): void {
  const side = number % 2 === 0 ? 'buy' : 'sell';
  const near = side === 'buy' ? touch.bid : touch.ask;
  const away = Math.floor(number / 2) * 10 ** near.scale * (side === 'buy' ? -1 : 1);
  exchange.submit({
    ...{ clientOrderId: `c${number}`, instrument: instrument.name, leg: 'net', side },
    ...{ type: 'limit', timeInForce: 'gtc', reduceOnly: false, trigger: null },
    quantity: decimal('1'),
    price: decimalOf(Number(near.coefficient) + away, near.scale),
  });
}
