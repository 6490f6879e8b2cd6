/** Limits and the stop on a real book: counted from the journal, and kept through restarts. */
import { afterEach, describe, expect, test } from 'vitest';
import { fromInteger } from '../../../src/decimal/decimal.ts';
import { decimal, toText } from '../../../src/decimal/text.ts';
import { instant } from '../../../src/model/instant.ts';
import { type PolicySettings, policyByDefault } from '../../../src/reconcile/limits.ts';
import { replayDocument } from '../../../src/report/policy-document.ts';
import { auditOf } from '../../../src/service/auditing.ts';
import { checkAccount } from '../../../src/service/checking.ts';
import { replayed } from '../../../src/service/policy/replaying.ts';
import { parsePolicy } from '../../../src/service/policy/settings.ts';
import {
  automaticOf,
  policyIn,
  stopOf,
  stopShown,
  switchRepairs,
} from '../../../src/service/policy/standing.ts';
import { BookReader } from '../../../src/service/reading.ts';
import { sync } from '../../../src/service/reconciling.ts';
import {
  at,
  balances,
  cash,
  closeDesks,
  type Desk,
  type Json,
  list,
  mark,
  openDesk,
  says,
  syncedOf,
} from '../reconcile/desk.ts';

afterEach(closeDesks);

const takingBack = (repairsPerDay: number): PolicySettings => ({
  ...policyByDefault,
  takingBack: { valuePerRepair: null, valuePerDay: null, repairsPerDay },
});

const deposit = cash('deposit', 'd1', '1000');
/** Two payments that nobody lists: each is taken back, 5 and 7 of value. */
const extra = [
  cash('funding', 'f1', '5', { instrument: 'AGI/USDT:USDT' }),
  cash('deposit', 'f2', '7', { currency: 'USDC' }),
  mark('USDC/USDT', '1'),
];
const listed = says({ balances: balances({ USDT: '1000' }), cashFlows: list([deposit]) });

const apply = async (desk: Desk, document: Json, policy: PolicySettings) => {
  const choice = { apply: true, auto: true, only: null, plans: null };
  const compared = [desk.compared(document)];
  return syncedOf(await sync(desk.reader, desk.writer, compared, desk.options({ policy }), choice));
};

const turn = (desk: Desk, stopped: boolean, by: string) =>
  switchRepairs(desk.reader.file, desk.writer, desk.account(), {
    ...{ stopped, reason: stopped ? 'drill' : null, at: desk.clock.now(), by },
  });

describe('limits', () => {
  test('PO6 what was done today counts after a restart, and a day later no more', async () => {
    const desk = await openDesk(deposit, ...extra);
    const policy = takingBack(1);
    const first = await apply(desk, listed, policy);
    expect(first.applied).toMatchObject([{ state: 'VERIFIED' }]);
    expect(first.repairs.map(({ needsApproval }) => needsApproval)).toEqual([true]);
    const needs = () => {
      const again = new BookReader(desk.path, desk.clock);
      const { reconciled } = checkAccount(again, desk.request(listed, { policy }));
      again.close();
      return reconciled.plan.repairs;
    };
    expect(needs()).toMatchObject([
      {
        needsApproval: true,
        because: expect.stringMatching(/ \(1 were made in the last 24 hours\)$/),
      },
    ]);
    desk.clock.advance(86_400);
    expect(needs()).toMatchObject([{ needsApproval: false }]);
  });

  test('PO6 what a person approved counts for no limit', async () => {
    const desk = await openDesk(deposit, ...extra);
    const plan = await desk.sync(listed);
    for (const one of syncedOf(plan).repairs) await desk.approve(one.break, syncedOf(plan).plan);
    expect(syncedOf(await desk.apply(listed)).applied).toHaveLength(2);
    const { spent } = automaticOf(desk.reader.file, desk.account().account, desk.clock.now());
    expect(spent('taking-back').count).toBe(0);
  });

  test('PO6 value adds up over the day', async () => {
    const desk = await openDesk(deposit, ...extra);
    const limits = { valuePerRepair: null, valuePerDay: fromInteger(11), repairsPerDay: 9 };
    const { applied } = await apply(desk, listed, { ...policyByDefault, takingBack: limits });
    expect(applied).toHaveLength(1); // 5 or 7; 12 would be more than 11
    const { spent } = automaticOf(desk.reader.file, desk.account().account, desk.clock.now());
    expect(['5', '7']).toContain(toText(spent('taking-back').value));
  });

  test('PO8 one step of rounding is adjusted and verified, up to the limit', async () => {
    const desk = await openDesk(deposit, { kind: 'currency', currency: 'USDT', decimals: 2 });
    const policy = { ...policyByDefault, roundingSteps: 2 };
    const off = (total: string) => says({ balances: balances({ USDT: total }) });
    const first = await apply(desk, off('999.99'), policy);
    expect(first.applied).toMatchObject([{ state: 'VERIFIED' }]);
    // The same sum on the same line, which reopens the same break.
    expect((await apply(desk, off('999.98'), policy)).applied).toMatchObject([
      { state: 'VERIFIED' },
    ]);
    expect(desk.holds()).toEqual({ USDT: '999.98' });
    const third = await apply(desk, off('999.97'), policy);
    expect(third).toMatchObject({ applied: [], leftAlone: [{ decision: 'ask' }] });
    desk.clock.advance(30 * 86_400);
    expect((await apply(desk, off('999.97'), policy)).applied).toMatchObject([
      { state: 'VERIFIED' },
    ]);
  });
});

