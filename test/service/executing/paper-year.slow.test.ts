import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decimal } from '../../../src/decimal/text.ts';
import { instrumentFromName } from '../../../src/model/instrument.ts';
import {
  instrumentOf as nameOf,
  readRecorded,
} from '../../../src/service/executing/recorded-data.ts';
import type { MarketEvent } from '../../../src/venues/paper/paper-exchange.ts';
import { root } from '../../house/sources.ts';
import { needs } from '../../real-data/needs-data.ts';
import { exampleBars } from './made-bars.ts';
import { perpetual, ran } from './paper-ground.ts';

describe('a year of bars on a perpetual, a quarter elsewhere, four strategies at once', () => {
  test.each([
    ['ABC/USDT', '10000', 2_190, 25],
    [perpetual, '10000', 8_760, 100],
    ['ABC/USD:ABC', '10', 2_190, 25],
  ])('ST11 %s with %s ends TRUE after %i bars', async (name, capital, count, fillsMin) => {
    const funding: MarketEvent[] = [
      {
        ...{ kind: 'funding-rate', instrument: name, at: BigInt(exampleBars.startMs) * 1_000_000n },
        rate: decimal('0.0001'),
      },
    ];
    const { document } = await ran({
      ...{ name, bars: { count }, capital: decimal(capital), minNotional: decimal('1') },
      funding: name === 'ABC/USDT' ? [] : funding,
    });
    expect(document.verdict).toBe('true');
    expect(document.performance).toMatchObject({
      bars: count,
      barsWithoutEquity: name.endsWith(':ABC') ? expect.any(Number) : 0,
    });
    expect(document.strategies.every(({ fills }) => fills > fillsMin)).toBe(true);
    expect(document.performance.bridge.unexplained).toBe('0');
  });
});

const folder = join(root, '..', 'shared', 'data', 'bars-freqtrade');
const isThere = existsSync(folder);

describe('real bars of ten pairs', () => {
  needs(isThere, 'bars-freqtrade');
  // Each takes seconds: all of them by TRUEUP_PAIRS=10.
  const count = Number(process.env['TRUEUP_PAIRS'] ?? 3);
  const all = isThere ? readdirSync(folder).filter((name) => /_BTC-5m\.csv$/.test(name)) : [];
  const files = all.slice(0, count);

  test.each(files.length > 0 ? files : ['none'])(
    'ST11 ST14 twenty days of %s end TRUE',
    async (file) => {
      const path = join(folder, file);
      const steps = { tickSize: decimal('0.00000001'), lotSize: decimal('0.001') };
      const instrument = { ...instrumentFromName('paper', nameOf(path)!)!, ...steps };
      const data = [readRecorded(path, instrument.name, 8)];
      const { document } = await ran({
        ...{ data, instruments: [instrument], currency: 'BTC', capital: decimal('10') },
        minNotional: decimal('0.0001'),
      });
      expect(document.verdict).toBe('true');
      expect(document.performance.fills).toBeGreaterThan(100);
      expect(document.performance.bars).toBe(data[0]!.events.length);
    },
  );
});

describe('real trades', () => {
  needs(isThere, 'bars-freqtrade');

  test('ST14 two days of XRP/ETH trades as bars of a minute end TRUE', async () => {
    const path = join(folder, 'XRP_ETH-trades.json.gz');
    const steps = { tickSize: decimal('0.00000001'), lotSize: decimal('1') };
    const instrument = { ...instrumentFromName('paper', 'XRP/ETH')!, ...steps };
    const data = [readRecorded(path, 'XRP/ETH', 8)];
    const { document } = await ran({
      ...{ data, instruments: [instrument], currency: 'ETH', capital: decimal('10') },
      minNotional: decimal('0.001'),
    });
    expect(document.verdict).toBe('true');
    expect(document.performance.fills).toBeGreaterThan(50);
  });
});

const feed = join(root, '..', 'shared', 'data', 'feed-binance-hft');

describe('a real feed of trades and depth', () => {
  needs(existsSync(feed), 'feed-binance-hft');

  test('ST14 six minutes of BTC/USDT:USDT as bars of a second end TRUE', async () => {
    const path = join(feed, 'usdm-btcusdt_20240808.gz');
    const steps = { tickSize: decimal('0.1'), lotSize: decimal('0.001') };
    const instrument = { ...instrumentFromName('paper', 'BTC/USDT:USDT')!, ...steps };
    const data = [readRecorded(path, instrument.name, 1)];
    const { document } = await ran({
      ...{ data, instruments: [instrument], currency: 'USDT', capital: decimal('100000') },
      barMs: 1_000,
    });
    expect(document.verdict).toBe('true');
    expect(document.performance.fills).toBeGreaterThan(20);
  });
});
