/**
 * What a venue answers, and what becomes of it. The book holds 1 BTC contract since 09:00 and
 * 1000 - 0.1 = 999.9 USDT; it is noon. Answers are told by the second after noon.
 */
import { afterEach, describe, expect, test } from 'vitest';
import { instant } from '../../../src/model/instant.ts';
import type { Checked } from '../../../src/service/checking.ts';
import { at, balances, cash, closeDesks, fill, held, type Json, list } from '../reconcile/desk.ts';
import { noAnswer, openStand, type Said, type Stand, said } from './scripted-venue.ts';

afterEach(closeDesks);

const deposit = cash('deposit', 'd1', '1000');
const order = (changes: Json = {}): Json => ({
  ...{ kind: 'order', account: 'main', instrument: 'BTC/USDT:USDT', orderId: 'o1', side: 'sell' },
  ...{ type: 'limit', quantity: '1', price: '120', filled: '0', status: 'open', time: at('09:30') },
  ...changes,
});
const listed = (filled: string): Json => {
  const { kind: _, account: __, ...one } = order({ filled });
  return one;
};

/** What the venue holds: contracts, money, and anything else that it says. */
const holds = (quantity: string, usdt: string, more: Json = {}): Json => ({
  positions: held(quantity === '0' ? [] : [{ instrument: 'BTC/USDT:USDT', leg: 'net', quantity }]),
  balances: balances(usdt === 'none' ? {} : { USDT: usdt }),
  orders: held([]),
  ...more,
});
const hour = (items: readonly Json[]): Json =>
  list(items, { from: at('11:00'), to: at('12:00:30') });

const agrees = holds('1', '999.9');
const differs = holds('0.6', '999.9');
const unknownLists = {
  executions: list([], { complete: false, error: 'HTTP 500' }),
  cashFlows: list([], { complete: false, error: 'HTTP 500' }),
};

/** Breaks that are open or settle, whatever they are put down to, and what is unknown and why. */
const seenIn = ({ reconciled }: Checked) => ({
  verdict: reconciled.verdict,
  breaks: [
    ...new Set(
      reconciled.breaks
        .filter(({ state }) => state !== 'SELF_CLEARED' && state !== 'VERIFIED')
        .map(({ state }) => (state === 'SETTLING' ? 'settling' : 'open')),
    ),
  ],
  unknown: reconciled.unknown
    .filter(({ section }) => section === 'positions' || section === 'balances')
    .map(({ section, why, reason }) => `${reason ?? ''} ${section}: ${why}`.trim()),
});

interface Row {
  readonly name: string;
  readonly facts?: readonly Json[];
  /** Before the answers are given. */
  readonly prepare?: (stand: Stand) => Promise<unknown> | unknown;
  readonly says: readonly Said[];
  readonly verdict: 'true' | 'break' | 'cannot-say';
  readonly breaks?: readonly ('open' | 'settling')[];
  readonly unknown?: readonly string[];
  /** How often it was asked for a statement. */
  readonly asked?: number;
}

const nowhere = 'empty, though the book holds some and nothing listed says where it went';
const closing = fill('e2', { side: 'sell', fee: '0.1', time: at('11:30') });
const young = fill('e2', { quantity: '0.5', fee: '0', time: at('11:58') });

/** A check at 11:50, which leaves a whole statement on record, and what is booked after it. */
const checkedBefore =
  (quantity: string, ...facts: readonly Json[]) =>
  async (stand: Stand) => {
    stand.desk.clock.set(instant(at('11:50')));
    const says = said(-600, holds(quantity, '999.9'));
    await stand.check(says, says);
    await stand.desk.tell(...facts);
  };

