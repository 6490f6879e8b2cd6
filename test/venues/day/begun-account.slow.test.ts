/** An account that traded before anybody kept a book, begun through the real client. */
import { afterAll, expect, test } from 'vitest';
import { openEmulator } from '../../../emulator/emulator.ts';
import { absolute, compare, type Decimal } from '../../../src/decimal/decimal.ts';
import { decimal, toText } from '../../../src/decimal/text.ts';
import type { AccountFact } from '../../../src/model/fact.ts';
import { instant } from '../../../src/model/instant.ts';
import { checkAccount } from '../../../src/service/checking.ts';
import { openAccount } from '../../../src/service/listening/account-opening.ts';
import { rest } from '../../../src/service/listening/asking.ts';
import { Following } from '../../../src/service/listening/following.ts';
import { pull } from '../../../src/service/listening/pull.ts';
import { usualListening } from '../../../src/service/listening/settings.ts';
import { logTo } from '../../../src/service/log.ts';
import { BookReader } from '../../../src/service/reading.ts';
import { systemClock } from '../../../src/service/system-clock.ts';
import { ccxtVenue } from '../../../src/venues/ccxt/ccxt-venue.ts';
import { Draws } from '../../../src/venues/paper/random.ts';
import { btc, keys, paper, spot } from '../../emulator/stand.ts';
import { holdBook, markMaxAgeMs } from '../../service/held-book.ts';
import { DayClock } from './day-clock.ts';
import { Trader } from './trader.ts';

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

const account: AccountFact = {
  ...{ kind: 'account', account: 'main', venue: 'bybit', currency: 'USDT' },
  ...{ costMethod: 'average', feesInCost: false, mode: 'live', positionMode: 'net', time: null },
};

async function stand() {
  const clock = new DayClock(instant('2026-03-02T00:00:00Z'));
  const deposits = [['USDT', decimal('400000')] as const];
  const emulator = await openEmulator({ clock, paper, deposits, keys, port: 0 });
  closing.push(() => emulator.close());
  const venue = await ccxtVenue({
    ...{ exchange: 'bybit', name: 'bybit', account: 'main', clock, trading: true },
    wait: (ms, signal = new AbortController().signal) => rest(clock, ms, signal),
    credentials: { key: 'trader', secret: 'trader-secret' },
    ...{ local: `http://127.0.0.1:${emulator.port}`, paceMs: 0.1 },
  });
  closing.push(() => venue.close());
  const held = holdBook();
  closing.push(() => held.book.close());
  const reader = new BookReader(held.path, clock);
  closing.push(async () => reader.close());
  const markets = [
    { instrument: btc, tick: decimal('0.1'), lot: decimal('0.001'), price: 600_000 },
    { instrument: spot, tick: decimal('0.01'), lot: decimal('0.0001'), price: 6_000_000 },
  ];
  const trader = new Trader(venue, emulator, markets, new Draws(3));
  return { clock, emulator, venue, held, reader, trader };
}

/** Time passes while it is worked on. */
async function passing<T>(clock: DayClock, work: Promise<T>): Promise<T> {
  let ended = false;
  const done = work.finally(() => {
    ended = true;
  });
  done.catch(() => undefined);
  while (!ended) {
    await new Promise<void>((resolve) => systemClock.after(20, resolve));
    clock.jump(500);
  }
  return done;
}

test('LS84 through the real client it is the exchange’s own statement', async () => {
  const { clock, emulator, venue, held, reader, trader } = await stand();
  for (let act = 0; act < 30; act += 1) await trader.act();
  // What an order filled before is in the opening, and would be missing beside its report.
  await trader.end();
  clock.jump(600_000);
  const { signal } = new AbortController();
  const patience = { clock, signal, tries: 3 };
  const parts = { venue, keeper: held.book, reader, account };
  const opening = await passing(clock, openAccount(parts, patience));
  const before = emulator.exchange.statement();
  const averages = before.positions!.items.map(({ averagePrice }) => averagePrice!);
  expect(opening.positions.map(({ averagePrice }) => toText(averagePrice!))).toEqual(
    averages.map(toText),
  );
  clock.jump(60_000);
  for (let act = 0; act < 30; act += 1) await trader.act();
  clock.jump(60_000);
  emulator.settle();
  const following = new Following({
    ...{ venue, keeper: held.book, reader, clock, log: logTo(() => undefined, clock) },
    ...{ settings: usualListening, streams: false },
  });
  const pulling = async () => {
    await following.begin(account, patience);
    return pull({ ...parts, following, clock, signal, markMaxAgeMs }, null);
  };
  const pulled = await passing(clock, pulling());
  expect(pulled).toMatchObject({ exitCode: 0, gaps: [], lacking: null });
  expect(pulled.tally.booked).toBeGreaterThan(20);
  const whole = emulator.exchange.statement();
  const statement = { ...whole, executions: null, cashFlows: null };
  const { reconciled } = checkAccount(reader, {
    ...{ account: reader.file.accountNamed('main')!, source: { statement, text: '{}' } },
    ...{ now: whole.asOf, strict: true, toleranceSteps: 0, markMaxAgeMs },
    adjust: new Set<string>(),
  });
  const { lines } = reconciled.comparison!;
  expect(lines.length).toBeGreaterThan(4);
  // The average of a position has so many digits: what it was rounded by is cash once it closes.
  const rounded = decimal('0.000000000001');
  const differing = lines.filter(({ verdict, what, difference }) => {
    if (verdict === 'equal') return false;
    return what !== 'balance' || difference === null || !isLess(absolute(difference), rounded);
  });
  expect(differing).toEqual([]);
});

const isLess = (a: Decimal, b: Decimal): boolean => compare(a, b) < 0;
