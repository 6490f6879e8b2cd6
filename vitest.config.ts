import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** What takes long, and the command line, whose commands run in processes beside the tests. */
const slow = ['test/**/*.slow.test.ts', 'test/cli/**/*.test.ts'];

const everywhere = {
  // A worker reads the sources once, and not for each file again. So no test changes a module or
  // the process, and a module beside the tests leaves hooks to the functions that files call.
  isolate: false,
  globalSetup: 'test/house/run-folder.ts',
  // What a test writes, Node loads, as it does for those who write programs of their own.
  server: { deps: { external: [/\/trueup-tests-\d/] } },
};

export default defineConfig({
  test: {
    // Tests wait on files, servers and processes: one worker more than there are cores is busy.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        test: {
          ...everywhere,
          name: 'unit',
          include: ['test/**/*.test.ts', 'src/**/*.test.ts'],
          exclude: slow,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          ...everywhere,
          name: 'slow',
          include: slow,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
