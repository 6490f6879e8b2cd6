/** Executions that the venue lists and the book lacks, or knows without their fee. */
import { reasonTitles } from '../../model/reason.ts';
import { isFill } from '../gap.ts';
import { type Cause, canFold, evidenceOf, factText } from './cause.ts';
import { missingReasonOf } from './missing-reason.ts';
import { bookFact, completeFact } from './steps.ts';

export const fillMissing: Cause = {
  attribute(gap, { book, theirsParty, counterparts }) {
    if (gap.kind === 'missing' && isFill(gap.theirs) && !counterparts.has(gap)) {
      const reason = missingReasonOf(gap.theirs);
      return {
        ...{ gap, reason, title: reasonTitles[reason], which: factText(gap.theirs) },
        confidence: 'proven',
        step: canFold(gap.theirs, book) ? bookFact(gap.theirs) : null,
        evidence: [evidenceOf(gap.theirs, theirsParty)],
      };
    }
    if (gap.kind !== 'incomplete' || !isFill(gap.theirs)) return null;
    return {
      ...{ gap, reason: 'FEE_MISSING', title: 'The fee of a fill was not known yet' },
      which: factText(gap.theirs),
      confidence: 'proven',
      step: completeFact(gap.ours, gap.theirs),
      evidence: [
        evidenceOf(gap.ours.fact, 'book', gap.ours.sequence),
        evidenceOf(gap.theirs, theirsParty),
      ],
    };
  },
};
