/** From the inbox to the repair: what a person sees is what is approved and written. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addRemark } from '../../../src/service/remarks.ts';
import type { BreakAnswer, BreaksAnswer } from '../../../src/service/serving/documents/breaks.ts';
import type { ServingParts } from '../../../src/service/serving/parts.ts';
import { approveBreak } from '../../../src/service/syncing.ts';
import { closeDesks, type Desk } from '../../service/reconcile/desk.ts';
import { ask, type Json, partsOn, problemAt } from './asking.ts';
import { openMorning, saidInTheMorning } from './rich-book.ts';

let desk: Desk;
let parts: ServingParts;

beforeEach(async () => {
  desk = await openMorning();
  parts = partsOn(desk);
});
afterEach(closeDesks);

const inbox = (query: string) => ask<BreaksAnswer>(parts, `/api/v1/breaks?${query}`);
const of = async (account: string) => (await inbox(`state=all&account=${account}`)).items[0]!.id;
const one = (id: string) => ask<BreakAnswer>(parts, `/api/v1/breaks/${id}`);
const may = ({ actions }: BreakAnswer) =>
  actions.flatMap(({ name, possible }) => (possible ? [name] : []));

test('RD16 the inbox: the worst first, by age, and who cannot be vouched for', async () => {
  const answer = await inbox('');
  expect(answer).toMatchObject({
    items: [{ account: 'kraken-spot', severity: 'high' }, { account: 'binance-perp' }],
    states: { PROPOSED: 2, OPEN: 0 },
    unknown: [
      { account: 'coinbase-spot', section: 'positions', why: 'not stated' },
      { account: 'coinbase-spot', section: 'balances', why: 'HTTP 503' },
      { account: 'coinbase-spot', section: 'orders', why: 'HTTP 503' },
    ],
  });
  // 1,521.7187 + 3.12
  expect(answer.ageing[1]).toEqual({ bucket: '0-5 m', breaks: 2, gross: '1524.8387' });
  expect((await inbox('state=waiting')).items).toHaveLength(1);
  expect((await inbox('bucket=5-60%20m')).items).toEqual([]);
});

test('RD17 a person approves the very entries that are shown, and they are written', async () => {
  const id = await of('kraken-spot');
  const before = await one(id);
  expect(before.repair).toMatchObject({
    needsApproval: true,
    entries: [{ action: 'reverse' }],
    effects: [
      { key: 'BTC', before: '0.5124', after: '0.5', change: '-0.0124' },
      { key: 'USD', before: '12406.1153', after: '13167.59', change: '761.4747' },
    ],
  });
  expect(may(before)).toEqual(['propose', 'approve', 'snooze', 'accept', 'comment']);
  expect(before.commands).toContainEqual(expect.stringContaining(`trueup approve ${id} --plan`));
  const plan = await ask(parts, `/api/v1/plans/${before.repair.planHash}`);
  expect(plan).toMatchObject({ account: 'kraken-spot', hash: before.repair.planHash });
  const account = desk.account('kraken-spot');
  const approval = {
    breakId: id,
    plans: [before.repair.planHash!],
    at: desk.clock.now(),
    by: 'Ada',
  };
  expect((await approveBreak(desk.reader, desk.writer, account, approval)).ok).toBe(true);
  expect(may(await one(id))).toEqual(['propose', 'repair', 'comment']);
  expect(await ask(parts, '/api/v1/approvals')).toMatchObject({
    waiting: [],
    items: [{ breakId: id, by: 'Ada', planHash: before.repair.planHash, state: 'APPROVED' }],
  });
  await desk.apply(saidInTheMorning[0]!);
  const after = await one(id);
  expect(after).toMatchObject({ state: 'VERIFIED', waitsFor: 'closed', repair: { entries: [] } });
  expect(after.history.map(({ state }) => state)).toEqual([
    ...['OPEN', 'EXPLAINED', 'PROPOSED', 'APPROVED', 'REPAIRED', 'VERIFIED'],
  ]);
  expect(after.history[3]).toMatchObject({ by: 'Ada' });
  expect(may(after)).toEqual(['comment']);
});

test('RD17 a plan for another book can be looked at, and not approved', async () => {
  const id = await of('kraken-spot');
  const { planHash } = (await one(id)).repair;
  const { more } = { more: { kind: 'deposit', account: 'kraken-spot', currency: 'USD' } };
  await desk.tell({ ...more, amount: '1', id: 'k9', time: '2026-11-20T06:41:06Z' });
  const { actions } = await one(id);
  expect(actions.find(({ name }) => name === 'approve')).toMatchObject({
    possible: false,
    why: 'the book moved since the plan was proposed: propose it anew',
  });
  const { kind } = await problemAt(parts, `/api/v1/plans/${planHash}`);
  expect(kind.code).toBe('not-found');
});

test('RD16 what people say of a break stands with it', async () => {
  const id = await of('binance-perp');
  const account = desk.account('binance-perp');
  const remark = { breakId: id, by: 'Ada', text: 'asked the venue', at: desk.clock.now() };
  expect((await addRemark(desk.writer, account, remark)).ok).toBe(true);
  expect((await one(id)).remarks).toMatchObject([{ by: 'Ada', text: 'asked the venue' }]);
  const explained = await ask<Json>(parts, `/api/v1/breaks/${id}/explanation`);
  expect(explained).toMatchObject({ confidence: 'proven', explanation: { residual: '0' } });
});
