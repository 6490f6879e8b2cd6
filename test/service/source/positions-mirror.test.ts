/** Rows that follow the book while it listens. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decimal } from '../../../src/decimal/text.ts';
import type { Fill, OrderReport } from '../../../src/model/fact.ts';
import { instant } from '../../../src/model/instant.ts';
import { type Instrument, instrumentFromName } from '../../../src/model/instrument.ts';
import { mirrorRows } from '../../../src/service/duties/mirror-duty.ts';
import type { Log, LogLine } from '../../../src/service/log.ts';
import { BookReader } from '../../../src/service/reading.ts';
import { mirrorOf, type OpenMirror } from '../../../src/service/source/positions-following.ts';
import { KnownInstruments } from '../../../src/service/source/positions-instruments.ts';
import type { RowsGround } from '../../../src/service/source/positions-look.ts';
import { mirror } from '../../../src/service/source/positions-mirror.ts';
import { approveBreak } from '../../../src/service/syncing.ts';
import type { BookFile } from '../../../src/store/book-file.ts';
import { section } from '../../reconcile/kit.ts';
import { dutyBench, fakeSource, gone } from '../duties/duty-kit.ts';
import {
  breakIn,
  executions,
  fillOf,
  heldBut,
  missed,
  nameOf,
  PositionsGround,
  seenAt,
  statement,
} from './positions-kit.ts';

let ground: PositionsGround;
let listener: OpenMirror;
let told: LogLine[];

const openings = executions.filter((one) => !missed.includes(one));

beforeEach(async () => {
  ground = new PositionsGround();
  told = [];
  await ground.begin(openings);
  listener = listening();
});

afterEach(() => listener.close());

/** A listener that begins now, and remembers nothing of the one before. */
const listening = () =>
  mirrorOf({
    source: {
      ...{ location: `sqlite:${ground.path}`, zone: 'UTC', schema: null, clock: ground.clock },
      ...{ book: ground.book, account: null, sourceAccount: null, currency: null },
      ...{ markMaxAgeMs: 86_400_000, markMaxAgeGiven: false, performanceMaxAgeMs: 86_400_000 },
      ...{ programVersion: 'test', strict: false },
      tell: () => undefined,
    },
    ...{ account: 'main', exchangeOf: () => null, log },
  });

const log: Log = {
  info: (line) => void told.push(line),
  warn: (line) => void told.push(line),
  error: (line) => void told.push(line),
};

const booked = (...fills: readonly (Fill | OrderReport)[]) =>
  ground.writing((writer) => writer.recordAll(fills));

/** What a fill of the account makes the listener ask for; the number of rows that followed. */
const followed = () => listener.once();

const part = fillOf('p1', 'HNTUSDT', 'sell', '10', '2.4', '2025-10-13 15:00:00');
const rest = fillOf('p2', 'HNTUSDT', 'sell', '50', '2.5', '2025-10-13 15:10:00');

