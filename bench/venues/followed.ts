/** A listener on the emulator's process, with a durable book: when each execution was in it. */
import { rest } from '../../src/service/listening/asking.ts';
import { Following } from '../../src/service/listening/following.ts';
import { Listener } from '../../src/service/listening/listener.ts';
import { usualListening } from '../../src/service/listening/settings.ts';
import { logTo } from '../../src/service/log.ts';
import { BookReader } from '../../src/service/reading.ts';
import { systemClock } from '../../src/service/system-clock.ts';
import { ccxtVenue } from '../../src/venues/ccxt/ccxt-venue.ts';
import { account, openBook } from '../temporary-book.ts';

const clock = systemClock;
const silent = logTo(() => undefined, clock);

export type Followed = Awaited<ReturnType<typeof follow>>;

/** `streams`: what is only listed is owed by no stream. `onKept`: after each commit. */
export async function follow(
  port: number,
  path: string,
  exchange = 'bybit',
  streams = true,
  onKept: () => void = () => undefined,
) {
  const venue = await ccxtVenue({
    ...{ exchange, name: exchange, account: 'main', clock, trading: false },
    credentials: { key: 'trader', secret: 'trader-secret' },
    wait: (ms, signal = new AbortController().signal) => rest(clock, ms, signal),
    ...{ local: `http://127.0.0.1:${port}`, paceMs: 0.01, timeoutMs: 60_000 },
  });
  const book = openBook(path);
  /** When each execution that a stream told was durable. */
  const booked = new Map<string, bigint>();
  let fills = 0;
  const keeper: Pick<typeof book, 'keep' | 'apply'> = {
    apply: (plan) => book.apply(plan),
    async keep(facts, keeping) {
      const kept = await book.keep(facts, keeping);
      const at = process.hrtime.bigint();
      onKept();
      for (const [index, fact] of facts.entries()) {
        if (fact.kind !== 'fill' || kept.outcomes[index]!.status !== 'booked') continue;
        fills += 1;
        if (streams) booked.set(fact.executionId, at);
      }
      return kept;
    },
  };
  const reader = new BookReader(path, clock);
  const settings = usualListening;
  const following = new Following({
    ...{ venue, keeper, reader, clock, log: silent, settings, streams },
  });
  const owner = { ...account('main'), venue: exchange };
  const listener = new Listener({
    ...{ venue, following, account: owner, clock, log: silent, settings },
  });
  const close = async () => {
    reader.close();
    await venue.close();
    await book.close();
  };
  return { venue, booked, fills: () => fills, following, listener, owner, close };
}

/** Listens until the streams stand and all that was before is listed. */
export async function listening({ listener, following }: Followed) {
  const running = listener.run();
  while (following.through === null || listener.health().streams.length === 0) await pause(20);
  await pause(500);
  return async () => {
    listener.stop();
    await running;
  };
}

export const pause = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));
