/** Two booked facts alike but for their ids, and without one of them nothing is over. */
import { equals, negate } from '../../decimal/decimal.ts';
import { evidenceOf, factText } from '../causes/cause.ts';
import { isTwin } from '../fact-content.ts';
import { effectOn } from './effect.ts';
import { bound, differenceIn, fits, type Hypothesis, isListed } from './idea.ts';

export const countedTwice: Hypothesis = (facts) => {
  const { booked, asOf, oursParty, whole } = facts;
  const wanted = negate(differenceIn(facts));
  const alike = booked.filter((fact) => {
    const effect = fact.time <= asOf ? effectOn(fact, facts) : null;
    return effect !== null && equals(effect, wanted);
  });
  for (const [index, second] of alike.entries()) {
    // They are in the order of time: a twin is the one before.
    const first = alike[index - 1];
    if (first === undefined || !isTwin(first, second)) continue;
    // What their list holds was not counted twice; its twin may have been.
    const copy = [second, first].find((fact) => !isListed(facts, fact));
    const right = copy === undefined ? false : (whole?.without([copy]) ?? null);
    if (right === false) continue;
    const sentence = `one trade came under two ids: ${factText(first)} and ${factText(second)}`;
    const evidence = [first, second].map((one) => evidenceOf(one, oursParty));
    return [fits('FILL_DUPLICATED', 'counted twice', sentence, evidence, bound(right))];
  }
  return [];
};