describe('SP50 listen --mirror', () => {
  test('SP50 after each partial fill the row has what is left, nothing else moves', async () => {
    expect(await followed()).toBe(0);
    await booked(part);
    expect(await followed()).toBe(1);
    expect(ground.row(274)).toMatchObject({ quantity: 50, status: 'active' });
    expect(ground.row(259)['quantity']).toBe(249);
    expect(told.map(({ msg }) => msg)).toContain('Updated position 274 quantity: 50');
    expect(await followed()).toBe(0);
  });

  test('SP50 once flat it is closed at the real price, with PnL since it was opened', async () => {
    await followed();
    await booked(part);
    await followed();
    await booked(rest);
    expect(await followed()).toBe(1);
    // 10 x 2.4 + 50 x 2.5 - 60 x 2.35 = 24 + 125 - 141
    expect(ground.row(274)).toMatchObject({ status: 'closed', pnl: 8, current_price: 2.5 });
    expect(String(ground.row(274)['closed_at'])).toContain('15:10:00');
    expect(ground.entries().filter((one) => one === 'source-write')).toHaveLength(2);
    expect(ground.entries().filter((one) => one === 'VERIFIED')).toHaveLength(2);
  });

  test('SP93 an order that ended is written with it; what the row knows more stays', async () => {
    const orders = (id: number, orderId: string, filled: number) =>
      `INSERT INTO orders (id, position_id, exchange, symbol, order_id, type, side, size, status,
        filled, remaining) VALUES (${id}, '274', 'bybit', 'HNTUSDT', '${orderId}', 'limit', 'sell',
        60, 'open', ${filled}, ${60 - filled})`;
    ground.bot(orders(1, 'o-1', 0), orders(2, 'o-2', 20));
    const ended = (orderId: string, filled: string): OrderReport => ({
      ...{ kind: 'order', account: 'main', instrument: nameOf('HNTUSDT'), leg: 'net', orderId },
      ...{ clientOrderId: null, side: 'sell', type: 'limit', quantity: decimal('60'), price: null },
      ...{ filled: decimal(filled), averagePrice: null, status: 'cancelled', reduceOnly: true },
      time: part.time,
    });
    await followed();
    await booked({ ...part, orderId: 'o-1' }, ended('o-1', '10'), ended('o-2', '0'));
    // The position, and the order.
    expect(await followed()).toBe(2);
    expect(ground.row(274)['quantity']).toBe(50);
    const rows = ground.rows('SELECT status, filled, remaining FROM orders ORDER BY id');
    expect(rows).toEqual([
      { status: 'canceled', filled: 10, remaining: 50 },
      { status: 'open', filled: 20, remaining: 40 },
    ]);
    expect(told.map(({ msg }) => msg)).toContain('Updated order row 1: cancelled 10');
  });

  test.each([
    ['a symbol that fits what was registered and never traded, too, is not guessed', true, 60],
    ['one that fits nothing else is the row’s', false, 50],
  ])('SP97 %s', async (_, isRegistered, quantity) => {
    const spot = { ...instrumentFromName('bybit', 'HNT/USDT')!, symbol: 'HNTUSDT' };
    const known = isRegistered ? [{ kind: 'instrument', instrument: spot } as const] : [];
    await ground.writing((writer) => writer.recordAll(known));
    // Neither leverage nor the time of opening tells which of the two it is.
    ground.bot('UPDATE positions SET leverage = NULL, opened_at = NULL WHERE id = 274');
    await followed();
    await booked(part);
    expect(await followed()).toBe(isRegistered ? 0 : 1);
    expect(ground.row(274)['quantity']).toBe(quantity);
  });

  test('SP97 what was registered meanwhile is known after a minute, a new symbol at once', () => {
    const all = [{ venue: 'bybit', name: 'A' }] as Instrument[];
    let reads = 0;
    const file = {
      instruments: () => {
        reads += 1;
        return [...all];
      },
    } as unknown as BookFile;
    const known = new KnownInstruments();
    const seen = (symbol: string, second: bigint) =>
      known.of(file, 'bybit', [symbol], second * 1_000_000_000n).map(({ name }) => name);
    expect(seen('A', 0n)).toEqual(['A']);
    all.push({ venue: 'bybit', name: 'B' } as Instrument, { venue: 'x', name: 'C' } as Instrument);
    expect(seen('A', 59n)).toEqual(['A']);
    expect(seen('B', 59n)).toEqual(['A', 'B']);
    expect([seen('B', 118n), reads]).toEqual([['A', 'B'], 2]);
    expect([seen('B', 119n), reads]).toEqual([['A', 'B'], 3]);
  });

  test('SP51 while a gap is open nothing is written: a fill may be missing in it', async () => {
    const at = part.time;
    const gap = { venue: 'bybit', account: 'main', stream: 'executions', from: at, to: at };
    await ground.writing((writer) => writer.keep([part], { opened: [{ ...gap, why: 'a test' }] }));
    expect(await followed()).toBe(0);
    expect(ground.row(274)['quantity']).toBe(60);
  });

  test('SP51 what the executions do not lead to is left to check and sync', async () => {
    ground.bot('UPDATE positions SET quantity = 77 WHERE id = 274');
    await booked(part);
    expect(await followed()).toBe(0);
    expect(ground.row(274)['quantity']).toBe(77);
  });

  test('SP52 a database that does not answer stops nobody from listening', async () => {
    await booked(part);
    const silent = (own: RowsGround): RowsGround => ({
      ...own,
      source: { ...own.source, snapshot: () => Promise.reject(new Error('nobody there')) },
    });
    await ground.at(null, async ({ ground: own, writer }) => {
      const one = mirror({
        ...{ ground: silent(own), account: 'main', log },
        writing: (work) => work(writer),
      });
      one.follow();
      await one.idle();
    });
    expect(told).toMatchObject([{ event: 'mirror.failed' }]);
    expect(told[0]!.msg).toContain('nobody there');
  });
});

