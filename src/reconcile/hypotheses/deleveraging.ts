/** The venue closed a part of a profitable position against one that went bankrupt. */
import { type Hypothesis, isContract, isReduction } from './idea.ts';
import { movedText, unseen } from './unseen.ts';

export const deleveraging: Hypothesis = (facts) => {
  if (!isContract(facts) || !isReduction(facts)) return [];
  const sentence = `the venue deleveraged it: ${movedText(facts)}`;
  return unseen(facts, 'LIQUIDATION_MISSING', 'deleveraging', sentence);
};
