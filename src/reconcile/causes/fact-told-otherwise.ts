/**
 * One fact that the book holds under another id, side, leg or instrument than the venue: the
 * extra one and the missing one are the two halves of it. Comes before the causes of either half.
 */
import { type Reason, reasonTitles } from '../../model/reason.ts';
import type { ListedFact } from '../book-side.ts';
import { idOf, isFill } from '../gap.ts';
import { type Attribution, type Cause, canFold, evidenceOf, factText } from './cause.ts';
import { bookFact, reverseFact } from './steps.ts';

export const factToldOtherwise: Cause = {
  attribute(gap, { book, theirsParty, counterparts }): Attribution | null {
    if (gap.kind === 'missing' && counterparts.has(gap)) {
      return {
        // The other half has the word: this one adds no title of its own.
        ...{ gap, reason: 'FILL_MISAPPLIED', title: '', which: '' },
        confidence: 'proven',
        step: canFold(gap.theirs, book) ? bookFact(gap.theirs) : null,
        evidence: [evidenceOf(gap.theirs, theirsParty)],
      };
    }
    if (gap.kind !== 'extra' || gap.counterpart === null) return null;
    const { ours, counterpart } = gap;
    const { reason, title } = howTold(ours.fact, counterpart.theirs);
    return {
      ...{ gap, reason, title },
      which: `${factText(ours.fact)} is ${factText(counterpart.theirs)}`,
      confidence: 'proven',
      step: reverseFact(ours),
      evidence: [evidenceOf(ours.fact, 'book', ours.sequence)],
    };
  },
};

const titled = (reason: Reason, title: string = reasonTitles[reason]) => ({ reason, title });

function howTold(ours: ListedFact, theirs: ListedFact): { reason: Reason; title: string } {
  if (idOf(ours) !== idOf(theirs)) {
    return titled('FILL_MISAPPLIED', 'A fact was booked under an id that the venue does not know');
  }
  if (ours.instrument !== theirs.instrument) return titled('SYMBOL_CONFUSED');
  if (isFill(ours) && isFill(theirs) && ours.side !== theirs.side) {
    return titled('SIGN_WRONG', 'A fill was booked with the wrong side');
  }
  return titled('FILL_MISAPPLIED', 'A fill was booked on the wrong leg');
}
