/** Money and coins that moved at the venue and not in the book. */
import { reasonTitles } from '../../model/reason.ts';
import { isCash } from '../gap.ts';
import { type Cause, canFold, evidenceOf, factText } from './cause.ts';
import { missingReasonOf } from './missing-reason.ts';
import { bookFact, completeFact } from './steps.ts';

export const cashFlowMissing: Cause = {
  attribute(gap, { book, theirsParty, counterparts }) {
    if (gap.kind === 'missing' && isCash(gap.theirs) && !counterparts.has(gap)) {
      const reason = missingReasonOf(gap.theirs);
      return {
        ...{ gap, reason, title: reasonTitles[reason], which: factText(gap.theirs) },
        confidence: 'proven',
        step: canFold(gap.theirs, book) ? bookFact(gap.theirs) : null,
        evidence: [evidenceOf(gap.theirs, theirsParty)],
      };
    }
    if (gap.kind !== 'incomplete' || !isCash(gap.theirs) || !isCash(gap.ours.fact)) return null;
    const arrived = gap.ours.fact.state === 'pending' && gap.theirs.state === 'booked';
    const reason = arrived ? missingReasonOf(gap.theirs) : 'FEE_MISSING';
    return {
      ...{ gap, reason, which: factText(gap.theirs) },
      title: arrived ? 'A pending movement is booked at the venue' : reasonTitles[reason],
      confidence: 'proven',
      step: completeFact(gap.ours, gap.theirs),
      evidence: [
        evidenceOf(gap.ours.fact, 'book', gap.ours.sequence),
        evidenceOf(gap.theirs, theirsParty),
      ],
    };
  },
};
