/** What everybody is told: instruments, tickers, books, candles. */
import type { Desk } from './desk.ts';
import type { RequestParameters } from './parameters.ts';
import { instrumentPayload } from './payload-instrument.ts';
import { bookPayload, candlePayload, tickerPayload } from './payload-market.ts';
import { badParameter } from './refusal.ts';
import { instrumentOf } from './trading.ts';

export function serverTime(desk: Desk) {
  const at = desk.floor.clock.told();
  return { timeSecond: String(at / 1_000_000_000n), timeNano: String(at) };
}

export function instruments(desk: Desk, parameters: RequestParameters) {
  const category = parameters.needed('category');
  const status = parameters.text('status');
  const symbol = parameters.text('symbol');
  const isEmpty = status !== null && status !== 'Trading';
  const found = desk.terms.names.instruments.filter(
    ({ type, name }) =>
      type === category && (symbol === null || desk.terms.names.symbol(name) === symbol),
  );
  const list = isEmpty
    ? []
    : found.map((one) => instrumentPayload(one, desk.terms, desk.floor.paper));
  return { category, list, nextPageCursor: '' };
}

export function tickers(desk: Desk, parameters: RequestParameters) {
  const category = parameters.needed('category');
  const symbol = parameters.text('symbol');
  const { floor, terms } = desk;
  const found = terms.names.instruments.filter(
    ({ type, name }) => type === category && [null, terms.names.symbol(name)].includes(symbol),
  );
  if (symbol !== null && found.length === 0) throw badParameter(`symbol invalid ${symbol}`);
  const { fundingHours } = floor.paper;
  const list = found.map((one) =>
    tickerPayload(one, floor.market.quote(one.name), fundingHours, floor.clock.told(), terms),
  );
  return { category, list };
}

export function orderBook(desk: Desk, parameters: RequestParameters) {
  const { name } = instrumentOf(desk, parameters.category(), parameters);
  const book = desk.floor.market.book(name, parameters.limit(25, 1000));
  return bookPayload(desk.terms.names.symbol(name), book, desk.floor.clock.told());
}

/** Candles of one minute alone: nothing is summed up to longer ones. */
export function candles(desk: Desk, parameters: RequestParameters) {
  const category = parameters.category();
  const { name } = instrumentOf(desk, category, parameters);
  if ((parameters.text('interval') ?? '1') !== '1')
    throw badParameter('interval: the emulator has candles of one minute');
  const from = BigInt(parameters.whole('start') ?? 0) * 1_000_000n;
  const end = parameters.whole('end');
  const to = end === null ? desk.floor.clock.now() : BigInt(end) * 1_000_000n;
  const found = desk.floor.market.candles(name).filter((one) => one.from >= from && one.from <= to);
  const list = found.slice(-parameters.limit(200, 1000)).reverse().map(candlePayload);
  return { category, symbol: desk.terms.names.symbol(name), list };
}
