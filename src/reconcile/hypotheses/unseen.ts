/**
 * Executions that nobody told. Contracts move by nothing else, so one happened; which kind, only
 * the venue's list tells. A complete list leaves no room for any.
 */
import { absolute, isNegative, isZero, subtract, total } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import type { Reason } from '../../model/reason.ts';
import { unmatchedOn } from './effect.ts';
import { type DifferenceFacts, differenceIn, fits, leaves, type Tried } from './idea.ts';

/** An idea that takes an execution of just this size to have gone unseen. */
export function unseen(
  facts: DifferenceFacts,
  reason: Reason,
  name: string,
  sentence: string,
): readonly Tried[] {
  if (!facts.executionsComplete)
    return [fits(reason, name, sentence, [], { lines: null, binds: false })];
  const listed = (unmatchedOn(facts) ?? []).map(({ effect }) => effect);
  const residual = subtract(differenceIn(facts), total(listed));
  // Where those that are listed carry it all, nothing is left for one that is not.
  if (isZero(residual)) return [];
  const rest = listed.length === 0 ? 'none is missing' : 'those that are missing leave this';
  return [leaves(reason, name, residual, `every execution of that time is listed, and ${rest}`)];
}

/** `sold 0.12`: what it takes to get from ours to theirs. */
export const movedText = (facts: DifferenceFacts): string => {
  const difference = differenceIn(facts);
  return `${isNegative(difference) ? 'sold' : 'bought'} ${toText(absolute(difference))}`;
};
