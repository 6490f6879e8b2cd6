import { describe, expect, test } from 'vitest';
import { BookReader } from '../../src/service/reading.ts';
import { type ReportForm, reportText } from '../../src/service/reporting.ts';
import { Ground } from '../service/source/kit.ts';
import { reportOn } from './daily-kit.ts';

describe('A25 a database of another program', () => {
  const dayOfSource = (ground: Ground, date = '2026-01-12', form: ReportForm = 'md') => {
    const reader = new BookReader(ground.book, ground.clock);
    try {
      const document = reportOn(reader, date);
      return { one: document.accounts[0]!, text: reportText(document, form) };
    } finally {
      reader.close();
    }
  };

  test('A25 shows its balance at the last check, its span, and what was written', async () => {
    const ground = new Ground();
    await ground.makeBook();
    await ground.check(); // 10,211.69 - 10,000.00 = 211.69
    ground.clock.advance(5 * 60_000);
    ground.bot('UPDATE account SET cash = 1068.70');
    await ground.check(); // and 10 more
    ground.clock.advance(5 * 60_000);
    await ground.update({ record: true, actor: 'ann' });
    ground.clock.advance(5 * 60_000);
    await ground.check();
    ground.clock.advance(90 * 60_000);
    await ground.check(); // 23:45
    const { one, text } = dayOfSource(ground);
    expect(one.source).toMatchObject({
      accountId: '1',
      last: { cash: '1068.7', positionsValue: '9152.99', calculated: '10221.69', difference: '0' },
      differenceMin: '0',
      differenceMax: '221.69',
      unknownChecks: 0,
      writes: 1,
    });
    expect(one).toMatchObject({ verdict: 'true', equity: null });
    const stale = one.breaks.closed.find(({ reason }) => reason === 'TOTAL_STALE')!;
    expect(stale).toMatchObject({ state: 'VERIFIED', who: 'ann', fixedAfterSeconds: 600 });
    expect(one.repairs).toMatchObject([{ kind: 'source-write' }]);
    expect(text).toContain('difference over the day: 0.00 to +221.69');
    expect(text).toContain('| calculated total | 10,221.69 |');
  });

  test('A27 records that were written into it are in the report of the day', async () => {
    const ground = new Ground();
    await ground.update({ record: true }); // 22:00
    ground.clock.advance(5 * 60_000);
    ground.bot('UPDATE account SET cash = 1068.70');
    await ground.update({ record: true, actor: 'ann' });
    ground.clock.advance(5 * 60_000);
    await ground.update({ record: true });
    await ground.at((desk) => desk.undo({ auditId: null, actor: null }));
    const { one, text } = dayOfSource(ground);
    // The third one was taken back.
    expect(one.source!.records).toMatchObject([
      { totalValue: '10211.69', cash: '1058.7', positionsValue: '9152.99' },
      { totalValue: '10221.69', cash: '1068.7', positionsValue: '9152.99' },
    ]);
    expect(text).toContain(`Written into sqlite:${ground.path}:`);
    expect(text).toMatch(/\| 2026-01-12T\S+ \| 2026-01-12T\S+ \| 10,221.69 \| 1,068.70 \|/);
    expect(text).not.toContain('No record is of this day');
    expect(text).not.toContain('<svg');
    expect(dayOfSource(ground, '2026-01-12', 'html').text).toContain('<polyline points="10,200 ');
  });

  test('A27 a day that goes on is told so far, and nothing of it lasts longer', async () => {
    const ground = new Ground();
    await ground.makeBook();
    await ground.check(); // 22:00: a difference of 211.69
    ground.clock.advance(30 * 60_000);
    await ground.check();
    const { one, text } = dayOfSource(ground);
    expect(one).toMatchObject({ verdict: 'break', isComplete: false });
    const stale = one.breaks.open.find(({ reason }) => reason === 'TOTAL_STALE')!;
    expect(stale.ageSeconds).toBe(1_800); // and not to midnight
    expect(text).toMatch(/^# falcon — 2026-01-12 — NOT TRUE so far, until 2026-01-12T22:30:00/);
    expect(text).not.toContain('at close');
    ground.clock.advance(2 * 3_600_000);
    await ground.check(); // 00:30 of the next day
    const over = dayOfSource(ground);
    expect(over.text).toContain('NOT TRUE at close');
    const known = over.one.breaks.open.find(({ reason }) => reason === 'TOTAL_STALE')!;
    expect(known.ageSeconds).toBe(7_200); // 22:00 to 24:00
  });

  test('A25 a day without a check says nothing of it, whatever was true before', async () => {
    const ground = new Ground();
    await ground.update({ record: true });
    const { one, text } = dayOfSource(ground, '2026-01-14');
    expect(one).toMatchObject({ verdict: 'cannot-say', source: { last: null, writes: 0 } });
    expect(text).toContain('No check was noted: nothing is known of it.');
  });

  test('A25 a difference that nobody could say is no difference of 0', async () => {
    const ground = new Ground();
    await ground.makeBook();
    ground.bot("INSERT INTO positions (symbol, quantity, entry_price) VALUES ('ZZZ', 5, 10)");
    await ground.check();
    const { one, text } = dayOfSource(ground);
    expect(one.source).toMatchObject({
      differenceMin: null,
      differenceMax: null,
      unknownChecks: 1,
    });
    expect(text).toContain('no check could say the difference');
    expect(one.verdict).not.toBe('true');
  });

  test('A22 a source that nobody looked at for hours is not TRUE at close', async () => {
    const ground = new Ground();
    await ground.update({ record: true }); // 22:00
    const reader = new BookReader(ground.book, ground.clock);
    const [one] = reportOn(reader, '2026-01-12').accounts;
    reader.close();
    expect(one).toMatchObject({ verdict: 'cannot-say', checks: { true: 1 } });
    expect(one!.because).toContain('said TRUE, and none was noted after it');
  });
});
