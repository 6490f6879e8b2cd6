/** What is kept between requests is what would be read anew; the gate counts what is on record. */
import { afterEach, expect, test } from 'vitest';
import { instant } from '../../../src/model/instant.ts';
import { BookReader } from '../../../src/service/reading.ts';
import { chronicleOf } from '../../../src/service/serving/reads/chronicle.ts';
import { livesOf, openAt } from '../../../src/service/serving/reads/lives.ts';
import { Standings } from '../../../src/service/serving/reads/standings.ts';
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
