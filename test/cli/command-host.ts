/**
 * Runs commands in one process, one after another, each in its folder and environment as if it had
 * been started for it: to start takes ten times as long as what most commands do.
 */
import { writeSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';

export interface Asked {
  readonly words: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Ends what the command has written, on both outputs, with its exit code. */
  readonly end: string;
}

enableCompileCache();
const { run } = await import('../../src/cli/run.ts');

const waitedFor = () => process.getActiveResourcesInfo().length;

process.on('message', async ({ words, folder, environment, end }: Asked) => {
  const before = waitedFor();
  process.chdir(folder);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, environment);
  const code = await run(words);
  // As a process of its own it would end when nothing is left to wait for, or fail until then.
  do await pause(1);
  while (waitedFor() > before);
  process.chdir('/'); // the folder may go
  for (const output of [1, 2]) writeSync(output, `${end}${code}\n`);
});

// The tests are over, whatever a command still waits for.
process.once('disconnect', () => process.exit());
