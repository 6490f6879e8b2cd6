/** Lists in pages: nothing twice, nothing left out, and a cursor is taken by its own list alone. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cursorOf } from '../../../src/service/serving/cursors.ts';
import type { ServingParts } from '../../../src/service/serving/parts.ts';
import { closeDesks, type Desk } from '../../service/reconcile/desk.ts';
import { ask, type Json, partsOn, problemAt } from './asking.ts';
import { openRich } from './rich-book.ts';

let desk: Desk;
let parts: ServingParts;

beforeAll(async () => {
  desk = await openRich();
  parts = partsOn(desk);
});
afterAll(closeDesks);

interface Page {
  readonly items: readonly Json[];
  readonly next: string | null;
}

async function allOf(address: string, limit: number): Promise<readonly Json[]> {
  const items: Json[] = [];
  for (let cursor = ''; ; ) {
    const joined = `${address}${address.includes('?') ? '&' : '?'}limit=${limit}${cursor}`;
    const page = await ask<Page>(parts, joined);
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items);
    if (page.next === null) return items;
    cursor = `&cursor=${page.next}`;
  }
}

test.each([
  ...['/api/v1/audit', '/api/v1/audit?kind=fill', '/api/v1/audit?account=many'],
  ...['/api/v1/accounts', '/api/v1/breaks?state=all', '/api/v1/accounts/many/fills'],
  ...['/api/v1/accounts/hedge/entries', '/api/v1/accounts/hedge/orders', '/api/v1/reports'],
  '/api/v1/approvals?account=many',
])('RD13 pages of any length are the whole list: %s', async (address) => {
  const whole = await allOf(address, 500);
  expect(whole.length).toBeGreaterThan(0);
  for (const limit of [1, 2, 7]) expect(await allOf(address, limit)).toEqual(whole);
});

test('RD14 the audit trail is one line of time through all accounts', async () => {
  const whole = (await allOf('/api/v1/audit', 500)) as readonly {
    readonly account: string;
    readonly sequence: number;
    readonly recordedAt: string;
  }[];
  const { file } = desk.reader;
  const all = file.accounts().reduce((sum, one) => sum + file.head(one.account).sequence, 0);
  expect(whole).toHaveLength(all);
  for (const [index, { recordedAt, account, sequence }] of whole.entries()) {
    const next = whole[index + 1];
    if (next === undefined) continue;
    expect(Date.parse(recordedAt)).toBeGreaterThanOrEqual(Date.parse(next.recordedAt));
    if (next.account === account) expect(next.sequence).toBeLessThan(sequence);
  }
});

test.each([
  ['no cursor at all', 'x'],
  ['of another list', cursorOf('fills', [7])],
  ['of a place that is none', Buffer.from('[1,"audit","soon",1,2]').toString('base64url')],
  ['of another version', Buffer.from('[2,"audit","1",1,2]').toString('base64url')],
  ['with more than a place', Buffer.from('[1,"audit","1",1,2,3]').toString('base64url')],
])('RD13 a cursor is refused that is %s', async (_, cursor) => {
  const { kind, hint } = await problemAt(parts, `/api/v1/audit?cursor=${cursor}`);
  expect([kind.code, hint]).toEqual(['request-invalid', expect.stringContaining('begin again')]);
});
