/** Bad days; thirty of them in simulation.slow.test.ts, thousands by `npm run simulate`. */
import { test } from 'vitest';
import { proveSeed } from './proven-seed.ts';

test.each([1, 3])('SM1 SM2 SM3 seed %i: nothing untrue, and in the end all is true', (seed) =>
  proveSeed(seed),
);
