/**
 * A fill that the venue took back and still lists: it contradicts itself, and which of its words
 * holds is not for the ids to say.
 */
import { reasonTitles } from '../../model/reason.ts';
import { type Cause, evidenceOf, factText } from './cause.ts';
import { isOlderThanChange, olderThanChange } from './fact-conflict.ts';

export const factWithdrawn: Cause = {
  attribute(gap, { statement, theirsParty }) {
    if (gap.kind !== 'withdrawn') return null;
    if (isOlderThanChange(gap.ours, statement)) return olderThanChange(gap, theirsParty);
    const reason = 'VENUE_INCONSISTENT';
    return {
      ...{ gap, reason, title: reasonTitles[reason] },
      which: `${factText(gap.theirs)} was taken back, and is listed`,
      confidence: 'likely',
      step: null,
      evidence: [
        evidenceOf(gap.ours.fact, 'book', gap.ours.sequence),
        evidenceOf(gap.theirs, theirsParty),
      ],
    };
  },
};
