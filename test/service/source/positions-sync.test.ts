/** Stored positions looked at, repaired, and looked at again: book first, then the bot's rows. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { instant } from '../../../src/model/instant.ts';
import { instrumentFromName } from '../../../src/model/instrument.ts';
import { BookReader } from '../../../src/service/reading.ts';
import { fillTrades } from '../../../src/service/source/positions-filling.ts';
import { loggedChanges } from '../../../src/service/source/positions-log.ts';
import { applyRows } from '../../../src/service/source/positions-sync.ts';
import { approveBreak } from '../../../src/service/syncing.ts';
import type { PositionSource } from '../../../src/sources/position-source.ts';
import { section } from '../../reconcile/kit.ts';
import {
  agreed,
  breakIn,
  countsIn,
  executions,
  fillOf,
  heldBut,
  instruments,
  PositionsGround,
  seenAt,
  statement,
} from './positions-kit.ts';

let ground: PositionsGround;

beforeEach(() => {
  ground = new PositionsGround();
});

const bare = statement({ executions: null });

describe('SP30 a look', () => {
  test('SP30 is noted with its breaks, and what it says again is a short entry', async () => {
    await ground.begin();
    const look = await ground.check(statement());
    expect(countsIn(look)).toEqual({
      ...{ stored: 9, venue: 9, verified: 6, different: 3, phantom: 0, missing: 0, foreign: 0 },
    });
    expect(look.input.truth.party).toBe('statement');
    expect(ground.entries().filter((one) => one === 'source')).toHaveLength(1);
    expect(ground.row(274)['quantity']).toBe(60);
  });

  test('SP30 a book that was just found TRUE is what rows are held against', async () => {
    await ground.begin(executions);
    const look = await ground.check(statement({ balances: section([]) }));
    expect(look.input.truth).toMatchObject({ party: 'statement' });
    const again = await ground.check(agreed());
    expect(again.input.truth).toMatchObject({ party: 'book', proven: true });
    expect(breakIn(again, 'HNTUSDT')).toMatchObject({ confidence: 'proven' });
    expect(breakIn(again, 'HNTUSDT')!.id).toBe(breakIn(look, 'HNTUSDT')!.id);
  });

  test('SP30 a book that nobody confirms proves nothing', async () => {
    await ground.begin(executions);
    const look = await ground.check(null);
    expect(look.input.truth).toMatchObject({ party: 'book', proven: false });
    expect(breakIn(look, 'HNTUSDT')!.confidence).toBe('likely');
    expect(look.checked.repairs.every(({ needsApproval }) => needsApproval)).toBe(true);
  });

  test('SP13 what is levered is no spot: the column that the incident has decides', async () => {
    await ground.begin();
    const spot = instrumentFromName('bybit', 'HNT/USDT')!;
    const look = await ground.check(bare, {
      instrumentsOf: async () => [...instruments, { ...spot, symbol: 'HNTUSDT' }],
    });
    expect(countsIn(look)).toMatchObject({ verified: 6, different: 3 });
    expect(look.checked.hints).toContain('HNTUSDT is HNT/USDT:USDT: what is levered is no spot');
  });

  test('SP30 rows of what an unconfirmed book never held are unknown', async () => {
    await ground.begin(executions.filter(({ executionId }) => executionId !== 'open-259'));
    const look = await ground.check(null);
    expect(countsIn(look).phantom).toBe(0);
    expect(look.checked.reconciled.unknown.length).toBeGreaterThan(0);
  });
});

describe('SP31 what is proven is written', () => {
  test('SP31 with a backup and an audit row; the break is over once the row is read', async () => {
    await ground.begin();
    const { status, applied, after, backup } = await ground.apply(statement());
    expect(status).toBe('applied');
    expect([1, 38, 274].map((id) => ground.row(id)['quantity'])).toEqual([3160, 2036, 59.88]);
    expect(applied.map((one) => one.after?.state)).toEqual(['VERIFIED', 'VERIFIED', 'VERIFIED']);
    expect(countsIn(after)).toMatchObject({ verified: 9, different: 0 });
    expect(backup).toContain('bot.db');
    expect(ground.count('trueup_audit')).toBe(1);
    const entries = ground.entries();
    for (const state of ['PROPOSED', 'APPROVED', 'REPAIRED', 'VERIFIED']) {
      expect(entries.filter((one) => one === state).length).toBeGreaterThanOrEqual(3);
    }
    expect(entries.filter((one) => one === 'source-write')).toHaveLength(1);
  });

  test('SP31 unrealised PnL follows: 59.88 x (2.33 - 2.35) = -1.1976', async () => {
    await ground.begin();
    await ground.apply(statement());
    expect(ground.row(274)).toMatchObject({ current_price: 2.33, unrealized_pnl: -1.1976 });
  });

  test('SP31 a second time there is nothing to write', async () => {
    await ground.begin();
    await ground.apply(statement());
    const again = await ground.apply(statement());
    expect(again.applied).toEqual([]);
    expect(ground.count('trueup_audit')).toBe(1);
  });

  test('SP31 without --auto only the plan that somebody names is written', async () => {
    await ground.begin();
    const { applied, before } = await ground.apply(statement(), { auto: false });
    expect(applied).toEqual([]);
    const { hash } = before.checked.reconciled.plan;
    const named = await ground.apply(statement(), { auto: false, plans: [hash.slice(0, 8)] });
    expect(named.applied).toHaveLength(3);
  });

  test('SP31 another plan than the one that was named is not written', async () => {
    await ground.begin();
    const { status } = await ground.apply(statement(), { plans: ['00000000'] });
    expect(status).toBe('stale');
    expect(ground.row(274)['quantity']).toBe(60);
  });
});

describe('SP32 what is not proven waits for a person', () => {
  test('SP32 approved for this very plan it is written', async () => {
    await ground.begin();
    expect((await ground.apply(bare)).applied).toEqual([]);
    const planned = await ground.plan(bare);
    const { plan } = planned.after.checked.reconciled;
    const hnt = breakIn(planned.after, 'HNTUSDT')!;
    expect(hnt.state).toBe('PROPOSED');
    const reader = new BookReader(ground.book, ground.clock);
    const account = reader.file.accountNamed('main')!;
    const approval = { breakId: hnt.id, plans: [plan.hash], at: ground.clock.now(), by: 'ann' };
    await ground.writing((writer) => approveBreak(reader, writer, account, approval));
    reader.close();
    const { applied } = await ground.apply(bare, { auto: false });
    expect(applied.map(({ repair }) => repair.breakId)).toEqual([hnt.id]);
    expect(ground.row(274)['quantity']).toBe(59.88);
    expect(ground.row(1)['quantity']).toBe(4160);
  });
});

describe('SP33 the rows move', () => {
  test('SP33 between look and write: nothing is written', async () => {
    await ground.begin();
    const synced = await ground.at(statement(), async ({ ground: own, writer, look }) => {
      ground.bot('UPDATE positions SET quantity = 59.9 WHERE id = 274');
      const choice = { only: null, auto: true, plans: null, actor: null };
      return applyRows(own, writer, look, choice);
    });
    expect(synced.status).toBe('stale');
    expect(ground.row(1)['quantity']).toBe(4160);
  });

  test('SP33 the bot writes its old value back: its own break, and a person decides', async () => {
    await ground.begin();
    await ground.apply(statement());
    ground.bot('UPDATE positions SET quantity = 60 WHERE id = 274');
    const { applied, after } = await ground.apply(statement());
    expect(applied).toEqual([]);
    expect(breakIn(after, 'HNTUSDT')).toMatchObject({
      ...{ reason: 'REPAIR_OVERWRITTEN', confidence: 'proven', state: 'EXPLAINED' },
    });
    expect(ground.row(274)['quantity']).toBe(60);
  });
});

describe('SP34 a phantom', () => {
  const closing = fillOf('rest', 'HNTUSDT', 'sell', '59.88', '2.4', '2025-10-13 15:20:00');
  const flat = statement({
    positions: heldBut('HNTUSDT', null),
    executions: section([...executions, closing], {
      ...{ from: instant('2025-10-12T00:00:00Z'), to: seenAt },
    }),
  });

  test('SP34 is closed at the real price, with PnL and fees of all its executions', async () => {
    await ground.begin();
    await ground.apply(flat);
    // (0.12 x 2.34 + 59.88 x 2.4) / 60 = 143.9928 / 60; that less 60 x 2.35 = 141.
    expect(ground.row(274)).toMatchObject({ status: 'closed', pnl: 2.9928 });
    expect(String(ground.row(274)['closed_at'])).toContain('15:20:00');
  });

  test('SP34 is left alone where nothing says how it closed', async () => {
    await ground.begin();
    await ground.apply(statement({ positions: heldBut('HNTUSDT', null), executions: null }));
    expect(ground.row(274)).toMatchObject({ status: 'active', quantity: 60 });
  });

  test('SP34 nothing at all, and no execution that says so, closes nobody', async () => {
    await ground.begin();
    const look = await ground.check(statement({ positions: section([]), executions: null }));
    expect(look.checked.reconciled.verdict).toBe('cannot-say');
    expect(countsIn(look).phantom).toBe(0);
  });
});

describe('SP35 what is read beside the rows', () => {
  test('SP35 of a log the lines that name a stored symbol, as they are timed', async () => {
    const path = join(ground.folder, 'bot.log');
    writeFileSync(
      path,
      [
        '2025-10-13 19:24:49,123 - sync - WARNING - HNTUSDT: Quantity mismatch - DB: 60.0',
        '2025-10-13T19:25:00+04:00 SCAUSDT synced',
        '2025-10-13 19:25:01 1HNTUSDTX is another one',
        'no time HNTUSDT',
      ].join('\n'),
    );
    const lines = await loggedChanges(path, ['HNTUSDT', 'SCAUSDT']);
    expect(lines.map(({ symbol, at }) => [symbol, at])).toEqual([
      ['HNTUSDT', instant('2025-10-13T19:24:49.123Z')],
      ['SCAUSDT', instant('2025-10-13T15:25:00Z')],
    ]);
    await expect(loggedChanges(join(ground.folder, 'none.log'), [])).rejects.toThrow('none.log');
  });

  test('SP35 and its clock, four hours ahead of the rows', async () => {
    await ground.begin();
    const logged = ['AGIUSDT', 'SCAUSDT', 'HNTUSDT'].map((symbol) => ({
      ...{ symbol, at: instant('2025-10-13T19:24:49Z'), line: symbol },
    }));
    const look = await ground.check(bare, { logged });
    expect(look.checked.clocks).toMatchObject([{ against: 'log', aheadMs: 14_400_000 }]);
  });
});

describe('SP36 the store’s own tables of trades and orders', () => {
  test('SP36 are filled from executions on request, once', async () => {
    await ground.begin();
    const fill = () =>
      ground.at(statement(), ({ ground: own, writer, look }) =>
        fillTrades(own, writer, look, 'ann'),
      );
    expect(await fill()).toBeGreaterThan(0);
    const [trades, orders] = [ground.count('trades'), ground.count('orders')];
    expect([trades, orders]).toEqual([12, 12]);
    await fill();
    expect([ground.count('trades'), ground.count('orders')]).toEqual([12, 12]);
  });
});

describe('SP84 what we filled in', () => {
  test('SP84 makes an order by hand no order of the bot', async () => {
    await ground.begin();
    const manual = fillOf('manual', 'HNTUSDT', 'buy', '40', '5', '2025-10-13 15:00:00');
    const others = executions.filter(({ executionId }) => executionId !== 'by-hand');
    const range = { from: instant('2025-10-12T00:00:00Z'), to: seenAt };
    const said = statement({
      positions: heldBut('HNTUSDT', '100'),
      executions: section([...others, manual], range),
    });
    const asks = async () => {
      const look = await ground.check(said);
      const id = breakIn(look, 'HNTUSDT')!.id;
      return look.checked.repairs.find(({ breakId }) => breakId === id)!.needsApproval;
    };
    expect(await asks()).toBe(true);
    const filled = await ground.at(said, ({ ground: own, writer, look }) =>
      fillTrades(own, writer, look, null),
    );
    expect(filled).toBeGreaterThan(0);
    expect(await asks()).toBe(true);
    await ground.apply(said);
    expect(ground.row(274)['quantity']).toBe(60);
  });
});

describe('SP89 a crash between the write and its note', () => {
  test('SP89 the next look notes the write, and its breaks are repaired, not gone', async () => {
    await ground.begin();
    const said = statement();
    await ground.at(said, async ({ ground: own, writer, look }) => {
      let isWritten = false;
      const source: PositionSource = {
        ...own.source,
        identity: own.source.identity,
        snapshot: () => own.source.snapshot(),
        history: () => own.source.history(),
        orders: () => own.source.orders(),
        trades: () => own.source.trades(),
        audit: async (after, limit) => {
          if (isWritten) throw new Error('the process died');
          return own.source.audit(after, limit);
        },
        write: async (decide) => {
          const written = await own.source.write(decide);
          isWritten = true;
          return written;
        },
      };
      const choice = { only: null, auto: true, plans: null, actor: 'ann' };
      const applied = applyRows({ ...own, source }, writer, look, choice);
      await expect(applied).rejects.toThrow('the process died');
    });
    expect(ground.row(1)['quantity']).toBe(3160);
    expect(ground.entries()).not.toContain('source-write');
    // Who asked is on record before anything is written.
    expect(ground.entries().filter((one) => one === 'APPROVED')).toHaveLength(3);
    const look = await ground.check(said);
    const states = look.checked.reconciled.breaks.map(({ state }) => state);
    expect(states).toEqual(['VERIFIED', 'VERIFIED', 'VERIFIED']);
    const entries = ground.entries();
    expect(entries.filter((one) => one === 'source-write')).toHaveLength(1);
    expect(entries.filter((one) => one === 'REPAIRED')).toHaveLength(3);
    expect(entries).not.toContain('SELF_CLEARED');
    // Once noted it is noted.
    await ground.check(said);
    expect(ground.entries().filter((one) => one === 'source-write')).toHaveLength(1);
  });
});
