/** Market data in: captures, bars, prints, several at once. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toText } from '../../../src/decimal/text.ts';
import { instant } from '../../../src/model/instant.ts';
import { BinanceCapture } from '../../../src/venues/paper/feed/binance-capture.ts';
import { mergeByTime } from '../../../src/venues/paper/feed/merge.ts';
import { plainNumber, readBars, readTrades } from '../../../src/venues/paper/feed/tables.ts';
import type { MarketEvent } from '../../../src/venues/paper/paper-exchange.ts';
import { hasData, readData } from '../../real-data/data-folder.ts';
import { linesOf, namesOf, recordedFeeds } from './recorded-feed.ts';

for (const feed of recordedFeeds) {
  test(`PX20 the scanner reads ${feed.file} as the lossless parser does`, ({ skip }) => {
    skip(!hasData('feed-binance-hft'), 'no feed-binance-hft beside the repository');
    const scanned = new BinanceCapture(namesOf(feed));
    const parsed = new BinanceCapture(namesOf(feed));
    let events = 0;
    for (const [index, line] of linesOf(feed).entries()) {
      const event = scanned.decode(line);
      if (event !== null) events += 1;
      // Both are slow to compare: all kinds occur among the first, and a tenth of the rest.
      if (index < 2000 || index % 10 === 0) expect(parsed.parse(line)).toEqual(event);
    }
    expect(scanned.faults).toEqual([]);
    expect(events).toBeGreaterThan(40_000);
  });
}

const names = new Map([['BTCUSDT', 'BTC/USDT']]);
const stamp = '1723161254087896568';
const trade = (fields: string) =>
  `${stamp} {"stream":"btcusdt@trade","data":{"e":"trade",${fields}}}`;

test('PX20 numbers keep every digit, whoever reads them', () => {
  const capture = new BinanceCapture(names);
  const line = trade('"s":"BTCUSDT","p":"61837.123456789012345678","q":"0.00000001","m":true');
  const event = capture.decode(line);
  expect(event).toMatchObject({ kind: 'trade', side: 'sell', at: BigInt(stamp) });
  expect(toText((event as Extract<MarketEvent, { kind: 'trade' }>).price)).toBe(
    '61837.123456789012345678',
  );
});

test.each([
  ['another symbol is left out', trade('"s":"ETHUSDT","p":"1","q":"1","m":true'), 0],
  [
    'a trade outside the book is left out',
    trade('"s":"BTCUSDT","p":"1","q":"1","X":"ADL","m":true'),
    0,
  ],
  ['another stream is left out', `${stamp} {"stream":"btcusdt@kline","data":{"s":"BTCUSDT"}}`, 0],
  ['a price that is none is told', trade('"s":"BTCUSDT","p":"1e5","q":"1","m":true'), 1],
  ['a negative size is told', trade('"s":"BTCUSDT","p":"1","q":"-1","m":true'), 1],
  ['a number that is no text is told', trade('"s":"BTCUSDT","p":1,"q":"1","m":true'), 1],
  ['a missing field is told', trade('"s":"BTCUSDT","q":"1","m":true'), 1],
  ['a cut line is told', trade('"s":"BTCUSDT","p":"1","q":"1","m":true').slice(0, -4), 1],
  ['a line without a time is told', '{"stream":"btcusdt@trade","data":{}}', 1],
] as const)('PX20 %s', (_, line, faults) => {
  const capture = new BinanceCapture(names);
  capture.decode(trade('"s":"BTCUSDT","p":"1","q":"1","m":true'));
  expect(capture.decode(line)).toBeNull();
  expect(capture.faults.length).toBe(faults);
  if (faults > 0) expect(capture.faults[0]!.where.line).toBe(2);
});

test('PX20 a snapshot holds what came before it and was newer, and nothing comes twice', () => {
  const capture = new BinanceCapture(names);
  const update = (u: number, bids: string) =>
    capture.decode(
      `${stamp} {"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","s":"BTCUSDT","u":${u},` +
        `"b":[${bids}],"a":[]}}`,
    );
  update(7, '["100","1"],["98","6"]');
  update(9, '["100","0"],["99","4"]');
  const whole = capture.decode(
    `${stamp} {"lastUpdateId":8,"bids":[["100","2"],["98","5"]],"asks":[["101","3"]]}`,
  ) as Extract<MarketEvent, { kind: 'depth' }>;
  const levels = whole.bids.map(([price, size]) => `${toText(price)} ${toText(size)}`);
  expect([whole.snapshot, levels]).toEqual([true, ['98 5', '99 4']]);
  expect(update(8, '["98","9"]')).toBeNull();
  expect(update(10, '["98","9"]')).toMatchObject({ kind: 'depth', snapshot: false });
});

test('PX20 a number with an exponent is the same number', () => {
  fc.assert(
    fc.property(fc.nat(999_999), fc.integer({ min: -30, max: 20 }), (digits, exponent) => {
      const moved = toText(plainNumber(`${digits}e${exponent}`)!);
      const back = toText(plainNumber(`${moved}e${-exponent}`)!);
      expect(back).toBe(String(digits));
    }),
  );
  expect(toText(plainNumber('5.330000000000001e-05')!)).toBe('0.00005330000000000001');
  expect(plainNumber('-1')).toBeNull();
  expect(plainNumber('0x10')).toBeNull();
});

test('PX20 bars know nothing before they end; what cannot be read is told', () => {
  const text =
    'date,open,high,low,close,volume\n1515560100000,1,3,0.5,2,10\n1515560400000,,1,1,1,1\n';
  const { events, faults } = readBars(text, { instrument: 'ADA/BTC', barMs: 300_000 });
  expect(events.map(({ at }) => at)).toEqual([instant('2018-01-10T05:00:00Z')]);
  expect(faults.map(({ where }) => where.line)).toEqual([3]);
});

test('PX20 the recorded bars are read whole', ({ skip }) => {
  skip(!hasData('bars-freqtrade'), 'no bars-freqtrade beside the repository');
  const text = readData('bars-freqtrade/ADA_BTC-5m.csv');
  const { events, faults } = readBars(text, { instrument: 'ADA/BTC', barMs: 300_000 });
  expect(faults).toEqual([]);
  expect(events.length).toBe(text.trimEnd().split('\n').length - 1);
  expect(events.every((one, index) => index === 0 || one.at > events[index - 1]!.at)).toBe(true);
});

test('PX20 prints come as CSV or as NDJSON, in order of time', () => {
  const csv = 'time,side,price,amount\n2024-01-01T00:00:02Z,SELL,2,1\n1704067201,buy,1.5,3\n';
  const json = '{"timestamp":1704067201000,"price":1.5,"qty":"3","side":"buy"}\n{"price":1}\n';
  const fromCsv = readTrades(csv, 'A/B');
  expect(fromCsv.events.map((one) => one.at)).toEqual([
    instant('2024-01-01T00:00:01Z'),
    instant('2024-01-01T00:00:02Z'),
  ]);
  const fromJson = readTrades(json, 'A/B');
  expect(fromJson.events).toEqual([fromCsv.events[0]]);
  expect(fromJson.faults.map(({ where }) => where.line)).toEqual([2]);
});

test('PX21 several feeds are one by time, and at the same instant in the order given', () => {
  const feed = fc.array(fc.nat(20), { maxLength: 30 }).map((times) => times.sort((a, b) => a - b));
  fc.assert(
    fc.property(fc.array(feed, { maxLength: 4 }), (feeds) => {
      const events = feeds.map((times, which) =>
        times.map((time) => ({ kind: 'mark', instrument: `${which}`, at: BigInt(time) })),
      ) as unknown as MarketEvent[][];
      const merged = [...mergeByTime(events)];
      const sorted = events.flat().sort((a, b) => Number(a.at - b.at));
      expect(merged).toEqual(sorted);
    }),
  );
});
