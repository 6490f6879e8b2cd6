/**
 * A day at an exchange that lies, stutters and breaks off: the real client of ccxt on the
 * emulator, a bot that trades through the port, a listener with a book of its own. Once the faults
 * are over the listener is given a while; what it booked is then for others to compare.
 */
import { openEmulator } from '../../../emulator/emulator.ts';
import { randomScript } from '../../../emulator/faults/random-script.ts';
import { faultNames } from '../../../emulator/faults/table.ts';
import { decimal } from '../../../src/decimal/text.ts';
import type { AccountFact } from '../../../src/model/fact.ts';
import { addMilliseconds, instant, millisecondsBetween } from '../../../src/model/instant.ts';
import { rest } from '../../../src/service/listening/asking.ts';
import { Following } from '../../../src/service/listening/following.ts';
import { Listener } from '../../../src/service/listening/listener.ts';
import { usualListening } from '../../../src/service/listening/settings.ts';
import { logTo } from '../../../src/service/log.ts';
import { BookReader } from '../../../src/service/reading.ts';
import { systemClock } from '../../../src/service/system-clock.ts';
import { ccxtVenue } from '../../../src/venues/ccxt/ccxt-venue.ts';
import { Draws } from '../../../src/venues/paper/random.ts';
import type { Venue } from '../../../src/venues/venue.ts';
import { btc, eth, inverse, keys, paper, spot } from '../../emulator/stand.ts';
import { holdBook } from '../../service/held-book.ts';
import { DayClock } from './day-clock.ts';
import { type Traded, Trader } from './trader.ts';

const startsAt = instant('2026-03-02T00:00:00Z');
const minute = 60_000;
const hour = 60 * minute;
const dayMs = 24 * hour;
const steps = 48;

/** What trades where, under which protocol, and which of the markets it has. */
const exchanges = {
  bybit: { protocol: 'bybit', markets: [btc, eth, inverse, spot] },
  binanceusdm: { protocol: 'binance', markets: [btc, eth] },
} as const;

export type DayExchange = keyof typeof exchanges;

export const isDayExchange = (name: string): name is DayExchange => Object.hasOwn(exchanges, name);

type Mode = 'net' | 'hedge';

const accountAt = (venue: string, positionMode: Mode): AccountFact => ({
  ...{ kind: 'account', account: 'main', venue, currency: 'USDT' },
  ...{ costMethod: 'average', feesInCost: false, mode: 'live', positionMode, time: null },
});

const marketsOf = (names: readonly string[]): Traded[] =>
  paper.instruments
    .filter(({ name }) => names.includes(name))
    .map(({ name, tickSize, lotSize }) => ({
      instrument: name,
      tick: tickSize!,
      // Enough to matter: lots of spot are very small.
      lot: name === spot ? decimal('0.0001') : lotSize!,
      price: { [btc]: 600_000, [eth]: 300_000, [inverse]: 120_000, [spot]: 6_000_000 }[name]!,
    }));

const real = (ms: number) => new Promise<void>((resolve) => systemClock.after(ms, resolve));

export type TradedDay = Awaited<ReturnType<typeof tradeDay>>;

export async function tradeDay(seed: number, exchange: DayExchange, positionMode: Mode) {
  const clock = new DayClock(startsAt);
  const { protocol, markets } = exchanges[exchange];
  // A clock that steps back while something happens stamps what is later as earlier, and nobody
  // can tell the order then: it steps when nothing happens, forward and back.
  const of = faultNames.filter((name) => name !== 'skew-clock');
  const instruments = [btc, eth];
  const script = randomScript({ seed, untilMs: dayMs, instruments, of, protocol });
  const deposits = (['USDT', 'BTC', 'BNB'] as const).map(
    (coin) => [coin, decimal(coin === 'USDT' ? '400000' : '30')] as const,
  );
  const told = { ...paper, venue: protocol, positionMode };
  const emulator = await openEmulator({ clock, paper: told, deposits, keys, port: 0, script });
  const waits = (ms: number, signal = new AbortController().signal) => rest(clock, ms, signal);
  const venue: Venue = await ccxtVenue({
    ...{ exchange, name: 'venue', account: 'main', clock, wait: waits },
    ...{ trading: true, positionMode },
    credentials: { key: 'trader', secret: 'trader-secret' },
    ...{ local: `http://127.0.0.1:${emulator.port}`, paceMs: 0.1, timeoutMs: 200 },
  });
  const said: { readonly level: string; readonly event: string; readonly msg: string }[] = [];
  const log = logTo((line) => void said.push(JSON.parse(line)), clock);
  const held = holdBook();
  const reader = new BookReader(held.path, clock);
  const following = new Following({
    ...{ venue, keeper: held.book, reader, clock, log, settings: usualListening, streams: true },
  });
  const listener = new Listener({
    ...{
      venue,
      following,
      account: accountAt(protocol, positionMode),
      clock,
      log,
      settings: usualListening,
    },
  });
  const running = listener.run();
  const draws = new Draws(seed);
  const trader = new Trader(venue, emulator, marketsOf(markets), draws, positionMode);
  for (let step = 0; step < steps; step += 1) {
    if (step % 8 === 0) trader.rates();
    if (step % 16 === 9) emulator.strike({ fault: 'skew-clock', ms: skewOf(draws) });
    for (let act = 0; act < 6; act += 1) await trader.act();
    clock.jump(Math.floor((dayMs / steps) * (0.4 + draws.next())));
    await compared(listener, 150);
  }
  clock.jump(
    Math.max(0, millisecondsBetween(clock.now(), addMilliseconds(startsAt, dayMs))) + minute,
  );
  await trader.end();
  await settled(listener, clock);
  emulator.settle();
  listener.stop();
  const exitCode = await running;
  const close = async () => {
    reader.close();
    await held.book.close();
    await venue.close();
    await emulator.close();
  };
  return { emulator, held, reader, following, listener, trader, said, script, exitCode, close };
}

/** Up to four seconds before or after what the time is. */
const skewOf = (draws: Draws): number => Math.floor(draws.next() * 8_000) - 4_000;

/** A listing is what a jump of the clock breaks off: it is given time, but not for ever. */
async function compared(listener: Listener, mostMs: number): Promise<void> {
  const before = listener.health().comparedAt;
  const endsAt = performance.now() + mostMs;
  while (listener.health().comparedAt === before && performance.now() < endsAt) await real(1);
}

/** Quiet hours, until several comparisons in a row found nothing that is open. */
async function settled(listener: Listener, clock: DayClock): Promise<void> {
  let good = 0;
  // What was taken back hours ago is found where the listener lists far back again.
  clock.jump(usualListening.deepEveryMs);
  for (let tries = 0; tries < 40 && good < 4; tries += 1) {
    clock.jump(2 * minute);
    await compared(listener, 3_000);
    const { openGaps, unread, problem } = listener.health();
    good = openGaps.length === 0 && unread === 0 && problem === null ? good + 1 : 0;
  }
}
