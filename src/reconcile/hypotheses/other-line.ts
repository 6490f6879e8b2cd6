/** What this line has too much of another line lacks: one was taken for the other. */
import { type Decimal, equals, negate, subtract } from '../../decimal/decimal.ts';
import { toText } from '../../decimal/text.ts';
import { heldId } from '../touch.ts';
import {
  type DifferenceFacts,
  differenceIn,
  fits,
  type Hypothesis,
  nameOf,
  type OtherLine,
  type Reach,
  type Tried,
} from './idea.ts';

export const otherSymbol: Hypothesis = (facts) =>
  facts.what === 'balance'
    ? []
    : facts.others.flatMap((other) => {
        if (other.key === facts.key || (other.leg === null) !== (facts.leg === null)) return [];
        return equals(offBy(other), negate(differenceIn(facts))) ? [confused(facts, other)] : [];
      });

/** Legs of one instrument: the same units on the other leg, or on the other leg and side. */
export const otherLeg: Hypothesis = (facts) =>
  facts.others.flatMap((other): Tried[] => {
    if (other.key !== facts.key || other.leg === facts.leg || other.leg === null) return [];
    const difference = differenceIn(facts);
    const text = toText(difference);
    if (equals(offBy(other), negate(difference))) {
      const sentence = `${text} belongs to leg ${other.leg}, which differs by the opposite`;
      return [fits('FILL_MISAPPLIED', 'wrong leg', sentence, [], both(facts, other))];
    }
    if (!equals(offBy(other), difference)) return [];
    const sentence = `${text} was booked on the wrong side: leg ${other.leg} differs by the same`;
    return [fits('SIGN_WRONG', 'wrong leg and side', sentence, [], both(facts, other))];
  });

const offBy = ({ ours, theirs }: OtherLine): Decimal => subtract(theirs, ours);

/** Numbers alone: both may have been off by an execution of their own, in one size. */
const both = (facts: DifferenceFacts, { key, leg }: OtherLine): Reach => ({
  lines: new Set([nameOf(facts), heldId({ what: facts.what, key, leg })]),
  binds: false,
});

function confused(facts: DifferenceFacts, other: OtherLine): Tried {
  const sentence = `it was taken for ${other.key}, which differs by the opposite`;
  return fits('SYMBOL_CONFUSED', `taken for ${other.key}`, sentence, [], both(facts, other));
}
