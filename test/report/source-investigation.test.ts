/** The document that operators file, and the figures that were published before it. */
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/decimal/text.ts';
import type { SourceSnapshot } from '../../src/model/source.ts';
import { type CheckSourceInput, checkSource } from '../../src/reconcile/source/check-source.ts';
import { type Report, reportHtml, reportMarkdown } from '../../src/report/sections.ts';
import { sourceDocument } from '../../src/report/source-document.ts';
import { sourceInvestigation } from '../../src/report/source-investigation.ts';
import { type Published, publishedCheck } from '../../src/report/source-published.ts';
import { verificationSql } from '../../src/report/source-verification.ts';
import { incidentSql } from '../../src/sources/falcon/incident-database.ts';
import {
  accountOf,
  historyOf,
  incident,
  incidentOrders,
  inputOf,
  noGuard,
  position,
  priced,
  record,
  snapshotOf,
  writeOf,
  wrote,
} from '../reconcile/source-kit.ts';

const filed: Published = {
  ...{ cash: decimal('1058.70'), positions: decimal('9152.99'), total: decimal('10211.70') },
};

function reportOf(
  snapshot: SourceSnapshot,
  published: Published | null = null,
  parts: Partial<CheckSourceInput> = {},
): Report {
  const { json } = sourceDocument(checkSource(inputOf(snapshot, parts)), {
    ...{ document: 'investigate', strict: false, failAbove: null, breakId: null, currency: 'USD' },
    ...{ sequenceOf: () => 0, trueSinceOf: () => null, hints: [] },
  });
  return sourceInvestigation(json, published);
}

const orders = historyOf(incidentOrders());
const report = reportOf(incident(), filed, { orders });

const expectFile = (name: string, content: string) =>
  expect(content).toMatchFileSnapshot(`../golden/${name}`);

describe('H19 the incident, filed', () => {
  test('H19 as Markdown', async () => {
    await expectFile('source-investigation.md', reportMarkdown(report));
  });

  test('H19 as HTML, the same content', async () => {
    await expectFile('source-investigation-html.txt', reportHtml(report));
  });

  test('H19 it has the sections that operators file', () => {
    expect(report.sections.map(({ title }) => title)).toEqual([
      ...['Summary', 'Symptoms', 'Evidence', 'Root cause', 'Ruled out', 'Impact by area', 'Risk'],
      ...['Fix', 'Verification', 'Prevention', 'Lessons', 'Residual risk', 'Next steps'],
    ]);
  });

  test('H19 the published cent is noticed', () => {
    expect(reportMarkdown(report)).toContain(
      'The published parts do not give the published total: 1,058.70 + 9,152.99 = 10,211.69, ' +
        'not 10,211.70 (−0.01).',
    );
  });
});

describe('H19 the operators’ queries, run after the fix', () => {
  const file = new DatabaseSync(':memory:');
  file.exec(incidentSql('sqlite', 'stored-total').join('; '));
  file.exec(`UPDATE account SET total_value = 10211.69;
    INSERT INTO performance VALUES ('2026-01-12T16:05:00', 10211.69, 1058.70, 9152.99)`);
  const answer = (query: string) =>
    file
      .prepare(query)
      .all()
      .map((row) => Object.values(row));
  const tables = report.sections
    .find(({ title }) => title === 'Verification')!
    .blocks.flatMap((block) => (block.kind === 'table' ? [block.rows] : []));

  /** A number of a table of the report; binary sums may be off far behind the point. */
  const number = (cell: string): number => Number(cell.replaceAll(',', '').replace('−', '-'));
  const expectAnswer = (query: string, table: number, columns: readonly number[]) => {
    const told = tables[table]!.slice(1).map((row) => columns.map((at) => number(row[at]!)));
    const found = answer(query).map((row) => columns.map((at) => Number(row[at])));
    expect(found.length).toBe(told.length);
    for (const [row, cells] of found.entries()) {
      for (const [at, cell] of cells.entries()) expect(cell).toBeCloseTo(told[row]![at]!, 9);
    }
  };

  test('H19 the account row', () => expectAnswer(verificationSql.account, 0, [0, 1, 2]));
  test('H19 the positions by value', () =>
    expectAnswer(verificationSql.positions, 1, [1, 2, 3, 4, 5]));
  test('H19 the difference is 0', () =>
    expectAnswer(verificationSql.difference, 2, [0, 1, 2, 3, 4]));
  test('H19 the last records and their changes', () => {
    expectAnswer(verificationSql.performance, 3, [1, 2, 3]);
    expect(answer(verificationSql.performance)[0]![4]).toBeCloseTo(211.69, 9);
    expect(tables[3]![1]![4]).toBe('+211.69');
  });
});

