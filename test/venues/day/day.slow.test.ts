/** Days of trading under faults that nobody thought of, each from its seed. */
import { describe, expect, test } from 'vitest';
import { proveDay } from './proven-day.ts';

// A day takes some seconds: more of them by TRUEUP_DAY_SEEDS, or `npm run soak -- venues`.
const count = Number(process.env['TRUEUP_DAY_SEEDS'] ?? 2);
const first = Number(process.env['TRUEUP_DAY_FIRST'] ?? 1);
const seeds = Array.from({ length: count }, (_, index) => first + index);

describe('a day at an exchange through ccxt', () => {
  test.each(seeds)('LS60 seed %i: the book is what the exchange states', async (seed) => {
    const { fills, faults } = await proveDay(seed);
    expect(fills).toBeGreaterThan(50);
    expect(faults).toBeGreaterThan(0);
  });
});
