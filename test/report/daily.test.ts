import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { instant } from '../../src/model/instant.ts';
import { recordPerformance } from '../../src/service/performing.ts';
import { BookReader } from '../../src/service/reading.ts';
import { rewriteDerived } from '../../src/service/rebuilding.ts';
import {
  dailyReport,
  reportForms,
  reportName,
  reportText,
  writeDailyReport,
} from '../../src/service/reporting.ts';
import { verifyBook } from '../../src/service/upkeep.ts';
import { markMaxAgeMs } from '../service/held-book.ts';
import {
  account,
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
  openDesk,
  says,
} from '../service/reconcile/desk.ts';
import { reportOn, today } from './daily-kit.ts';

afterEach(closeDesks);

const perp = 'BTC/USDT:USDT';
const deposit = cash('deposit', 'd1', '1000');
const late = fill('e2', { side: 'sell', quantity: '0.5', price: '120', time: at('12:30') });

const statement = (time: string, quantity: string, usdt: string, executions: readonly Json[]) => ({
  ...says({
    positions: held([{ instrument: perp, leg: 'net', quantity }]),
    balances: balances({ USDT: usdt }),
    executions: list(executions),
  }),
  asOf: at(time),
});

async function record(desk: Desk): Promise<void> {
  const asOf = desk.clock.now();
  await recordPerformance(desk.writer, desk.reader, desk.account(), asOf, markMaxAgeMs);
}

/**
 * 09:00 buy 1 at 100, fee 0.1; 12:30 sell 0.5 at 120, fee 0.1, which the book misses until 13:05.
 *
 *   realised    0.5 x (120 - 100) = 10        fees        0.1 + 0.1 = 0.2
 *   unrealised  0.5 x (130 - 100) = 15        closing     1000 + 10 + 15 - 0.2 = 1024.8
 */
async function aDay(...facts: readonly Json[]): Promise<Desk> {
  const desk = await openDesk(...(facts.length > 0 ? facts : [deposit, fill('e1')]));
  desk.clock.set(instant(at('11:35')));
  await desk.tell(mark(perp, '110', at('11:30')));
  await record(desk);
  desk.clock.set(instant(at('12:00')));
  await desk.check(statement('12:00', '1', '999.9', [fill('e1')]));
  desk.clock.set(instant(at('13:00')));
  await desk.check(statement('13:00', '0.5', '1009.8', [fill('e1'), late]));
  desk.clock.set(instant(at('13:05')));
  await desk.apply(statement('13:00', '0.5', '1009.8', [fill('e1'), late]));
  desk.clock.set(instant(at('18:00')));
  await desk.tell(mark(perp, '130', at('17:55')));
  await record(desk);
  desk.clock.set(instant(at('23:00')));
  await desk.check(statement('23:00', '0.5', '1009.8', [fill('e1'), late]));
  return desk;
}

describe('A20 a day with a break', () => {
  test('A20 A21 says what was, what was found, and what came of it', async () => {
    const desk = await aDay();
    const document = reportOn(desk.reader);
    const [one] = document.accounts;
    expect(one).toMatchObject({
      verdict: 'true',
      because: 'the last check, 2026-11-20T23:00:00Z, said so',
      checks: { noted: 4, true: 3, break: 1, cannotSay: 0 },
      breaks: {
        opened: [{ reason: 'FILL_MISSING', foundAfterSeconds: 1_800, fixedAfterSeconds: 300 }],
        closed: [{ state: 'VERIFIED', who: 'the policy', ageSeconds: null }],
        open: [],
      },
      repairs: [{ kind: 'fill', at: '2026-11-20T13:05:00Z', why: expect.stringMatching(/^BRK-/) }],
      performance: [
        { totalValue: '1009.9', change: null },
        // 15 at 130 for what is left, against 10 at 110; 10 realised, 0.1 fee: 14.9 more.
        { totalValue: '1024.8', change: '14.9', changePercent: '1.4754' },
      ],
      equity: {
        opening: '0',
        closing: '1024.8',
        unexplained: '0',
        rows: { deposits: '1000', realised: '10', unrealised: '15', fees: '-0.2' },
        pricesOf: { opening: null, closing: '2026-11-20T18:00:00Z' },
      },
    });
    await expect(reportText(document, 'md')).toMatchFileSnapshot('../golden/daily-report.md');
    await expect(reportText(document, 'html')).toMatchFileSnapshot(
      '../golden/daily-report-html.txt',
    );
    await expect(reportText(document, 'json')).toMatchFileSnapshot('../golden/daily-report.json');
  });

  test('A20 the next day begins where this one ended, and knows of no check', async () => {
    const desk = await aDay();
    const [one] = reportOn(desk.reader, '2026-11-21').accounts;
    expect(one).toMatchObject({
      verdict: 'cannot-say',
      because: 'no check was noted',
      isComplete: false,
      breaks: { opened: [], closed: [], open: [] },
      performance: [],
      // The price of 17:55 is older than a day at the end of this one.
      equity: { opening: '1024.8', closing: null, unpriced: { closing: [{ why: 'stale-mark' }] } },
    });
    expect(reportText(reportOn(desk.reader, '2026-11-21'), 'md')).not.toContain('TRUE at');
  });

  test('A20 as it was known before the repair, the break is open', async () => {
    const desk = await aDay();
    const { account: id } = desk.account();
    const rows = [...desk.reader.file.entries(id)];
    const repaired = rows.find((row) => row.kind === 'fill' && row.id === 'e2')!.sequence;
    const [one] = reportOn(desk.reader, today, { knownAt: repaired - 1 }).accounts;
    expect(one).toMatchObject({
      verdict: 'break',
      knownAt: repaired - 1,
      checks: { noted: 2 },
      breaks: {
        opened: [{}],
        closed: [],
        // Opened at 13:00, which is all that was known then.
        open: [{ fixedAfterSeconds: null, ageSeconds: 0 }],
      },
      equity: { closing: '1009.9', rows: { realised: '0' } },
    });
    expect(one!.because).toBe(`open: ${one!.breaks.open[0]!.id}`);
  });
});

