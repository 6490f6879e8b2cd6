/** Lists in pages: nothing twice, nothing left out, and a cursor is taken by its own list alone. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { instant } from '../../../src/model/instant.ts';
import { draftsOfBreaks, knownBreaks } from '../../../src/service/reconcile-entries.ts';
import { cursorOf } from '../../../src/service/serving/cursors.ts';
import type { ServingParts } from '../../../src/service/serving/parts.ts';
import { noted } from '../../../src/service/syncing.ts';
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

/** Notes steps of a break of `many`, one second apart. */
async function stepped(of: Desk, id: string, changes: readonly object[]): Promise<void> {
  const account = of.account('many');
  for (const change of changes) {
    of.clock.advance(1);
    const { breaks, counts } = knownBreaks(of.reader.file, account.account);
    const one = { ...breaks.find((each) => each.id === id)!, ...change };
    await noted(of.writer, account, draftsOfBreaks([one], of.clock.now(), counts));
  }
}

const idsOf = ({ items }: Page) => items.map((one) => String(one['id'] ?? one['breakId']));

test('RD13 a break that closes or opens between two pages costs no other its place', async () => {
  const moving = await openRich();
  const on = partsOn(moving);
  const list = '/api/v1/breaks?account=many&limit=2';
  const before = idsOf(await ask<Page>(on, '/api/v1/breaks?account=many'));
  expect(before.length).toBeGreaterThan(3);
  const first = await ask<Page>(on, list);
  const [a, b, ...rest] = before;
  expect(idsOf(first)).toEqual([a, b]);
  // The first is repaired, and a worse one opens before all of them.
  await stepped(moving, a!, [{ state: 'VERIFIED' }]);
  await stepped(moving, b!, [{ id: 'BRK-NEW01', severity: 'critical', gross: null }]);
  const after: string[] = [];
  for (let { next } = first; next !== null; ) {
    const page: Page = await ask(on, `${list}&cursor=${next}`);
    after.push(...idsOf(page));
    ({ next } = page);
  }
  expect(after).toEqual(rest);
  expect(idsOf(await ask<Page>(on, list))).toEqual(['BRK-NEW01', b]);
});

test('RD13 RD52 approvals are one line of time, whatever became of the breaks', async () => {
  const moving = await openRich();
  const on = partsOn(moving);
  const given = async (query: string) => {
    const ids: string[] = [];
    for (let cursor = ''; ; ) {
      const page = await ask<Page>(on, `/api/v1/approvals?${query}${cursor}`);
      ids.push(...idsOf(page));
      if (page.next === null) return ids;
      cursor = `&cursor=${page.next}`;
    }
  };
  const before = await given('limit=500');
  const [own] = await given('account=many&limit=500');
  await stepped(moving, own!, [{ state: 'OPEN' }, { state: 'APPROVED', id: 'BRK-AAAA1' }]);
  // More steps than one look at the trail was good for.
  const many = moving.account('many');
  const { breaks, counts } = knownBreaks(moving.reader.file, many.account);
  const one = breaks.find(({ id }) => id === own)!;
  const drafts = Array.from({ length: 510 }, (_, index) =>
    draftsOfBreaks(
      [{ ...one, state: index % 2 === 0 ? 'SNOOZED' : 'OPEN' }],
      moving.clock.now() + BigInt(index),
      new Map([[one.id, counts.get(one.id)! + index]]),
    ),
  );
  await noted(moving.writer, many, drafts.flat());
  const all = ['BRK-AAAA1', ...before];
  for (const limit of [500, 1, 2]) expect(await given(`limit=${limit}`)).toEqual(all);
  expect(await given('account=many&limit=1')).toEqual(['BRK-AAAA1', own]);
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

test('RD35 the trail as of an instant is what was recorded by then, under its head', async () => {
  type Row = { readonly account: string; readonly sequence: number; readonly recordedAt: string };
  const whole = (await allOf('/api/v1/audit', 500)) as unknown as readonly Row[];
  const times = [...new Set(whole.map(({ recordedAt }) => recordedAt))];
  expect(times.length).toBeGreaterThan(2);
  for (const time of [...times, '2026-11-20T06:30:00Z', '2020-01-01T00:00:00Z']) {
    const then = whole.filter(({ recordedAt }) => Date.parse(recordedAt) <= Date.parse(time));
    const address = `/api/v1/audit?as_of=${time}`;
    for (const limit of [500, 7]) expect(await allOf(address, limit), time).toEqual(then);
    const own = then.find(({ account }) => account === 'kraken-spot');
    const one = await ask<{ head: Json | null }>(parts, `${address}&account=kraken-spot`);
    expect(one, time).toMatchObject({ asOf: time, head: own?.sequence ? {} : null });
    expect(one.head?.['sequence'], time).toBe(own?.sequence);
  }
});

test('RD35 what was verified after an instant is not told of it', async () => {
  desk.clock.advance(60);
  await ask(parts, '/api/v1/audit/verify');
  const { verified } = await ask<{ verified: { at: string } }>(parts, '/api/v1/audit');
  expect(await ask(parts, `/api/v1/audit?as_of=${verified.at}`)).toMatchObject({ verified });
  const before = `/api/v1/audit?as_of=2026-11-20T12:00:05Z`;
  expect(await ask(parts, before)).toMatchObject({ verified: null });
});

test('RD35 requests over HTTP as of an instant are those that were answered by then', async () => {
  const { file } = parts;
  for (const [at, actor] of [
    ['09:00', 'ada'],
    ['10:00', 'bo'],
  ] as const) {
    file.driver
      .prepare(
        `INSERT INTO service_actions (at, actor, action, object, status, request_id)
         VALUES (?, ?, 'POST /api/v1/checks', '/api/v1/checks', 200, 'r')`,
      )
      .run(instant(`2026-11-20T${at}:00Z`), actor);
  }
  const then = await ask<Page>(parts, '/api/v1/actions?as_of=2026-11-20T09:59:00Z');
  expect(then.items).toMatchObject([{ actor: 'ada' }]);
  expect((await ask<Page>(parts, '/api/v1/actions')).items).toMatchObject([{ actor: 'bo' }, {}]);
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
