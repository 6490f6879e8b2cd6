import { describe, expect, test } from 'vitest';
import { decimal, toText } from '../../../src/decimal/text.ts';
import { addMilliseconds } from '../../../src/model/instant.ts';
import { snooze } from '../../../src/model/life-cycle.ts';
import type { SourceSnapshot } from '../../../src/model/source.ts';
import { checkBalance } from '../../../src/service/duties/balance-duty.ts';
import type { Duty } from '../../../src/service/duties/duty.ts';
import { performDuty } from '../../../src/service/duties/performing.ts';
import { everyMinutes } from '../../../src/service/duties/timetable.ts';
import { SourceError } from '../../../src/sources/source-error.ts';
import { accountOf, incident, noGuard, position, snapshotOf } from '../../reconcile/source-kit.ts';
import { checkOf, dutyBench, fakeSource, gone } from './duty-kit.ts';

/** 10 x 5 and 1,000 in cash: 1,050; stored as told. */
const small = (total: string, price: string | null = '5'): SourceSnapshot =>
  snapshotOf([accountOf({ cash: '1000', total, positions: [position('ACI', '10', price)] })]);

const balance: Duty = {
  ...{ name: 'balance', timetable: everyMinutes(5), atStart: 'always', retry: null },
  ...{ failing: { alert: 'duty-failed', after: 2 }, rationale: '', run: checkBalance },
};

describe("O10 the incident's database, by the clock", () => {
  test('O10 without repair it is told once, in the words that operators search for', async () => {
    const source = fakeSource(incident());
    const { context, log, alerts } = dutyBench(source);
    const result = await checkBalance(context);
    // 1,058.70 + 9,152.99 - 10,000.00
    expect(result).toEqual({ exitCode: 3, sentence: 'BREAK: Discrepancy: $211.69' });
    expect(log.lines.find(({ event }) => event === 'balance.wrong')).toMatchObject({
      ...{ level: 'warn', account: 'paper', ours: '10000', theirs: '10211.69' },
      ...{ msg: 'Discrepancy: $211.69', breakId: expect.stringMatching(/^BRK-/) },
    });
    expect(alerts.take()).toEqual(['+ balance-wrong']);
    const [alert] = [...alerts.cases.values()];
    expect(alert!.account).toBe('paper');
    expect(toText(alert!.atStake!)).toBe('211.69');
    expect(alert!.title).toBe('The stored total is off by +211.69');
    expect(alert!.lines[0]).toBe('stored 10,000.00, calculated 10,211.69');
    await checkBalance(context);
    expect(alerts.take()).toEqual([]);
    expect(source.calls).toEqual(['check', 'close', 'check', 'close']);
  });

  test('O10 with repair it is written, checked again, and the case is cleared', async () => {
    const source = fakeSource(incident());
    const { context, log, alerts } = dutyBench(source, { repair: 'auto' });
    const result = await checkBalance(context);
    expect(result).toEqual({ exitCode: 0, sentence: 'TRUE: [OK] Balance is accurate' });
    expect(source.calls).toEqual(['check', 'update', 'close']);
    expect(log.lines.find(({ event }) => event === 'repair.applied')).toMatchObject({
      ...{ account: 'paper', ours: '10000', theirs: '10211.69' },
      msg: expect.stringMatching(/^Updated account 1 total_value: 10211.69 /),
    });
    expect(log.said().at(-1)).toBe('balance.accurate: [OK] Balance is accurate');
    expect(alerts.take()).toEqual([
      '+ balance-wrong',
      '- balance-wrong: TRUE: [OK] Balance is accurate',
    ]);
  });

  test('PO9 while repairs are stopped it is told and alerted, and not written', async () => {
    const source = fakeSource(incident());
    const stop = () => ({ since: null, reason: 'drill', by: 'Ada' });
    const { context, log, alerts } = dutyBench(source, { repair: 'auto', stop });
    expect(await checkBalance(context)).toMatchObject({ exitCode: 3 });
    expect(source.calls).toEqual(['check', 'close']);
    expect(log.said().at(-1)).toBe(
      'repair.stopped: Nothing was repaired: repairs are stopped by Ada: drill',
    );
    expect(alerts.take()).toEqual(['+ balance-wrong']);
  });
});

