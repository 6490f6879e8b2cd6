/**
 * Half an hour of a bad day for each seed; the seeds of the suite, and those that once found
 * something. Thousands more: `npm run simulate -- --seed 1 --seeds 10000 --workers 2`.
 */
import { expect, test } from 'vitest';
import { planOf } from './plan.ts';
import { simulate } from './simulation.ts';
import { isFault } from './step.ts';

const seeds = Array.from({ length: 6 }, (_, index) => index + 1);

test.each(seeds)('SM1 SM2 SM3 seed %i: nothing untrue, and in the end all is true', async (seed) => {
  const plan = planOf(seed, 2_000);
  const { faults, histogram, crashes, fills } = await simulate({ seed, plan });
  expect(faults).toEqual([]);
  expect([...histogram.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(2_000);
  expect(crashes).toBeGreaterThan(0);
  expect([...histogram.keys()].filter((kind) => kind !== 'told' && isFault(kind)).length).toBeGreaterThan(2);
  expect(fills).toBeGreaterThan(40);
});