describe('H19 reports of other days', () => {
  const textOf = (...of: Parameters<typeof reportOf>) => reportMarkdown(reportOf(...of));
  const fresh = [record(priced, '10', '10', '0')];

  test('H19 all is well', () => {
    const text = textOf(snapshotOf([accountOf({ cash: '10', total: '10', performance: fresh })]));
    expect(text).toContain('Account paper: cash and positions are 10.00 USD, and exactly that');
    expect(text).toContain('Nothing is wrong that has a cause.');
    expect(text).toContain('Nothing is to be written.');
  });

  test('H19 a part is unknown: it is named, and no sum is made up', () => {
    const positions = [position('A', '1', null)];
    const text = textOf(snapshotOf([accountOf({ cash: '10', total: '10', positions })]));
    expect(text).toContain('CANNOT SAY: sqlite:paper_trading.db');
    expect(text).toContain('no total is known; the parts that are known are 10.00 USD');
    expect(text).toContain('| A | 1 | ? | ? | nobody |');
    expect(text).toContain('| calculated total | ? |');
    expect(text).not.toContain('SELECT');
  });

  test('H19 a repair that was overwritten asks for the guard', () => {
    const text = textOf({ ...incident(), ...wrote(writeOf('10000.0', '10211.69')) });
    expect(text).toContain('A value that a program keeps in memory outlives every repair');
    expect(text).toContain('trueup guard install');
  });

  test('H19 an installed guard is not asked for again', () => {
    const guard = { ...noGuard, state: 'installed' as const, bound: decimal('0.00000001') };
    const text = textOf({ ...incident(), guard });
    expect(text).toContain('The guard keeps the total within 0.00000001 of the exact sum.');
    expect(text).not.toContain('guard install');
  });

  test('H19 a difference far behind the point is not shown as zero', () => {
    const account = accountOf({ cash: '10.00000001', total: '10', performance: fresh });
    const text = textOf(snapshotOf([account], { totalStorage: { kind: 'exact' } }));
    expect(text).toContain('a difference of +0.00000001 USD');
    expect(text).not.toContain('of +0.00 ');
  });

  test('H19 several accounts have their own evidence, and no query that adds them up', () => {
    const accounts = [
      accountOf({ cash: '1', total: '2', performance: fresh }),
      accountOf({ id: '2', cash: '3', total: '3', performance: fresh }),
    ];
    const told = reportOf(snapshotOf(accounts));
    expect(told.sections.map(({ title }) => title)).toContain('Evidence: account paper-2');
    expect(reportMarkdown(told)).not.toContain('SELECT');
  });

  test('H19 what a name holds is text in HTML and Markdown', () => {
    const positions = [position('<b>|', '1', '2')];
    const odd = reportOf(snapshotOf([accountOf({ cash: '1', total: '3', positions })]));
    expect(reportHtml(odd)).toContain('&lt;b&gt;|');
    expect(reportMarkdown(odd)).toContain('<b>\\|');
  });
});

describe('H20 published figures', () => {
  const check = (cash: string, positions: string, total: string, calculated: string | null) =>
    publishedCheck(
      { cash: decimal(cash), positions: decimal(positions), total: decimal(total) },
      { calculated: calculated === null ? null : decimal(calculated) },
    ).sentences;

  test('H20 parts that miss their total by a cent: rounding can make that', () => {
    expect(check('1058.70', '9152.99', '10211.70', '10211.69')).toEqual([
      'The published parts do not give the published total: 1,058.70 + 9,152.99 = 10,211.69, ' +
        'not 10,211.70 (−0.01).',
      'The parts were rounded to cents before they were added, or added in binary floats: either ' +
        'moves a sum of two by up to a cent and a half.',
      'The exact sum is 10,211.69, which is what the published parts give.',
    ]);
  });

  test('H20 parts that miss it by more: rounding cannot', () => {
    expect(check('1', '2', '3.02', null)).toEqual([
      'The published parts do not give the published total: 1.00 + 2.00 = 3.00, not 3.02 (−0.02).',
      'Rounding to cents cannot make that much.',
    ]);
  });

  test('H20 parts that give it, and whether it is the truth', () => {
    expect(check('1', '2', '3', '3')).toEqual([
      'The published parts give their total: 1.00 + 2.00 = 3.00.',
      'The published total is the exact sum, 3.00.',
    ]);
    expect(check('1', '2', '3', '3.004')).toEqual([
      'The published parts give their total: 1.00 + 2.00 = 3.00.',
      'The exact sum is 3.004.',
    ]);
  });
});
