/** What signals mean to a command that runs until it is stopped. */
import type { Terminal } from './terminal.ts';

export interface Signalled {
  /** The first time; the second time the process ends at once. */
  readonly stop: (signal: string) => void;
  /** For SIGHUP; null: it stops, as when a terminal is closed. */
  readonly reopen: (() => void) | null;
}

/** Ends with 128 and the number of the signal, as shells say it. */
const exitCodes: Readonly<Partial<Record<NodeJS.Signals, number>>> = {
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
};

/** Takes the signals over; the answer gives them back. */
export function onSignals({ tell }: Terminal, { stop, reopen }: Signalled): () => void {
  let isStopping = false;
  const onStop = (signal: NodeJS.Signals) => {
    if (isStopping) {
      tell(`${signal} again: ended at once; what was acknowledged is kept`);
      process.exit(exitCodes[signal] ?? 1);
    }
    isStopping = true;
    stop(signal);
  };
  const onHangUp = (signal: NodeJS.Signals) => (reopen === null ? onStop(signal) : reopen());
  // Other commands end at once when they are interrupted.
  const others = process.listeners('SIGINT');
  process.removeAllListeners('SIGINT');
  process.on('SIGINT', onStop);
  process.on('SIGTERM', onStop);
  process.on('SIGHUP', onHangUp);
  // Whoever read the log may be gone: no reason to end.
  const onUnheard = () => undefined;
  process.stderr.on('error', onUnheard);
  return () => {
    process.off('SIGINT', onStop);
    process.off('SIGTERM', onStop);
    process.off('SIGHUP', onHangUp);
    process.stderr.off('error', onUnheard);
    for (const other of others) process.on('SIGINT', other);
  };
}
