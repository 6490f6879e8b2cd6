/** Shares that were split or merged: theirs is a small ratio of ours. */
import { equals, fromInteger, isZero, multiply } from '../../decimal/decimal.ts';
import { fits, type Hypothesis } from './idea.ts';

const ratios: readonly (readonly [number, number])[] = [
  ...Array.from({ length: 49 }, (_, index) => [index + 2, 1] as const),
  ...([100, 500, 1000] as const).map((many) => [many, 1] as const),
  ...([
    [3, 2],
    [4, 3],
    [5, 2],
    [5, 3],
    [5, 4],
    [6, 5],
    [7, 2],
    [11, 10],
    [21, 20],
  ] as const),
];

export const splitRatio: Hypothesis = ({ instrument, ours, theirs }) => {
  if (instrument?.class !== 'equity' || isZero(ours) || isZero(theirs)) return [];
  for (const [more, less] of ratios) {
    const [n, d] = [fromInteger(more), fromInteger(less)];
    const isSplit = equals(multiply(theirs, d), multiply(ours, n));
    const isMerged = equals(multiply(theirs, n), multiply(ours, d));
    if (!isSplit && !isMerged) continue;
    const text = isSplit ? `${more} for ${less}` : `${less} for ${more}`;
    return [fits('CORPORATE_ACTION_MISSING', 'split', `a split of ${text} was not booked`)];
  }
  return [];
};