describe('A21 the same book gives the same bytes', () => {
  const textsOf = (reader: BookReader): readonly string[] =>
    reportForms.map((form) => reportText(reportOn(reader), form));

  test('A21 twice, later, and after its derived rows were written anew', async () => {
    const desk = await aDay();
    const before = textsOf(desk.reader);
    desk.clock.set(instant('2027-01-01T00:00:00Z'));
    expect(textsOf(desk.reader)).toEqual(before);
    await desk.writer.close();
    await rewriteDerived(desk.path, desk.clock, 'test');
    const reader = new BookReader(desk.path, desk.clock);
    expect(textsOf(reader)).toEqual(before);
    reader.close();
  });

  test('A21 marks that are told later change nothing', async () => {
    const desk = await aDay();
    const before = textsOf(desk.reader);
    await desk.tell(mark(perp, '999', at('23:59')), mark(perp, '1', '2026-11-19T23:59:00Z'));
    expect(textsOf(desk.reader)).toEqual(before);
  });

  test('A21 in whatever order the facts came, but for the proof', async () => {
    const [one, other] = [await aDay(deposit, fill('e1')), await aDay(fill('e1'), deposit)];
    const plain = ({ reader }: Desk) =>
      reportForms.map((form) =>
        reportText(reportOn(reader), form)
          .replaceAll(/[0-9a-f]{64}/g, 'hash')
          .replaceAll(/chain [0-9a-f]{8}/g, 'chain'),
      );
    expect(plain(other)).toEqual(plain(one));
  });

  test('A21 the proof is one that verify takes', async () => {
    const desk = await aDay();
    for (const knownAt of [null, 3, 9]) {
      const [one] = reportOn(desk.reader, today, { knownAt }).accounts;
      const claimed = { account: 'main', ...one!.head };
      expect(verifyBook(desk.reader.file, null, claimed, () => undefined).findings).toEqual([]);
      expect(one!.proof).toBe(
        `trueup verify --account main --head ${one!.head.sequence}:${one!.head.hash}`,
      );
    }
  });
});

describe('A22 what is not known is said', () => {
  test('A22 a day of which nothing was noted is not TRUE', async () => {
    const desk = await openDesk(deposit, fill('e1'));
    const [one] = reportOn(desk.reader, '2026-11-19').accounts;
    expect(one).toMatchObject({ verdict: 'cannot-say', equity: null, source: null });
    const text = reportText(reportOn(desk.reader, '2026-11-19'), 'md');
    expect(text).toContain('CANNOT SAY: no check was noted.');
    expect(text).toContain('The book has no facts of this account.');
    expect(text).not.toMatch(/\b(?<!NOT )TRUE\b/);
  });

  test('A22 a position without a recorded price makes equity unknown, and is named', async () => {
    const desk = await openDesk(deposit, fill('e1'), mark(perp, '110', at('11:30')));
    const document = reportOn(desk.reader);
    expect(document.accounts[0]!.equity).toMatchObject({
      opening: '0',
      closing: null,
      unexplained: null,
      rows: { deposits: '1000', fees: '-0.1', unrealised: null, revaluation: null },
      unpriced: { closing: [{ what: perp, why: 'no-mark' }] },
    });
    const text = reportText(document, 'md');
    expect(text).toContain('| unrealised | ? |');
    expect(text).toContain(`? closing: ${perp} has no price in that record`);
  });

  test('A22 a statement that was incomplete leaves the day unsaid', async () => {
    const desk = await openDesk(deposit);
    const nothing = { positions: { complete: false, items: [] }, balances: balances({}) };
    await desk.check({ ...says(nothing), balances: { complete: false, items: [] } });
    expect(reportOn(desk.reader).accounts[0]).toMatchObject({
      verdict: 'cannot-say',
      checks: { noted: 1, cannotSay: 1 },
    });
  });

  test('A22 adjustments are shown on later days, until they are taken back', async () => {
    const told = { reason: 'BRK-7Q2M4A', time: at('09:30') };
    const desk = await openDesk(deposit, cash('adjustment', 'a1', '-2.5', told));
    const later = () => reportOn(desk.reader, '2026-11-22').accounts[0]!.adjustments;
    expect(later()).toMatchObject([{ amount: '-2.5', currency: 'USDT', reason: 'BRK-7Q2M4A' }]);
    expect(reportOn(desk.reader, '2026-11-19').accounts[0]!.adjustments).toEqual([]);
    await desk.undo(3);
    expect(later()).toEqual([]);
    expect(reportOn(desk.reader).accounts[0]!.repairs).toMatchObject([
      { kind: 'adjustment', why: 'BRK-7Q2M4A' },
      { kind: 'reversal', what: 'takes back 3', why: 'undo' },
    ]);
  });
});