const rows: readonly Row[] = [
  { name: 'it agrees', says: [said(0, agrees)], verdict: 'true', asked: 1 },
  {
    name: 'it fails',
    says: [noAnswer('HTTP 503')],
    verdict: 'cannot-say',
    unknown: ['balances: HTTP 503', 'positions: HTTP 503'],
  },
  {
    name: 'it refuses',
    says: [{ status: 'refused', code: 'closed', why: 'not for you' }],
    verdict: 'cannot-say',
    unknown: ['balances: not for you (closed)', 'positions: not for you (closed)'],
  },
  {
    name: 'it fails the second time',
    says: [said(0, differs), noAnswer('HTTP 503')],
    verdict: 'cannot-say',
    unknown: ['balances: HTTP 503', 'positions: HTTP 503'],
  },
  {
    name: 'one of its sections is in error',
    says: [said(0, { ...agrees, positions: held([], { complete: false, error: 'HTTP 500' }) })],
    verdict: 'cannot-say',
    unknown: ['positions: HTTP 500'],
  },
  {
    name: 'one of its lists is cut off',
    says: [said(0, { ...agrees, positions: held([], { complete: false }) })],
    verdict: 'cannot-say',
    unknown: ['positions: incomplete'],
  },
  {
    name: 'it is suspiciously empty',
    says: [said(0, holds('0', 'none'))],
    verdict: 'cannot-say',
    unknown: [`balances: ${nowhere}`, `positions: ${nowhere}`],
  },
  {
    name: 'it is empty, and lists what closed it',
    // 999.9 + (100 - 100) - 0.1 = 999.8
    says: [said(0, holds('0', '999.8', { executions: hour([closing]) }))],
    verdict: 'break',
    breaks: ['open'],
  },
  {
    name: 'it was empty before, when that was believed',
    prepare: async (stand) => {
      stand.believesEmpty = true;
      const says = said(-20, holds('0', '999.9'));
      stand.desk.clock.set(instant(at('11:59')));
      await stand.check(says, said(-10, holds('0', '999.9')));
      stand.believesEmpty = false;
    },
    says: [said(0, holds('0', '999.9'))],
    verdict: 'break',
    breaks: ['open'],
  },
  {
    name: 'only its first snapshot differs',
    says: [said(0, differs), said(10, agrees)],
    verdict: 'true',
    asked: 2,
  },
  {
    name: 'its snapshots differ from each other',
    says: [said(0, differs), said(10, holds('0.7', '999.9'))],
    verdict: 'cannot-say',
    breaks: ['settling'],
  },
  {
    name: 'both differ, and nothing moved the line for an hour',
    says: [said(0, differs), said(10, differs)],
    verdict: 'break',
    breaks: ['open'],
  },
  {
    name: 'both differ, and its lists cannot say for how long',
    says: [said(0, { ...differs, ...unknownLists }), said(10, { ...differs, ...unknownLists })],
    verdict: 'cannot-say',
    breaks: ['settling'],
  },
  {
    name: 'both differ, and a fill of ours on the line is 40 s old',
    facts: [fill('e2', { quantity: '0.5', fee: '0', time: at('11:59:30') })],
    says: [said(0, holds('1', '999.9')), said(10, holds('1', '999.9'))],
    verdict: 'cannot-say',
    breaks: ['settling'],
  },
  {
    name: 'both differ, and it executed 20 s ago what the book lacks',
    says: [0, 10].map((second) =>
      said(second, {
        ...holds('0', '999.8'),
        executions: hour([{ ...closing, time: at('11:59:50') }]),
      }),
    ),
    verdict: 'cannot-say',
    breaks: ['settling'],
  },
  {
    name: 'an order filled further between the snapshots',
    facts: [order()],
    says: [
      said(0, { ...differs, orders: held([listed('0')]) }),
      said(10, { ...differs, orders: held([listed('0.4')]) }),
    ],
    verdict: 'cannot-say',
    breaks: ['settling'],
  },
  {
    name: 'an order rests as it rested, partly filled, and the fill is old',
    facts: [order()],
    says: [0, 10].map((second) => {
      const sold = { side: 'sell', quantity: '0.4', fee: '0', orderId: 'o1', time: at('11:10') };
      const executions = hour([fill('e2', sold)]);
      return said(second, { ...differs, executions, orders: held([listed('0.4')]) });
    }),
    verdict: 'break',
    breaks: ['open'],
  },
  {
    name: 'an order of ours got no answer 30 s ago',
    facts: [order({ status: 'unknown', time: at('11:59:40') })],
    says: [0, 10].map((second) => said(second, { ...differs, orders: held([listed('0')]) })),
    verdict: 'cannot-say',
    breaks: ['settling'],
  },
  {
    name: 'a kept message that is not booked yet says why',
    prepare: (stand) =>
      stand.keep(fill('e2', { side: 'sell', quantity: '0.4', time: at('11:50') })),
    says: [said(0, differs), said(10, differs)],
    verdict: 'cannot-say',
    breaks: ['settling'],
  },
  {
    name: 'a kept message was never booked',
    prepare: (stand) =>
      stand.keep(fill('e2', { side: 'sell', quantity: '0.4', time: at('11:50') })),
    says: [said(60, differs), said(70, differs)],
    verdict: 'break',
    breaks: ['open'],
  },
  {
    name: 'it is older than a fact that it told before',
    facts: [fill('e2', { fee: '0', time: at('11:59:50') })],
    says: [said(-30, agrees)],
    verdict: 'cannot-say',
    unknown: ['balances', 'positions'].map(
      (section) => `SNAPSHOT_STALE ${section}: it is older than a fact that the venue told before`,
    ),
  },
  {
    name: 'it is ten minutes old',
    says: [said(-600, differs)],
    verdict: 'cannot-say',
    unknown: ['balances', 'positions'].map(
      (section) => `SNAPSHOT_STALE ${section}: it is 600 s old`,
    ),
  },
  {
    name: 'it goes back in time',
    says: [said(0, differs), said(-30, differs)],
    verdict: 'cannot-say',
    unknown: ['balances', 'positions'].map(
      (section) => `SNAPSHOT_STALE ${section}: it is older than what the venue said before`,
    ),
  },
  {
    name: 'its positions lag behind its balances and lists',
    prepare: checkedBefore('1', { ...young, fee: '0.1' }),
    // 999.9 - 0.1 is there, 1 + 0.5 is not.
    says: [0, 10].map((second) =>
      said(second, holds('1', '999.8', { executions: hour([{ ...young, fee: '0.1' }]) })),
    ),
    verdict: 'cannot-say',
    unknown: ["SNAPSHOT_TORN positions: without the last fact of the venue's own lists"],
  },
  {
    name: 'all of it lags behind its lists',
    prepare: checkedBefore('1', { ...young, fee: '0.1' }),
    says: [0, 10].map((second) =>
      said(second, holds('1', '999.9', { executions: hour([{ ...young, fee: '0.1' }]) })),
    ),
    verdict: 'cannot-say',
    unknown: [
      "SNAPSHOT_STALE balances: without the last fact of the venue's own lists",
      "SNAPSHOT_STALE positions: without the last fact of the venue's own lists",
    ],
  },
  {
    name: 'it differs by as much as its last fact, as it did before that fact',
    // 1 - 0.5 before, and 1.5 - 0.5 after 0.5 more: nothing lags.
    prepare: checkedBefore('0.5', young),
    says: [said(90, holds('1', '999.9', { executions: hour([young]) }))],
    verdict: 'break',
    breaks: ['open'],
  },
];