test('PO1 a total that a person snoozed is not written until its time', async () => {
  const source = fakeSource(incident());
  const { context, log, alerts, clock } = dutyBench(source, { repair: 'auto' });
  const { changes } = checkOf(source).checked!.accounts[0]!.reconciled;
  const until = addMilliseconds(clock.now(), 60_000);
  const held = snooze(changes.at(-1)!.break, { until, reason: 'asked' }, clock.now());
  source.known = held.ok ? [held.value] : [];
  await checkBalance(context);
  expect(source.calls).toEqual(['check', 'close']);
  expect(log.said().at(-1)).toMatch(
    /^repair\.held: Nothing was repaired: BRK-\w+ is SNOOZED: asked/,
  );
  expect(alerts.take()).toEqual([]);
  source.now = until;
  await checkBalance(context);
  expect(source.calls.slice(2)).toEqual(['check', 'update', 'close']);
});

describe('O11 an alert is above the threshold, once, and cleared by the check that says so', () => {
  test.each([
    // stored, difference to 1,050, above 100?
    ['950', 0],
    ['949.99', 1],
    ['1150', 0],
    ['1150.01', 1],
    ['1050', 0],
  ])('O11 stored %s', async (stored, told) => {
    const { context, alerts } = dutyBench(fakeSource(small(stored)));
    await checkBalance(context);
    expect(alerts.take()).toEqual(told === 1 ? ['+ balance-wrong'] : []);
  });

  test('O11 what cannot be said clears nothing; what is said does', async () => {
    const source = fakeSource(small('500'));
    const { context, alerts } = dutyBench(source);
    await checkBalance(context);
    expect(alerts.take()).toEqual(['+ balance-wrong']);
    source.seen = small('500', null);
    expect(await checkBalance(context)).toMatchObject({ exitCode: 5 });
    expect(alerts.take()).toEqual(['+ total-unknown']);
    expect([...alerts.cases.values()].at(-1)!.title).toBe('The total cannot be said: ACI');
    source.seen = gone();
    expect((await checkBalance(context)).sentence).toBe('CANNOT SAY: the server does not answer');
    expect(alerts.take()).toEqual(['+ source-unreachable']);
    source.seen = small('1050');
    expect(await checkBalance(context)).toMatchObject({ exitCode: 0 });
    expect(alerts.take()).toEqual([
      '- source-unreachable: the source answers again',
      '- total-unknown: every part of the total is known',
      '- balance-wrong: TRUE: [OK] Balance is accurate',
    ]);
  });

  test('O11 a guard that was altered is told, and cleared when it is as it was', async () => {
    const altered = { ...noGuard, state: 'altered', findings: ['a trigger is gone'] } as const;
    const source = fakeSource({ ...small('1050'), guard: altered });
    const { context, alerts } = dutyBench(source);
    await checkBalance(context);
    expect(alerts.take()).toEqual(['+ guard-altered']);
    source.seen = { ...small('1050'), guard: { ...noGuard, state: 'installed' } };
    await checkBalance(context);
    expect(alerts.take()).toEqual(['- guard-altered: the triggers are as they were installed']);
  });

  test('O11 two accounts are two cases', async () => {
    const both = [
      accountOf({ id: '1', cash: '1000', total: '0' }),
      accountOf({ id: '2', cash: '1000', total: '1000' }),
    ];
    const source = fakeSource(snapshotOf(both));
    const { context, alerts, log } = dutyBench(source);
    await checkBalance(context);
    expect(alerts.take()).toEqual(['+ balance-wrong']);
    const said = log.lines.filter(({ event }) => event.startsWith('balance.'));
    expect(said.map(({ account, event }) => `${account} ${event}`)).toEqual([
      ...['paper balance.wrong', 'paper-2 balance.accurate'],
    ]);
  });
});

