/** A repair is proved by what the venue says after it; what proves nothing leaves it unproved. */
import { afterEach, describe, expect, test } from 'vitest';
import {
  at,
  balances,
  cash,
  closeDesks,
  fill,
  held,
  type Json,
  syncedOf,
} from '../reconcile/desk.ts';
import { noAnswer, openStand, type Said, type Stand, said } from './scripted-venue.ts';

afterEach(closeDesks);

const deposit = cash('deposit', 'd1', '1000');
const holds = (quantity: string, usdt: string, more: Json = {}): Json => ({
  positions: held(quantity === '0' ? [] : [{ instrument: 'BTC/USDT:USDT', leg: 'net', quantity }]),
  balances: balances({ USDT: usdt }),
  orders: held([]),
  ...more,
});
const sold = fill('e2', { side: 'sell', quantity: '0.4', time: at('10:30') });
const afterSale = holds('0.6', '999.8');
const applied = { 'BTC/USDT:USDT': '0.6', USDT: '999.8' };

/** The book lacks a sale of two hours ago, which the venue lists. */
async function broken(): Promise<Stand> {
  const stand = await openStand(deposit, fill('e1'));
  stand.venue.past = [deposit, fill('e1'), sold];
  return stand;
}

const differs = [said(0, afterSale), said(10, afterSale)];

describe('sync', () => {
  test('VC10 it asks the venue again, and only that verifies the repair', async () => {
    const stand = await broken();
    const result = await stand.sync({ apply: true, auto: true }, ...differs, said(20, afterSale));
    expect(result.exitCode).toBe(0);
    expect(syncedOf(result).applied).toMatchObject([{ state: 'VERIFIED' }]);
    expect(stand.desk.holds()).toEqual(applied);
    expect(stand.venue.asked.statement).toBe(3);
    const again = await stand.sync({ apply: true, auto: true }, said(60, afterSale));
    expect(syncedOf(again).applied).toEqual([]);
  });

  const proofless: readonly (readonly [string, Said])[] = [
    ['fails', noAnswer('HTTP 503')],
    ['is of an earlier time', said(-30, afterSale)],
    ['is suspiciously empty', said(20, holds('0', '0'))],
    ['is not whole', said(20, { ...afterSale, positions: held([], { complete: false }) })],
  ];
  test.each(proofless)('VC10 a second statement that %s proves nothing', async (_, second) => {
    const stand = await broken();
    const result = await stand.sync({ apply: true, auto: true }, ...differs, second);
    expect(result.exitCode).toBe(3);
    expect(syncedOf(result).applied).toMatchObject([{ state: 'REPAIRED' }]);
    // What was booked is what the venue listed, and nothing else.
    expect(stand.desk.holds()).toEqual(applied);
    expect(stand.desk.kinds().filter((kind) => kind === 'fill')).toHaveLength(2);
    const checked = await stand.check(said(60, afterSale));
    expect(checked.reconciled.breaks).toMatchObject([{ state: 'VERIFIED' }]);
    expect(checked.account.gate).toBe('allow');
  });

  test('VC10 what still differs after it reopens', async () => {
    const stand = await broken();
    const wrong = [said(20, holds('0.5', '999.8')), said(30, holds('0.5', '999.8'))];
    await stand.sync({ apply: true, auto: true }, ...differs, ...wrong);
    const [one] = (await stand.check(said(90, holds('0.5', '999.8')))).reconciled.breaks;
    expect(['REOPENED', 'EXPLAINED']).toContain(one!.state);
  });

  test('VC10 nothing is planned for what settles, or is not known', async () => {
    const stand = await broken();
    const young = await stand.sync({ apply: true }, said(0, afterSale), said(10, holds('1', '1')));
    expect(young.exitCode).toBe(5);
    const silent = await stand.sync({ apply: true }, noAnswer('HTTP 503'));
    expect(silent.exitCode).toBe(5);
    expect(stand.desk.kinds().filter((kind) => kind === 'fill')).toHaveLength(1);
  });

  test('VC10 a plan holds for the next statement that says the same', async () => {
    const stand = await broken();
    const planned = await stand.sync({}, ...differs);
    expect(planned.exitCode).toBe(3);
    const { plan } = syncedOf(planned);
    const choice = { apply: true, plans: [plan] };
    const result = await stand.sync(choice, said(60, afterSale), said(70, afterSale));
    expect(result.exitCode).toBe(0);
  });
});
