/** A buy booked as a sell, a position with the wrong sign, a payment that was received. */
import { equals, isZero, multiply, negate } from '../../decimal/decimal.ts';
import { decimal } from '../../decimal/text.ts';
import type { ListedFact } from '../book-side.ts';
import { evidenceOf, factText } from '../causes/cause.ts';
import { isFill } from '../gap.ts';
import { effectOn } from './effect.ts';
import {
  type DifferenceFacts,
  differenceIn,
  fits,
  type Hypothesis,
  isListed,
  type Tried,
} from './idea.ts';

const turned = decimal('-2');
const reason = 'SIGN_WRONG';

export const wrongSide: Hypothesis = (facts) => {
  const { ours, theirs, what } = facts;
  const whole: Tried[] =
    what === 'position' && !isZero(ours) && equals(theirs, negate(ours))
      ? [fits(reason, 'wrong side', 'all of it has the wrong sign: theirs is -1 x ours')]
      : [];
  return [...whole, ...ofOneFact(facts)];
};

/** Turning one fact round moves the line by twice its effect. */
function ofOneFact(facts: DifferenceFacts): readonly Tried[] {
  const { booked, asOf, ours, theirs, oursParty } = facts;
  const difference = differenceIn(facts);
  const isAll = equals(theirs, negate(ours)) && booked.length === 1;
  if (isAll) return [];
  return booked.flatMap((fact): Tried[] => {
    const isOpen = fact.time <= asOf && !isListed(facts, fact);
    const effect = isOpen ? effectOn(fact, facts) : null;
    if (effect === null || isZero(effect) || !equals(multiply(effect, turned), difference)) {
      return [];
    }
    if (facts.whole?.instead(fact, turnedRound(fact)) === false) return [];
    const sentence = `${factText(fact)} has the wrong sign`;
    return [fits(reason, 'one fact with the wrong sign', sentence, [evidenceOf(fact, oursParty)])];
  });
}

const turnedRound = (fact: ListedFact): ListedFact =>
  isFill(fact)
    ? { ...fact, side: fact.side === 'buy' ? 'sell' : 'buy' }
    : { ...fact, amount: negate(fact.amount) };
