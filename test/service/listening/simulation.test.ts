import { describe, test } from 'vitest';
import { proveDay } from './proven-day.ts';

describe('simulated hours', () => {
  test.each([1, 2])('LS22 seed %i: the book equals the venue after two hours of faults', (seed) =>
    proveDay(seed, 2),
  );
});
