/** The duty that holds a venue's account against the book: a real book, and a venue by a script. */
import { afterEach, describe, expect, test } from 'vitest';
import { decimal, toText } from '../../../src/decimal/text.ts';
import { addMilliseconds, instant, instantText } from '../../../src/model/instant.ts';
import { policyByDefault } from '../../../src/reconcile/limits.ts';
import { checkVenue } from '../../../src/service/duties/check-duty.ts';
import type { DutyOptions } from '../../../src/service/duties/duty.ts';
import { dutyTable } from '../../../src/service/duties/duty-table.ts';
import { holdBreak } from '../../../src/service/policy/holding.ts';
import { automaticOf } from '../../../src/service/policy/standing.ts';
import { knownBreaks } from '../../../src/service/reconcile-entries.ts';
import { waitsFor } from '../../../src/service/serving/views/break-view.ts';
import { VenueDesk } from '../../../src/service/venues/desk.ts';
import { parseVenueSettings } from '../../../src/service/venues/settings.ts';
import { markMaxAgeMs } from '../held-book.ts';
import {
  at,
  balances,
  cash,
  closeDesks,
  type Desk,
  fill,
  held,
  type Json,
  list,
  mark,
} from '../reconcile/desk.ts';
import { noAnswer, openStand, type Said, said } from '../venue-check/scripted-venue.ts';
import { dutyBench, dutyOptions, fakeSource, gone } from './duty-kit.ts';

afterEach(closeDesks);

const btc = 'BTC/USDT:USDT';
const deposit = cash('deposit', 'd1', '1000');
const holds = (quantity: string, usdt: string): Json => ({
  positions: held([{ instrument: btc, leg: 'net', quantity }]),
  ...{ balances: balances({ USDT: usdt }), orders: held([]) },
});
/** 1000 - 0.1 */
const bought = holds('1', '999.9');
/** Sold at 100, which it was bought for: - 0.1 */
const sold = fill('e2', { side: 'sell', quantity: '0.4', time: at('10:30') });
const afterSale = holds('0.6', '999.8');

/** The book holds what was bought; the venue lists `past` where it is asked for more. */
async function stand(
  options: Partial<DutyOptions> = {},
  past: readonly Json[] = [],
  more: readonly Json[] = [],
) {
  const { desk, venue } = await openStand(deposit, fill('e1'), mark(btc, '100'), ...more);
  venue.past = past;
  const main = { exchange: 'bybit', account: 'main', confirm: '1ms' };
  const read = parseVenueSettings({ main }, 'x');
  if (!read.ok) throw new Error(read.refusal.message);
  const venueDesk = new VenueDesk({
    ...{ name: 'bybit', opened: { venue, settings: read.value['main']! }, book: desk.path },
    ...{ markMaxAgeMs, clock: desk.clock, programVersion: 'test', reader: () => desk.reader },
    openWriter: async () => ({
      path: desk.path,
      record: (one) => desk.writer.record(one),
      recordAll: (facts, mode) => desk.writer.recordAll(facts, mode),
      apply: (plan) => desk.writer.apply(plan),
      keep: (facts, keeping) => desk.writer.keep(facts, keeping),
      close: async () => undefined,
    }),
  });
  const stopping = new AbortController();
  const bench = dutyBench(fakeSource(gone()), { alertAbove: () => decimal('1'), ...options });
  const context = {
    ...{ ...bench.context, clock: desk.clock, source: 'venue bybit' },
    signal: stopping.signal,
  };
  const run = (...script: readonly Said[]) => {
    if (script.length > 0) venue.script = [...script];
    return checkVenue(venueDesk, 5).run(context);
  };
  return { desk, venue, venueDesk, stopping, run, ...bench };
}

const differs = (second: number) => [said(second, afterSale), said(second + 10, afterSale)];

