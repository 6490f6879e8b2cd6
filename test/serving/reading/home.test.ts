import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Break, BreakState } from '../../../src/model/break.ts';
import { draftsOfBreaks, knownBreaks } from '../../../src/service/reconcile-entries.ts';
import type { ServingParts } from '../../../src/service/serving/parts.ts';
import { noted } from '../../../src/service/syncing.ts';
import { closeDesks, type Desk } from '../../service/reconcile/desk.ts';
import { ask, partsOn } from './asking.ts';
import { openMorning } from './rich-book.ts';

let desk: Desk;
let parts: ServingParts;

beforeEach(async () => {
  desk = await openMorning();
  parts = partsOn(desk);
});
afterEach(closeDesks);

const account = (name: string, said: object) => expect.objectContaining({ account: name, ...said });

test('RD1 RD2 the first page of the morning: verdict, what is at stake, gates', async () => {
  expect(await ask(parts, '/api/v1/home')).toMatchObject({
    asOf: '2026-11-20T06:41:07Z',
    paper: null,
    live: {
      verdict: 'break',
      sentence: '2 breaks, and 1 account we cannot vouch for',
      ...{ breaks: 2, cannotSay: 1, approvalsWaiting: 1 },
      // 1,524.8387 = 1,521.7187 + 3.12; -1.8893 = +1.2307 - 3.12
      atStake: { gross: '1524.8387', net: '-1.8893', currency: 'USD', unvalued: [] },
      accounts: [
        account('binance-perp', { verdict: 'break', gross: '3.12', net: '-3.12', gate: 'deny' }),
        account('coinbase-spot', {
          ...{ verdict: 'cannot-say', trueUntil: '2026-11-20T06:27:05Z', trueSince: null },
          why: 'stale: the last whole check is 14 minutes old: HTTP 503',
          gate: 'deny',
        }),
        account('kraken-spot', { verdict: 'break', gross: '1521.7187', net: '1.2307' }),
        account('main', { verdict: 'true', currency: 'USDT', gate: 'allow' }),
        // 250 + 1.5 x 3,000
        account('okx-spot', { verdict: 'true', why: null, gate: 'allow', equity: '4750' }),
      ],
    },
    breaks: [
      { account: 'kraken-spot', title: 'A fill was counted twice', waitsFor: 'person' },
      { account: 'binance-perp', title: 'A funding payment was not booked', waitsFor: 'policy' },
    ],
  });
});

test('PO16 repairs of today are counted each by itself, also of one break', async () => {
  const today = async () => {
    const { today } = (await ask(parts, '/api/v1/home')) as { today: { repairs: number } };
    return today.repairs;
  };
  expect(await today()).toBe(0);
  const of = desk.account('kraken-spot');
  const { breaks, counts } = knownBreaks(desk.reader.file, of.account);
  const hour = 3_600_000_000_000n;
  const note = async (states: readonly BreakState[], hours: number, number: number) => {
    const at = desk.clock.now() + BigInt(hours) * hour;
    const id = `BRK-TODAY${number}`;
    const steps = states.map((state): Break => ({ ...breaks[0]!, id, state, changedAt: at }));
    await noted(desk.writer, of, draftsOfBreaks(steps, at, counts));
  };
  // 06:41 less ten hours is yesterday.
  await note(['OPEN', 'REPAIRED', 'VERIFIED'], -10, 1);
  expect(await today()).toBe(0);
  const twice = ['REOPENED', 'REPAIRED', 'VERIFIED'] as const;
  await note(['OPEN', 'REPAIRED', 'VERIFIED', ...twice, 'REOPENED'], 0, 2);
  expect(await today()).toBe(2);
  // One that set nothing right is none; one that nobody looked at since is.
  await note(['OPEN', 'REPAIRED', 'REOPENED', 'REPAIRED'], 0, 3);
  expect(await today()).toBe(3);
});
