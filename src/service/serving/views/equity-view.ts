/** Equity, its parts, and how it came about over time. Pure. */
import type { EquityView } from '../../../books/book-view.ts';
import {
  add,
  compare,
  type Decimal,
  divideHalfEven,
  isPositive,
  multiply,
  one,
  roundHalfEven,
  roundingScale,
  subtract,
  zero,
} from '../../../decimal/decimal.ts';
import { decimal, toText, toTextOrNull } from '../../../decimal/text.ts';
import { type Instant, instantText, instantTextOrNull } from '../../../model/instant.ts';
import type { bridgeDocument } from '../../../report/performance-document.ts';
import type { AccountAnswer } from '../documents/account.ts';
import type { BridgeAnswer, EquityAnswer } from '../documents/equity.ts';

const whyWords = (why: string): string =>
  why === 'never-booked' ? 'nothing of it was ever booked' : why;

export const equityParts = (equity: EquityView): AccountAnswer['equityParts'] => ({
  total: toTextOrNull(equity.total),
  known: toText(equity.known),
  cash: toText(equity.cash),
  positionsValue: toTextOrNull(equity.positionsValue),
  unrealisedPnl: toTextOrNull(equity.unrealisedPnl),
  unpriced: equity.unpriced.map(({ what, quantity, why }) => ({
    ...{ what, quantity: toText(quantity) },
    why: whyWords(why),
  })),
});

export interface EquityAt {
  readonly time: Instant;
  readonly total: Decimal | null;
  readonly restated: Decimal | null;
  /** Nobody proved it, or it turned out otherwise. */
  readonly provisional: boolean;
  /** What is known now says another figure. */
  readonly corrected: boolean;
}

/** Money that came in, positive, or went out, in the reporting currency; null: not valued. */
export interface Flow {
  readonly time: Instant;
  readonly value: Decimal | null;
}

export type TotalAt = Pick<EquityAt, 'time' | 'total'>;

/**
 * Percent below the highest point before it, of a unit of money that stayed all the time. Points
 * and flows: the oldest first.
 */
export function drawdownsOf(
  points: readonly TotalAt[],
  flows: readonly Flow[],
): readonly (Decimal | null)[] {
  const movedUpTo = movesOf(flows);
  let before: Decimal | null = null;
  let growth: Decimal | null = one;
  let highest = one;
  return points.map(({ time, total }) => {
    if (total === null || growth === null) return null;
    const moved = movedUpTo(time);
    if (before !== null) {
      growth = moved === null ? null : grown(growth, before, subtract(total, moved));
    }
    before = total;
    if (growth === null) return null;
    if (compare(growth, highest) > 0) highest = growth;
    const below = divideHalfEven(subtract(highest, growth), highest, roundingScale);
    return roundHalfEven(multiply(below, decimal('100')), 4);
  });
}

/** Null: none is known. */
export const highestOf = (values: readonly (Decimal | null)[]): Decimal | null =>
  values.reduce<Decimal | null>(
    (most, one) => (one !== null && (most === null || compare(one, most) > 0) ? one : most),
    null,
  );

/** Null: of a total that was nothing, or less, no share can be said. */
const grown = (growth: Decimal, before: Decimal, after: Decimal): Decimal | null =>
  isPositive(before) ? divideHalfEven(multiply(growth, after), before, roundingScale) : null;

/** What flowed since it was asked last; null: a part of that has no value. */
function movesOf(flows: readonly Flow[]): (upTo: Instant) => Decimal | null {
  let next = 0;
  return (upTo) => {
    let sum: Decimal | null = zero;
    for (let flow = flows[next]; flow !== undefined && flow.time <= upTo; flow = flows[next]) {
      sum = sum === null || flow.value === null ? null : add(sum, flow.value);
      next += 1;
    }
    return sum;
  };
}

export function pointsView(
  points: readonly EquityAt[],
  drawdowns: readonly (Decimal | null)[],
): EquityAnswer['points'] {
  return points.map(({ time, total, restated, provisional, corrected }, index) => ({
    time: instantText(time),
    total: toTextOrNull(total),
    restated: toTextOrNull(restated),
    drawdownPercent: toTextOrNull(drawdowns[index] ?? null),
    ...{ provisional, corrected },
  }));
}

export interface Life {
  readonly from: Instant;
  readonly to: Instant | null;
}

/** Times in which at least one break was open, and how many there were at most at once. */
export function periodsOf(lives: readonly Life[]): EquityAnswer['breakPeriods'] {
  const steps = lives
    .flatMap(({ from, to }) => [{ at: from, by: 1 }, ...(to === null ? [] : [{ at: to, by: -1 }])])
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : b.by - a.by));
  const periods: { from: Instant; to: Instant | null; breaks: number }[] = [];
  let open = 0;
  for (const { at, by } of steps) {
    open += by;
    const last = periods.at(-1);
    if (by === 1 && open === 1) periods.push({ from: at, to: null, breaks: 1 });
    else if (last !== undefined && open === 0) last.to = at;
    else if (last !== undefined) last.breaks = Math.max(last.breaks, open);
  }
  return periods.map(({ from, to, breaks }) => ({
    ...{ from: instantText(from), to: instantTextOrNull(to), breaks },
  }));
}

type BridgeDocument = ReturnType<typeof bridgeDocument>;

/** Rows in their order, `unexplained` last. Without a price at an end, what it moved is unknown. */
export function bridgeView(
  document: BridgeDocument,
  ends: { readonly from: string; readonly to: string },
): BridgeAnswer {
  const isKnown = document.unexplained !== null;
  const unknown = new Set(isKnown ? [] : ['unrealised', 'revaluation']);
  const rows = Object.entries(document.rows).map(([name, amount]) => ({
    ...{ name, amount: unknown.has(name) ? null : amount },
  }));
  const { opening, closing } = document.unpriced;
  const unpriced = [...opening, ...closing].map(({ what, why }) => `${what}: ${whyWords(why)}`);
  const incomplete = document.incomplete.map((name) => `${name}: a part of it has no known cost`);
  return {
    ...{ schema: 'trueup.bridge/1', account: document.account, currency: document.currency },
    ...ends,
    opening: document.opening,
    rows: [...rows, { name: 'unexplained', amount: document.unexplained }],
    closing: document.closing,
    unknown: [...new Set([...unpriced, ...incomplete])],
  };
}