const size = (quantity: number, updatedAt: string) =>
  ground.bot(
    `UPDATE positions SET quantity = ${quantity}, updated_at = '${updatedAt}' WHERE id = 274`,
  );

const sold = fillOf('s40', 'HNTUSDT', 'sell', '40', '2.4', '2025-10-13 15:30:00');
const back = fillOf('b40', 'HNTUSDT', 'buy', '40', '2.4', '2025-10-13 15:31:00');
const other = fillOf('z', 'CATIUSDT', 'sell', '1', '0.21', '2025-10-13 15:31:02');

describe('SP85 what a mirror leaves to check and sync', () => {
  test.each([
    ['as the listener saw it', false],
    ['after the listener began anew', true],
  ])('SP85 a row that knows more than the book is right, and stays, %s', async (_, anew) => {
    await booked(sold);
    size(20, '2025-10-13 15:30:01+00:00');
    expect(await followed()).toBe(0);
    if (anew) {
      await listener.close();
      listener = listening();
    }
    // Bought back and noted; the book has not heard of it, but of something else.
    size(60, '2025-10-13 15:31:01+00:00');
    await booked(other);
    await followed();
    expect(ground.row(274)['quantity']).toBe(60);
    await booked(back);
    expect(await followed()).toBe(0);
    expect(ground.row(274)['quantity']).toBe(60);
  });

  test('SP85 one that was written before the newest execution of its leg follows', async () => {
    await booked(sold);
    expect(await followed()).toBe(1);
    expect(ground.row(274)['quantity']).toBe(20);
  });

  test('SP85 one that the bot always touches follows, too, where it was seen right', async () => {
    await followed();
    size(60, '2025-10-13 15:30:05+00:00');
    await booked(sold);
    expect(await followed()).toBe(1);
    expect(ground.row(274)['quantity']).toBe(20);
  });

  test('SP85 what is left is told, once', async () => {
    await booked(part);
    expect(await followed()).toBe(0);
    expect(await followed()).toBe(0);
    const left = told.filter(({ event }) => event === 'mirror.left');
    expect(left).toHaveLength(1);
    expect(left[0]).toMatchObject({
      instrument: 'HNTUSDT',
      breakId: expect.stringMatching(/^BRK-/),
    });
    expect(left[0]!.msg).toMatch(/^HNTUSDT is left to check and sync: /);
  });

  test('SP83 SP85 what was written over is closed once the position is over', async () => {
    await followed();
    await booked(part);
    expect(await followed()).toBe(1);
    // The bot saves its memory.
    ground.bot('UPDATE positions SET quantity = 60 WHERE id = 274');
    expect(await followed()).toBe(0);
    ground.clock.advance(3_600_000);
    await booked(fillOf('p2', 'HNTUSDT', 'sell', '50', '2.5', '2026-01-12 10:30:00'));
    expect(await followed()).toBe(1);
    // 10 x 2.4 + 50 x 2.5 - 60 x 2.35 = 24 + 125 - 141
    expect(ground.row(274)).toMatchObject({ status: 'closed', pnl: 8 });
  });

  test('SP86 nothing of a leg that an open break says the book has wrong', async () => {
    await followed();
    const again = { ...part, executionId: 'p1-again' };
    await booked(part, again);
    const held = heldBut('HNTUSDT', '50').items.map((one) =>
      one.instrument === nameOf('AGIUSDT')
        ? { ...one, quantity: decimal('-4160') }
        : one.instrument === nameOf('SCAUSDT')
          ? { ...one, quantity: decimal('-2136.9') }
          : one,
    );
    const range = { from: instant('2025-10-12T00:00:00Z'), to: seenAt };
    const said = statement({
      positions: section(held),
      executions: section([...openings, part], range),
    });
    await ground.at(said, async ({ look }) => {
      expect(look.book!.reconciled.breaks.map(({ reason }) => reason)).toContain('FILL_DUPLICATED');
    });
    expect(await followed()).toBe(0);
    expect(ground.row(274)['quantity']).toBe(60);
    expect(told.map(({ event }) => event)).toContain('mirror.left');
    // Another leg goes on.
    await booked(other);
    expect(await followed()).toBe(1);
    expect(ground.row(274)['quantity']).toBe(60);
  });
});

