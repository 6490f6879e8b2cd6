/**
 * Equity over time as a picture: one line for each run of records that follow each other. Where
 * nothing was recorded, or no total was known, the line is broken and not drawn across. Labels are
 * the exact amounts; only places on the paper are rounded.
 */
import {
  compare,
  type Decimal,
  divideHalfEven,
  fromInteger,
  multiply,
  subtract,
} from '../decimal/decimal.ts';
import { decimal, toText } from '../decimal/text.ts';
import { moneyText } from '../model/amount.ts';
import { instant } from '../model/instant.ts';
import { type Block, escaped } from './sections.ts';

export interface EquityHistory {
  /** Oldest first; a total that is null was not known. */
  readonly records: readonly { readonly time: string; readonly total: string | null }[];
  /** Neighbours that are too far apart to be one line. */
  readonly gaps: readonly { readonly from: string; readonly to: string }[];
}

export interface ChartPoint {
  readonly x: number;
  readonly y: number;
}

interface Known {
  readonly time: string;
  readonly at: bigint;
  readonly total: Decimal;
  /** Whether a line leads here from the point before it. */
  readonly follows: boolean;
}

const paper = { width: 720, height: 240 };
const plot = { left: 10, right: 710, top: 30, bottom: 200 };

/** Null: a line takes two records with a total. */
export function equityChart(title: string, history: EquityHistory): Block | null {
  const known = knownOf(history);
  if (known.length < 2) return null;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${paper.width} ${paper.height}" ` +
      `width="${paper.width}" height="${paper.height}" role="img" font-family="sans-serif" ` +
      'font-size="12">',
    `<title>${escaped(title)}</title>`,
    ...scaleLines(known),
    ...runsOf(known).map(runSvg),
    '</svg>',
  ];
  return { kind: 'chart', svg: parts.join('\n') };
}

/** The places of the records on the paper, one list for each run. */
export const chartRuns = (history: EquityHistory): readonly (readonly ChartPoint[])[] =>
  runsOf(knownOf(history));

function knownOf({ records, gaps }: EquityHistory): readonly Known[] {
  const broken = new Set(gaps.map(({ to }) => to));
  return records.flatMap(({ time, total }, index): Known[] => {
    if (total === null) return [];
    const before = records[index - 1];
    const follows = before !== undefined && before.total !== null && !broken.has(time);
    return [{ time, at: instant(time), total: decimal(total), follows }];
  });
}

function runsOf(known: readonly Known[]): readonly (readonly ChartPoint[])[] {
  if (known.length === 0) return [];
  const runs: ChartPoint[][] = [];
  const place = placing(known);
  for (const one of known) {
    if (!one.follows) runs.push([]);
    runs.at(-1)!.push(place(one));
  }
  return runs;
}

function placing(known: readonly Known[]): (one: Known) => ChartPoint {
  const [first, last] = [known[0]!.at, known.at(-1)!.at];
  const { least, most } = rangeOf(known);
  const height = plot.bottom - plot.top;
  const width = BigInt(plot.right - plot.left);
  return ({ at, total }) => {
    const along = last === first ? width / 2n : ((at - first) * width) / (last - first);
    const isFlat = compare(least, most) === 0;
    const up = isFlat ? height / 2 : shareOf(subtract(total, least), subtract(most, least), height);
    return { x: plot.left + Number(along), y: plot.bottom - up };
  };
}

/** A whole number, of at most `of`. */
const shareOf = (part: Decimal, whole: Decimal, of: number): number =>
  Number(toText(divideHalfEven(multiply(part, fromInteger(of)), whole, 0)));

function rangeOf(known: readonly Known[]): { readonly least: Decimal; readonly most: Decimal } {
  const totals = known.map(({ total }) => total);
  return {
    least: totals.reduce((a, b) => (compare(b, a) < 0 ? b : a)),
    most: totals.reduce((a, b) => (compare(b, a) > 0 ? b : a)),
  };
}

function scaleLines(known: readonly Known[]): readonly string[] {
  const { least, most } = rangeOf(known);
  const isFlat = compare(least, most) === 0;
  const middle = (plot.top + plot.bottom) / 2;
  const marks: readonly (readonly [Decimal, number])[] = isFlat
    ? [[most, middle]]
    : [
        [most, plot.top],
        [least, plot.bottom],
      ];
  const below = plot.bottom + 25;
  return [
    ...marks.flatMap(([amount, y]) => [
      `<line x1="${plot.left}" y1="${y}" x2="${plot.right}" y2="${y}" stroke="#bbb"/>`,
      `<text x="${plot.left}" y="${y - 6}">${moneyText(amount)}</text>`,
    ]),
    `<text x="${plot.left}" y="${below}">${known[0]!.time}</text>`,
    `<text x="${plot.right}" y="${below}" text-anchor="end">${known.at(-1)!.time}</text>`,
  ];
}

/** One record alone is a dot. */
function runSvg(points: readonly ChartPoint[]): string {
  const [only] = points;
  if (points.length === 1) return `<circle cx="${only!.x}" cy="${only!.y}" r="3" fill="#06c"/>`;
  const places = points.map(({ x, y }) => `${x},${y}`).join(' ');
  return `<polyline points="${places}" fill="none" stroke="#06c" stroke-width="2"/>`;
}
