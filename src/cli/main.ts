/** The command line. Compiled code is kept between runs, which halves the time to start. */
import { enableCompileCache } from 'node:module';

process.once('SIGINT', () => {
  process.stderr.write('interrupted: what was acknowledged is kept, the rest was not written\n');
  process.exit(130);
});
enableCompileCache();
const { run } = await import('./run.ts');
process.exitCode = await run(process.argv.slice(2));
