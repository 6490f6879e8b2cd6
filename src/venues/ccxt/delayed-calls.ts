/**
 * What the library means to do later, such as renewing a listen key: it waits here instead of on a
 * timer of its own, which nobody could end, so that it ends when the client is closed.
 */
import type { CcxtCall, CcxtExchange } from './exchange-class.ts';

export type Wait = (ms: number, signal?: AbortSignal) => Promise<void>;

export interface DelayedCalls {
  /** A request of ours is made: what the library begins for it may wait again. */
  open(): void;
  /** Ends what waits; what was begun before and ends after waits for nothing any more. */
  close(): void;
}

export function delayedCalls(exchange: CcxtExchange, wait: Wait): DelayedCalls {
  let waiting: AbortController | null = null;
  exchange.delay = (ms: number, method: CcxtCall, ...parameters: readonly unknown[]) => {
    const until = waiting;
    if (until === null) return;
    void wait(ms, until.signal).then(() => {
      if (!until.signal.aborted) exchange.spawn(method, ...parameters);
    });
  };
  return {
    open() {
      waiting ??= new AbortController();
    },
    close() {
      waiting?.abort();
      waiting = null;
    },
  };
}
