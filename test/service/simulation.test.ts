import { expect, test } from 'vitest';
import { simulate } from './simulation.ts';

// A seed that once failed is named here with what it found, and stays.
const found: readonly (readonly [number, string])[] = [
  [3, 'two legs delivered at once, closed in the order of arrival'],
  [15, 'a plan that repeats an entry is told a sequence that is not the entry’s'],
];

test.each([
  ...Array.from({ length: 8 }, (_, index) => [101 + index, 'any day'] as const),
  ...found,
])('W1 W2 W3 the book is the fold of its facts, whatever happens: seed %i, %s', async (seed) => {
  const { faults, entries, outcomes } = await simulate({ seed, steps: 300 });
  expect(faults).toEqual([]);
  expect(entries).toBeGreaterThan(200);
  expect(outcomes['booked']).toBeGreaterThan(100);
});
