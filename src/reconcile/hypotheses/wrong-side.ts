/** A buy booked as a sell, a position with the wrong sign, a payment that was received. */
import { equals, isZero, multiply, negate, total } from '../../decimal/decimal.ts';
import { decimal } from '../../decimal/text.ts';
import type { ListedFact } from '../book-side.ts';
import { evidenceOf, factText } from '../causes/cause.ts';
import { isFill } from '../gap.ts';
import { effectOn, signedQuantity } from './effect.ts';
import {
  bound,
  type DifferenceFacts,
  differenceIn,
  fits,
  type Hypothesis,
  isListed,
  type LineNames,
  type Tried,
} from './idea.ts';

const turned = decimal('-2');
const reason = 'SIGN_WRONG';

export const wrongSide: Hypothesis = (facts) => [...ofAll(facts), ...ofOneFact(facts)];

/** Where fills add up to the position, they are all of the other side, or none of it is wrong. */
function ofAll(facts: DifferenceFacts): readonly Tried[] {
  const { ours, theirs, what, booked, asOf, whole } = facts;
  if (what !== 'position' || isZero(ours) || !equals(theirs, negate(ours))) return [];
  const fills = booked.filter(isFill).filter(({ time }) => time <= asOf);
  const areAll = equals(total(fills.map(signedQuantity)), ours);
  if (areAll && fills.some((fill) => isListed(facts, fill))) return [];
  const pairs = fills.map((fill) => [fill, turnedRound(fill)] as const);
  const right: LineNames | false | null = areAll ? (whole?.instead(pairs) ?? null) : null;
  if (right === false) return [];
  const sentence = 'all of it has the wrong sign: theirs is -1 x ours';
  return [fits(reason, 'wrong side', sentence, [], bound(right))];
}

/** Turning one fact round moves the line by twice its effect. */
function ofOneFact(facts: DifferenceFacts): readonly Tried[] {
  const { booked, asOf, ours, theirs, oursParty } = facts;
  const difference = differenceIn(facts);
  const isAll = equals(theirs, negate(ours)) && booked.length === 1;
  if (isAll) return [];
  return booked.flatMap((fact): Tried[] => {
    const effect = fact.time <= asOf ? effectOn(fact, facts) : null;
    if (effect === null || isZero(effect) || !equals(multiply(effect, turned), difference)) {
      return [];
    }
    if (isListed(facts, fact)) return [];
    const right = facts.whole?.instead([[fact, turnedRound(fact)]]) ?? null;
    if (right === false) return [];
    const sentence = `${factText(fact)} has the wrong sign`;
    const evidence = [evidenceOf(fact, oursParty)];
    return [fits(reason, 'one fact with the wrong sign', sentence, evidence, bound(right))];
  });
}

const turnedRound = (fact: ListedFact): ListedFact =>
  isFill(fact)
    ? { ...fact, side: fact.side === 'buy' ? 'sell' : 'buy' }
    : { ...fact, amount: negate(fact.amount) };
