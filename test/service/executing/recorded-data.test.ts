import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decimal, toText } from '../../../src/decimal/text.ts';
import { instantText } from '../../../src/model/instant.ts';
import { BarBuilder } from '../../../src/service/executing/bar-builder.ts';
import { PaperRefused } from '../../../src/service/executing/paper-refused.ts';
import {
  instrumentOf,
  readFunding,
  readRecorded,
} from '../../../src/service/executing/recorded-data.ts';
import { written } from './paper-ground.ts';

const header = 'date,open,high,low,close,volume';
const read = (text: string, digits = 8) => readRecorded(written('data.csv', text), 'A/B', digits);
const ending = ({ at }: { readonly at: bigint }) => instantText(at);

/** What it is refused with: code and line. */
function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (!(error instanceof PaperRefused)) throw error;
    const { code, where } = error.refusal;
    return `${code}${where.line === undefined ? '' : ` in line ${where.line}`}`;
  }
  return 'accepted';
}

describe('bars', () => {
  test('ST14 are known when they end, and their binary noise is rounded to the tick', () => {
    const { kind, barMs, events, rounded } = read(
      `${header}\n1515560100000,5.330000000000001e-05,0.0000534,5.28e-05,5.29e-05,7.5\n` +
        '1515560400000,5.29e-05,5.294e-05,0.07545453000000001,5.27e-05,0\n'.replace(
          '0.07545453000000001',
          '5.2690000000000005e-05',
        ),
    );
    expect({ kind, barMs, rounded }).toEqual({ kind: 'bars', barMs: 300_000, rounded: 2 });
    // 2018-01-10 04:55 UTC and five minutes
    expect(events.map(ending)).toEqual(['2018-01-10T05:00:00Z', '2018-01-10T05:05:00Z']);
    const [first, second] = events;
    if (first?.kind !== 'bar' || second?.kind !== 'bar') throw new Error('bars are expected');
    expect([first.open, first.high, second.low].map(toText)).toEqual([
      ...['0.0000533', '0.0000534', '0.00005269'],
    ]);
  });

  test.each([
    [`${header}\n1,2,3\n`, 'row-unreadable in line 2'],
    [`${header}\n1515560100000,1,1,1,1,1\n1515560400000,1,1,1,x,1\n`, 'row-unreadable in line 3'],
    [`${header}\n1515560100000,1,1,1,1,1\n1515560100000,1,1,1,1,1\n`, 'bar-repeated'],
    [`${header}\n1515560100000,1,1,1,1,1\n1515560400000,3,2,1,1,1\n`, 'bar-impossible'],
    [`${header}\n1515560100000,1,1,1,1,1\n1515560400000,0,0,0,0,1\n`, 'bar-impossible'],
    [`${header}\n1515560100000,1,1,1,1,1\n`, 'data-too-short'],
    [`${header}\n`, 'data-empty'],
    ['a,b,c\n1,2,3\n', 'data-unrecognised'],
    ['', 'data-unrecognised'],
  ])('ST14 %j is refused: %s', (text, why) => {
    expect(refusal(() => read(text))).toBe(why);
  });

  test('ST14 a file that is not there is refused', () => {
    expect(refusal(() => readRecorded('nowhere.csv', 'A/B', 8))).toBe('file-unreadable');
  });
});

describe('trades', () => {
  const csv =
    'timestamp,side,price,amount\n1675329600138,buy,1666.8,26.062\n1675329600214,sell,1,2\n';
  const lists =
    '[[1675329600138,"1",null,"buy",1666.8,26.062,43440.1],' +
    '[1675329600214,"2",null,"sell",1.0,2.0,2.0]]';

  test.each([
    ['a table', csv],
    ['lists', lists],
  ])('ST14 from %s, gzipped or not', (_what, text) => {
    const plain = readRecorded(written('trades', text), 'A/B', 8);
    const path = written('trades.gz', '');
    writeFileSync(path, gzipSync(text));
    expect(readRecorded(path, 'A/B', 8)).toEqual({ ...plain, path });
    expect(plain).toMatchObject({ kind: 'trades', barMs: null });
    expect(plain.events.map((event) => [event.kind, ending(event)])).toEqual([
      ['trade', '2023-02-02T09:20:00.138Z'],
      ['trade', '2023-02-02T09:20:00.214Z'],
    ]);
  });

  test('ST14 a bar of trades is whole when its time is over; without a trade there is none', () => {
    const second = 1_000_000_000n;
    const builder = new BarBuilder(60_000);
    for (const [at, price] of [
      [1n, '10'],
      [30n, '12'],
      [59n, '11'],
    ] as const) {
      expect(builder.endedBy(at * second)).toBeNull();
      builder.trade(at * second, decimal(price), decimal('2'));
    }
    const bar = builder.endedBy(60n * second)!;
    const { open, high, low, close, volume } = bar;
    expect([open, high, low, close, volume].map(toText)).toEqual(['10', '12', '10', '11', '6']);
    expect(bar.at).toBe(60n * second);
    expect(builder.endedBy(600n * second)).toBeNull();
    // A trade at the very end of a minute belongs to the next one.
    builder.trade(660n * second, decimal('9'), decimal('1'));
    expect(builder.endedBy(719n * second)).toBeNull();
    expect(builder.endedBy(720n * second)?.at).toBe(720n * second);
  });
});

describe('names and funding', () => {
  test.each([
    ['data/ETH_BTC-5m.csv', 'ETH/BTC'],
    ['XRP_USDT_USDT-1h.csv.gz', 'XRP/USDT:USDT'],
    ['trades.csv', null],
  ])('ST14 %s is of %s', (path, name) => {
    expect(instrumentOf(path)).toBe(name);
  });

  test.each([
    'date,rate\n1700006400000,0.0001\n2023-11-15T08:00:00Z,-0.00025\n',
    'date,open,high\n1700006400000,1e-4,0\n2023-11-15T08:00:00Z,-2.5e-4,0\n',
  ])('ST14 rates of funding are read from %j', (text) => {
    const rates = readFunding(written('funding.csv', text), 'A/B:B');
    expect(rates.map((one) => [ending(one), toText(one.rate)])).toEqual([
      ['2023-11-15T00:00:00Z', '0.0001'],
      ['2023-11-15T08:00:00Z', '-0.00025'],
    ]);
  });

  test('ST14 a rate that cannot be read is refused with its line', () => {
    const path = written('funding.csv', 'date,rate\n1700006400000,0.0001\n1700035200000,\n');
    expect(refusal(() => readFunding(path, 'A/B:B'))).toBe('row-unreadable in line 3');
  });
});
