/** A position that somebody else opened long ago, at a venue that is asked live. */
import { afterEach, expect, test } from 'vitest';
import { at, balances, cash, closeDesks, fill, held, list } from '../reconcile/desk.ts';
import { noAnswer, openStand, said } from './scripted-venue.ts';

afterEach(closeDesks);

const hers = { instrument: 'ETH/USDT:USDT', leg: 'net', quantity: '5' };

/** Held beside 1 BTC contract; nothing was executed since 11:00. */
const holds = {
  positions: held([{ instrument: 'BTC/USDT:USDT', leg: 'net', quantity: '1' }, hers]),
  ...{ balances: balances({ USDT: '999.9' }), orders: held([]) },
  executions: list([], { from: at('11:00'), to: at('12:10') }),
  cashFlows: list([], { from: at('11:00'), to: at('12:10') }),
};

test('SP68 two snapshots that tell alike settle it: foreign, and no break', async () => {
  const stand = await openStand(cash('deposit', 'd1', '1000'), fill('e1'));
  const { reconciled } = await stand.check(said(0, holds), said(10, holds));
  expect(reconciled.breaks).toEqual([]);
  expect(reconciled.comparison!.foreign).toMatchObject([{ key: hers.instrument }]);
  expect(reconciled.verdict).toBe('true');
});

test('VC24 what was foreign at one check is so at the next', async () => {
  const stand = await openStand(cash('deposit', 'd1', '1000'), fill('e1'));
  await stand.check(said(0, holds), said(10, holds));
  const { reconciled } = await stand.check(said(120, holds));
  expect([reconciled.verdict, reconciled.breaks]).toEqual(['true', []]);
});

/** Opened by the bot, and never booked; free of fees, so that nothing else shows it. */
const opened = (time: string) =>
  fill('e2', { instrument: hers.instrument, quantity: '5', fee: '0', time: at(time) });

test('VC23 a list that comes late makes nobody foreign, and settles nothing', async () => {
  const stand = await openStand(cash('deposit', 'd1', '1000'), fill('e1'));
  // Opened at 11:59:50; every list of executions still ends three minutes ago.
  stand.venue.past = [fill('e1'), opened('11:59:50')];
  stand.venue.lateMs = 180_000;
  const late = { executions: list([], { from: at('11:00'), to: at('11:57') }) };
  const young = await stand.check(said(0, { ...holds, ...late }), said(10, { ...holds, ...late }));
  expect(young.reconciled.verdict).toBe('cannot-say');
  expect(young.reconciled.breaks).toMatchObject([{ state: 'SETTLING', reason: 'SETTLING' }]);
  // As late two minutes on: older than the settle window, and still nobody can say whose it is.
  const old = await stand.check(said(120, { ...holds, ...late }), said(130, { ...holds, ...late }));
  expect(old.reconciled.verdict).toBe('cannot-say');
  expect(old.reconciled.unknown).toMatchObject([{ section: 'positions', scope: hers.instrument }]);
  // Now it is listed: a fill of ours that the book lacks.
  stand.venue.lateMs = 0;
  const ours = await stand.check(
    said(150, { ...holds, ...late }),
    said(160, { ...holds, ...late }),
  );
  expect(ours.reconciled.verdict).toBe('break');
  expect(ours.reconciled.plan.repairs).toMatchObject([{ kind: 'facts', needsApproval: false }]);
});

test.each([
  ['is listed there', [opened('10:00')], 'break'],
  ['is not', [], 'true'],
])(
  'VC30 what the statement’s list does not reach is asked for: it %s',
  async (_, past, verdict) => {
    // Told for the hour from 11:00; the book began at 08:00.
    const stand = await openStand(cash('deposit', 'd1', '1000'), fill('e1'));
    stand.venue.past = [cash('deposit', 'd1', '1000'), fill('e1'), ...past];
    const { reconciled } = await stand.check(said(0, holds), said(10, holds));
    expect([reconciled.verdict, reconciled.comparison!.foreign.length]).toEqual([
      verdict,
      past.length === 0 ? 1 : 0,
    ]);
    const { asked } = stand.venue;
    expect(asked.executions).toBe(1);
    // What was foreign when all was known is not looked into again.
    if (verdict === 'true') {
      expect((await stand.check(said(120, holds))).reconciled.verdict).toBe('true');
      expect(asked.executions).toBe(1);
    }
  },
);

test('VC30 where the past cannot be listed nobody says that it is foreign', async () => {
  const stand = await openStand(cash('deposit', 'd1', '1000'), fill('e1'));
  stand.venue.executions = async () => noAnswer('HTTP 503');
  const { reconciled } = await stand.check(said(0, holds), said(10, holds));
  expect(reconciled.verdict).toBe('cannot-say');
  expect(reconciled.unknown).toMatchObject([
    {
      scope: hers.instrument,
      why:
        'never held here, and the list of executions begins at 2026-11-20T11:00:00Z: ' +
        'what opened it may be older, and ours',
    },
  ]);
});
