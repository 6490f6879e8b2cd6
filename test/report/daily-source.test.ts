import { describe, expect, test } from 'vitest';
import { BookReader } from '../../src/service/reading.ts';
import { reportText } from '../../src/service/reporting.ts';
import { Ground } from '../service/source/kit.ts';
import { reportOn } from './daily-kit.ts';

describe('A25 a database of another program', () => {
  const dayOfSource = (ground: Ground, date = '2026-01-12') => {
    const reader = new BookReader(ground.book, ground.clock);
    try {
      const document = reportOn(reader, date);
      return { one: document.accounts[0]!, text: reportText(document, 'md') };
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
