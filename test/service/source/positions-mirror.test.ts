/** Rows that follow the book while it listens. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { Fill } from '../../../src/model/fact.ts';
import type { Log, LogLine } from '../../../src/service/log.ts';
import type { RowsGround } from '../../../src/service/source/positions-look.ts';
import { mirror } from '../../../src/service/source/positions-mirror.ts';
import { executions, fillOf, missed, PositionsGround } from './positions-kit.ts';

let ground: PositionsGround;
let told: LogLine[];

beforeEach(async () => {
  ground = new PositionsGround();
  told = [];
  await ground.begin(executions.filter((one) => !missed.includes(one)));
});

const log: Log = {
  info: (line) => void told.push(line),
  warn: (line) => void told.push(line),
  error: (line) => void told.push(line),
};

const booked = (...fills: readonly Fill[]) => ground.writing((writer) => writer.recordAll(fills));

/** What a fill of the account makes the listener ask for; the number of rows that followed. */
const followed = (change: (own: RowsGround) => RowsGround = (own) => own) =>
  ground.at(null, ({ ground: own, writer }) =>
    mirror({
      ...{ ground: change(own), account: 'main', log },
      writing: (work) => work(writer),
    }).once(),
  );

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
