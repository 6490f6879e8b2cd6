import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** What takes long, and the command line, whose every test is a process of its own. */
const slow = ['test/**/*.slow.test.ts', 'test/cli/**/*.test.ts'];

export default defineConfig({
  test: {
    // Tests wait on files, servers and processes: one worker more than there are cores is busy.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts', 'src/**/*.test.ts'],
          exclude: slow,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'slow',
          include: slow,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