describe('the stop', () => {
  const missing = says({ cashFlows: list([deposit, cash('funding', 'f9', '-3')]) });

  test('PO9 stopped, a missing fact waits for a person; started, it is booked', async () => {
    const desk = await openDesk(deposit);
    expect(await turn(desk, true, 'Ada')).toBe(true);
    expect(await turn(desk, true, 'Bob')).toBe(false);
    const stopped = await apply(desk, missing, policyByDefault);
    expect(stopped).toMatchObject({ applied: [], repairs: [{ needsApproval: true }] });
    expect(stopOf(desk.reader.file, desk.account().account)).toMatchObject({
      by: 'Ada',
      reason: 'drill',
    });
    expect((await desk.check(missing)).account.stopped).toMatchObject({ by: 'Ada' });
    expect(await turn(desk, false, 'Bob')).toBe(true);
    expect((await desk.check(missing)).account.stopped).toBeNull();
    expect((await apply(desk, missing, policyByDefault)).applied).toMatchObject([
      { state: 'VERIFIED' },
    ]);
    const options = { from: null, to: null, kinds: new Set(['policy']), limit: 9, postings: false };
    const { entries } = auditOf(desk.reader.file, desk.account(), options);
    expect(entries.map(({ what, reason }) => [what, reason])).toEqual([
      ['stops repairs without a person, by Ada', 'drill'],
      ['repairs without a person go on, by Bob', null],
    ]);
  });

  test('PO9 a person may still approve, and turning the switch makes no plan stale', async () => {
    const desk = await openDesk(deposit);
    const plan = syncedOf(await desk.sync(missing));
    await turn(desk, true, 'Ada');
    const again = syncedOf(await desk.sync(missing));
    expect(again.plan).toBe(plan.plan);
    await desk.approve(again.repairs[0]!.break, again.plan);
    expect(syncedOf(await desk.apply(missing)).applied).toMatchObject([{ state: 'VERIFIED' }]);
  });

  test('PO9 the settings stop too, and say so', async () => {
    const desk = await openDesk(deposit);
    const policy = { ...policyByDefault, stopped: true };
    expect((await apply(desk, missing, policy)).applied).toEqual([]);
    expect(stopShown(desk.reader.file, desk.account().account, policy)).toMatchObject({
      since: null,
    });
  });
});

describe('settings', () => {
  test('PO6 what is not set is as by default', async () => {
    expect(await policyIn({ policy: null })).toEqual({ ok: true, value: policyByDefault });
    const read = parsePolicy(
      { takingBack: { repairsPerDay: 3, valuePerDay: '50' } },
      'trueup.json',
    );
    expect(read).toEqual({
      ok: true,
      value: {
        ...policyByDefault,
        takingBack: { valuePerRepair: null, valuePerDay: decimal('50'), repairsPerDay: 3 },
      },
    });
  });

  test.each([
    [{ roundingSteps: -1 }, 'policy-bad', 'policy.roundingSteps'],
    [{ rows: { valuePerDay: 100.5 } }, 'policy-bad', 'policy.rows.valuePerDay'],
    [{ rows: { repairsPerDay: 1.5 } }, 'policy-bad', 'policy.rows.repairsPerDay'],
    [{ rows: { repairPerDay: 1 } }, 'policy-key-unknown', 'policy.rows.repairPerDay'],
  ])('PO6 %o is refused', (value, code, field) => {
    const read = parsePolicy(value, 'trueup.json');
    expect(read).toMatchObject({
      ok: false,
      refusal: { code, where: { file: 'trueup.json', field } },
    });
  });
});

describe('a rehearsal', () => {
  test('PO10 says what another policy would have done, beside what was done', async () => {
    const desk = await openDesk(deposit, ...extra);
    await apply(desk, listed, takingBack(1)); // one taken back at once, the other waits
    const lost = await openDesk(deposit);
    await apply(
      lost,
      says({ cashFlows: list([deposit, cash('funding', 'f9', '-3')]) }),
      policyByDefault,
    );
    const range = { from: instant(at('00:00')), to: instant('2026-11-21T00:00:00Z') };
    const test = (of: Desk, settings: PolicySettings) => {
      const cases = replayed(of.reader.file, of.account(), range, settings);
      const accounts = [{ account: 'main', currency: 'USDT', cases }];
      return replayDocument(accounts, { ...range, days: 1, settings, file: null }).accounts[0]!;
    };
    const as = (of: Desk, settings: PolicySettings) => {
      const { decided, done, differences } = test(of, settings);
      return [decided, done]
        .map((all) => all.map(({ what, count }) => `${what} ${count}`))
        .concat([differences.map(({ done: was, decision }) => `${was} -> ${decision}`)]);
    };
    expect(as(desk, takingBack(1))).toEqual([
      ['book 1', 'approve 1'],
      ['automatic 1', 'open 1'],
      [],
    ]);
    expect(as(desk, takingBack(0))).toEqual([
      ...[['approve 2'], ['automatic 1', 'open 1'], ['automatic -> approve']],
    ]);
    expect(as(desk, takingBack(2))).toEqual([
      ...[['book 2'], ['automatic 1', 'open 1'], ['open -> book']],
    ]);
    expect(as(lost, { ...policyByDefault, stopped: true })).toEqual([
      ...[['approve 1'], ['automatic 1'], ['automatic -> approve']],
    ]);
    const { done } = test(lost, policyByDefault);
    expect(done).toEqual([{ what: 'automatic', count: 1, gross: '3', unpriced: 0 }]);
  });

  test('PO10 what happened before the days is left out', async () => {
    const desk = await openDesk(deposit, ...extra);
    await apply(desk, listed, takingBack(2));
    const later = { from: instant('2026-11-21T00:00:00Z'), to: instant('2026-11-22T00:00:00Z') };
    expect(replayed(desk.reader.file, desk.account(), later, policyByDefault)).toEqual([]);
  });
});
