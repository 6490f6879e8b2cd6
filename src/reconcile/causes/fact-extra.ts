/**
 * Facts in the book that a complete list of the venue does not hold, though its range does.
 *
 * With a twin in the list it was counted twice. Without one, absence proves that the venue has no
 * such fact in this account, and not why: a bust, another account's fill and a phantom of a bot
 * look the same. The code is FILL_MISAPPLIED, which claims only that it was booked where it does
 * not belong; fills that the venue is known to have taken back and transfers that may still be on
 * their way were claimed before. The closed list has no codes of their own for cash flows: these
 * two serve for them, and the title says so.
 */
import type { Reason } from '../../model/reason.ts';
import { isFill } from '../gap.ts';
import { type Cause, evidenceOf, factText } from './cause.ts';
import { reverseFact } from './steps.ts';

export const factExtra: Cause = {
  attribute(gap, { theirsParty }) {
    if (gap.kind !== 'extra' || gap.counterpart !== null) return null;
    const { ours, twin } = gap;
    const reason: Reason = twin === null ? 'FILL_MISAPPLIED' : 'FILL_DUPLICATED';
    const own = evidenceOf(ours.fact, 'book', ours.sequence);
    const noun = isFill(ours.fact) ? 'A fill' : 'A cash flow';
    const what = twin === null ? 'was booked that the venue does not list' : 'was counted twice';
    return {
      ...{ gap, reason, title: `${noun} ${what}`, which: factText(ours.fact) },
      confidence: 'proven',
      step: reverseFact(ours),
      evidence:
        twin === null
          ? [own]
          : [
              evidenceOf(twin.fact, 'book', twin.sequence === 0 ? null : twin.sequence),
              own,
              evidenceOf(twin.fact, theirsParty),
            ],
    };
  },
};