describe('check', () => {
  test('O30 says that book and venue agree, notes it, and wakes nobody', async () => {
    const { run, alerts, log, desk } = await stand();
    const sentence = 'TRUE: bybit and the book of main agree';
    expect(await run(said(0, bought))).toEqual({ exitCode: 0, sentence });
    expect([alerts.take(), log.said().at(-1)]).toEqual([[], `venue.checked: ${sentence}`]);
    expect(desk.kinds().at(-1)).toBe('statement');
  });

  test('O30 a break is a case of its own, with the gate, until they agree', async () => {
    const { run, alerts, log } = await stand({}, [deposit, fill('e1'), sold]);
    const { exitCode, sentence } = await run(...differs(0));
    expect([exitCode, sentence]).toEqual([3, expect.stringMatching(/^BREAK: .* \(BRK-\w+\)$/)]);
    expect(alerts.take()).toEqual(['+ break-open', '+ gate-denied']);
    const [told] = [...alerts.cases.values()];
    expect(told).toMatchObject({ account: 'main', title: expect.stringContaining('bybit') });
    expect(told!.lines.join('\n')).toMatch(/FILL_MISSING \(proven\).*next: .*then: trueup sync/s);
    const mismatch = `Quantity mismatch - Book: 1, Exchange: 0.6 (${btc}, FILL_MISSING)`;
    expect(log.take()).toContain(`break.open: ${mismatch}`);
    await run(...differs(100));
    expect(alerts.take()).toEqual([]);
    expect((await run(said(200, bought))).exitCode).toBe(0);
    expect(alerts.take()).toEqual([
      '- break-open: bybit was compared again',
      '- gate-denied: trading is allowed again',
    ]);
  });

  test('O30 what settles wakes nobody', async () => {
    const { run, alerts } = await stand();
    const young = await run(said(0, bought), said(1, bought));
    expect(young.exitCode).toBe(0);
    const { sentence } = await run(said(30, afterSale), said(40, bought), said(41, bought));
    expect([alerts.take(), sentence]).toEqual([[], expect.not.stringContaining('BRK-')]);
  });

  test.each<[string, Partial<DutyOptions>, (string | RegExp)[]]>([
    ['above what a person is told of', { alertAbove: () => decimal('1000') }, ['+ gate-denied']],
    ['of more', { alertAbove: () => decimal('0') }, ['+ break-open', '+ gate-denied']],
  ])('O30 a break that is not %s is told by what it denies', async (_what, options, told) => {
    const { run, alerts } = await stand(options, [deposit, fill('e1'), sold]);
    await run(...differs(0));
    expect(alerts.take()).toEqual(told);
  });

  test('O30 a break that a person snoozed wakes nobody, and denies', async () => {
    const { run, alerts, desk } = await stand({}, [deposit, fill('e1'), sold]);
    await run(...differs(0));
    alerts.take();
    const [key] = alerts.open('break/');
    const breakId = /BRK-\w+/.exec(key!)![0];
    const terms = { until: instant(at('20:00')), reason: 'known', cap: null };
    const when = { breakId, at: desk.clock.now(), terms };
    const result = await holdBreak(desk.reader, desk.writer, desk.account(), when);
    if (!result.ok) throw new Error(result.refusal.message);
    await run(...differs(100));
    expect(alerts.take()).toEqual(['- break-open: bybit was compared again']);
  });
});

test('VC36 one check in half an hour lists the hour before, others what came since', async () => {
  const { run, venue, desk } = await stand({}, [deposit, fill('e1')]);
  const agrees = { ...bought, executions: list([fill('e1')]), cashFlows: list([deposit]) };
  const reaches: (string | null)[] = [];
  for (const second of [0, 300, 1_500, 1_900, 2_200]) {
    desk.clock.set(addMilliseconds(instant(at('12:00')), second * 1_000));
    await run(said(second, agrees));
    reaches.push(venue.wanted === null ? null : instantText(venue.wanted).slice(11, 16));
  }
  expect(reaches).toEqual([null, '11:57', '12:02', null, '12:28']);
});

