/** The comparison that taking a statement needed, and the check that follows it. */
import { afterEach, expect, test } from 'vitest';
import { checkAll } from '../../../src/service/reconciling.ts';
import { comparedWithVenue } from '../../../src/service/venue-check/comparing.ts';
import { balances, cash, closeDesks, fill, held, type Json } from '../reconcile/desk.ts';
import { openStand, type Stand, said } from './scripted-venue.ts';

afterEach(closeDesks);

const holds = (quantity: string): Json => ({
  positions: held([{ instrument: 'BTC/USDT:USDT', leg: 'net', quantity }]),
  ...{ balances: balances({ USDT: '999.9' }), orders: held([]) },
});

const told = (stand: Stand) => stand.desk.tell(fill('e2', { time: '2026-11-20T11:59:00Z' }));

interface Row {
  readonly name: string;
  readonly quantity: string;
  readonly between: (stand: Stand) => Promise<unknown> | unknown;
  readonly isSame: boolean;
  readonly verdict: string;
}

test.each<Row>([
  { name: 'nothing', quantity: '1', between: () => 0, isSame: true, verdict: 'true' },
  {
    ...{ name: 'lists that reach further back', quantity: '3', isSame: false, verdict: 'break' },
    between: () => 0,
  },
  { name: 'a fill', quantity: '1', between: told, isSame: false, verdict: 'break' },
  {
    ...{ name: 'a while', quantity: '1', isSame: false, verdict: 'true' },
    between: ({ desk }) => desk.clock.advance(2),
  },
])('VC20 after $name the check is the look: $isSame', async (row) => {
  const stand = await openStand(cash('deposit', 'd1', '1000'), fill('e1'));
  const { desk, venue, times } = stand;
  const options = desk.options();
  venue.script = [said(0, holds(row.quantity)), said(100, holds(row.quantity))];
  const of = { account: desk.account(), venue };
  const { signal } = new AbortController();
  const asking = { clock: desk.clock, signal, times };
  const compared = await comparedWithVenue(desk.reader, of, options, asking);
  await row.between(stand);
  const [checked] = await checkAll(desk.reader, desk.writer, [compared], options);
  const { comparison, verdict } = checked!.reconciled;
  expect([comparison === compared.seen?.checked.reconciled.comparison, verdict]).toEqual([
    row.isSame,
    row.verdict,
  ]);
  // It is noted either way.
  expect(desk.kinds().filter((kind) => kind === 'statement')).toHaveLength(1);
});