describe('A22 a check speaks of its own time', () => {
  test('A22 a statement of the day that comes the next morning is of that day', async () => {
    const desk = await openDesk(deposit);
    desk.clock.set(instant('2026-11-21T08:00:00Z'));
    await desk.check({ ...says({ balances: balances({ USDT: '1000' }) }), asOf: at('21:00') });
    const document = reportOn(desk.reader);
    expect(document.accounts[0]).toMatchObject({ checks: { noted: 1 }, verdictAt: at('21:00') });
    expect(reportOn(desk.reader, '2026-11-21').accounts[0]!.checks.noted).toBe(0);
    const sections = { positions: held([]), balances: balances({ USDT: '1000' }) };
    await desk.check({ ...says(sections), asOf: at('21:30') });
    const text = reportText(reportOn(desk.reader), 'md');
    expect(text).toMatch(/^# main — 2026-11-20 — TRUE at 2026-11-20T21:30:00Z/);
  });
});

describe('A23 paper', () => {
  test('A23 is said in every header, and in the name of a file of paper alone', async () => {
    const paper = { account: 'paper', mode: 'paper' };
    const desk = await openDesk(account(paper), deposit);
    const both = reportOn(desk.reader);
    expect(reportText(both, 'md')).toContain('## PAPER paper: CANNOT SAY so far, until 2026-');
    expect(reportText(both, 'md')).toContain('# 2 accounts — 2026-11-20 — 2 CANNOT SAY');
    expect(reportName(both, 'md')).toBe('report-2026-11-20.md');
    const accounts = [desk.account('paper')];
    const alone = dailyReport(desk.reader, { date: today, zone: 'UTC', accounts, knownAt: null });
    if (!alone.ok) throw new Error(alone.refusal.message);
    expect(reportName(alone.value, 'html')).toBe('PAPER-report-2026-11-20.html');
    expect(reportText(alone.value, 'md')).toMatch(/^# PAPER paper — 2026-11-20 — CANNOT SAY/);
  });
});

describe('A24 the day of a zone', () => {
  test('A24 what happened is of the day of the zone', async () => {
    const desk = await aDay();
    // In Auckland, 13 hours ahead, noon of the 20th is the 21st.
    const zone = 'Pacific/Auckland';
    expect(reportOn(desk.reader, today, { zone }).accounts[0]).toMatchObject({
      checks: { noted: 0 },
      equity: { opening: '0', closing: null },
    });
    expect(reportOn(desk.reader, '2026-11-21', { zone }).accounts[0]!.checks.noted).toBe(4);
  });
});

describe('A26 files', () => {
  test('A26 are written whole into a folder that is made, and are the same again', async () => {
    const desk = await aDay();
    const folder = join(mkdtempSync(join(tmpdir(), 'trueup-report-')), 'reports', 'daily');
    const request = { date: today, zone: 'UTC', accounts: null, knownAt: null, folder };
    const write = () => writeDailyReport({ ...request, reader: desk.reader, formats: reportForms });
    const written = await write();
    if (!written.ok) throw new Error(written.refusal.message);
    expect(written.value.map((path) => path.replace(folder, '.'))).toEqual(
      ['md', 'html', 'json'].map((form) => `./report-2026-11-20.${form}`),
    );
    const texts = written.value.map((path) => readFileSync(path, 'utf8'));
    expect(texts).toEqual(reportForms.map((form) => reportText(reportOn(desk.reader), form)));
    await write();
    expect(readdirSync(folder)).toHaveLength(3);
    expect(written.value.map((path) => readFileSync(path, 'utf8'))).toEqual(texts);
  });

  test('A26 a day that is none is refused, and nothing is written', async () => {
    const desk = await openDesk(deposit);
    const folder = join(mkdtempSync(join(tmpdir(), 'trueup-report-')), 'reports');
    const request = { date: '2026-02-30', zone: 'UTC', accounts: null, knownAt: null, folder };
    const written = await writeDailyReport({
      ...{ ...request, reader: desk.reader, formats: reportForms },
    });
    expect(written).toMatchObject({ ok: false, refusal: { code: 'day-bad' } });
    expect(existsSync(folder)).toBe(false);
  });
});