describe('check with --repair auto', () => {
  const auto = { repair: 'auto' } as const;
  const listed = [deposit, fill('e1'), sold];

  test('O31 books what the venue lists, and looks again', async () => {
    const { run, alerts, log, desk } = await stand(auto, listed);
    const { exitCode, sentence } = await run(...differs(0), said(20, afterSale));
    expect([exitCode, sentence]).toEqual([
      ...[0, 'TRUE: bybit and the book of main agree; 1 repair made'],
    ]);
    expect(desk.holds()).toEqual({ [btc]: '0.6', USDT: '999.8' });
    expect(alerts.take()).toEqual([]);
    expect(log.take().join('\n')).toMatch(/^repair.applied: Repaired BRK-\w+ by 1 entry$/m);
    expect((await run(said(100, afterSale))).sentence).not.toContain('repair');
  });

  test('O31 a large one is told, until both agree after it', async () => {
    const policy = { ...policyByDefault, alertAbove: decimal('1') };
    const { run, alerts } = await stand({ ...auto, policy: () => policy }, listed);
    await run(...differs(0), said(20, afterSale));
    expect(alerts.take()).toEqual(['+ repair-large']);
    const [told] = [...alerts.cases.values()];
    expect(told!.lines.join('\n')).toMatch(/FILL_MISSING.*trueup sync undo.*investigate BRK-/s);
    await run(noAnswer('HTTP 503'));
    expect(alerts.take()).toEqual([]);
    await run(said(100, afterSale));
    expect(alerts.take()).toEqual(['- repair-large: bybit and the book agree after it']);
  });

  test.each<[string, Partial<DutyOptions>]>([
    ['without it', { repair: 'never' }],
    [
      'while repairs are stopped',
      { ...auto, policy: () => ({ ...policyByDefault, stopped: true }) },
    ],
  ])('O31 %s nothing is booked, and the break is told', async (_what, options) => {
    const { run, alerts, desk } = await stand(options, listed);
    expect((await run(...differs(0))).exitCode).toBe(3);
    expect(desk.holds()).toEqual({ [btc]: '1', USDT: '999.9' });
    expect(alerts.take()).toContain('+ break-open');
  });
});

