/** Breaks and the first page as of an instant: what was answered then is answered of then. */
import { afterEach, expect, test } from 'vitest';
import { instant } from '../../../src/model/instant.ts';
import { addRemark } from '../../../src/service/remarks.ts';
import { type CursorPlace, cursorOf } from '../../../src/service/serving/cursors.ts';
import type { BreakAnswer, BreaksAnswer } from '../../../src/service/serving/documents/breaks.ts';
import type { HomeAnswer } from '../../../src/service/serving/documents/home.ts';
import { approveBreak } from '../../../src/service/syncing.ts';
import {
  account,
  at,
  balances,
  cash,
  closeDesks,
  type Desk,
  held,
  list,
  openDesk,
  says,
} from '../../service/reconcile/desk.ts';
import { ask, type Json, partsOn, problemAt } from './asking.ts';

afterEach(closeDesks);

const whole = { positions: held([]), orders: held([]) };
const mine = cash('deposit', 'd1', '1000', { time: at('11:00') });
const untold = cash('deposit', 'd2', '25', { time: at('12:05') });

/** The venue lists a deposit of which the book never heard, from ten past twelve on. */
const told = (time: string, total: string, flows: readonly Json[]) =>
  says({
    ...{ ...whole, asOf: at(time), balances: balances({ USDT: total }) },
    cashFlows: list(flows, { to: at(time) }),
  });

const down = { complete: false, error: 'HTTP 503' };
const silent = (time: string) =>
  says({
    ...{ account: 'other', asOf: at(time), positions: held([]) },
    ...{ balances: balances({}, down), orders: held([], down) },
  });

interface Seen {
  readonly time: string;
  readonly home: HomeAnswer;
  readonly inboxes: Readonly<Record<string, BreaksAnswer>>;
  readonly breaks: readonly BreakAnswer[];
}

const inboxes = ['state=all', 'state=open', 'state=closed', 'state=waiting', 'mode=live'];

async function seenOn(desk: Desk, time: string, then: string): Promise<Seen> {
  const parts = partsOn(desk);
  const home = await ask<HomeAnswer>(parts, `/api/v1/home${then.replace('&', '?')}`);
  const said: Record<string, BreaksAnswer> = {};
  for (const query of inboxes) said[query] = await ask(parts, `/api/v1/breaks?${query}${then}`);
  const breaks: BreakAnswer[] = [];
  for (const { id } of said['state=all']!.items) {
    breaks.push(await ask(parts, `/api/v1/breaks/${id}${then.replace('&', '?')}`));
  }
  return { time, home, inboxes: said, breaks };
}

/**
 * What differs, for a reason: what was asked for, what is not kept, and what is told of a time and
 * not of what was on record, which later facts and checks may tell otherwise.
 */
const comparable = ({ home, inboxes: said, breaks, time }: Seen) => ({
  time,
  live: home.live && {
    ...home.live,
    accounts: home.live.accounts.map(({ equity, equityKnown, ...rest }) => rest),
    today: [home.live.today.entries, home.live.today.repairs],
  },
  worst: home.breaks,
  today: [home.today.entries, home.today.repairs],
  inboxes: Object.values(said).map((one) => ({ ...one, asOf: null })),
  breaks: breaks.map(({ asOf: _, repair, undo, actions: may, commands, ...rest }) => rest),
});

/** A difference comes, is explained, proposed, approved, repaired; another account is silent. */
async function life(desk: Desk): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  const step = async (time: string, work: () => Promise<unknown>) => {
    desk.clock.set(instant(at(time)));
    await work();
    desk.clock.advance(1);
    const now = new Date(Number(desk.clock.now() / 1_000_000n)).toISOString();
    seen.push(await seenOn(desk, now, ''));
  };
  const differs = told('12:10', '1025', [mine, untold]);
  await step('12:02', () => desk.tell(mine));
  await step('12:04', () => desk.check(told('12:04', '1000', [mine])));
  await step('12:10', () => desk.check(differs));
  await step('12:12', () => desk.tell(account({ account: 'other' })));
  await step('12:13', () => desk.check(silent('12:13')));
  await step('12:14', () => desk.sync(differs));
  const { id } = seen.at(-1)!.inboxes['state=all']!.items[0]!;
  const remark = { breakId: id, by: 'Ada', text: 'the venue was asked' };
  await step('12:15', () =>
    addRemark(desk.writer, desk.account(), { ...remark, at: desk.clock.now() }),
  );
  await step('12:16', () => {
    const { planHash } = seen.at(-1)!.breaks[0]!.repair;
    const plan = { breakId: id, plans: [planHash!], at: desk.clock.now(), by: 'Ada' };
    return approveBreak(desk.reader, desk.writer, desk.account(), plan);
  });
  await step('12:17', () => desk.apply(differs));
  await step('12:21', () => desk.check(told('12:21', '1025', [mine, untold])));
  await step('12:40', async () => undefined);
  return seen;
}

