/** The end of a process that holds several things: each is let go of, whatever became of others. */
import type { Log } from './log.ts';

/**
 * One after the other, in this order. What cannot be ended is told to the log, and keeps nothing
 * else from its end. Returns whether all ended.
 */
export async function endEach(
  log: Log,
  ends: Readonly<Record<string, () => unknown>>,
): Promise<boolean> {
  let isWhole = true;
  for (const [name, end] of Object.entries(ends)) {
    try {
      await end();
    } catch (error) {
      isWhole = false;
      const why = error instanceof Error ? error.message : String(error);
      log.error({ event: 'end.failed', msg: `${name} could not be ended: ${why}` });
    }
  }
  return isWhole;
}
