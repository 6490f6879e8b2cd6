/** The command line. Compiled code is kept between runs, which halves the time to start. */
import { enableCompileCache } from 'node:module';

process.once('SIGINT', () => {
  process.stderr.write('interrupted: what was acknowledged is kept, the rest was not written\n');
  process.exit(130);
});
// Whoever reads only the first lines of a result has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
enableCompileCache();
const { run } = await import('./run.ts');
process.exitCode = await run(process.argv.slice(2));