describe('what a venue says, and what becomes of it', () => {
  test.each(rows)('VC1 VC2 VC4 VC5 VC6 VC7 $name: $verdict', async (row) => {
    const stand = await openStand(deposit, fill('e1'), ...(row.facts ?? []));
    await row.prepare?.(stand);
    const before = { held: stand.desk.holds(), asked: stand.venue.asked.statement };
    const checked = await stand.check(...row.says);
    const { verdict, breaks, unknown } = seenIn(checked);
    expect({ verdict, breaks }).toEqual({ verdict: row.verdict, breaks: row.breaks ?? [] });
    expect(unknown).toEqual(row.unknown ?? []);
    if (row.asked !== undefined) {
      expect(stand.venue.asked.statement - before.asked).toBe(row.asked);
    }
    // Nothing but a check that is whole lets anybody trade; and a check repairs nothing.
    expect(checked.account.gate).toBe(row.verdict === 'true' ? 'allow' : 'deny');
    expect(stand.desk.holds()).toEqual(before.held);
  });

  const silent = rows.filter(
    ({ unknown, prepare }) => prepare === undefined && unknown?.length === 2,
  );
  test.each(silent)('VC4 a break that is open stays as it is while $name', async (row) => {
    const stand = await openStand(deposit, fill('e1'));
    stand.desk.clock.set(instant(at('11:40')));
    const says = said(-1_100, holds('1', '990'));
    const [known] = (await stand.check(said(-1_200, holds('1', '990')), says)).reconciled.breaks;
    expect(known).toMatchObject({ state: 'OPEN' });
    await stand.desk.tell(...(row.facts ?? []));
    stand.desk.clock.set(instant(at('12:00')));
    const checked = await stand.check(...row.says);
    const after = checked.reconciled.breaks.find(({ id }) => id === known!.id);
    expect(after).toEqual(known);
    expect(checked.reconciled.plan.repairs).toEqual([]);
    const result = await stand.sync({ apply: true }, ...row.says);
    expect(result.exitCode).toBe(3);
    expect(stand.desk.kinds().filter((kind) => kind === 'adjustment')).toEqual([]);
  });
});
