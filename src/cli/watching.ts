/** Rounds of a command that goes on until it is stopped. */
import { rest } from '../service/listening/asking.ts';
import { systemClock } from '../service/system-clock.ts';
import type { Shell } from './command.ts';
import { onSignals } from './signals.ts';

/** As shells say that a command was interrupted. */
export const interrupted = 130;

export interface Watching {
  /** From the end of one round to the beginning of the next. */
  readonly everyMs: number;
  /** Aborted by the first signal: the round that goes on is given up. */
  readonly stopping: AbortController;
  /** Its exit code; null: it was given up. */
  readonly round: () => Promise<number | null>;
}

/** The exit code of the last round that came to its end. */
export async function watching(
  { terminal }: Pick<Shell, 'terminal'>,
  { everyMs, stopping, round }: Watching,
): Promise<number> {
  const { signal } = stopping;
  const done = onSignals(terminal, { stop: () => stopping.abort(), reopen: null });
  let last = interrupted;
  try {
    while (!signal.aborted) {
      last = (await round()) ?? last;
      await rest(systemClock, everyMs, signal);
    }
    return last;
  } finally {
    done();
  }
}
