/** Days of trading under faults that nobody thought of, each from its seed. */
import { describe, expect, test } from 'vitest';
import { proveDay } from './proven-day.ts';
import type { DayExchange } from './trading-day.ts';

// Twenty days, several side by side: each waits as long as it works. More of them by
// TRUEUP_DAY_SEEDS, or `npm run soak -- venues`.
const first = Number(process.env['TRUEUP_DAY_FIRST'] ?? 1);
const seedsOf = (count: number) => Array.from({ length: count }, (_, index) => first + index);
const bybitSeeds = seedsOf(Number(process.env['TRUEUP_DAY_SEEDS'] ?? 12));
const binanceSeeds = seedsOf(Number(process.env['TRUEUP_DAY_BINANCE_SEEDS'] ?? 4));

const hedgeSeeds = seedsOf(Number(process.env['TRUEUP_DAY_HEDGE_SEEDS'] ?? 4));

const prove = async (seed: number, exchange: DayExchange, mode: 'net' | 'hedge' = 'net') => {
  const { fills, faults } = await proveDay(seed, exchange, mode);
  expect(fills).toBeGreaterThan(50);
  expect(faults).toBeGreaterThan(0);
};

describe('a day at an exchange through ccxt', () => {
  test.concurrent.each(bybitSeeds)(
    'LS60 Bybit, seed %i: the book is what the exchange states',
    (seed) => prove(seed, 'bybit'),
  );

  test.concurrent.each(binanceSeeds)(
    'LS60 Binance USD-M, seed %i: the book is what the exchange states',
    (seed) => prove(seed, 'binanceusdm'),
  );

  // Odd seeds trade at Bybit, even ones at Binance.
  test.concurrent.each(hedgeSeeds)(
    'LS60 both legs, seed %i: the book is what the exchange states',
    (seed) => prove(seed, seed % 2 === 1 ? 'bybit' : 'binanceusdm', 'hedge'),
  );
});
