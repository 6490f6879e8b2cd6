/** So many points of a long curve as are drawn: what is left out is no height and no hole. Pure. */
import { compare, type Decimal } from '../../../decimal/decimal.ts';
import type { TotalAt } from './equity-view.ts';

/**
 * Places of at most `limit` points, in their order. The first and the last stay; of those between,
 * the lowest and the highest of each of so many equal parts, and one that is not known, if any is.
 */
export function thinned(points: readonly TotalAt[], limit: number): readonly number[] {
  const last = points.length - 1;
  if (points.length <= limit) return points.map((_, index) => index);
  const each = points.some(({ total }) => total === null) ? 3 : 2;
  const parts = Math.floor((limit - 2) / each);
  const between = Array.from({ length: Math.max(0, parts) }, (_, part) => {
    const from = 1 + Math.floor(((last - 1) * part) / parts);
    return marking(points, from, 1 + Math.floor(((last - 1) * (part + 1)) / parts));
  });
  return [...new Set([...(limit > 1 ? [0] : []), ...between.flat(), last])];
}

/** Of [from, to): the lowest, the highest and the first unknown one, in their order. */
function marking(points: readonly TotalAt[], from: number, to: number): readonly number[] {
  let [lowest, highest, unknown]: (number | null)[] = [null, null, null];
  const isBeyond = (total: Decimal, at: number | null | undefined, sign: number) =>
    at === null || at === undefined || compare(total, points[at]!.total!) * sign > 0;
  for (let index = from; index < to; index += 1) {
    const { total } = points[index]!;
    if (total === null) unknown ??= index;
    else {
      if (isBeyond(total, lowest, -1)) lowest = index;
      if (isBeyond(total, highest, 1)) highest = index;
    }
  }
  const found = [lowest, highest, unknown].filter((one) => one !== null && one !== undefined);
  return [...new Set(found)].sort((a, b) => a - b);
}