describe('what is left to a person', () => {
  const takingBack = { valuePerRepair: decimal('50'), valuePerDay: null, repairsPerDay: 9 };
  const upTo = (limit: string): Partial<DutyOptions> => {
    const limits = { ...takingBack, valuePerRepair: decimal(limit) };
    return { repair: 'auto', policy: () => ({ ...policyByDefault, takingBack: limits }) };
  };
  /** No list has it: 1 at 100 too many, and 0.1 of fee. */
  const stray = fill('e9', { time: at('11:30') });
  const listed = [deposit, fill('e1')];
  const says = (...seconds: readonly number[]) => seconds.map((second) => said(second, bought));
  const broken = (options: Partial<DutyOptions>) => stand(options, listed, [stray]);
  const stateOf = (desk: Desk) => {
    const [one] = knownBreaks(desk.reader.file, desk.account().account).breaks;
    return { one: one!, entries: desk.kinds().filter((kind) => kind === 'break').length };
  };

  test('VC31 it is proposed once, by trueup, and told with its plan', async () => {
    const { run, desk, alerts } = await broken(upTo('50'));
    const { sentence } = await run(...says(0, 10));
    expect(sentence).toMatch(
      /^BREAK: A fill was booked where it does not belong .*; 1 repair for a person to approve$/,
    );
    const { one, entries } = stateOf(desk);
    expect(one).toMatchObject({ state: 'PROPOSED', repair: { needsApproval: true } });
    expect([one.repair?.proposedBy, waitsFor(one)]).toEqual(['trueup', 'person']);
    const plan = one.repair!.planHash;
    const [told] = [...alerts.cases.values()];
    expect(told!.lines.slice(-3)).toEqual([
      expect.stringMatching(/^waits for a person: .*\(it is 100.1, more than 50\)$/),
      `then: trueup approve ${one.id} --plan ${plan.slice(0, 12)} --account main`,
      'then: trueup sync --venue bybit --apply',
    ]);
    alerts.take();
    for (const second of [100, 200, 300]) await run(...says(second, second + 10));
    expect([stateOf(desk).entries, alerts.take()]).toEqual([entries, []]);
    expect(desk.holds()).toEqual({ [btc]: '2', USDT: '999.8' });
  });

  test('VC31 on a book that moves it is one entry more, and an approval is void', async () => {
    const { run, desk, venue } = await broken(upTo('50'));
    await run(...says(0, 10));
    const first = stateOf(desk);
    const move = async (id: string, usdt: string, second: number) => {
      const more = cash('deposit', id, '5', { time: at('10:00') });
      venue.past = [...venue.past, more];
      await desk.tell(more);
      const now = holds('1', usdt);
      await run(said(second, now), said(second + 10, now));
      return stateOf(desk);
    };
    const second = await move('d2', '1004.9', 100);
    expect(second.one).toMatchObject({ state: 'PROPOSED', id: first.one.id });
    expect(second.one.repair?.planHash).not.toBe(first.one.repair?.planHash);
    expect(second.entries).toBe(first.entries + 1);
    await desk.approve(second.one.id, second.one.repair!.planHash);
    const third = await move('d3', '1009.9', 200);
    expect(third.one).toMatchObject({ state: 'PROPOSED', repair: { proposedBy: 'trueup' } });
    // APPROVED, void, and proposed anew.
    expect(third.entries).toBe(second.entries + 3);
  });

  test('VC35 what a person approved is carried out by the next check', async () => {
    const { run, desk } = await broken(upTo('50'));
    await run(...says(0, 10));
    const { one } = stateOf(desk);
    const approved = await desk.approve(one.id, one.repair!.planHash.slice(0, 12));
    expect(approved).toMatchObject({ ok: true });
    const { exitCode, sentence } = await run(...says(100, 110, 120));
    expect([exitCode, sentence]).toEqual([0, expect.stringMatching(/1 repair made/)]);
    expect(stateOf(desk).one).toMatchObject({ id: one.id, state: 'VERIFIED' });
    expect(desk.holds()).toEqual({ [btc]: '1', USDT: '999.9' });
  });

  test('VC31 without --repair auto nothing is proposed, and the alert says how', async () => {
    const { run, desk, alerts } = await broken({ repair: 'never' });
    await run(...says(0, 10));
    expect(stateOf(desk).one).toMatchObject({ state: 'EXPLAINED', repair: null });
    expect([...alerts.cases.values()][0]!.lines.at(-1)).toBe(
      'then: trueup sync --venue bybit, which shows the plan and how to approve it',
    );
  });

  const silent = { ...bought, positions: held([], { complete: false, error: 'HTTP 503' }) };

  test('PO14 beside positions that nobody told it waits; then both lines tell', async () => {
    // By the balance alone it would be 0.1; all that it moves is 100.1.
    const { run, desk, alerts } = await broken({ ...upTo('150'), alertAbove: () => decimal('50') });
    await run(said(0, silent), said(10, silent));
    const before = stateOf(desk).one;
    expect(before).toMatchObject({ state: 'PROPOSED', lines: [{ what: 'balance' }] });
    expect(toText(before.gross!)).toBe('0.1');
    expect(desk.holds()).toEqual({ [btc]: '2', USDT: '999.8' });
    const [told] = [...alerts.cases.values()].filter(({ name }) => name === 'break-open');
    expect(told!.lines.join('\n')).toContain(`its value is limited, and ${btc} was not compared`);
    await run(...says(100, 110, 120));
    const { one } = stateOf(desk);
    expect(one.lines.map(({ what }) => what)).toEqual(['position', 'balance']);
    expect([one.id, one.state]).toEqual([before.id, 'VERIFIED']);
    const { spent } = automaticOf(desk.reader.file, desk.account().account, desk.clock.now());
    expect(toText(spent('taking-back').value)).toBe('100.1');
  });
});

const closing = fill('e2', { side: 'sell', time: at('11:30') });

