/** Two booked facts alike but for their ids, and without one of them nothing is over. */
import { equals, negate } from '../../decimal/decimal.ts';
import { evidenceOf, factText } from '../causes/cause.ts';
import { isTwin } from '../fact-content.ts';
import { effectOn } from './effect.ts';
import { differenceIn, fits, type Hypothesis, isListed } from './idea.ts';

export const countedTwice: Hypothesis = (facts) => {
  const { booked, asOf, oursParty } = facts;
  const wanted = negate(differenceIn(facts));
  // What their list holds was not counted twice.
  const open = booked.filter((fact) => fact.time <= asOf && !isListed(facts, fact));
  const alike = open.filter((fact) => {
    const effect = effectOn(fact, facts);
    return effect !== null && equals(effect, wanted);
  });
  for (const [index, fact] of alike.entries()) {
    const twin = alike[index + 1];
    // They are in the order of time: a twin is the next one.
    if (twin === undefined || !isTwin(fact, twin)) continue;
    if (facts.whole?.without([twin]) === false) continue;
    const sentence = `one trade came under two ids: ${factText(fact)} and ${factText(twin)}`;
    const evidence = [fact, twin].map((one) => evidenceOf(one, oursParty));
    return [fits('FILL_DUPLICATED', 'counted twice', sentence, evidence)];
  }
  return [];
};
