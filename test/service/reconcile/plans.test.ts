import { afterEach, describe, expect, test } from 'vitest';
import { openForWriting } from '../../../src/service/open-for-writing.ts';
import { applySync, proposePlan } from '../../../src/service/syncing.ts';
import { markMaxAgeMs } from '../held-book.ts';
import {
  at,
  balances,
  cash,
  closeDesks,
  type Desk,
  fill,
  held,
  list,
  open,
  openDesk,
  says,
  syncedOf,
} from './desk.ts';

afterEach(closeDesks);

const deposit = cash('deposit', 'd1', '1000');
const later = cash('interest', 'i1', '0', { time: at('11:00') });

/** The book holds a fill that is not listed, and lacks a funding payment. */
const flows = [deposit, later, cash('deposit', 'b1', '2', { currency: 'BTC' })];
const document = says({
  positions: held([]),
  balances: balances({ USDT: '1000', BTC: '2' }),
  executions: list([]),
  cashFlows: list(flows),
});
const twoBreaks = () => openDesk(deposit, fill('e1'), later);

/** The break that needs approval, the other one, and the plan. */
async function planned(desk: Desk) {
  const { plan, repairs } = syncedOf(await desk.sync(document));
  const waiting = repairs.find(({ needsApproval }) => needsApproval)!.break;
  const automatic = repairs.find(({ needsApproval }) => !needsApproval)!.break;
  return { plan, waiting, automatic };
}

describe('a plan', () => {
  test('Y7 it is for the book it was made for: after another fact nothing is written', async () => {
    const desk = await twoBreaks();
    const { plan } = await planned(desk);
    await desk.tell(cash('fee', 'x1', '1', { time: at('13:00') }));
    const { head } = desk;
    const result = await desk.apply(document, { plans: [plan] });
    expect(result).toMatchObject({ exitCode: 6, stale: { sequence: head } });
    expect(syncedOf(result)).toMatchObject({ stale: true, applied: null });
    expect(new Set(desk.kinds(head))).toEqual(new Set());
  });

  test('Y7 statements, breaks and second reports that are noted do not make it stale', async () => {
    const desk = await twoBreaks();
    const { plan } = await planned(desk);
    await desk.check(says({ balances: balances({ USDT: '5' }) }));
    await desk.tell(fill('e1', { price: '99' }));
    const result = await desk.apply(document, { plans: [plan.slice(0, 4)] });
    expect(syncedOf(result).applied).toMatchObject([{ state: 'VERIFIED' }]);
  });

  test('Y7 the hash of another one, or too little of it, applies nothing', async () => {
    const desk = await twoBreaks();
    const { plan } = await planned(desk);
    const { head } = desk;
    for (const name of ['ffffffff', plan.slice(0, 3), '', `${plan}0`]) {
      expect(await desk.apply(document, { plans: [name] })).toMatchObject({ exitCode: 6 });
    }
    expect(desk.head).toBe(head);
  });

  test('Y7 a fact that comes between looking and writing stops it as well', async () => {
    const desk = await twoBreaks();
    const request = { ...desk.request(document), only: null, auto: false, plans: null };
    const { head } = desk;
    let told = false;
    const busy = Object.assign(Object.create(desk.writer) as typeof desk.writer, {
      async apply(plan: Parameters<typeof desk.writer.apply>[0]) {
        const result = await desk.writer.apply(plan);
        if (!told) await desk.tell(cash('fee', 'x1', '1', { time: at('13:00') }));
        told = true;
        return result;
      },
    });
    const synced = await applySync(desk.reader, busy, request);
    expect(synced.status).toBe('stale');
    expect(desk.kinds(head).filter((kind) => kind === 'deposit')).toEqual([]);
  });

  test('Y7 an entry that cannot be booked stops the plan as a whole, and says why', async () => {
    const desk = await twoBreaks();
    const request = { ...desk.request(document), only: null, auto: false, plans: null };
    const outcome = { status: 'conflict', sequence: 3, fields: ['price'] } as const;
    const strict = Object.assign(Object.create(desk.writer) as typeof desk.writer, {
      apply: (plan: Parameters<typeof desk.writer.apply>[0]) =>
        plan.expectedSequence === null
          ? desk.writer.apply(plan)
          : Promise.resolve({ status: 'refused', outcome } as const),
    });
    expect(await applySync(desk.reader, strict, request)).toMatchObject({
      ...{ status: 'refused', refusal: { code: 'repair-conflicts' } },
    });
  });

  test('Y7 --only and --auto leave out what is not meant', async () => {
    const desk = await twoBreaks();
    const { waiting, automatic, plan } = await planned(desk);
    await desk.approve(waiting, plan);
    const none = await desk.apply(document, { auto: true, only: new Set([waiting]) });
    expect(syncedOf(none).applied).toEqual([]);
    const one = await desk.apply(document, { only: new Set([automatic]) });
    expect(syncedOf(one).applied).toMatchObject([{ break: automatic, state: 'VERIFIED' }]);
    expect(desk.holds()).toMatchObject({ BTC: '2', 'BTC/USDT:USDT': '1' });
  });

  test('Y7 it says the states that breaks have once it is made', async () => {
    const desk = await twoBreaks();
    const first = syncedOf(await desk.sync(document));
    expect(first.repairs.map(({ state }) => state)).toEqual(['PROPOSED', 'PROPOSED']);
    const { head } = desk;
    expect(syncedOf(await desk.sync(document))).toEqual(first);
    expect(desk.head).toBe(head);
  });
});

