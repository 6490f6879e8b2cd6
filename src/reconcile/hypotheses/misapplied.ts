/** One booked fact too many: without it nothing is over, and no list holds it. */
import { equals, negate } from '../../decimal/decimal.ts';
import { evidenceOf, factText } from '../causes/cause.ts';
import { effectOn } from './effect.ts';
import { differenceIn, fits, type Hypothesis, isListed } from './idea.ts';

/** Of more that fit each by itself, the rest is only counted. */
const namedMax = 3;

export const misapplied: Hypothesis = (facts) => {
  const { booked, asOf, oursParty } = facts;
  const unmatched = new Set(facts.unmatched);
  const wanted = negate(differenceIn(facts));
  const found = booked.filter((fact) => {
    // The unmatched are looked through by themselves.
    if (fact.time > asOf || isListed(facts, fact) || unmatched.has(fact)) return false;
    const effect = effectOn(fact, facts);
    return effect !== null && equals(effect, wanted) && facts.whole?.without([fact]) !== false;
  });
  if (found.length === 0) return [];
  const named = found.slice(0, namedMax).map(factText).join(', or ');
  const more = found.length > namedMax ? `, or one of ${found.length - namedMax} more` : '';
  const sentence = `it does not belong here: ${named}${more}`;
  const evidence = found.slice(0, namedMax).map((fact) => evidenceOf(fact, oursParty));
  return [fits('FILL_MISAPPLIED', 'one fact too many', sentence, evidence)];
};
