/** `listen --venue bybit --mirror`, for as long as something happens on the exchange. */
import { Listener } from '../listening/listener.ts';
import { openFollowed } from '../listening/opening.ts';
import type { StreamHealth } from '../listening/stream-watch.ts';
import { mirrorOf } from '../source/positions-following.ts';
import { systemClock } from '../system-clock.ts';
import { VenueRefused } from '../venues/refused.ts';
import { deskSettings } from './mismatch-settings.ts';
import { accountName, type MismatchStage } from './mismatch-stage.ts';
import { NotThere } from './rehearsal.ts';

export interface Following {
  /** Until it is so; throws when that takes too long. */
  until(what: string, is: () => Promise<boolean>): Promise<void>;
}

const longestMs = 45_000;
const lookMs = 25;

/** `work` begins once nothing is missing any more of what came before the listener did. */
export async function listening(
  stage: MismatchStage,
  work: (following: Following) => Promise<void>,
): Promise<StreamHealth> {
  const { book, log, parts } = stage;
  const { clock, venue, database } = parts;
  const { markMaxAgeMs, holder, programVersion } = deskSettings;
  const rows = mirrorOf({
    source: {
      ...{ location: database.location, zone: 'UTC', schema: null, clock, book, markMaxAgeMs },
      ...{ account: null, sourceAccount: null, currency: null, markMaxAgeGiven: false },
      ...{ performanceMaxAgeMs: markMaxAgeMs, programVersion, strict: false },
      tell: () => undefined,
    },
    ...{ account: accountName, exchangeOf: () => null, log },
  });
  const writing = new AbortController();
  const followed = await openFollowed({
    ...{ venue, settings: { currency: 'USDT', positionMode: 'net' as const }, book, markMaxAgeMs },
    ...{ holder, programVersion, clock, log, signal: writing.signal, streams: true },
    onBooked: () => rows.follow(),
  });
  if (!followed.ok) throw new VenueRefused(followed.refusal);
  const { following, account, listening: settings, close } = followed.value;
  rows.follow();
  const listener = new Listener({ venue, following, account, log, clock, settings });
  const running = listener.run();
  // Whoever waits below sees how it ended; nobody else has to.
  running.catch(() => undefined);
  const until = (what: string, is: () => Promise<boolean>) => waited(what, is, running);
  try {
    await until('the stream is whole', async () => {
      const { openGaps, streams } = listener.health();
      return streams.length > 0 && openGaps.length === 0;
    });
    await work({ until });
    return listener.health();
  } finally {
    listener.stop();
    await running;
    await rows.close();
    await close();
  }
}

async function waited(
  what: string,
  is: () => Promise<boolean>,
  running: Promise<unknown>,
): Promise<void> {
  const end = systemClock.now() + BigInt(longestMs) * 1_000_000n;
  while (!(await is())) {
    if (systemClock.now() > end) throw new NotThere(`it was waited in vain until ${what}`);
    const pause = new Promise<void>((resolve) => systemClock.after(lookMs, resolve));
    await Promise.race([pause, running]);
  }
}
