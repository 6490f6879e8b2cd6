import { describe, test } from 'vitest';
import { proveDay } from './proven-day.ts';

const seeds = Array.from({ length: 8 }, (_, index) => 101 + index);

describe('simulated days', () => {
  test.each(seeds)('LS22 seed %i: the book equals the venue after a day of faults', (seed) =>
    proveDay(seed, 24),
  );
});