describe('SP96 a repair that waits for a person', () => {
  const bench = () => dutyBench(fakeSource(gone()));
  const twice = async (run: () => Promise<unknown>) => {
    await run();
    await run();
  };

  test('SP96 is a case from the second round on, edited, and cleared when right', async () => {
    const { context, alerts } = bench();
    const duty = mirrorRows(listener, 'main', 5);
    const run = () => duty.run(context);
    // Nothing that is booked leads to 77: a person decides.
    size(77, '2025-10-13 14:00:00+00:00');
    await run();
    expect(alerts.take()).toEqual([]);
    expect(await run()).toMatchObject({ sentence: expect.stringContaining('1 repair left to') });
    expect(alerts.take()).toEqual(['+ rows-wait']);
    const [told] = [...alerts.cases.values()];
    expect(told!.lines[0]).toBe('HNTUSDT quantity: 77 -> 60');
    expect(told!.lines.at(-1)).toContain('trueup sync --source --venue main');
    await run();
    expect(alerts.take()).toEqual([]);
    const planned = await ground.plan(null);
    const reader = new BookReader(ground.book, ground.clock);
    const account = reader.file.accountNamed('main')!;
    const plans = [planned.after.checked.reconciled.plan.hash];
    const approval = { breakId: breakIn(planned.after, 'HNTUSDT')!.id, plans, by: 'ann' };
    await ground.writing((writer) =>
      approveBreak(reader, writer, account, { ...approval, at: ground.clock.now() }),
    );
    reader.close();
    await run();
    expect(alerts.take()).toEqual(['= rows-wait']);
    expect([...alerts.cases.values()][0]!.lines[0]).toContain('approved, and not written yet');
    await ground.apply(null, { auto: false });
    expect(ground.row(274)['quantity']).toBe(60);
    await run();
    expect(alerts.take()).toEqual([expect.stringContaining('- rows-wait')]);
  });

  test('SP96 what follows by itself is none, nor what a bot wrote a moment early', async () => {
    const { context, alerts } = bench();
    const duty = mirrorRows(listener, 'main', 5);
    await duty.run(context);
    await booked(part);
    await twice(() => duty.run(context));
    expect(ground.row(274)['quantity']).toBe(50);
    // The bot knows of a sale before the book does.
    size(0.5, '2025-10-13 15:30:00+00:00');
    await duty.run(context);
    await booked(fillOf('late', 'HNTUSDT', 'sell', '49.5', '2.4', '2025-10-13 15:29:59'));
    await duty.run(context);
    expect(alerts.take()).toEqual([]);
  });
});
