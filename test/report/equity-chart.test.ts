/** The line of equity: its points, its breaks and its labels. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chartRuns, type EquityHistory, equityChart } from '../../src/report/equity-chart.ts';
import { gapsBetween, sourcePerformanceReport } from '../../src/report/performance-report.ts';
import { reportHtml, reportMarkdown } from '../../src/report/sections.ts';

const history = (
  totals: readonly (string | null)[],
  gaps: EquityHistory['gaps'] = [],
): EquityHistory => ({
  records: totals.map((total, index) => ({ time: `2026-01-1${index}T00:00:00Z`, total })),
  gaps,
});

/** From 10 to 710 along, and from 200 up to 30. */
describe('H24 the points', () => {
  test('H24 the first is left, the last right, the least below, the most above', () => {
    // 150 is half way from 100 to 200: 200 - 170 / 2 = 115.
    expect(chartRuns(history(['100', '150', '200']))).toEqual([
      [
        { x: 10, y: 200 },
        { x: 360, y: 115 },
        { x: 710, y: 30 },
      ],
    ]);
  });

  test('H24 a difference far behind the point moves the line as any other', () => {
    expect(chartRuns(history(['10000.00000001', '10000']))).toEqual([
      [
        { x: 10, y: 30 },
        { x: 710, y: 200 },
      ],
    ]);
  });

  test('H24 totals that are all the same are one line in the middle', () => {
    expect(chartRuns(history(['5', '5']))).toEqual([
      [
        { x: 10, y: 115 },
        { x: 710, y: 115 },
      ],
    ]);
  });

  test('H24 a total that is not known breaks the line, and is no point', () => {
    const runs = chartRuns(history(['1', '2', null, '2', '1']));
    expect(runs.map((run) => run.map(({ x }) => x))).toEqual([
      [10, 185],
      [535, 710],
    ]);
  });

  test('H24 a gap breaks it, and a record alone is a dot', () => {
    const gap = { from: '2026-01-11T00:00:00Z', to: '2026-01-12T00:00:00Z' };
    const parts = history(['1', '2', '2'], [gap]);
    expect(chartRuns(parts).map((run) => run.length)).toEqual([2, 1]);
    const chart = equityChart('Equity', parts)!;
    expect(chart).toMatchObject({ kind: 'chart' });
    const { svg } = chart as { svg: string };
    expect(svg).toContain('<polyline points="10,200 360,30" ');
    expect(svg).toContain('<circle cx="710" cy="30" r="3" ');
  });

  test('H24 every point is a whole number on the paper', () => {
    const total = fc.option(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), { freq: 6 });
    fc.assert(
      fc.property(fc.array(total, { maxLength: 9 }), (totals) => {
        const known = totals.filter((one) => one !== null);
        const points = chartRuns(history(totals.map((one) => one?.toString() ?? null))).flat();
        expect(points).toHaveLength(known.length);
        for (const { x, y } of points) {
          expect([x, y].every(Number.isInteger)).toBe(true);
          expect(x >= 10 && x <= 710 && y >= 30 && y <= 200).toBe(true);
        }
      }),
    );
  });
});

describe('H24 the labels', () => {
  test('H24 are the exact amounts and times, and whatever a name holds is text', () => {
    const { svg } = equityChart('Equity of <b>', history(['10211.69', '10000'])) as { svg: string };
    for (const label of ['10,211.69', '10,000.00', '2026-01-10T00:00:00Z', 'Equity of &lt;b&gt;']) {
      expect(svg).toContain(`>${label}<`);
    }
    // Markdown ends a block of HTML at an empty line.
    expect(svg).not.toContain('\n\n');
  });

  test('H24 one total draws no line', () => {
    expect(equityChart('Equity', history(['1']))).toBeNull();
    expect(equityChart('Equity', history([null, '1', null]))).toBeNull();
  });
});

test('N34 the history is filed with its line, its table and its gaps', () => {
  const recorded = (time: string, total: string, change: string | null) => ({
    ...{ time, total, cash: total, positionsValue: '0', change },
    changePercent: change === null ? null : '2.1169',
  });
  const [from, to] = ['2026-01-10T21:00:00Z', '2026-01-12T21:00:00Z'] as const;
  const records = [recorded(from, '10000', null), recorded(to, '10211.69', '211.69')];
  const gaps = gapsBetween(
    records.map(({ time }) => ({ time }) as Parameters<typeof gapsBetween>[0][number]),
    86_400_000,
  );
  expect(gaps).toEqual([{ from, to, seconds: 172_800 }]);
  const report = sourcePerformanceReport({
    source: 'sqlite:bot.db',
    accounts: [{ account: 'falcon', records, gaps: gaps.map((gap) => ({ ...gap })) }],
  });
  for (const text of [reportMarkdown(report), reportHtml(report)]) {
    expect(text).toContain('<circle cx="10" cy="200"');
    expect(text).toContain(`Nothing was recorded for 2 days: ${from} to ${to}.`);
  }
  expect(reportMarkdown(report)).toContain(
    `| ${to} | 10,211.69 | 10,211.69 | 0.00 | +211.69 | +2.12 % |`,
  );
});
