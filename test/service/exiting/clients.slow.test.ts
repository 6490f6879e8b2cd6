/** Exits through the real client library, with a book that hears of fills by pulling them. */
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { decimal, toText } from '../../../src/decimal/text.ts';
import { addMilliseconds } from '../../../src/model/instant.ts';
import type { ExitReport } from '../../../src/service/exiting/desk.ts';
import { openForWriting } from '../../../src/service/open-for-writing.ts';
import { BookReader, readerOnce } from '../../../src/service/reading.ts';
import { systemClock } from '../../../src/service/system-clock.ts';
import { VenueDesk } from '../../../src/service/venues/desk.ts';
import { parseVenueSettings } from '../../../src/service/venues/settings.ts';
import { ccxtVenue } from '../../../src/venues/ccxt/ccxt-venue.ts';
import { eth, openStand, type Stand } from '../../emulator/stand.ts';
import { rememberedLog } from '../duties/duty-kit.ts';
import { bookPath, markMaxAgeMs } from '../held-book.ts';

let stand: Stand;
let path: string;
let at: { readonly exchange: string; readonly symbols: string[] };
const log = rememberedLog();
const { signal } = new AbortController();

beforeEach(async () => {
  path = bookPath();
  at = { exchange: 'bybit', symbols: [] };
  stand = await openStand();
  stand.quote(eth, '3000');
});

afterEach(async () => {
  await stand.close();
  rmSync(dirname(path), { recursive: true, force: true });
});

const settingsOf = (exits: object) => {
  const main = { ...at, account: 'main', readOnly: false, confirm: '50ms' };
  const read = parseVenueSettings(
    { main: { ...main, exits: { ownOrders: ['entry'], ...exits } } },
    'trueup.json',
  );
  if (!read.ok) throw new Error(read.refusal.message);
  return read.value['main']!;
};

const wait = (ms: number) => new Promise<void>((resolve) => systemClock.after(ms, resolve));

/** A client of its own each time: the clock of the exchange jumps in between. */
async function withDesk<T>(work: (desk: VenueDesk) => Promise<T>, exits: object): Promise<T> {
  const settings = settingsOf(exits);
  const venue = await ccxtVenue({
    ...{ ...at, name: 'main', account: 'main', local: stand.origin },
    credentials: { key: 'trader', secret: 'trader-secret' },
    ...{ clock: systemClock, wait, paceMs: 0.1, timeoutMs: 1_500, trading: true, lagMs: 100 },
  });
  const holding = { clock: systemClock, holder: 'test', programVersion: 'test', markMaxAgeMs };
  const desk = new VenueDesk({
    ...{ name: 'main', opened: { venue, settings }, book: path, programVersion: 'test' },
    ...{ markMaxAgeMs, clock: systemClock },
    reader: readerOnce(path, systemClock),
    openWriter: () => openForWriting(path, { ...holding, create: true }),
  });
  try {
    return await work(desk);
  } finally {
    await desk.close();
  }
}

const exits = (mode: 'plan' | 'apply', how: object = { enabled: true }): Promise<ExitReport> =>
  withDesk((desk) => desk.exits(mode, log, signal), how);

/** So many hours pass at the exchange, and the market is where it is told. */
function hours(count: number, price: string): void {
  const { clock } = stand.emulator;
  clock.jumpTo(addMilliseconds(clock.now(), count * 3_600_000));
  stand.emulator.settle();
  stand.quote(eth, price);
}

const open = () =>
  stand.emulator.exchange
    .openOrders()
    .map(({ quantity, filled, price }) => [quantity, filled!, price!].map(toText).join(' '));

const deedsOf = ({ deeds }: ExitReport) => deeds.map(({ what, outcome }) => `${what} ${outcome}`);

test.each([
  ['bybit', []],
  ['binanceusdm', ['ETHUSDT']],
])('EX15 EX19 on %s the book follows grace, an amend and the market', async (exchange, symbols) => {
  at = { exchange, symbols };
  stand.emulator.exchange.submit({
    ...{ clientOrderId: 'entry', instrument: eth, leg: 'net', side: 'sell', type: 'market' },
    ...{ quantity: decimal('4.16'), price: null, timeInForce: 'ioc', reduceOnly: false },
    trigger: null,
  });
  await withDesk((desk) => desk.pull(log, signal), {});
  expect((await exits('plan')).plan.lines).toMatchObject([{ standing: 'young', phase: 'young' }]);

  hours(3, '3050');
  const dry = await exits('apply', { enabled: false });
  expect([dry.exitCode, dry.configured, open()]).toEqual([6, false, []]);
  expect((await exits('plan')).exitCode).toBe(3);
  const first = await exits('apply');
  expect([deedsOf(first), first.exitCode]).toEqual([['create placed'], 0]);
  expect(open()).toEqual(['4.16 0 2997']); // 3000 x 0.999
  expect(deedsOf(await exits('apply'))).toEqual([]);

  stand.trade(eth, '2996', '1', 'sell');
  hours(4, '3050');
  const second = await exits('apply');
  expect([deedsOf(second), second.exitCode]).toEqual([['amend amended'], 0]);
  // 3000 x 1.005 and a little for each second that the test takes; 3.16 are left
  expect(open()).toEqual([expect.stringMatching(/^4\.16 1 3015(\.\d+)?$/)]);
  expect(second.verified).toEqual([
    { instrument: eth, leg: 'net', ours: '-3.16', theirs: '-3.16', isEqual: true },
  ]);

  hours(20, '3200');
  const last = await exits('apply');
  expect(deedsOf(last)).toEqual(['cancel cancelled', 'create filled']);
  expect([last.exitCode, last.verified[0]?.ours, open()]).toEqual([0, '0', []]);
  const reader = new BookReader(path, systemClock);
  const account = reader.file.accountNamed('main')!;
  const { view } = reader.look(account, { asOf: null, knownAt: null, markMaxAgeMs });
  const booked = view.positions.find(({ instrument }) => instrument === eth)!;
  reader.close();
  // 1 x (3000 - 2997) and 3.16 x (3000 - 3200.01): bought at the ask
  expect(toText(booked.lifetime.realised)).toBe('-629.0316');
});

test('EX17 an empty list is no list, and the gate denies what the book does not hold', async () => {
  const { exchange } = stand.emulator;
  const trade = (clientOrderId: string, side: 'buy' | 'sell', quantity: string) =>
    exchange.submit({
      ...{ clientOrderId, instrument: eth, leg: 'net', side, type: 'market', price: null },
      ...{ quantity: decimal(quantity), timeInForce: 'ioc', reduceOnly: false, trigger: null },
    });
  trade('entry', 'buy', '2');
  await withDesk((desk) => desk.pull(log, signal), {});
  hours(3, '2900');
  stand.emulator.strike({ fault: 'empty-list', path: '/v5/position/list', when: { times: 3 } });
  const empty = await exits('apply');
  expect([open(), empty.deeds, empty.exitCode]).toEqual([[], [], 5]);
  // The wallet says that margin is held for something.
  expect(empty.plan.unknown).toMatchObject([{ what: 'positions' }]);
  // A trade that came after the pull: not in the book, and so young that it settles.
  const denied = await withDesk(
    async (desk) => {
      const pulled = desk.pull.bind(desk);
      desk.pull = async (...given) => {
        const told = await pulled(...given);
        trade('other', 'sell', '1');
        return told;
      };
      return desk.exits('apply', log, signal);
    },
    { enabled: true },
  );
  expect(denied.stopped?.code).toBe('gate-denies');
  expect([open(), denied.deeds, denied.exitCode]).toEqual([[], [], 3]);
});
