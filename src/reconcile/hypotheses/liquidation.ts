/** The venue closed the position, or a part of it, because its margin ran out. */
import { isZero } from '../../decimal/decimal.ts';
import { type Hypothesis, isContract, isReduction } from './idea.ts';
import { movedText, unseen } from './unseen.ts';

export const liquidation: Hypothesis = (facts) => {
  if (!isContract(facts) || !isReduction(facts)) return [];
  const whole = isZero(facts.theirs);
  const name = whole ? 'liquidation' : 'partial liquidation';
  const sentence = `the venue liquidated ${whole ? 'it' : 'a part of it'}: ${movedText(facts)}`;
  return unseen(facts, 'LIQUIDATION_MISSING', name, sentence);
};
