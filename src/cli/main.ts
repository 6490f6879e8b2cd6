/** The command line. Compiled code is kept between runs, which halves the time to start. */
import { enableCompileCache } from 'node:module';
import { setFlagsFromString } from 'node:v8';

process.once('SIGINT', () => {
  process.stderr.write('interrupted: what was acknowledged is kept, the rest was not written\n');
  process.exit(130);
});
// Whoever reads only the first lines of a result has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
const words = process.argv.slice(2);
// Who runs for months keeps no hundred megabytes for what lives for a moment, and looks for what is
// done with before the heap is thrice what it needs; who folds a book and ends is done sooner so.
const lasting: readonly string[] = ['serve', 'start', 'demo', 'schedule', 'listen'];
if (words.some((word) => lasting.includes(word))) {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=50');
}
enableCompileCache();
const { run } = await import('./run.ts');
process.exitCode = await run(words);
