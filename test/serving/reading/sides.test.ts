/** What the book holds beside what the venue said: green is fresh and equal, never one of them. */
import { afterEach, expect, test } from 'vitest';
import { instant } from '../../../src/model/instant.ts';
import type { PositionRow, SideRow } from '../../../src/service/serving/documents/account.ts';
import {
  at,
  balances,
  cash,
  closeDesks,
  fill,
  held,
  type Json,
  openDesk,
  says,
} from '../../service/reconcile/desk.ts';
import { ask, partsOn } from './asking.ts';

afterEach(closeDesks);

const perp = 'BTC/USDT:USDT';
const holds = (quantity: string): Json => ({
  instrument: perp,
  leg: 'net',
  quantity,
  averagePrice: '100',
});

interface Case {
  /** What the venue says at noon; ours are 1 BTC/USDT:USDT and 999.9 USDT. */
  readonly says: Json;
  readonly after?: readonly Json[];
  readonly now?: string;
  readonly position: Partial<SideRow>;
  readonly balance: Partial<SideRow>;
}

const whole = { positions: held([holds('1')]), balances: balances({ USDT: '999.9' }) };
const equal = { difference: '0', state: 'equal' } as const;

const cases: Readonly<Record<string, Case>> = {
  'all as it is': { says: whole, position: { theirs: '1', ...equal }, balance: { ...equal } },
  'another quantity': {
    says: { ...whole, positions: held([holds('3')]) },
    position: { theirs: '3', difference: '2', state: 'different' },
    balance: { ...equal },
  },
  'a whole list that leaves it out': {
    says: { ...whole, positions: held([]) },
    position: { theirs: '0', difference: '-1', state: 'different' },
    balance: { ...equal },
  },
  'a list that is not whole says nothing of what it leaves out': {
    says: { ...whole, positions: held([], { complete: false, error: 'HTTP 503' }) },
    position: { theirs: null, difference: null, state: 'unknown' },
    balance: { ...equal },
  },
  'a list of something else': {
    says: { ...whole, positions: held([], { scope: ['linear:USDC'] }) },
    position: { theirs: null, state: 'unknown' },
    balance: { ...equal },
  },
  'equal, and six minutes old': {
    ...{ says: whole, now: '12:06' },
    position: { theirs: '1', difference: '0', state: 'unknown' },
    balance: { state: 'unknown' },
  },
  'filled since the venue was asked': {
    says: whole,
    after: [fill('e2', { quantity: '2', time: at('12:00:30') })],
    now: '12:01',
    position: { ours: '3', theirs: '1', difference: '-2', state: 'settling' },
    // What moves a contract pays its fee.
    balance: { ours: '999.8', difference: '0.1', state: 'settling' },
  },
};

test.each(Object.entries(cases))('RD12 ours beside theirs: %s', async (_, one) => {
  const desk = await openDesk(cash('deposit', 'd1', '1000'), fill('e1'));
  desk.clock.set(instant(at('12:00:01')));
  await desk.check(says({ orders: held([]), ...one.says }));
  await desk.tell(...(one.after ?? []));
  desk.clock.set(instant(at(one.now ?? '12:00:02')));
  const parts = partsOn(desk);
  const rows = async (name: string) =>
    (await ask<{ items: readonly { quantity: SideRow }[] }>(parts, `/api/v1/accounts/main/${name}`))
      .items;
  expect((await rows('positions'))[0]!.quantity).toMatchObject(one.position);
  expect((await rows('balances'))[0]!.quantity).toMatchObject(one.balance);
});

test('RD12 what only the venue holds has a row, and the past has nobody beside', async () => {
  const desk = await openDesk(cash('deposit', 'd1', '1000'));
  await desk.check(
    says({ ...whole, balances: balances({ USDT: '1000', ETH: '2' }), orders: held([]) }),
  );
  const parts = partsOn(desk);
  const positions = '/api/v1/accounts/main/positions';
  const { items } = await ask<{ items: readonly PositionRow[] }>(parts, positions);
  expect(items).toMatchObject([
    { instrument: perp, quantity: { ours: '0', theirs: '1', state: 'foreign' } },
  ]);
  expect(await ask(parts, '/api/v1/accounts/main/balances')).toMatchObject({
    items: [
      { currency: 'USDT', quantity: { ours: '1000', theirs: '1000', state: 'equal' } },
      {
        currency: 'ETH',
        quantity: { ours: '0', theirs: '2', difference: '2', state: 'foreign' },
      },
    ],
  });
  expect(await ask(parts, `/api/v1/accounts/main/balances?as_of=${at('11:00')}`)).toMatchObject({
    items: [{ quantity: { ours: '1000', theirs: null, theirsParty: null, state: 'unknown' } }],
  });
});
