/** What is kept between requests is what would be read anew; the gate counts what is on record. */
import { afterEach, expect, test, vi } from 'vitest';
import { instant } from '../../../src/model/instant.ts';
import { snooze } from '../../../src/model/life-cycle.ts';
import { policyByDefault } from '../../../src/reconcile/limits.ts';
import { BookReader } from '../../../src/service/reading.ts';
import { draftsOfBreaks, knownBreaks } from '../../../src/service/reconcile-entries.ts';
import { chronicleOf, pagesOf } from '../../../src/service/serving/reads/chronicle.ts';
import { livesOf, openAt } from '../../../src/service/serving/reads/lives.ts';
import { planOf } from '../../../src/service/serving/reads/plans.ts';
import { Standings } from '../../../src/service/serving/reads/standings.ts';
import { noted } from '../../../src/service/syncing.ts';
import { at, closeDesks, type Desk } from '../../service/reconcile/desk.ts';
import { ask, type Json, partsOn } from './asking.ts';
import { openMorning, saidInTheMorning } from './rich-book.ts';

afterEach(closeDesks);

/** With what a function says in its place. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, one: unknown) => {
      if (typeof one === 'bigint') return String(one);
      return one instanceof Map ? [...one] : one;
    }),
  );

test('RD18 what is kept of checks and breaks is what a new process would read', async () => {
  const desk = await openMorning();
  const kept = new Standings(desk.reader.file);
  for (const name of ['kraken-spot', 'binance-perp', 'okx-spot']) kept.of(desk.account(name));
  const steps: readonly ((desk: Desk) => Promise<unknown>)[] = [
    () => desk.apply(saidInTheMorning[1]!),
    () => desk.check({ ...saidInTheMorning[3], asOf: at('06:45') }),
    () => desk.check(saidInTheMorning[0]!),
  ];
  for (const step of steps) {
    await step(desk);
    for (const one of desk.reader.file.accounts()) {
      const anew = new Standings(desk.reader.file).of(one);
      expect(plain(kept.of(one)), one.name).toEqual(plain(anew));
    }
  }
});

test('RD18 what is kept of a history goes on where it ended', async () => {
  const desk = await openMorning();
  const account = desk.account('binance-perp');
  const parts = { reader: desk.reader, clock: desk.clock };
  const before = await chronicleOf(parts, account);
  expect(openAt(livesOf(before.steps), instant(at('06:41:08')))).toBe(1);
  await desk.apply(saidInTheMorning[1]!);
  const after = await chronicleOf(parts, account);
  const reader = new BookReader(desk.path, desk.clock);
  const anew = await chronicleOf({ reader, clock: desk.clock }, account);
  expect(after.steps).toEqual(anew.steps);
  expect(after.spansUpTo(instant(at('08:00')))).toEqual(anew.spansUpTo(instant(at('08:00'))));
  expect(openAt(livesOf(after.steps), instant(at('06:41:08')))).toBe(0);
  reader.close();
});

test('RD50 one read that failed fails whoever asked, and nobody after', async () => {
  const desk = await openMorning();
  const account = desk.account('binance-perp');
  const parts = { reader: desk.reader, clock: desk.clock };
  const pages = pagesOf(desk.reader);
  const fault = vi.spyOn(pages, 'entriesAfter').mockImplementationOnce(() => {
    throw new Error('disk I/O error');
  });
  await expect(chronicleOf(parts, account)).rejects.toThrow('disk I/O error');
  expect(openAt(livesOf((await chronicleOf(parts, account)).steps), instant(at('06:41:08')))).toBe(
    1,
  );
  fault.mockRestore();
});

test('RD55 a plan is of the minute in which it is asked for: a snooze ends by itself', async () => {
  const desk = await openMorning();
  const account = desk.account('binance-perp');
  const { breaks, counts } = knownBreaks(desk.reader.file, account.account);
  const now = desk.clock.now();
  const until = now + 600_000_000_000n;
  const snoozed = snooze(
    breaks.find(({ state }) => state === 'PROPOSED')!,
    { until, reason: 'x' },
    now,
  );
  if (!snoozed.ok) throw new Error(snoozed.refusal.message);
  await noted(desk.writer, account, draftsOfBreaks([snoozed.value], now, counts));
  const parts = partsOn(desk);
  const decided = async () => {
    const { repairs, leftAlone } = (await planOf(parts, account))!.plan;
    return [repairs.length, leftAlone.map(({ decision }) => decision)];
  };
  expect(await decided()).toEqual([0, ['leave']]);
  desk.clock.advance(599);
  expect(await decided()).toEqual([0, ['leave']]);
  desk.clock.advance(61);
  expect(await decided()).toEqual([1, []]);
});

test('RD55 a plan that failed is made again, and costs no newer one its place', async () => {
  const desk = await openMorning();
  const account = desk.account('binance-perp');
  const made = vi.spyOn(desk.reader, 'booksNow').mockImplementationOnce(() => {
    throw new Error('disk I/O error');
  });
  const failed = planOf(partsOn(desk), account);
  const other = { ...policyByDefault };
  const newer = partsOn(desk, { policy: () => other });
  const [first, second] = await Promise.allSettled([failed, planOf(newer, account)]);
  expect([first.status, second.status]).toEqual(['rejected', 'fulfilled']);
  const count = made.mock.calls.length;
  await planOf(newer, account);
  expect(made.mock.calls.length).toBe(count);
  await planOf(partsOn(desk), account);
  expect(made.mock.calls.length).toBeGreaterThan(count);
  made.mockRestore();
});

test('RD19 the gate: 200 with the decision, and nothing unknown allows', async () => {
  const desk = await openMorning();
  const gate = async (name: string, changes = {}) => {
    const answer = await ask<{ accounts: readonly Json[] }>(
      partsOn(desk, changes),
      `/api/v1/gate/${name}`,
    );
    return answer.accounts[0]!;
  };
  expect(await gate('okx-spot')).toMatchObject({ gate: 'allow', reasons: [] });
  expect(await gate('kraken-spot')).toMatchObject({
    ...{ gate: 'deny', reasons: [{ code: 'break-open' }] },
  });
  expect(await gate('coinbase-spot')).toMatchObject({
    reasons: [{ code: 'check-too-old' }, { code: 'answer-incomplete' }],
  });
  const late = { startedAt: instant(at('06:41:07')) };
  expect(await gate('okx-spot', late)).toMatchObject({ reasons: [{ code: 'not-since-start' }] });
  const unready = { notReady: () => 'main was not compared yet' };
  expect(await gate('okx-spot', unready)).toMatchObject({
    ...{ gate: 'deny', reasons: [{ code: 'not-since-start', why: 'main was not compared yet' }] },
  });
  expect(await ask(partsOn(desk), '/api/v1/gate')).toMatchObject({ gate: 'deny', exitCode: 3 });
});

test('RD20 a report of a day is what the command writes, in each form', async () => {
  const { answerOf } = await import('./asking.ts');
  const desk = await openMorning();
  const parts = partsOn(desk);
  const day = await ask<{ accounts: readonly Json[] }>(parts, '/api/v1/reports/2026-11-20');
  const reports = await ask<{ items: readonly Json[] }>(parts, '/api/v1/reports?account=okx-spot');
  const verdicts = day.accounts.map(({ account, verdict }) => [account, verdict]);
  expect(verdicts).toContainEqual(['okx-spot', 'true']);
  expect(verdicts).toContainEqual(['kraken-spot', 'break']);
  expect(reports.items).toEqual([
    { day: '2026-11-20', account: 'okx-spot', verdict: 'true', forms: ['md', 'html', 'json'] },
  ]);
  const text = await answerOf(parts, '/api/v1/reports/2026-11-20?form=md');
  expect(text.type).toBe('text/markdown; charset=utf-8');
  expect(String(text.body)).toContain('kraken-spot');
});