test.each([
  // Each of them once, they leave nothing: the empty list is believed, and the copy taken back.
  ['lists what closed it', [fill('e1'), closing], { [btc]: '0', USDT: '999.8' }],
  ['lists nothing at all', [], { [btc]: '-1', USDT: '999.7' }],
])('VC5 PO14 a copy, and no position at a venue that %s', async (_what, items, holds) => {
  const takingBack = { valuePerRepair: decimal('200'), valuePerDay: null, repairsPerDay: 9 };
  const policy = () => ({ ...policyByDefault, takingBack });
  const { run, desk } = await stand({ repair: 'auto', policy });
  desk.clock.set(instant(at('11:20')));
  expect((await run(said(-2_400, bought))).exitCode).toBe(0);
  desk.clock.set(instant(at('12:00')));
  await desk.tell(closing, { ...closing, executionId: 'again-e2' });
  const flat = {
    ...{ positions: held([]), balances: balances({ USDT: '999.8' }), orders: held([]) },
    executions: list(items),
  };
  const { exitCode } = await run(said(0, flat), said(10, flat), said(20, flat));
  expect([exitCode, desk.holds()]).toEqual([holds.USDT === '999.8' ? 0 : 3, holds]);
});

test('CF8 O31 each check is by the policy that holds when it runs', async () => {
  let policy = { ...policyByDefault, stopped: true };
  const listed = [deposit, fill('e1'), sold];
  const { run, desk } = await stand({ repair: 'auto', policy: () => policy }, listed);
  await run(...differs(0));
  expect(desk.holds()).toEqual({ [btc]: '1', USDT: '999.9' });
  policy = policyByDefault;
  await run(...differs(100), said(120, afterSale));
  expect(desk.holds()).toEqual({ [btc]: '0.6', USDT: '999.8' });
});

describe('a venue that does not answer', () => {
  const silence = noAnswer('HTTP 503');

  test('O32 is told once nobody was able to say for two runs, and settles no case', async () => {
    const { run, alerts, desk } = await stand({}, [deposit, fill('e1'), sold]);
    await run(...differs(0));
    expect(alerts.take()).toEqual(['+ break-open', '+ gate-denied']);
    desk.clock.advance(300);
    expect((await run(silence)).sentence).toMatch(/^BREAK: .*; bybit: HTTP 503$/);
    expect(alerts.take()).toEqual([]);
    desk.clock.advance(300);
    await run(silence);
    expect(alerts.take()).toEqual(['+ check-unsaid']);
    expect([...alerts.cases.values()].at(-1)!.title).toMatch(/was not for 10 min/);
    await run(said(700, bought));
    expect(alerts.take()).toEqual([
      '- check-unsaid: bybit was compared whole',
      '- break-open: bybit was compared again',
      '- gate-denied: trading is allowed again',
    ]);
  });

  test('O32 one that never did is told at once: CANNOT SAY', async () => {
    const { run, alerts } = await stand();
    expect(await run(silence)).toEqual({ exitCode: 5, sentence: 'CANNOT SAY: bybit: HTTP 503' });
    expect(alerts.take()).toEqual(['+ check-unsaid']);
    expect([...alerts.cases.values()][0]!.title).toMatch(/was never known/);
  });

  test('O32 one that refuses the key fails the run, with what to do', async () => {
    const { run } = await stand();
    await expect(run(noAnswer('invalid key', true))).rejects.toMatchObject({ exitCode: 4 });
  });

  test('O32 stopped while it waits, the run ends at once, notes and tells nothing', async () => {
    const { run, venue, stopping, desk, alerts } = await stand();
    const { head } = desk;
    venue.statement = () => new Promise(() => undefined);
    const running = run();
    stopping.abort();
    const sentence = 'CANNOT SAY: stopped before bybit had answered';
    expect(await running).toEqual({ exitCode: 5, sentence });
    expect([desk.head, alerts.take()]).toEqual([head, []]);
  });
});

test('O30 every --check-interval, after the pull and before what acts on the book', async () => {
  const { venueDesk } = await stand();
  const venues = { desks: [venueDesk], intervalMinutes: 5, checkIntervalMinutes: 2, listen: false };
  const mirror = { once: async () => 0, waiting: () => null };
  const duties = dutyTable(dutyOptions({ hasSource: false, venues, mirror }));
  const names = duties.map(({ name }) => name);
  expect(names).toEqual(['venue-update bybit', 'check bybit', 'mirror', 'report']);
  expect(duties[1]!.timetable).toEqual({ kind: 'every', ms: 120_000 });
});
