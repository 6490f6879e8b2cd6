/** What simulated days found once, as cases of their own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, test } from 'vitest';
import { decimal } from '../../src/decimal/text.ts';
import { addMilliseconds, instant } from '../../src/model/instant.ts';
import { runExits } from '../../src/service/exiting/run.ts';
import { createIncidentDatabase } from '../../src/sources/monitoring/incident-database.ts';
import { openPositionSource } from '../../src/sources/open-source.ts';
import { allowed, Ground, type Hook } from '../service/exiting/double.ts';
import { FakeClock } from '../service/held-book.ts';
import {
  balances,
  cash,
  closeDesks,
  fill,
  held,
  type Json,
  list,
} from '../service/reconcile/desk.ts';
import { openStand, said } from '../service/venue-check/scripted-venue.ts';

afterEach(closeDesks);

const deposit = cash('deposit', 'd1', '1000');
const sold = fill('e2', { side: 'sell', quantity: '0.4', time: '2026-11-20T11:59:50Z' });
const day = (items: readonly Json[]) => list(items, { to: '2026-11-20T12:59:00Z' });

/** What the venue holds; the book holds 1 contract and 999.9 USDT. */
const holds = (quantity: string, usdt: string, items: readonly Json[]): Json => ({
  positions: held([{ instrument: 'BTC/USDT:USDT', leg: 'net', quantity }]),
  balances: balances({ USDT: usdt }),
  orders: held([]),
  executions: day(items),
  cashFlows: day([deposit]),
});

describe('a fill that the book never had', () => {
  test('SM5 and that the venue takes back is no break any more', async () => {
    const stand = await openStand(deposit, fill('e1'));
    const before = holds('0.6', '999.8', [fill('e1'), sold]);
    const [young] = (await stand.check(said(0, before), said(10, before))).reconciled.breaks;
    expect(young).toMatchObject({ reason: 'FILL_MISSING', state: 'SETTLING' });
    // The venue took it back, and the book is right as it is.
    const after = holds('1', '999.9', [fill('e1')]);
    const checked = await stand.check(said(120, after));
    expect(checked.reconciled.breaks.map(({ state }) => state)).toEqual(['SELF_CLEARED']);
    expect(checked.reconciled.verdict).toBe('true');
  });

  test('SM5 and that a list leaves out, which is not whole, stays a break', async () => {
    const stand = await openStand(deposit, fill('e1'));
    const before = holds('1', '999.9', [fill('e1'), sold]);
    await stand.check(said(0, before), said(10, before));
    const cut = { ...holds('1', '999.9', [fill('e1')]), executions: day([]) };
    const half = { ...cut, executions: list([fill('e1')], { complete: false, error: 'cut' }) };
    const { breaks, verdict } = (await stand.check(said(120, half))).reconciled;
    expect(breaks.map(({ state }) => state)).not.toContain('SELF_CLEARED');
    expect(verdict).not.toBe('true');
  });
});

test('SM5 a flat leg reduced once more shows in no balance, and is found by its ids', async () => {
  const long = { leg: 'long', fee: '0' };
  const left = fill('e2', { ...long, side: 'sell', time: '2026-11-20T09:30:00Z' });
  const again = { ...left, executionId: 'x1' };
  const stand = await openStand(deposit, fill('e1', long), left, again);
  stand.venue.past = [deposit, fill('e1', long), left];
  // The book and the venue hold nothing of it, and 1000 USDT.
  const flat: Json = {
    ...{ positions: held([]), balances: balances({ USDT: '1000' }), orders: held([]) },
  };
  const { breaks, plan } = (await stand.check(said(70, flat), said(80, flat))).reconciled;
  expect(breaks.map(({ reason, confidence }) => `${reason} ${confidence}`).sort()).toEqual([
    'FILL_DUPLICATED proven',
    'HISTORY_GAP unexplained',
  ]);
  expect(breaks.map(({ explanation }) => explanation.sentence).join(' ')).toContain(
    'The long leg of BTC/USDT:USDT was reduced by 1 more than it held',
  );
  expect(plan.repairs).toMatchObject([{ needsApproval: true, entries: [{ action: 'reverse' }] }]);
});

test('SM5 one write closes the row of a position and adds the one that followed it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'trueup-found-'));
  const path = join(folder, 'bot.db');
  createIncidentDatabase(path);
  const source = await openPositionSource(`sqlite:${path}`, {
    ...{ clock: new FakeClock(), zone: 'UTC', schema: null },
    backupFolder: join(folder, 'backups'),
  });
  const at = instant('2025-10-13T16:00:00Z');
  const [symbol, exchange, direction] = ['HNTUSDT', 'bybit', 'long'] as const;
  const gains = { exitPrice: decimal('2.34'), realisedPnl: decimal('-0.6'), fees: null };
  const figures = { quantity: decimal('5'), entryPrice: decimal('2.3'), currentPrice: null };
  const added = { ...{ symbol, exchange, direction }, ...figures, unrealisedPnl: null };
  try {
    await source.write(({ positions }) => {
      const row = positions.find((one) => one.symbol === symbol)!;
      const { quantity, status } = row;
      const expected = { quantity, status, direction: row.direction };
      const close = { at, ...gains, reason: 'by hand' };
      return {
        ...{ why: 'closed, and opened again', at, trades: [], orders: [] },
        changes: [{ id: row.id, symbol, expected, close }],
        additions: [{ ...added, direction: row.direction!, openedAt: at, orderIds: ['o-1'] }],
      };
    });
    const file = new DatabaseSync(path, { readOnly: true });
    const sql = `SELECT status, CAST(quantity AS TEXT) AS quantity FROM positions
      WHERE symbol = ? ORDER BY id`;
    const rows = file
      .prepare(sql)
      .all(symbol)
      .map((row) => `${row['status']} ${row['quantity']}`);
    file.close();
    expect(rows.filter((one) => one.startsWith('active'))).toEqual(['active 5']);
    expect(rows).toHaveLength(2);
  } finally {
    await source.close();
    rmSync(folder, { recursive: true });
  }
});

test('SM5 an exit that an old answer does not show is not sent again by another name', async () => {
  const ground = new Ground();
  ground.wait(3);
  let first: unknown = null;
  const old: Hook = async (go) => {
    first ??= await go();
    return first;
  };
  const statements = Array.from({ length: 9 }, (_, index) => [`statement ${index + 1}`, old]);
  // Meanwhile an earlier fill is booked, and the position has another opening, hence another name.
  let movedMs = 0;
  const place: Hook = async (go) => {
    const answer = await go();
    ground.clock.advance(1_000);
    movedMs = -3_600_000;
    return answer;
  };
  ground.hooks = { ...Object.fromEntries(statements), 'place 1': place };
  const held = () =>
    ground.held().map((one) => ({ ...one, openedAt: addMilliseconds(one.openedAt!, movedMs) }));
  const { stopped, deeds } = await runExits({ ...ground.parts(), held }, allowed);
  expect(deeds.map(({ outcome }) => outcome)).toEqual(['placed']);
  expect(ground.open()).toEqual(['buy 4160 of 4160 @ 0.04995']);
  expect(stopped?.code).toBe('no-answer');
});
