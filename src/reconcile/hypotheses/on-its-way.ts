/** A booked transfer that may not have arrived: without it nothing is over. */
import { equals, negate } from '../../decimal/decimal.ts';
import { millisecondsBetween } from '../../model/instant.ts';
import { evidenceOf, factText } from '../causes/cause.ts';
import { mayTakeMsOf } from '../causes/transfer-in-transit.ts';
import { isFill } from '../gap.ts';
import { effectOn } from './effect.ts';
import { bound, differenceIn, fits, type Hypothesis, isListed, type LineNames } from './idea.ts';

export const onItsWay: Hypothesis = (facts) => {
  const { booked, asOf, oursParty } = facts;
  const wanted = negate(differenceIn(facts));
  let right: LineNames | false | null = null;
  const found = booked.find((fact) => {
    if (isFill(fact) || fact.kind !== 'transfer' || fact.time > asOf) return false;
    if (isListed(facts, fact)) return false;
    const isYoung = millisecondsBetween(fact.time, asOf) < mayTakeMsOf(fact);
    const effect = effectOn(fact, facts);
    if (!isYoung || effect === null || !equals(effect, wanted)) return false;
    right = facts.whole?.without([fact]) ?? null;
    return right !== false;
  });
  if (found === undefined) return [];
  const sentence = `it has not arrived yet: ${factText(found)}`;
  const evidence = [evidenceOf(found, oursParty)];
  return [fits('TRANSFER_IN_TRANSIT', 'on its way', sentence, evidence, bound(right || null))];
};