describe('an approval', () => {
  test('Y8 it is void once the book has moved, and the next plan asks again', async () => {
    const desk = await twoBreaks();
    const { plan, waiting } = await planned(desk);
    expect(await desk.approve(waiting, plan.slice(0, 8))).toMatchObject({ ok: true });
    await desk.tell(cash('fee', 'x1', '1', { time: at('13:00') }));
    const result = await desk.apply(document);
    expect(syncedOf(result).applied?.map((one) => one.break)).not.toContain(waiting);
    const next = await desk.sync(document);
    expect(next.exitCode).toBe(6);
    const { plan: now, repairs } = syncedOf(next);
    expect(now).not.toBe(plan);
    expect(repairs).toMatchObject([{ break: waiting, state: 'PROPOSED' }]);
    expect(await desk.approve(waiting, plan)).toMatchObject({ refusal: { code: 'plan-stale' } });
    expect(await desk.approve(waiting, now)).toMatchObject({ ok: true });
    expect((await desk.apply(document)).exitCode).toBe(0);
  });

  test('Y8 it needs a plan that proposes the break, and a break that exists', async () => {
    const desk = await twoBreaks();
    const [first] = open(await desk.check(document));
    expect(await desk.approve(first!.id, 'abcd')).toMatchObject({
      refusal: { code: 'plan-stale' },
    });
    expect(await desk.approve('BRK-000000', 'abcd')).toMatchObject({
      refusal: { code: 'break-unknown' },
    });
  });

  test('Y8 it does not cover a difference that has changed since', async () => {
    const desk = await twoBreaks();
    const { plan, waiting } = await planned(desk);
    await desk.approve(waiting, plan);
    const other = { ...document, balances: balances({ USDT: '990', BTC: '2' }) };
    const result = await desk.apply(other);
    expect(syncedOf(result).applied?.map((one) => one.break)).not.toContain(waiting);
  });
});

describe('what the policy leaves to a person', () => {
  const auto = { only: null, auto: true, plans: null, proposes: true } as const;
  const round = async (desk: Desk, said = document) => {
    const request = { ...desk.request(said), ...auto };
    const { checked } = await applySync(desk.reader, desk.writer, request);
    return open(checked);
  };

  test('VC31 is proposed in the plan that is left once the rest is repaired', async () => {
    const desk = await twoBreaks();
    const [one, ...others] = await round(desk);
    expect([one!.state, others]).toEqual(['PROPOSED', []]);
    const { head } = desk;
    expect(await round(desk)).toEqual([one]);
    expect(desk.head).toBe(head);
    const { planHash } = one!.repair!;
    expect(desk.look(document).reconciled.plan.hash).toBe(planHash);
    expect(await desk.approve(one!.id, planHash)).toMatchObject({ ok: true });
    expect((await desk.apply(document, { plans: [planHash] })).exitCode).toBe(0);
  });

  test('VC31 a person’s plan with an adjustment stands as long as the book does', async () => {
    const desk = await twoBreaks();
    await round(desk);
    const off = { ...document, balances: balances({ USDT: '1000', BTC: '2.5' }) };
    const adjusted = (await round(desk, off)).find(({ lines }) => lines[0]!.key === 'BTC')!;
    const { plan, repairs } = syncedOf(await desk.sync(off, { by: 'Ada' }, [adjusted.id]));
    expect(repairs).toHaveLength(2);
    await desk.approve(repairs.find((each) => each.break !== adjusted.id)!.break, plan);
    const { head } = desk;
    const states = (all: Awaited<ReturnType<typeof round>>) =>
      all.map(({ state, repair }) => [state, repair?.planHash === plan]).sort();
    expect(states(await round(desk, off))).toEqual([
      ['APPROVED', true],
      ['PROPOSED', true],
    ]);
    expect(desk.head).toBe(head);
    const more = cash('interest', 'i2', '0', { time: at('11:30') });
    await desk.tell(more);
    const moved = { ...off, cashFlows: list([...flows, more]) };
    expect(states(await round(desk, moved))).toEqual([
      ['PROPOSED', false],
      ['PROPOSED', true],
    ]);
  });
});

describe('two programs at once', () => {
  test('Y15 checks and repairs that run at the same time leave one history', async () => {
    const desk = await twoBreaks();
    const options = { clock: desk.clock, holder: 'other', markMaxAgeMs };
    const other = await openForWriting(desk.path, options);
    try {
      const request = desk.request(document);
      await Promise.all([
        desk.check(document),
        proposePlan(desk.reader, other, request),
        desk.check(document),
      ]);
      expect(open(desk.look(document))).toHaveLength(2);
      const { waiting, plan } = await planned(desk);
      await desk.approve(waiting, plan);
      const apply = { ...request, only: null, auto: false, plans: null };
      const [one, two] = await Promise.all([
        applySync(desk.reader, desk.writer, apply),
        applySync(desk.reader, other, apply),
      ]);
      expect([one.status, two.status]).toContain('applied');
      expect(desk.look(document).reconciled.verdict).toBe('true');
      expect(desk.kinds().filter((kind) => kind === 'reversal')).toHaveLength(1);
      expect(desk.kinds().filter((kind) => kind === 'deposit')).toHaveLength(2);
    } finally {
      await other.close();
    }
  });
});
