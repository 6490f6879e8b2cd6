/** What holds of a simulated day, and that it was a bad one. */
import { expect } from 'vitest';
import { planOf } from './plan.ts';
import { shrunk } from './shrink.ts';
import { simulate } from './simulation.ts';
import { isFault, stepText } from './step.ts';

const steps = 2_000;

export async function proveSeed(seed: number): Promise<void> {
  const plan = planOf(seed, steps);
  const { faults, histogram, crashes, fills } = await simulate({ seed, plan });
  if (faults.length > 0) {
    const story = await shrunk(seed, plan, 40);
    expect.fail([...faults, ...(story?.plan ?? []).map(stepText)].join('\n'));
  }
  const kinds = [...histogram.keys()].filter((kind) => kind !== 'told' && isFault(kind));
  expect([...histogram.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(steps);
  expect(crashes).toBeGreaterThan(0);
  expect(kinds.length).toBeGreaterThan(2);
  expect(fills).toBeGreaterThan(40);
}
