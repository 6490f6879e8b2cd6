/** Fills and orders as of an instant: what took effect by then, however late it was told. */
import { afterEach, expect, test } from 'vitest';
import { cursorOf } from '../../../src/service/serving/cursors.ts';
import type { ServingParts } from '../../../src/service/serving/parts.ts';
import { Random } from '../../decimal/random.ts';
import { at, closeDesks, fill, type Json, openDesk } from '../../service/reconcile/desk.ts';
import { ask, partsOn, problemAt } from './asking.ts';

afterEach(closeDesks);

const main = '/api/v1/accounts/main';

interface Page {
  readonly asOf: string | null;
  readonly items: readonly Json[];
  readonly next: string | null;
}

async function allOf(parts: ServingParts, address: string, limit = 500): Promise<readonly Json[]> {
  const items: Json[] = [];
  for (let cursor = ''; ; ) {
    const mark = address.includes('?') ? '&' : '?';
    const page = await ask<Page>(parts, `${address}${mark}limit=${limit}${cursor}`);
    items.push(...page.items);
    if (page.next === null) return items;
    cursor = `&cursor=${page.next}`;
  }
}

const order = (orderId: string, changes: Json): Json => ({
  ...{ kind: 'order', account: 'main', instrument: 'BTC/USDT:USDT', leg: 'net', orderId },
  ...{ side: 'buy', type: 'limit', quantity: '3', price: '90', filled: '0', status: 'open' },
  ...changes,
});

test('RD33 a fill that was told late was there then; one that was taken back is not', async () => {
  const desk = await openDesk(
    fill('e1', { time: at('09:00') }),
    fill('e2', { time: at('10:00') }),
    fill('e3', { time: at('09:10') }),
    fill('late', { time: at('09:30') }),
    { kind: 'bust', account: 'main', executionId: 'e1', bustId: 'b1', time: at('11:00') },
    {
      ...{ kind: 'correction', account: 'main', executionId: 'e3', correctionId: 'c1' },
      ...{ price: '101', time: at('11:00') },
    },
  );
  const parts = partsOn(desk);
  const then = await ask<Page>(parts, `${main}/fills?as_of=${at('09:30')}`);
  expect(then.asOf).toBe(at('09:30'));
  expect(then.items).toMatchObject([
    { executionId: 'late', time: at('09:30') },
    // As it is in force now: the venue corrected its price since.
    { executionId: 'e3', price: '101' },
  ]);
  expect((await ask<Page>(parts, `${main}/fills`)).asOf).toBeNull();
  expect((await ask<Page>(parts, `${main}/fills?as_of=${at('08:59')}`)).items).toEqual([]);
});

test('RD33 an order is the last of its reports by then, and open if it rested', async () => {
  const desk = await openDesk(
    order('o1', { time: at('09:00') }),
    order('o1:2', { time: at('09:05'), quantity: '7' }),
    order('o1', { time: at('09:20'), filled: '3', status: 'filled' }),
    // Told after the venue said that it is done, of a time before that.
    order('o1', { time: at('09:10'), filled: '1', clientOrderId: 'mine' }),
  );
  const parts = partsOn(desk);
  const then = (time: string, more = '') => ask<Page>(parts, `${main}/orders?as_of=${time}${more}`);
  expect((await then(at('09:04'))).items).toMatchObject([{ orderId: 'o1', filled: '0' }]);
  expect(await then(at('09:15'))).toMatchObject({
    asOf: at('09:15'),
    items: [
      { orderId: 'o1', filled: '1', status: 'open', time: at('09:10'), clientOrderId: 'mine' },
      { orderId: 'o1:2', quantity: '7' },
    ],
  });
  expect((await then(at('09:20'))).items).toMatchObject([
    { orderId: 'o1', filled: '3', status: 'filled' },
    { orderId: 'o1:2' },
  ]);
  const open = async (time: string) =>
    (await then(time, '&status=open')).items.map(({ orderId }) => orderId);
  expect(await open(at('08:59'))).toEqual([]);
  expect(await open(at('09:15'))).toEqual(['o1', 'o1:2']);
  expect(await open(at('09:20'))).toEqual(['o1:2']);
  // The account says the same of that instant, and not what rests now.
  const account = await ask<{ openOrders: readonly Json[] }>(parts, `${main}?as_of=${at('09:15')}`);
  expect(account.openOrders).toEqual((await then(at('09:15'), '&status=open')).items);
});

const statuses = ['new', 'open', 'filled', 'cancelled', 'unknown'] as const;
const symbols = ['BTC/USDT:USDT', 'ETH/USDT:USDT'] as const;
const minute = (n: number) => at(`09:${String(n).padStart(2, '0')}`);

/** Reports of few orders at few instants, told in any order. */
function randomReports(random: Random): readonly Json[] {
  return Array.from({ length: 40 }, () =>
    order(`o${random.between(0, 5)}`, {
      time: minute(random.between(0, 12)),
      instrument: symbols[random.between(0, 1)],
      filled: String(random.between(0, 3)),
      status: statuses[random.between(0, 4)],
    }),
  );
}

const untold = (items: readonly Json[]) => items.map(({ sequence: _, ...rest }) => rest);

test('RD33 orders as of an instant are those of a book that never heard the rest', async () => {
  for (const seed of [1, 2, 3]) {
    const reports = randomReports(new Random(seed));
    const parts = partsOn(await openDesk(...reports));
    for (const last of [0, 4, 9]) {
      const told = reports.filter(({ time }) => String(time) <= minute(last));
      const other = partsOn(await openDesk(...told));
      const then = `${main}/orders?as_of=${minute(last)}`;
      for (const limit of [500, 3]) {
        const expected = untold(await allOf(other, `${main}/orders`));
        expect(untold(await allOf(parts, then, limit)), `${seed} ${last}`).toEqual(expected);
      }
      const open = untold(await allOf(parts, `${then}&status=open`));
      const rests = untold(await allOf(other, `${main}/orders?status=open`));
      expect(new Set(open), `${seed} ${last}`).toEqual(new Set(rests));
    }
  }
});

test('RD38 a cursor goes on in the list of its own instant alone', async () => {
  const desk = await openDesk(fill('e1'), fill('e2'), fill('e3'));
  const parts = partsOn(desk);
  const then = `${main}/fills?limit=1&as_of=`;
  const { next } = await ask<Page>(parts, `${then}${at('10:00')}`);
  // The same instant in other words.
  const same = `${then}${encodeURIComponent('2026-11-20T11:00:00+01:00')}&cursor=${next}`;
  expect((await ask<Page>(parts, same)).items).toMatchObject([{ executionId: 'e2' }]);
  for (const url of [`${then}${at('10:01')}&cursor=${next}`, `${main}/fills?cursor=${next}`]) {
    const { kind, more } = await problemAt(parts, url);
    expect(kind.code).toBe('request-invalid');
    expect(JSON.stringify(more)).toContain('of another instant');
  }
  const ofNow = cursorOf('fills', [3]);
  const { kind } = await problemAt(parts, `${then}${at('10:00')}&cursor=${ofNow}`);
  expect(kind.code).toBe('request-invalid');
});
