/** A position that somebody else opened long ago, at a venue that is asked live. */
import { afterEach, expect, test } from 'vitest';
import { at, balances, cash, closeDesks, fill, held, list } from '../reconcile/desk.ts';
import { openStand, said } from './scripted-venue.ts';

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