test('RD36 RD37 what was answered at an instant is answered as of it, however late', async () => {
  const desk = await openDesk();
  const seen = await life(desk);
  desk.clock.set(instant(at('15:00')));
  const states = seen.map((one) => one.breaks.map(({ state }) => state).join());
  expect(new Set(states)).toEqual(new Set(['', 'EXPLAINED', 'PROPOSED', 'APPROVED', 'VERIFIED']));
  expect(new Set(seen.map(({ home }) => home.live?.verdict))).toEqual(
    new Set(['true', 'break', 'cannot-say']),
  );
  for (const then of seen) {
    const asOf = `&as_of=${then.time}`;
    const again = await seenOn(desk, then.time, asOf);
    expect(comparable(again), then.time).toEqual(comparable(then));
    for (const answer of Object.values(again.inboxes)) {
      expect(Date.parse(answer.asOf!)).toBe(Date.parse(then.time));
    }
  }
});

test('RD36 nothing can be done about a break of the past, and its plan is not kept', async () => {
  const desk = await openDesk();
  const seen = await life(desk);
  const proposed = seen.find(({ breaks }) => breaks[0]?.state === 'PROPOSED')!;
  const [before] = proposed.breaks as [BreakAnswer];
  const parts = partsOn(desk);
  const address = `/api/v1/breaks/${before.id}`;
  const then = await ask<BreakAnswer>(parts, `${address}?as_of=${proposed.time}`);
  expect(then).toMatchObject({ state: 'PROPOSED', actions: [], commands: [] });
  expect(before.repair.entries).toHaveLength(1);
  expect(then.repair).toMatchObject({
    ...{ planHash: before.repair.planHash, entries: [], effects: [] },
    because: expect.stringContaining('not kept'),
  });
  const why = await ask<Json>(parts, `${address}/explanation?as_of=${proposed.time}`);
  expect(why['explanation']).toEqual(before.explanation);
  const early = await problemAt(parts, `${address}?as_of=${at('12:09')}`);
  expect([early.kind.code, early.message]).toEqual([
    'not-found',
    expect.stringContaining('it was opened at 2026-11-20T12:10:00Z'),
  ]);
});

test('RD37 what ran then, and an account that was not there, are not told of then', async () => {
  const desk = await openDesk();
  await life(desk);
  const parts = partsOn(desk);
  const home = (time: string) => ask<HomeAnswer>(parts, `/api/v1/home?as_of=${time}`);
  const first = await home(at('12:05'));
  expect(first.today).toMatchObject({ venues: null, venuesAnswering: null, nextCheck: null });
  expect(first.live!.accounts.map((one) => one.account)).toEqual(['main']);
  expect((await home(at('12:20'))).live!.accounts).toHaveLength(2);
  expect(await home('2026-11-19T00:00:00Z')).toMatchObject({ live: null, paper: null });
  // A day has no more than what had passed of it: true at 12:04, and for five minutes.
  const minutes = async (time: string) => (await home(at(time))).minutesTrue.days.at(-1);
  expect(await minutes('12:06')).toEqual({ day: '2026-11-20', percent: '100' });
  // Of two minutes, not of thirty days.
  expect((await home(at('12:06'))).minutesTrue.knownSeconds).toBe(120);
  expect(await minutes('12:03')).toEqual({ day: '2026-11-20', percent: null });
  // Equity is of what had happened, as balances are: the deposit of 12:05 was found later.
  expect((await home(at('12:06'))).live!.accounts).toMatchObject([{ equity: '1025' }]);
  // Told later, and yet of then: of what was deposited at eleven nobody could say anything.
  expect((await home(at('11:30'))).live).toMatchObject({
    ...{ verdict: 'cannot-say', accounts: [{ equity: '1000', checkedAt: null, sequence: 0 }] },
  });
});

test('RD36 the pages of an inbox of then go on in it alone', async () => {
  const desk = await openDesk();
  await life(desk);
  const parts = partsOn(desk);
  const time = at('12:16');
  const place: CursorPlace<'breaks'> = ['critical', null, '0', 'BRK-0000'];
  const url = (cursor: string) => `/api/v1/breaks?cursor=${cursor}&as_of=${time}`;
  const { more } = await problemAt(parts, url(cursorOf('breaks', place)));
  expect(JSON.stringify(more)).toContain('of another instant');
  // Whatever is behind that place of then is what was open then.
  const then = await ask<BreaksAnswer>(parts, url(cursorOf('breaks', place, instant(time))));
  expect(then.items).toMatchObject([{ state: 'APPROVED' }]);
});
