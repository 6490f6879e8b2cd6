/** What a line of equity is drawn from: its unbroken parts, and the spans that are shaded. Pure. */
import type { BreakPeriod, EquityPoint } from '../../api/equity.ts';

/** Places of points in the order of time; the end is the first that is not shaded. */
export type Span = readonly [from: number, to: number];

type At = Pick<EquityPoint, 'time'>;

/** Those of which some part lies between the first point and the last. */
export function periodsOn(
  periods: readonly BreakPeriod[],
  points: readonly At[],
): readonly BreakPeriod[] {
  const [first, last] = [points.at(0), points.at(-1)];
  if (first === undefined || last === undefined) return [];
  const [begin, end] = [Date.parse(first.time), Date.parse(last.time)];
  return periods.filter(
    ({ from, to }) => Date.parse(from) <= end && (to === null || Date.parse(to) >= begin),
  );
}

/** From the point before it began to the point after it ended: it is not drawn too short. */
export const spansOf = (points: readonly At[], periods: readonly BreakPeriod[]): readonly Span[] =>
  periodsOn(periods, points).map(({ from, to }) => {
    const first = points.findLastIndex(({ time }) => Date.parse(time) <= Date.parse(from));
    const last =
      to === null ? -1 : points.findIndex(({ time }) => Date.parse(time) >= Date.parse(to));
    return [Math.max(0, first), last === -1 ? points.length - 1 : last];
  });

/** A path in SVG's words; where a point is unknown the line ends, and begins again after it. */
export function linePath(
  points: readonly { readonly x: number; readonly y: number | null }[],
): string {
  let isDrawing = false;
  return points
    .map(({ x, y }, at) => {
      if (y === null) {
        isDrawing = false;
        return '';
      }
      const place = `${isDrawing ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`;
      const isAlone = !isDrawing && (points[at + 1]?.y ?? null) === null;
      isDrawing = true;
      // One point between two unknown ones is a dot: a path of no length draws its caps alone.
      return isAlone ? `${place}h0` : place;
    })
    .join('');
}
