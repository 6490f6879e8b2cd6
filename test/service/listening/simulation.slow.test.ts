import { describe, test } from 'vitest';
import { proveDay } from './proven-day.ts';

/** A simulated day takes some seconds: more of them by TRUEUP_DAY_SEEDS. */
const count = Number(process.env['TRUEUP_DAY_SEEDS'] ?? 1);
const seeds = Array.from({ length: count }, (_, index) => 101 + index);

describe('simulated days', () => {
  test.each(seeds)('LS22 seed %i: the book equals the venue after a day of faults', (seed) =>
    proveDay(seed, 24),
  );
});