describe('O25 what stays open is named', () => {
  /** Its total is right, its last record 48 days old. */
  const staleHistory = (): SourceSnapshot =>
    incident((account) => ({ ...account, total: decimal('10211.69') }));

  test('O25 a right total beside a stale history is no [OK] that says BREAK', async () => {
    const source = fakeSource(staleHistory());
    source.performanceMaxAgeMs = 86_400_000;
    const { context } = dutyBench(source);
    const { sentence, exitCode } = await checkBalance(context);
    expect(exitCode).toBe(3);
    expect(sentence).toMatch(/^BREAK: The performance record is out of date \(BRK-\w+\)$/);
  });

  test('O25 a difference that is small again clears the case, and is named as open', async () => {
    const source = fakeSource(small('900'));
    const { context, alerts } = dutyBench(source);
    await checkBalance(context);
    source.seen = small('1052.089375');
    const { sentence } = await checkBalance(context);
    expect(sentence).toBe('BREAK: Discrepancy: -$2.089375');
    const [, cleared] = alerts.take();
    expect(cleared).toMatch(
      /^- balance-wrong: The difference is not above 100.00; still open: .+ \(BRK-\w+\)$/,
    );
  });

  test('O25 a next step is a command: the policy of a break is none', async () => {
    const source = fakeSource(incident());
    const { context, alerts } = dutyBench(source);
    await checkBalance(context);
    const steps = () => [...alerts.cases.values()][0]!.lines.filter((line) => /^then/.test(line));
    expect(steps()).toEqual(['then: trueup update --source sqlite:paper_trading.db']);
    // The case is known, and the total is unknown now: nothing answers it.
    source.known = checkOf(source).checked!.accounts[0]!.reconciled.breaks;
    source.seen = incident((account) => ({
      ...account,
      positions: account.positions.map((one) => ({ ...one, price: null })),
    }));
    await checkBalance(context);
    expect(steps()).toEqual([]);
  });

  test('H23 O25 a database without an account is told, and clears no case', async () => {
    const source = fakeSource(small('500'));
    const { context, alerts } = dutyBench(source);
    await checkBalance(context);
    source.seen = snapshotOf([]);
    const { sentence, exitCode } = await checkBalance(context);
    expect([sentence, exitCode]).toEqual(['CANNOT SAY: the account table has no row', 5]);
    expect(alerts.take()).toEqual(['+ balance-wrong', '+ total-unknown']);
    source.seen = small('1050');
    await checkBalance(context);
    expect(alerts.take()).toHaveLength(2);
  });
});

describe('O12 what fails is told and ends there', () => {
  test('O12 an unexpected failure is told when it is the second in a row', async () => {
    const source = fakeSource(small('1050'));
    source.failing.open = new Error('out of paper');
    const { context, alerts, log } = dutyBench(source);
    const first = await performDuty(balance, context, null, 0);
    expect(first).toEqual({ exitCode: 1, sentence: 'balance failed: out of paper' });
    expect(alerts.take()).toEqual([]);
    expect(log.said()[0]).toMatch(/^duty.failed: balance failed: out of paper; /);
    await performDuty(balance, context, null, 1);
    await performDuty(balance, context, null, 2);
    expect(alerts.take()).toEqual(['+ duty-failed']);
    source.failing = {};
    expect(await performDuty(balance, context, null, 3)).toMatchObject({ exitCode: 0 });
    expect(alerts.take()).toEqual(['- duty-failed: balance did what it is for again']);
  });

  test.each([
    ['source-unreachable', 'source-unreachable', 5],
    ['source-locked', 'source-locked', 5],
    ['source-missing', 'source-unreachable', 2],
    ['source-credentials', 'source-unreachable', 4],
    ['source-damaged', 'source-unreadable', 1],
    ['source-unrecognised', 'source-unreadable', 2],
  ] as const)('O12 %s is the case %s, whichever duty meets it', async (code, name, exitCode) => {
    const source = fakeSource(small('1050'));
    source.failing.open = new SourceError(code, 'it is so', 'do this');
    const { context, alerts } = dutyBench(source);
    const result = await performDuty(balance, context, null, 0);
    expect(result).toEqual({ exitCode, sentence: 'CANNOT SAY: it is so' });
    await performDuty({ ...balance, name: 'performance' }, context, null, 1);
    expect(alerts.take()).toEqual([`+ ${name}`]);
    source.failing = {};
    await performDuty(balance, context, null, 2);
    expect(alerts.take()).toEqual([`- ${name}: the source answers again`]);
  });

  test('O12 a source that cannot be written is one case while checks go on', async () => {
    const source = fakeSource(small('1049'));
    source.failing.update = new SourceError('source-read-only', 'it is read-only', 'give rights');
    const { context, alerts } = dutyBench(source, { repair: 'auto' });
    const result = await performDuty(balance, context, null, 0);
    expect(result).toEqual({ exitCode: 2, sentence: 'balance wrote nothing: it is read-only' });
    await performDuty(balance, context, null, 1);
    expect(alerts.take()).toEqual(['+ source-not-written']);
    source.failing = {};
    await performDuty(balance, context, null, 2);
    expect(alerts.take()).toEqual(['- source-not-written: balance did what it is for again']);
  });

  test('O4 missed runs are told once, and cleared by a run on time', async () => {
    const { context, alerts, log } = dutyBench(fakeSource(small('1050')));
    const [first, last] = [context.clock.now() - 1_200_000_000_000n, context.clock.now()];
    await performDuty(balance, context, { count: 5, first, last }, 0);
    expect(log.said()[0]).toBe(
      'duty.missed: balance: 5 runs missed, from 2026-01-12T20:45:00Z to 2026-01-12T21:05:00Z',
    );
    await performDuty(balance, context, null, 0);
    expect(alerts.take()).toEqual(['+ runs-missed', '- runs-missed: balance runs on time again']);
  });
});
