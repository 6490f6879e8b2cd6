/** An order of the bot, or one placed by hand, of which no execution was recorded. */
import { isZero } from '../../decimal/decimal.ts';
import { type Hypothesis, isContract, isReduction } from './idea.ts';
import { movedText, unseen } from './unseen.ts';

export const unseenOrder: Hypothesis = (facts) => {
  if (!isContract(facts)) return [];
  const moved = movedText(facts);
  if (isZero(facts.ours)) {
    const sentence = `an order ${moved} and opened it`;
    return unseen(facts, 'POSITION_ORPHAN', 'opened by an order', sentence);
  }
  if (isZero(facts.theirs)) {
    const sentence = `an order ${moved} and closed it`;
    return unseen(facts, 'POSITION_PHANTOM', 'closed by an order', sentence);
  }
  if (isReduction(facts)) {
    const sentence = `a reduce-only order or one placed by hand ${moved}`;
    return unseen(facts, 'FILL_MISSING', 'reduce-only or manual order', sentence);
  }
  return unseen(facts, 'FILL_MISSING', 'order', `an order ${moved}`);
};
